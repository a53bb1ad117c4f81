// A page copy proves its own freshness: what is committed is seen by the next
// request, on every worker and every site, and by no copy that has nothing to
// do with it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, counted, everyWorker, layVillage, reloaded,
         sayWorker, title, write, writeWith } from './visitor.mjs';

const p = await platform({ sites: true, conf: sayWorker });

const OTHER = '610403';
await layVillage(p);
await p.run('site.create', {
  code: OTHER, name: '别的县', level: 'county', parent: CITY, slug: 'other',
  mode: 'subsite', host: ['other.test'], blueprint: 'county',
});
await write(p, OTHER, 'xxgk/tzgg', '别的县的通知');

const ask = await everyWorker(p);

/** Every worker's text of an address, each asked until it has it warm. */
async function texts(host, path, headers) {
  const list = await ask(host, path, headers);
  for (const answer of list) {
    assert.equal(answer.status, 200, `${host}${path}`);
  }
  return list.map((answer) => answer.text);
}

async function shown(host, path, words) {
  for (const text of await texts(host, path)) {
    assert.match(text, words);
  }
}

async function hidden(host, path, words) {
  for (const text of await texts(host, path)) {
    assert.doesNotMatch(text, words);
  }
}

async function statuses(host, path) {
  return [...new Set((await ask(host, path)).map((a) => a.status))];
}

const time = (ms) => new Date(ms + 8 * 3600_000).toISOString()
  .replace(/\.\d+Z/, '+08:00');


test('A publication is seen by the next request on every worker.',
     async () => {
  const paths = ['/', '/xxgk/', '/xxgk/tzgg/', '/feed.xml', '/sitemap.xml',
                 '/xxgk/tzgg/feed.xml'];

  for (let i = 0; i < 3; i++) {
    for (const path of paths) {
      await texts('county.test', path);
    }
    const doc = await write(p, COUNTY, 'xxgk/tzgg', `第${i}件新通知`);
    for (const path of paths) {
      await shown('county.test', path,
                  path === '/sitemap.xml' ? new RegExp(`/${doc}\\.html`)
                    : new RegExp(`第${i}件新通知`));
    }
  }
});

test('A release is seen by the next request on every site it names.',
     async () => {
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '联合发布的通知', body: '正文。',
  });
  const places = [['county.test', '/xxgk/tzgg/'], ['city.test', '/xxgk/tzgg/'],
                  ['county.test', '/town/xxgk/tzgg/']];
  for (const at of places) {
    await hidden(...at, /联合发布的通知/);
  }
  await p.run('release.create', {
    doc, to: [`${CITY}/xxgk/tzgg`, `${TOWNSHIP}/xxgk/tzgg`],
  });

  for (const at of places) {
    await shown(...at, /联合发布的通知/);
  }
  for (const [host, path] of places) {
    const at = `${path}${doc}.html`;
    await shown(host, at, /<h1>联合发布的通知<\/h1>/);
    await shown(host, at, new RegExp('<link rel="canonical" href="http://' +
      `county\\.test:\\d+/xxgk/tzgg/${doc}\\.html">`));
  }
});

test('A commit on one site costs the warm pages of others not one miss.',
     async () => {
  const pages = ['/', '/xxgk/', '/xxgk/tzgg/', '/xxgk/zcwj/', '/map.html',
                 '/feed.xml', '/sitemap.xml', '/bsfw/'];
  const list = [...pages.map((path) => ['other.test', path]),
                ...pages.slice(0, 4).map((path) => ['city.test', path])];
  for (const at of list) {
    await texts(...at);
  }
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '与别人无关');
  await p.run('doc.edit', {
    doc, base: 1, title: '还是与别人无关', publish: true,
  });
  await p.run('column.set', {
    site: COUNTY, column: 'xxgk/tzgg', desc: '改了说明',
  });
  await p.run('doc.withdraw', { doc, reason: '试验' });

  const sum = await counted(p, async () => {
    for (const at of list) {
      await texts(...at);
    }
  });
  assert.deepEqual(sum, { hit: list.length * p.workers().length, miss: 0 });
});

test("A commit leaves the same site's pages that it does not touch warm.",
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/zcwj', '不受影响的文件');
  const path = `/xxgk/zcwj/${doc}.html`;
  await texts('county.test', path);
  await write(p, COUNTY, 'xxgk/tzgg', '另一栏的通知');

  const sum = await counted(p, () => texts('county.test', path));
  assert.equal(sum.miss, 0);
});

