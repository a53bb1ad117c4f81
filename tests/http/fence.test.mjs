// A site that takes more than its share of the workers: its pages lose its
// own code first, then it is answered 503; copies go on, and so do the others.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, metrics, ownBundle, title, write } from './visitor.mjs';

// 10 s of a share may be spent at once: 400 requests, or 0.4 s of two workers
const p = await platform({
  sites: true, conf: {
    http: `gov_fence time=2% requests=40r/s;
limit_req_zone $host zone=once:1m rate=1r/m;`,
    server: 'location = /once { limit_req zone=once; }',
  },
});

await ownBundle(p, { 'hooks/before_render.lua': `return function (v)
  for i = 1, 300000 do local x = i * i end
  v.extra = { own = true }
  v.nav = {}
  return v
end` });
const doc = await write(p, COUNTY, 'xxgk/tzgg', '县里的通知');
const path = `/xxgk/tzgg/${doc}.html`;
const nav = (answer) => answer.text.includes('class="nav"');
const stock = await p.get('county.test', '/');
await p.run('site.set', { site: COUNTY, bundle: 'own' });

const fenced = async () => {
  const all = await metrics(p);
  return { stock: all['gov_fenced_total{page="stock"}'],
           shut: all['gov_fenced_total{page="shut"}'],
           sites: Object.keys(all)
             .filter((name) => name.startsWith('gov_fence_owed_seconds')) };
};

/** Asks for what is no page until the answer is another one. */
async function flood(host, status, title) {
  for (let i = 0; i < 2000; i++) {
    const answer = await p.get(host, `/nix/${i}`);
    if (answer.status === status && answer.text.includes(title)) {
      return i;
    }
  }
  assert.fail('no fence');
}

const WHOLE_404 = '没有找到这个页面_示例县';
const PLAIN_404 = '<title>没有找到这个页面<';

test('Within its share a site is made whole, with its own code.',
     async () => {
  const home = await p.get('county.test', '/');

  assert.equal(home.status, 200);
  assert.notEqual(home.text, stock.text);
  assert.match((await p.get('county.test', '/nix')).text,
               new RegExp(WHOLE_404));
  assert.deepEqual(await fenced(), { stock: 0, shut: 0, sites: [] });
});

test('Over its share its own code is left out, its errors are plain.',
     async () => {
  const asked = await flood('county.test', 404, PLAIN_404);
  const page = await p.get('county.test', path);

  assert.ok(asked < 400, `${asked} requests: they were fewer than their own`);
  assert.equal(page.status, 200);
  assert.equal(title(page), '县里的通知_通知公告_示例县');
  assert.equal(nav(page), true);
  const now = await fenced();
  assert.ok(now.stock >= 2 && now.shut === 0, JSON.stringify(now));
  assert.equal(now.sites.length, 1);
  assert.match(p.log(), /\[warn\].* gov fence: site \d+ takes more than its/);
});

test('The neighbours are made whole meanwhile.', async () => {
  for (const [host, at, name] of [['city.test', '/map.html', '示例市'],
                                  ['county.test', '/town/', '示例镇']]) {
    assert.match(title(await p.get(host, at)), new RegExp(name));
  }
  assert.match((await p.get('city.test', '/nix')).text,
               /<title>没有找到这个页面_示例市</);
});

test('Far over it, it is answered 503 and told when to come again.',
     async () => {
  await flood('county.test', 503, '服务暂时不可用');
  const answer = await p.get('county.test', '/map.html');

  assert.equal(answer.status, 503);
  assert.match(answer.headers['retry-after'], /^\d+$/);
  assert.ok((await fenced()).shut >= 1);
  assert.equal((await p.get('city.test', '/xxgk/')).status, 200);
});

test('What a copy answers is served all the while.', async () => {
  for (let i = 0; i < 50; i++) {
    assert.equal((await p.get('county.test', '/')).status, 200);
    assert.equal((await p.get('county.test', path)).status, 200);
  }
});

test('Errors of other kinds are plain and keep their status.', async () => {
  const post = await p.request('county.test', '/', { method: 'POST',
                                                     body: 'x' });
  assert.equal(post.status, 405);
  assert.match(post.text, /<title>这个地址不接受这种请求</);
});

test('Time pays: stock pages first, then whole ones.', async () => {
  p.clock.advance(5);
  assert.equal((await p.get('county.test', '/map.html')).status, 200);
  assert.match((await p.get('county.test', '/nix')).text,
               new RegExp(PLAIN_404));

  p.clock.advance(20);
  const page = await p.get('county.test', path);
  assert.equal(page.status, 200);
  assert.equal(nav(page), false);
  assert.match((await p.get('county.test', '/nix')).text,
               new RegExp(WHOLE_404));
  assert.deepEqual((await fenced()).sites, []);
});

test('Who is told that he asks too often is on no account.', async () => {
  await p.get('county.test', '/once');
  for (let i = 0; i < 600; i++) {
    assert.equal((await p.get('county.test', '/once')).status, 429);
  }
  assert.deepEqual((await fenced()).sites, []);
  assert.match((await p.get('nobody.test', '/')).text, /<link/);
});

test('Hosts that nobody has share one fence, and nobody else pays.',
     async () => {
  let plain = 0;

  for (let i = 0; i < 600; i++) {
    const answer = await p.get(`a${i}.nobody.test`, '/');
    assert.equal(answer.status, 421);
    plain += !answer.text.includes('<link');
  }
  assert.ok(plain > 100, `${plain} plain answers`);
  assert.deepEqual((await fenced()).sites,
                   ['gov_fence_owed_seconds{site="0"}']);
  assert.match((await p.get('county.test', '/nix')).text,
               new RegExp(WHOLE_404));
});
