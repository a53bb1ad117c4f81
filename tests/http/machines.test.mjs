// What machines read: sitemaps, feeds, robots.txt, security.txt, page tags,
// structured data, health, metrics, explain.

import assert from 'node:assert/strict';
import test from 'node:test';
import { networkInterfaces } from 'node:os';
import { Client } from 'undici';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, VILLAGE, layVillage, links, metrics, place,
         write } from './visitor.mjs';

const p = await platform({ sites: true });
await layVillage(p);

const long = '有 & <记号> 的“标题”';
const sites = [
  [CITY, 'city.test', '/'], [COUNTY, 'county.test', '/'],
  [TOWNSHIP, 'county.test', '/town/'],
  [VILLAGE, 'county.test', '/town/village/'],
];

const doc = {};
doc.city = await write(p, CITY, 'xxgk/zcwj', '市里的文件', {
  number: '示政发〔2026〕7号', issuer: '示例市人民政府', keywords: '网站；公开',
  summary: '一句话概要', author: '示例作者', source: '示例市政府办公室',
});
doc.county = await write(p, COUNTY, 'xxgk/tzgg', long);
doc.town = await write(p, TOWNSHIP, 'xxgk/tzgg', '镇里的通知');
await p.run('doc.refer', { doc: doc.city, to: [`${COUNTY}/xxgk/zcwj`] });
await p.run('site.set', {
  site: COUNTY, legal_name: '示例县人民政府', site_id_code: '6104020001',
});

/** A line of Prometheus text: name, labels, value. */
const SAMPLE = new RegExp('^([a-z_:]\\w*)((?:\\{LABEL(?:,LABEL)*\\})?) '
  .replaceAll('LABEL', '[a-z_]\\w*="[^"\\\\\\n]*"') +
  '(-?[\\d.e+-]+|NaN|\\+Inf)$');