test('What refers to a document shows its edit on the next request.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/zcwj', '被引用的文件');
  await p.run('doc.refer', { doc, to: [`${CITY}/xxgk/zcwj`] });
  await shown('city.test', '/xxgk/zcwj/', /被引用的文件/);
  await shown('city.test', `/xxgk/zcwj/${doc}.html`, /被引用的文件的正文/);

  await p.run('doc.edit', {
    doc, base: 1, title: '改了名的文件', body: '改了的正文。', publish: true,
  });
  await shown('city.test', '/xxgk/zcwj/', /改了名的文件/);
  await hidden('city.test', '/xxgk/zcwj/', /被引用的文件/);
  await shown('city.test', `/xxgk/zcwj/${doc}.html`, /改了的正文/);

  await p.run('doc.withdraw', { doc, reason: '已废' });
  await hidden('city.test', '/xxgk/zcwj/', /改了名的文件/);
  assert.deepEqual(await statuses('city.test', `/xxgk/zcwj/${doc}.html`),
                   [410]);
});

test('An edit that is not published is seen by nobody.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '现行的版本');
  const path = `/xxgk/tzgg/${doc}.html`;
  const [before] = await texts('county.test', path);
  await p.run('doc.edit', { doc, base: 1, title: '未审的版本' });

  for (const text of await texts('county.test', path)) {
    assert.equal(text, before);
  }
});

test('A document goes together with its attachment, in one commit.',
     async () => {
  const doc = await writeWith(p, { 'list.pdf': '%PDF-1.4\n' }, [
    '--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '带附件']);
  const path = `/xxgk/tzgg/${doc}.html`;
  const [page] = await texts('county.test', path);
  const file = /href="(\/files\/[^"]*)"/.exec(page)[1];
  assert.deepEqual(await statuses('county.test', file), [200]);

  await p.run('doc.withdraw', { doc, reason: '附件有误' });
  assert.deepEqual(await statuses('county.test', path), [410]);
  assert.deepEqual(await statuses('county.test', file), [410]);
});

test('A scheduled document appears at its second and not before.',
     async () => {
  const at = p.clock.now.getTime() + 3600_000;
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/yw', title: '定时的要闻', body: '到点了。',
    at: time(at),
  });
  const path = `/xxgk/yw/${doc}.html`;
  const lists = ['/', '/xxgk/yw/', '/feed.xml', '/sitemap.xml'];
  const says = (list) => list === '/sitemap.xml'
    ? new RegExp(`/${doc}\\.html`) : /定时的要闻/;

  for (const now of [at - 3000_000, at - 1000]) {
    p.clock.set(new Date(now));
    for (const list of lists) {
      await hidden('county.test', list, says(list));
    }
    assert.deepEqual(await statuses('county.test', path), [404]);
    assert.deepEqual(await statuses('county.test', `/s/${doc}`), [404]);
  }
  p.clock.set(new Date(at));
  for (const list of lists) {
    await shown('county.test', list, says(list));
  }
  await shown('county.test', path, /到点了/);
});

test('A document expires at its second, from its page and from every list.',
     async () => {
  const at = p.clock.now.getTime() + 3600_000;
  const doc = await write(p, COUNTY, 'xxgk/yw', '会过期的要闻', {
    expires: time(at),
  });
  await p.run('doc.refer', { doc, to: [`${CITY}/xxgk/yw`] });
  const path = `/xxgk/yw/${doc}.html`;
  const lists = [['county.test', '/'], ['county.test', '/xxgk/yw/'],
                 ['city.test', '/xxgk/yw/'], ['county.test', '/feed.xml']];

  p.clock.set(new Date(at - 1000));
  for (const list of lists) {
    await shown(...list, /会过期的要闻/);
  }
  await shown('county.test', path, /会过期的要闻/);
  p.clock.set(new Date(at));
  for (const list of lists) {
    await hidden(...list, /会过期的要闻/);
  }
  assert.deepEqual(await statuses('county.test', path), [410]);
});

