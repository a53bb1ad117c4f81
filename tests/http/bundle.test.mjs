// A site's own code: what it gets wrong stays with it, is counted and told,
// and no visitor sees it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, metrics, ownBundle, title, write }
  from './visitor.mjs';

const p = await platform({ sites: true });
const workers = p.workers().length;

const doc = await write(p, COUNTY, 'xxgk/tzgg', '县里的通知');
await p.run('link.share', { site: CITY, group: 'cy', title: '常用网站', links: [
  { title: '中国政府网', url: 'https://www.gov.cn/' }] });
await p.run('link.take', { site: COUNTY, from: CITY, group: 'cy' });

/** The pages of the county as they are without any code of its own. */
const PAGES = ['/', '/xxgk/tzgg/', `/xxgk/tzgg/${doc}.html`, '/feed.xml',
               '/map.html', '/nix'];
const get = (path) => p.get('county.test', path);
const plain = new Map();
for (const path of PAGES) {
  plain.set(path, (await get(path)).text);
}

const own = (files) => ownBundle(p, files);
await own({ 'hooks/route.lua': 'return function () end' });
await p.run('site.set', { site: COUNTY, bundle: 'own' });

/** Asks every page: as without code, and this much counted meanwhile. */
async function unharmed() {
  const before = await metrics(p);
  for (const path of PAGES) {
    const answer = await get(path);
    assert.equal(answer.status, path === '/nix' ? 404 : 200, path);
    assert.equal(answer.text, plain.get(path), path);
  }
  assert.equal(title(await p.get('city.test', '/')), '示例市');
  const now = await metrics(p);
  assert.equal(p.workers().length, workers);
  return Object.fromEntries(['failed', 'overruns'].map((name) => [name,
    now[`gov_script_${name}_total`] - before[`gov_script_${name}_total`]]));
}

const stalls = async () => (await metrics(p)).gov_loop_stalls_total;

const ALL = ['before_render', 'link_group', 'feed_item', 'route'];
const hooks = (code) => Object.fromEntries(ALL.map(
  (name) => [`hooks/${name}.lua`, code]));


test('Hooks that change nothing leave every page byte for byte.',
     async () => {
  await own(hooks('return function () end'));
  assert.deepEqual(await unharmed(), { failed: 0, overruns: 0 });
  await own(hooks('return function (v) return v end'));
  assert.deepEqual(await unharmed(), { failed: 0, overruns: 0 });
});

for (const [what, code, overrun] of [
  ['that fail', 'return function () error("own trouble") end', false],
  ['that call what is not there', 'return function () os.exit(1) end', false],
  ['that reach for nothing', 'return function (v) return v.a.b.c end', false],
  ['that answer a number', 'return function () return 42 end', false],
  ['that answer text for lists and lists for text', `return function ()
     return { nav = 5, links = true, items = 'x', title = {}, summary = {},
              bundle = {} } end`, false],
  ['that answer what no page can show', `return function (v)
     if v.items then return { items = { 5 } } end
     if v.nav then return { nav = { true }, tags = { 7 } } end
     error('of no page') end`, false],
  ['that never end', 'return function () while true do end end', true],
  ['that never end and catch everything', 'return function ()\n' +
   'while true do pcall(function () while true do end end) end end', true],
  ['that call themselves', 'local function f() return 1 + f() end\n' +
   'return f', undefined],
  ['that eat memory', 'return function () local t = {}\n' +
   'for i = 1, 1e9 do t[i] = string.rep("x", 1000) .. i end end', undefined],
  ['that are no function', 'return 42', false],
  ['that fail when they are read', 'error("at once")', false],
]) {
  test(`Hooks ${what} are passed over, counted and told.`, async () => {
    await own(hooks(code));
    const before = await stalls();
    const sum = await unharmed();

    assert.ok(sum.failed + sum.overruns >= ALL.length, JSON.stringify(sum));
    if (overrun !== undefined) {
      assert.equal(sum.overruns > 0, overrun, JSON.stringify(sum));
    }
    if (overrun) {
      // 30 ms of a worker's time are seen as such
      assert.ok(await stalls() > before);
    }
    assert.match(p.log(), /\[warn\].*gov script: .*own\/hooks\/\w+\.lua/);
  });
}

test('Every late round of the loop is logged, with its end.', async () => {
  const { gov_loop_stalls_total: counted,
          gov_loop_stall_seconds_max: longest } = await metrics(p);
  const rounds = [...p.log().matchAll(
    /\[notice\].* gov loop: a round of (\d+) us ended at (\d+\.\d{6})\n/g)]
    .map(([, us, end]) => ({ us: Number(us), end: Number(end) }));

  assert.ok(counted > 0 && rounds.length >= counted, `${rounds.length} lines`);
  assert.ok(rounds.some(({ us }) => us === Math.round(longest * 1e6)));
  for (const { us, end } of rounds) {
    assert.ok(us >= 5000, `${us} us`);
    assert.ok(1000 * end > performance.timeOrigin && 1000 * end < Date.now());
  }
});