/** A document of well-formed XML as { name, attributes, children, text }. */
function xml(text) {
  const top = { name: '', children: [], text: '' };
  const open = [top];
  const word = new RegExp('<\\?[^?]*\\?>|<(/?)([A-Za-z][\\w:.-]*)' +
    '((?:\\s+[\\w:.-]+="[^"<]*")*)\\s*(/?)>|([^<]+)', 'gy');
  let m;
  let at = 0;

  const unescape = (s) => s.replace(/&(\w+|#\d+|#x[0-9a-f]+);/gi, (all, e) => {
    const known = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
    if (known[e]) {
      return known[e];
    }
    assert.match(e, /^#/, `entity ${all}`);
    return String.fromCodePoint(Number(e.replace('#', '').replace('x', '0x')));
  });
  while (at < text.length && (m = word.exec(text))) {
    at = word.lastIndex;
    const [, close, name, attributes, empty, chars] = m;
    const here = open.at(-1);
    if (chars !== undefined) {
      assert.doesNotMatch(chars, /&(?!\w+;|#)/, 'a bare ampersand');
      here.text += unescape(chars);
    } else if (close) {
      assert.equal(open.pop().name, name, 'tags nest');
    } else if (name) {
      const node = {
        name, children: [], text: '',
        attributes: Object.fromEntries([...attributes.matchAll(
          /([\w:.-]+)="([^"]*)"/g)].map(([, k, v]) => [k, unescape(v)])),
      };
      here.children.push(node);
      if (!empty) {
        open.push(node);
      }
    }
  }
  assert.equal(at, text.length, `not XML at: ${text.slice(at, at + 60)}`);
  assert.equal(open.length, 1, 'every tag is closed');
  assert.equal(top.children.length, 1, 'one root');
  return top.children[0];
}

const all = (node, name) => node.children.filter((c) => c.name === name);
const one = (node, name) => {
  assert.equal(all(node, name).length, 1, `one <${name}>`);
  return all(node, name)[0];
};

const tags = (text) => Object.fromEntries([...text.matchAll(
  /<meta name="([^"]*)" content="([^"]*)">/g)].map((m) => [m[1], m[2]]));

const jsonld = (text) => JSON.parse(
  /<script type="application\/ld\+json">([^]*?)<\/script>/.exec(text)[1]);


test('Every address of every sitemap answers 200 without a cookie (A02).',
     async () => {
  const seen = new Set();

  for (const [, host, base] of sites) {
    const answer = await p.get(host, `${base}sitemap.xml`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^application\/xml/);
    const root = xml(answer.text);
    assert.equal(root.attributes.xmlns,
                 'http://www.sitemaps.org/schemas/sitemap/0.9');
    for (const url of all(root, 'url')) {
      const loc = one(url, 'loc').text;
      assert.ok(!seen.has(loc), `${loc} stands twice`);
      seen.add(loc);
      assert.ok(loc.startsWith(`http://${host}:${p.port}${base}`), loc);
      const page = await p.get(...place(loc));
      assert.equal(page.status, 200, loc);
      assert.equal(page.headers['set-cookie'], undefined, loc);
    }
  }
  for (const [id, at] of [[doc.city, 'city.test/xxgk/zcwj'],
                          [doc.county, 'county.test/xxgk/tzgg'],
                          [doc.town, 'county.test/town/xxgk/tzgg']]) {
    assert.ok(seen.has(`http://${at.replace('/', `:${p.port}/`)}/${id}.html`));
  }
  assert.ok(![...seen].some((u) => u.includes(
    `county.test:${p.port}/xxgk/zcwj/${doc.city}`)), 'a reference');
});

test('Every link on a home, column, map and document page answers.',
     async () => {
  const asked = new Map();

  for (const [host, path] of [
    ['city.test', '/'], ['county.test', '/'], ['county.test', '/town/'],
    ['county.test', '/town/village/'], ['county.test', '/map.html'],
    ['county.test', '/xxgk/'], ['county.test', '/xxgk/zcwj/'],
    ['county.test', `/xxgk/tzgg/${doc.county}.html`],
    ['county.test', `/xxgk/zcwj/${doc.city}.html`],
  ]) {
    for (const url of links((await p.get(host, path)).text)) {
      const at = place(new URL(url, `http://${host}:${p.port}${path}`));
      if (!url.startsWith('#') && !asked.has(String(at))) {
        asked.set(String(at), at);
      }
    }
  }
  assert.ok(asked.size > 60);
  for (const at of asked.values()) {
    const { status } = await p.get(...at);
    const view = at[1].startsWith('/_gov/view') || at[1].startsWith('/s/');
    assert.equal(status, at[1].startsWith('/s/') ? 301 : view ? 303 : 200,
                 at.join(''));
  }
});

test('robots.txt names the sitemaps of the host and of the sites below it.',
     async () => {
  const answer = await p.get('county.test', '/robots.txt');
  const maps = [...answer.text.matchAll(/^Sitemap: (.*)$/gm)].map((m) => m[1]);

  assert.match(answer.headers['content-type'], /^text\/plain/);
  assert.match(answer.text, /^User-agent: \*$/m);
  for (const path of ['/console/', '/api/', '/_gov/view']) {
    assert.ok(answer.text.includes(`\nDisallow: ${path}\n`), path);
  }
  assert.ok(maps.length >= 2);
  for (const map of maps) {
    assert.equal(place(map)[0], 'county.test');
    assert.equal((await p.get(...place(map))).status, 200);
  }
  assert.equal((await p.get('county.test', '/town/robots.txt')).status, 404);
});

for (const [, host, base] of sites) {
  test(`The feed of ${host}${base} is Atom.`, async () => {
    for (const at of [`${base}feed.xml`, `${base}xxgk/feed.xml`]) {
      const answer = await p.get(host, at);
      if (at.endsWith('xxgk/feed.xml') && answer.status === 404) {
        continue;                       // a village has other columns
      }
      const feed = xml(answer.text);

      assert.match(answer.headers['content-type'], /^application\/atom\+xml/);
      assert.equal(feed.name, 'feed');
      assert.equal(feed.attributes.xmlns, 'http://www.w3.org/2005/Atom');
      one(feed, 'id');
      assert.ok(one(feed, 'title').text);
      one(one(feed, 'author'), 'name');
      const self = all(feed, 'link').find((l) => l.attributes.rel === 'self');
      assert.deepEqual(place(self.attributes.href), [host, at]);

      const entries = all(feed, 'entry');
      const ids = entries.map((e) => one(e, 'id').text);
      assert.equal(new Set(ids).size, ids.length);
      const times = entries.map((e) => Date.parse(one(e, 'published').text));
      assert.deepEqual(times, [...times].sort((a, b) => b - a));
      for (const e of entries) {
        assert.ok(one(e, 'title').text);
        const href = one(e, 'link').attributes.href;
        assert.equal((await p.get(...place(href))).status, 200);
        assert.ok(Date.parse(one(e, 'updated').text)
                  <= Date.parse(one(feed, 'updated').text));
      }
    }
  });
}

test('A title with marks arrives whole in the feed.', async () => {
  const feed = xml((await p.get('county.test', '/feed.xml')).text);

  assert.ok(all(feed, 'entry').some((e) => one(e, 'title').text === long));
});

test('The feed of a section has what stands in the columns below it.',
     async () => {
  const titles = async (at) => all(xml((await p.get('county.test', at)).text),
                                   'entry').map((e) => one(e, 'title').text);

  assert.ok((await titles('/xxgk/feed.xml')).includes(long));
  assert.ok((await titles('/xxgk/tzgg/feed.xml')).includes(long));
  for (const at of ['/xxgk/zcwj/feed.xml', '/bsfw/feed.xml']) {
    assert.ok(!(await titles(at)).includes(long), at);
  }
});

test('A feed is as new as the latest edit of what it names.', async () => {
  p.clock.advance(3600);
  await p.run('doc.edit', {
    doc: doc.town, base: 1, title: '镇里的通知（更正）', publish: true,
  });
  const feed = xml((await p.get('county.test', '/town/feed.xml')).text);
  const entry = all(feed, 'entry').find((e) => /更正/.test(
    one(e, 'title').text));

  assert.equal(Date.parse(one(entry, 'updated').text), p.clock.now.getTime());
  assert.equal(Date.parse(one(feed, 'updated').text), p.clock.now.getTime());
});

test('security.txt has what RFC 9116 asks for.', async () => {
  const answer = await p.get('county.test', '/.well-known/security.txt');
  const field = (name) => [...answer.text.matchAll(
    new RegExp(`^${name}: (.+)$`, 'gm'))].map((m) => m[1]);

  assert.match(answer.headers['content-type'], /^text\/plain; charset=utf-8/);
  assert.equal(field('Contact').length >= 1, true);
  for (const contact of field('Contact')) {
    assert.match(contact, /^(https?|mailto|tel):/);
    if (contact.startsWith('http')) {
      assert.equal((await p.get(...place(contact))).status, 200);
    }
  }
  const [expires, ...rest] = field('Expires');
  assert.equal(rest.length, 0);
  const left = Date.parse(expires) - p.clock.now.getTime();
  assert.ok(left > 0 && left < 366 * 86400_000);
  assert.deepEqual(place(field('Canonical')[0]),
                   ['county.test', '/.well-known/security.txt']);
});

test('The tags of every page say the site, a column its own, a text its own.',
     async () => {
  const home = tags((await p.get('county.test', '/')).text);
  const column = tags((await p.get('county.test', '/xxgk/tzgg/')).text);
  const text = tags((await p.get('city.test',
                                 `/xxgk/zcwj/${doc.city}.html`)).text);

  for (const page of [home, column]) {
    assert.equal(page.SiteName, '示例县人民政府');
    assert.equal(page.SiteDomain, 'county.test');
    assert.equal(page.SiteIDCode, '6104020001');
  }
  assert.equal(column.ColumnName, '通知公告');
  assert.ok(column.ColumnDescription && column.ColumnKeywords
            && column.ColumnType);
  assert.equal(home.ColumnName, undefined);
  assert.equal(column.ArticleTitle, undefined);

  assert.equal(text.SiteName, '示例市');
  assert.equal(text.ColumnName, '政策文件');
  assert.equal(text.ArticleTitle, '市里的文件');
  assert.match(text.PubDate, /^2026-11-20 08:00/);
  assert.equal(text.ContentSource, '示例市政府办公室');
  assert.equal(text.Keywords, '网站；公开');
  assert.equal(text.Author, '示例作者');
  assert.equal(text.Description, '一句话概要');
  assert.deepEqual(place(text.Url), ['city.test',
                                     `/xxgk/zcwj/${doc.city}.html`]);
});

test('A title with marks breaks neither the tags nor the page.', async () => {
  const { text } = await p.get('county.test',
                               `/xxgk/tzgg/${doc.county}.html`);

  assert.equal(tags(text).ArticleTitle.replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>'), long);
  assert.doesNotMatch(text, /<记号>/);
});

test('The structured data parses and has the breadcrumbs of the page.',
     async () => {
  for (const [host, path, last] of [
    ['county.test', `/xxgk/tzgg/${doc.county}.html`, long],
    ['county.test', `/town/xxgk/tzgg/${doc.town}.html`, undefined],
    ['county.test', '/town/xxgk/tzgg/', '通知公告'],
  ]) {
    const { text } = await p.get(host, path);
    const graph = jsonld(text)['@graph'];
    const list = graph.find((g) => g['@type'] === 'BreadcrumbList')
      .itemListElement;
    const crumbs = /<nav class="crumbs[^]*?<\/nav>/.exec(text)[0];
    const shown = [...crumbs.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)]
      .map((m) => [place(new URL(m[1], `http://${host}/`)), m[2]]);

    assert.deepEqual(list.map((item) => item.position),
                     list.map((_, i) => i + 1));
    assert.deepEqual(list.slice(0, -1).map(
      (item) => [place(item.item), item.name]), shown);
    if (last) {
      assert.equal(list.at(-1).name, last);
    }
    const unit = graph.find((g) => g['@type'] === 'GovernmentOrganization');
    assert.equal((await p.get(...place(unit.url))).status, 200);
  }
});

test('A text cannot end the structured data from inside.', async () => {
  const id = await write(p, COUNTY, 'xxgk/tzgg',
                         '</script><script>alert(1)</script>');
  const { text } = await p.get('county.test', `/xxgk/tzgg/${id}.html`);

  assert.doesNotMatch(text, /<script>alert/);
  assert.equal(jsonld(text)['@graph'].find(
    (g) => g['@type'] === 'BreadcrumbList').itemListElement.at(-1).name,
               '</script><script>alert(1)</script>');
});

test('A document that two sites show has one canonical address.', async () => {
  const of = async (host) => /<link rel="canonical" href="([^"]*)">/.exec(
    (await p.get(host, `/xxgk/zcwj/${doc.city}.html`)).text)[1];

  assert.equal(await of('county.test'), await of('city.test'));
  assert.deepEqual(place(await of('county.test')),
                   ['city.test', `/xxgk/zcwj/${doc.city}.html`]);
});

test('Health says what is up, on any host.', async () => {
  for (const host of ['city.test', 'nobody.test']) {
    const answer = await p.get(host, '/_gov/health');
    const health = JSON.parse(answer.text);

    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.deepEqual([health.status, health.store, health.daemon],
                     ['ok', 'ok', 'ok']);
    assert.ok(health.journal > 0);
  }
});

test('Metrics are Prometheus text: each named, typed and told once.',
     async () => {
  const answer = await p.get('nobody.test', '/_gov/metrics');
  const types = new Map();
  const helps = new Set();
  const series = new Set();

  assert.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/);
  assert.ok(answer.text.endsWith('\n'));
  for (const line of answer.text.trimEnd().split('\n')) {
    const [, what, name, rest] = /^# (HELP|TYPE) (\w+) (.+)$/.exec(line) ?? [];
    if (what === 'HELP') {
      assert.ok(!helps.has(name), line);
      helps.add(name);
    } else if (what === 'TYPE') {
      assert.ok(!types.has(name), line);
      assert.match(rest, /^(counter|gauge|histogram|summary)$/);
      types.set(name, rest);
    } else {
      const m = SAMPLE.exec(line);
      assert.ok(m, `not a sample: ${line}`);
      assert.ok(types.has(m[1]) && helps.has(m[1]), line);
      assert.ok(!series.has(m[1] + m[2]), `twice: ${line}`);
      series.add(m[1] + m[2]);
      if (types.get(m[1]) === 'counter') {
        assert.match(m[1], /_total$/, line);
        assert.ok(Number(m[3]) >= 0);
      }
    }
  }
  assert.ok(series.has('gov_requests_total{copy="hit"}'));
  assert.ok(series.has('gov_responses_total{status="200"}'));
});