test('A scheduled release appears on all of its sites at one second.',
     async () => {
  const at = p.clock.now.getTime() + 600_000;
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/yw', title: '同时发布', body: '正文。',
  });
  await p.run('release.create', {
    doc, to: [`${CITY}/xxgk/yw`, `${TOWNSHIP}/xxgk/tzgg`], at: time(at),
  });
  const places = [['county.test', '/xxgk/yw/'], ['city.test', '/xxgk/yw/'],
                  ['county.test', '/town/xxgk/tzgg/']];

  p.clock.set(new Date(at - 1000));
  for (const place of places) {
    await hidden(...place, /同时发布/);
  }
  p.clock.set(new Date(at));
  for (const place of places) {
    await shown(...place, /同时发布/);
  }
});

test('A normative document becomes void on its day, untouched (A01).',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/gfxwj', '有期限的办法', {
    number: '示政发〔2026〕1号', issuer: '示例县人民政府',
    written: '2026-01-01', effective: '2026-12-01', expires_on: '2027-12-01',
  });
  const path = `/xxgk/gfxwj/${doc}.html`;

  for (const [now, word] of [
    ['2026-11-30T23:59:59+08:00', '尚未施行'],
    ['2026-12-01T00:00:00+08:00', '有效'],
    ['2027-11-30T23:59:59+08:00', '有效'],
    ['2027-12-01T00:00:00+08:00', '已失效'],
  ]) {
    p.clock.set(now);
    for (const at of [path, '/xxgk/gfxwj/']) {
      await shown('county.test', at, new RegExp(`>${word}<`));
    }
  }
});

test('An emergency banner is on every site at the next request, and gone too.',
     async () => {
  const places = [['city.test', '/'], ['county.test', '/'],
                  ['county.test', '/xxgk/tzgg/'], ['county.test', '/town/'],
                  ['county.test', '/town/village/'], ['other.test', '/']];
  const all = (check) => Promise.all(places.map((at) => check(...at,
                                                              /暴雨红色预警/)));
  await all(hidden);
  const { id } = await p.run('banner.set', {
    title: '暴雨红色预警', text: '请尽快到避险点。', level: 'red',
  });
  await all(shown);
  await p.run('banner.set', { id, title: '暴雨红色预警升级' });
  for (const at of places) {
    await shown(...at, /暴雨红色预警升级/);
  }
  await p.run('banner.clear', { id });
  await all(hidden);
});

test('A banner of a subtree is on the sites of that subtree only.',
     async () => {
  const inside = [['county.test', '/'], ['county.test', '/town/'],
                  ['county.test', '/town/village/']];
  const outside = [['city.test', '/'], ['other.test', '/']];
  const { id } = await p.run('banner.set', { title: '本县停水', site: COUNTY });

  for (const at of inside) {
    await shown(...at, /本县停水/);
  }
  for (const at of outside) {
    await hidden(...at, /本县停水/);
  }
  await p.run('banner.clear', { id });
  for (const at of inside) {
    await hidden(...at, /本县停水/);
  }
});

test('A banner ends at its time without anybody clearing it.', async () => {
  const until = p.clock.now.getTime() + 60_000;
  await p.run('banner.set', { title: '一分钟的横幅', until: time(until) });

  p.clock.set(new Date(until - 1000));
  await shown('county.test', '/', /一分钟的横幅/);
  p.clock.set(new Date(until));
  await hidden('county.test', '/', /一分钟的横幅/);
});

test('Nobody sees a release on one site and then not on another.',
     async () => {
  let mixes = 0;
  let seen = 0;

  for (let i = 0; i < 12; i++) {
    const name = `原子发布${i}`;
    const { doc } = await p.run('doc.create', {
      site: COUNTY, column: 'xxgk/tzgg', title: name, body: '正文。',
    });
    let over = false;
    const looks = async (first, second) => {
      for (let n = 0; n < 400 && !over; n++) {
        const one = await p.get(...first);
        const two = await p.get(...second);
        if (one.text.includes(name)) {
          seen++;
          over = true;
          mixes += two.text.includes(name) ? 0 : 1;
        }
      }
    };
    const a = ['county.test', '/xxgk/tzgg/'];
    const b = ['city.test', '/xxgk/tzgg/'];
    await Promise.all([
      i % 2 ? looks(a, b) : looks(b, a),
      p.run('release.create', { doc, to: [`${CITY}/xxgk/tzgg`] }),
    ]);
  }
  assert.ok(seen > 0, 'no poller met a release');
  assert.equal(mixes, 0);
});