test('Code has no way to files, programs, time or other code.', async () => {
  await own({ 'hooks/route.lua': `return function (v)
  local found = {}
  for _, name in ipairs({ "io", "os", "debug", "package", "require", "load",
                          "loadstring", "loadfile", "dofile", "coroutine",
                          "collectgarbage", "rawset", "rawget", "print",
                          "setmetatable", "getmetatable", "_G" }) do
    local value = _ENV[name]
    if value ~= nil then found[#found + 1] = name end
  end
  if #found > 0 then error("found " .. table.concat(found, " ")) end
  local ok = pcall(function () return ("x").rep.dump end)
  return { path = "/xxgk/tzgg/" }
end` });
  const answer = await get('/old-address');

  assert.deepEqual([...p.log().matchAll(/route\.lua:\d+: (found [^\n,]*)/g)]
    .map((m) => m[1]), []);
  assert.equal(answer.status, 301);
});

test('A route leads below its own site or nowhere.', async () => {
  for (const [to, status] of [
    ['/xxgk/tzgg/', 301], [`/xxgk/tzgg/${doc}.html`, 301], ['/nix2', 404],
    ['//evil.test/', 404], ['http://evil.test/', 404], ['/\\\\evil.test', 404],
    ['', 404], ['xxgk/tzgg/', 404], ['/xxgk/tzgg/\\r\\nX-Evil: 1', 404],
  ]) {
    await own({ 'hooks/route.lua':
      `return function () return { path = "${to}" } end` });
    const answer = await get('/old');
    assert.equal(answer.status, status, to);
    assert.equal(answer.headers['x-evil'], undefined);
    if (status === 301) {
      assert.equal(new URL(answer.headers.location).host,
                   `county.test:${p.port}`);
    }
  }
});

test('What a hook puts into a page is escaped like everything else.',
     async () => {
  const bad = '<script>alert(1)</script>\\"onclick=\\"x';
  await own({
    'hooks/link_group.lua': `return function (g) g.title = "${bad}"
      g.items = { { title = "${bad}", url = "javascript:alert(1)" } }
      return g end`,
    'hooks/feed_item.lua': `return function (v) v.title = "${bad}"
      return v end`,
  });
  const home = (await get('/')).text;
  const feed = (await get('/feed.xml')).text;

  assert.match(home, /&lt;script&gt;alert/);
  assert.doesNotMatch(home, /<script>alert|"onclick="/);
  assert.match(feed, /&lt;script&gt;alert/);
  assert.doesNotMatch(feed, /<script>/);
});

test('A hook leaves an entry out of the feed, and a group off the page.',
     async () => {
  await own({
    'hooks/link_group.lua': 'return function () return false end',
    'hooks/feed_item.lua': 'return function () return false end',
  });
  assert.doesNotMatch((await get('/')).text, /常用网站/);
  assert.doesNotMatch((await get('/feed.xml')).text, /<entry>/);
});

for (const [what, file, text] of [
  ['that fails', 'views/home.html', '<p>{{ nothing.at.all }}</p>'],
  ['that never ends', 'views/home.html', '{% while true do end %}'],
  ['that writes without end', 'views/home.html',
   '{% while true do %}xxxxxxxxxxxxxxxx{% end %}'],
]) {
  test(`A template of a site ${what} gives way to the platform's own.`,
       async () => {
    await own({ [file]: text });
    const sum = await unharmed();

    assert.ok(sum.failed + sum.overruns > 0);
    assert.match(p.log(), /\[warn\].*gov script: .*own\/views\/home\.html:1/);
  });
}

test("A part of a site's own is shown on its pages and on no other site's.",
     async () => {
  await own({ 'parts/footer.html': '<footer>本县自己的页脚 {{ site.name }}' +
    '</footer>\n' });

  assert.match((await get('/')).text, /本县自己的页脚 示例县/);
  assert.doesNotMatch((await p.get('city.test', '/')).text, /本县自己的页脚/);
  assert.doesNotMatch((await get('/town/')).text, /本县自己的页脚/);
});

test('Nothing is remembered from one page to the next.', async () => {
  await own({ 'hooks/link_group.lua': `local n = 0
return function (g)
  n = n + 1
  seen = (seen or 0) + 1
  table.seen = (table.seen or 0) + 1
  g.title = "第" .. n .. seen .. table.seen
  return g
end` });
  const one = (await get('/')).text;

  if (/第111/.test(one)) {
    for (const path of ['/', '/xxgk/tzgg/', '/map.html', '/bsfw/']) {
      assert.doesNotMatch((await get(path)).text, /第[^1]|第1[^1]|第11[^1]/);
    }
  } else {
    assert.equal(one, plain.get('/'));      // the sandbox refused to write
  }
});