test('Metrics count what was answered.', async () => {
  const before = await metrics(p);
  await p.get('county.test', '/');
  await p.get('county.test', '/');
  await p.get('county.test', '/no-such-page');
  const { etag } = (await p.get('county.test', '/')).headers;
  await p.get('county.test', '/', { 'if-none-match': etag });
  await p.get('county.test', '/', { 'if-match': '"no-such-tag"' });
  const now = await metrics(p);
  const grew = (name) => now[name] - (before[name] ?? 0);

  assert.equal(grew('gov_requests_total{copy="hit"}')
               + grew('gov_requests_total{copy="miss"}'), 5);
  // and the metrics themselves
  assert.equal(grew('gov_responses_total{status="200"}'), 3 + 1);
  assert.equal(grew('gov_responses_total{status="304"}'), 1);
  assert.equal(grew('gov_responses_total{status="404"}'), 1);
  assert.equal(grew('gov_responses_total{status="412"}'), 1);
  assert.equal(grew('gov_not_modified_total'), 1);
});

test('Who does not come from this machine gets no metrics and no explain.',
     async (t) => {
  const own = Object.values(networkInterfaces()).flat()
    .find((i) => i.family === 'IPv4' && !i.internal)?.address;
  if (!own) {
    t.skip('this machine has only a loopback');
    return;
  }
  // the platform listens on 127.0.0.1: the other end may be any own address
  const client = new Client(`http://127.0.0.1:${p.port}`,
                            { localAddress: own });
  const ask = async (path) => {
    const answer = await client.request({
      method: 'GET', path, headers: { host: 'city.test' },
    });
    const text = await answer.body.text();
    return [answer.statusCode, text];
  };

  assert.equal((await ask('/_gov/health'))[0], 200);
  for (const path of ['/_gov/metrics', '/_gov/explain?url=http://city.test/']) {
    const [status, text] = await ask(path);
    assert.equal(status, 404);
    assert.doesNotMatch(text, /gov_requests_total|dependencies/);
  }
  await client.close();
});