test('A new blueprint reaches every site that did not change it.',
     async () => {
  const { columns, ...blueprint } = JSON.parse(await p.ctl(
    '--format=json', 'blueprint', 'get', 'county'));
  await p.run('column.set', {
    site: OTHER, column: 'xxgk/zcwj', name: '别的县自己的叫法',
  });
  for (const host of ['county.test', 'other.test']) {
    await texts(host, '/xxgk/zcwj/');
  }
  await p.run('blueprint.put', {
    ...blueprint, version: blueprint.version + 1,
    columns: columns.map((c) => c.slug === 'zcwj'
      ? { ...c, name: '蓝本的新叫法' } : c),
  });

  await shown('county.test', '/xxgk/zcwj/', /<h1>蓝本的新叫法<\/h1>/);
  await shown('other.test', '/xxgk/zcwj/', /<h1>别的县自己的叫法<\/h1>/);
  await hidden('city.test', '/xxgk/zcwj/', /蓝本的新叫法/);
});

test('A renamed site is renamed in the breadcrumbs of all below it.',
     async () => {
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '镇里的通知');
  const places = ['/town/', '/town/xxgk/tzgg/', `/town/xxgk/tzgg/${doc}.html`,
                  '/town/village/', '/town/village/map.html'];
  for (const path of places) {
    await shown('county.test', path, /示例县/);
  }
  await p.run('site.set', { site: COUNTY, name: '改名县' });
  for (const path of places) {
    await shown('county.test', path, /改名县/);
    await hidden('county.test', path, /示例县/);
  }
  await shown('city.test', '/', /改名县/);
  await hidden('city.test', '/', /示例县/);

  await shown('county.test', '/xxgk/', /示例市/);
  await p.run('site.set', { site: CITY, name: '改名市' });
  for (const path of ['/', '/xxgk/', ...places]) {
    await shown('county.test', path, /改名市/);
    await hidden('county.test', path, /示例市/);
  }
});

test('A column taken away or added is so on every page of its site.',
     async () => {
  await hidden('county.test', '/map.html', /抗旱专栏/);
  await p.run('column.create', {
    site: COUNTY, slug: 'kanghan', name: '抗旱专栏', kind: 'list', nav: true,
  });
  for (const path of ['/', '/map.html', '/xxgk/tzgg/']) {
    await shown('county.test', path, /抗旱专栏/);
  }
  await p.run('column.remove', { site: COUNTY, column: 'kanghan' });
  for (const path of ['/', '/map.html', '/xxgk/tzgg/']) {
    await hidden('county.test', path, /抗旱专栏/);
  }
  assert.deepEqual(await statuses('county.test', '/kanghan/'), [404]);
});

test('A shared group of links changes on all who take it.', async () => {
  const share = (word) => p.run('link.share', {
    site: CITY, group: 'bmfw', title: '便民网站',
    links: [{ title: word, url: 'https://www.gov.cn/' }],
  });
  await share('第一版链接');
  await p.run('link.take', { site: COUNTY, from: CITY, group: 'bmfw' });
  await shown('county.test', '/', /第一版链接/);
  await share('第二版链接');
  await shown('county.test', '/', /第二版链接/);
  await p.run('link.unshare', { site: CITY, group: 'bmfw' });
  await hidden('county.test', '/', /第二版链接/);
});

test('nginx that reads its configuration again serves the same pages.',
     async () => {
  const before = await p.get('county.test', '/');
  await reloaded(p);
  const now = await p.get('county.test', '/');

  assert.equal(title(now), title(before));
  assert.equal(now.headers.etag, before.headers.etag);
});

test('A redirect is asked for every time: an address may come back.',
     async () => {
  const answer = await p.get('county.test', '/xxgk');
  assert.equal(answer.status, 301);
  assert.equal(answer.headers['cache-control'], 'no-cache');
});

test('What a gateway forwards is not from this machine.', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  assert.equal((await p.get('county.test', '/_gov/metrics')).status, 200);
  assert.equal((await p.get('county.test', '/_gov/metrics', from)).status,
               404);
  assert.equal((await p.get('county.test', '/_gov/health', from)).status,
               200);
});