test('explain names site, view, dependencies and the state of the copy.',
     async () => {
  const path = `/town/xxgk/tzgg/${doc.town}.html`;
  const url = `http://county.test:${p.port}${path}`;
  const explain = async () => JSON.parse(
    await p.ctl('--format=json', 'explain', url));

  await write(p, TOWNSHIP, 'xxgk/tzgg', '使副本过时');
  const none = await explain();
  assert.equal(none.status, 200);
  assert.equal(none.view, 'document');
  assert.equal(none.document, doc.town);
  assert.equal(none.site.code, '610402100000');
  assert.equal(none.site.name, '示例镇');
  assert.ok(none.dependencies.length >= 4);
  for (const dep of none.dependencies) {
    assert.ok(dep.slots.length > 0);
    assert.ok(dep.newest_entry <= none.built_at_entry);
  }
  assert.ok(0 < none.br && none.br < none.gzip && none.gzip < none.bytes);

  await p.get('county.test', path);
  assert.equal((await explain()).copy, 'fresh');
  await p.run('doc.edit', {
    doc: doc.town, base: 2, title: '又改', publish: true,
  });
  assert.equal((await explain()).copy, 'stale');
});

test('explain tells a redirect, an absence, an unknown host and a due moment.',
     async () => {
  const explain = async (url) => JSON.parse(
    (await p.get('city.test', `/_gov/explain?url=${encodeURIComponent(url)}`))
      .text);

  const moved = await explain('http://county.test/town');
  assert.equal(moved.status, 301);
  assert.deepEqual(place(moved.location), ['county.test', '/town/']);
  assert.equal((await explain('http://county.test/nix')).status, 404);
  assert.equal((await explain('http://nobody.test/')).status, 421);
  assert.equal((await explain('nobody.test')).status, 421);

  const at = new Date(p.clock.now.getTime() + 60_000);
  await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/yw', title: '一分钟后', body: '到。',
    at: at.toISOString().replace(/\.\d+Z/, 'Z'),
  });
  const due = await explain('http://county.test/xxgk/yw/');
  assert.equal(Date.parse(due.due), at.getTime());
  assert.equal(due.depends_on_every_commit, false);
});

test("The theme's files are for ever, a site's colour is its own.",
     async () => {
  const { text } = await p.get('county.test', '/');
  const files = [...text.matchAll(/(?:href|src)="(\/_gov\/assets\/[^"]*)"/g)];
  assert.ok(files.length >= 2);
  for (const [, url] of files) {
    const answer = await p.get('county.test', url,
                               { 'accept-encoding': 'br' });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['cache-control'],
                 /max-age=31536000, immutable/);
    assert.match(answer.headers['content-type'], /^text\/(css|javascript)/);
    assert.equal(answer.headers['content-encoding'], 'br');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  await p.run('site.set', { site: COUNTY, brand: '#0b5394' });
  const brand = /href="(\/_gov\/brand\/[^"]*)"/.exec(
    (await p.get('county.test', '/')).text)[1];
  assert.match((await p.get('county.test', brand)).text, /#0b5394/i);
  for (const bad of ['0b539.css', '0b53940.css', 'zzzzzz.css', '0b5394.js',
                     '..%2f..%2fx.css', '']) {
    assert.equal((await p.get('county.test', `/_gov/brand/${bad}`)).status,
                 404, bad);
  }
});

test('The API describes itself to machines, without a session.', async () => {
  const answer = await p.get('city.test', '/api/v1/openapi.json');
  const api = JSON.parse(answer.text);

  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.match(api.openapi, /^3\./);
  assert.ok(Object.keys(api.paths).some((path) => /doc\.create/.test(path)));
});
