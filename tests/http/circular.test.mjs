// What the circular asks for, as its acceptance checks say it: the titles
// begin with the number of the clause (docs/requirements.tsv).

import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { join } from 'node:path';

import { platform, root } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP } from '../lib/sites.mjs';

const p = await platform({ sites: true });

const DEPARTMENT = 'SLJ';
const SISTER = 'JYJ';
const ROOTS = { [CITY]: ['city.test', '/'], [COUNTY]: ['county.test', '/'],
                [TOWNSHIP]: ['county.test', '/town/'],
                [DEPARTMENT]: ['slj.test', '/'] };

before(async () => {
  for (const [code, name, host] of [[DEPARTMENT, '市水利局', 'slj.test'],
                                    [SISTER, '市教育局', 'jyj.test']]) {
    await p.run('site.create', { code, name, level: 'department',
                                 parent: CITY, host: [host] });
  }
  // a second that no commit shares, so that nothing is due by chance
  p.clock.advance(60);
});

/** Writes a document, published at once unless told otherwise: its number. */
async function write(site, column, title, more = {}) {
  const { doc } = await p.run('doc.create', {
    site, column, title, body: `${title}的正文。`, publish: true, ...more,
  });
  return doc;
}

/** The text of a page that must be there. */
async function page(host, path) {
  const answer = await p.get(host, path);
  assert.equal(answer.status, 200, `${host}${path}`);
  return answer.text;
}

/** What a reader sees between the header and the footer. */
const main = (text) => text.slice(text.indexOf('<main'),
                                  text.indexOf('</main>'));

/** The rows of a column. */
const rows = (text) => main(text).slice(main(text).indexOf('class="rows'));

function shows(text, what, not = false) {
  assert.equal(what.test(text), !not, `${what} is ${not ? '' : 'not '}there`);
}

/** A command that must be refused with this exit code: what was said. */
async function refused(code, ...args) {
  const done = await p.govctl(args, { env: { LANG: 'zh_CN.UTF-8' } });
  assert.equal(done.code, code, done.output);
  return done.stderr;
}

/** Follows one 301 and gives the page behind it. */
async function follow(host, path) {
  const answer = await p.get(host, path);
  assert.equal(answer.status, 301, `${host}${path}`);
  const to = new URL(answer.headers.location);
  return page(to.hostname, to.pathname);
}


test('A01: the circular shows its facts, and expires by itself.', async () => {
  await p.ctl('--quiet', 'doc', 'import', '--site', CITY,
              '--column', 'xxgk/gfxwj',
              join(root, 'sites/demo/circular.jsonl'));
  const [row] = JSON.parse(await p.ctl('--format=json', 'doc', 'list',
                                       '--site', CITY,
                                       '--column', 'xxgk/gfxwj'));
  const path = `/xxgk/gfxwj/${row.doc}.html`;
  const first = await page('city.test', path);

  for (const fact of ['咸阳市人民政府办公室', '咸政办发〔2007〕171', '2007-10-10',
                      '效力级别', '有效']) {
    shows(first, new RegExp(fact));
  }
  await p.run('doc.edit', { doc: row.doc, base: 1, expires_on: '2026-12-01',
                            publish: true });
  shows(await page('city.test', path), /失效日期/);
  shows(main(await page('city.test', path)), /已失效/, true);
  shows(rows(await page('city.test', '/xxgk/gfxwj/')), /已失效/, true);

  p.clock.set('2026-12-02T00:00:00+08:00');
  shows(main(await page('city.test', path)), /已失效/);
  shows(rows(await page('city.test', '/xxgk/gfxwj/')), /已失效/);
});

test('A02: every address of a sitemap is read without an account.',
     async () => {
  await write(TOWNSHIP, 'xxgk/tzgg', '镇里的通知');
  let seen = 0;

  for (const [host, base] of Object.values(ROOTS)) {
    const map = await page(host, `${base}sitemap.xml`);
    for (const [, url] of map.matchAll(/<loc>([^<]+)<\/loc>/g)) {
      const { hostname, pathname } = new URL(url);
      const answer = await p.get(hostname, pathname);
      assert.equal(answer.status, 200, url);
      assert.equal(answer.headers['set-cookie'], undefined);
      seen++;
    }
  }
  assert.ok(seen > 100, `${seen} addresses`);
});

test('A03: a site of any level has its three pillars.', async () => {
  await p.run('site.create', { code: 'P1', name: '示例省', level: 'province',
                               host: ['p.test'] });
  await p.run('site.create', { code: 'TSG', name: '市图书馆', parent: CITY,
                               level: 'institution', host: ['tsg.test'] });
  await p.run('site.create', { code: 'V1', name: '示例村', level: 'village',
                               parent: TOWNSHIP, slug: 'cun' });

  for (const [host, base] of [...Object.values(ROOTS), ['p.test', '/'],
                              ['tsg.test', '/'],
                              ['county.test', '/town/cun/']]) {
    for (const pillar of ['xxgk', 'bsfw', 'hdjl']) {
      await page(host, `${base}${pillar}/`);
    }
  }
});

test('C02, C01: who edits the source edits it on every site that shows it.',
     async () => {
  const doc = await write(DEPARTMENT, 'xxgk/tzgg', '停水通知');
  await p.run('doc.refer', { doc, to: [`${CITY}/xxgk/tzgg`] });
  const row = await page('city.test', '/xxgk/tzgg/');
  shows(row, /停水通知/);
  shows(main(row), /市水利局/);

  await p.run('doc.edit', { doc, base: 1, title: '停水延期', publish: true });
  shows(await page('city.test', '/xxgk/tzgg/'), /停水延期/);
  const shown = await page('city.test', `/xxgk/tzgg/${doc}.html`);
  shows(shown, /停水延期/);
  shows(shown, new RegExp(
    `rel="canonical" href="http://slj.test:\\d+/xxgk/tzgg/${doc}.html"`));
});

test('C06, C07, C08: page, sub-site, page again: content and ids stay.',
     async () => {
  await p.run('site.create', { code: 'LYJ', name: '市林业局', parent: CITY,
                               level: 'department', mode: 'page',
                               slug: 'lyj' });
  const doc = await write('LYJ', 'xxgk/tzgg', '防火通知');
  const leaf = `xxgk/tzgg/${doc}.html`;
  shows(await page('city.test', `/lyj/${leaf}`), /防火通知/);

  await p.run('site.mode', { site: 'LYJ', mode: 'subsite' });
  shows(await page('lyj.city.test', `/${leaf}`), /防火通知/);
  shows(await follow('city.test', `/lyj/${leaf}`), /防火通知/);

  await p.run('site.host.add', { site: 'LYJ', host: 'linye.test',
                                 main: true });
  for (const [host, base] of [['city.test', '/lyj/'],
                              ['lyj.city.test', '/']]) {
    shows(await follow(host, base + leaf), /防火通知/);
  }

  await p.run('site.mode', { site: 'LYJ', mode: 'page' });
  shows(await page('city.test', `/lyj/${leaf}`), /防火通知/);
  for (const host of ['lyj.city.test', 'linye.test']) {
    shows(await follow(host, `/${leaf}`), /防火通知/);
  }
});

test("C09: a unit hangs on its own level's portal, and is told why not.",
     async () => {
  assert.match(await refused(4, 'site', 'create', '--code', '610402999',
                             '--name', '错镇', '--level', 'township',
                             '--parent', CITY), /县级/);
});

test('C10: a scheduled document is there at its second, on every worker.',
     async () => {
  const now = p.clock.now.getTime();
  const doc = await write(CITY, 'xxgk/tzgg', '定时的通知', {
    publish: false, at: new Date(now + 10_000).toISOString(),
    expires: new Date(now + 20_000).toISOString(),
  });
  const path = `/xxgk/tzgg/${doc}.html`;
  const seen = async () => {
    const pages = await Promise.all(Array.from(
      { length: 8 }, () => p.get('city.test', '/xxgk/tzgg/')));
    const shown = pages.filter(({ text }) => /定时的通知/.test(text)).length;
    return [shown, (await p.get('city.test', path)).status];
  };

  assert.deepEqual(await seen(), [0, 404]);
  p.clock.advance(9);
  assert.deepEqual(await seen(), [0, 404]);
  p.clock.advance(1);
  assert.deepEqual(await seen(), [8, 200]);
  p.clock.advance(10);
  assert.deepEqual(await seen(), [0, 410]);
});

test('C14, D14, G26: what a site lacks is named, and blocks where it counts.',
     async () => {
  await p.run('site.create', { code: 'GAJ', name: '市公安局', parent: CITY,
                               level: 'department',
                               host: ['gaj.city.gov.cn'] });
  const said = await refused(4, 'site', 'live', 'GAJ');
  for (const lack of [/必填栏目没有内容/, /责任人/, /合法名称/, /网站标识码/]) {
    assert.match(said, lack);
  }
  shows(await page('gaj.city.gov.cn', '/'), /筹备/);

  const done = await p.run('site.live', { site: TOWNSHIP });
  assert.equal(done.state, 'live');
  assert.ok(done.warnings.some((text) => /必填栏目没有内容/.test(text)));
});

test("C19: a new site stands in its parent's and its sisters' links.",
     async () => {
  const before = [await page('city.test', '/'), await page('slj.test', '/')];
  await p.run('site.create', { code: 'SWJ', name: '市商务局', parent: CITY,
                               level: 'department', host: ['swj.test'] });
  const after = [await page('city.test', '/'), await page('slj.test', '/')];

  before.forEach((text) => shows(text, /swj\.test/, true));
  after.forEach((text) => shows(text, /swj\.test/));
  shows(await page('swj.test', '/'), /slj\.test/);
});

test('C20, D22: a banner is on every site at once, and gone at once.',
     async () => {
  const shown = async () => {
    const pages = await Promise.all(Object.values(ROOTS).map(
      ([host, base]) => page(host, base)));
    return pages.filter((text) => /暴雨红色预警/.test(text)).length;
  };

  assert.equal(await shown(), 0);
  const { id } = await p.run('banner.set', { title: '暴雨红色预警' });
  assert.equal(await shown(), 4);
  await p.run('banner.clear', { id });
  assert.equal(await shown(), 0);

  const { id: local } = await p.run('banner.set', { title: '暴雨红色预警',
                                                    site: COUNTY });
  assert.equal(await shown(), 2, 'the county and its township');
  await p.run('banner.clear', { id: local });
});

test('D20: a document and its interpretation name each other.', async () => {
  const policy = await write(CITY, 'xxgk/gfxwj', '节水办法');
  const other = await write(CITY, 'xxgk/zcjd', '一图读懂节水', {
    interprets: policy,
  });

  shows(await page('city.test', `/xxgk/gfxwj/${policy}.html`), /一图读懂节水/);
  shows(await page('city.test', `/xxgk/zcjd/${other}.html`), /节水办法/);
});

test('D24: a reader of two sites never sees one without the other.',
     async () => {
  const docs = [];
  for (let i = 0; i < 12; i++) {
    docs.push(await write(DEPARTMENT, 'xxgk/dt', `同步${i}号`, {
      publish: false,
    }));
  }
  const numbers = (text) => [...text.matchAll(/同步(\d+)号/g)]
    .map(([, n]) => Number(n));
  let going = true;
  let rounds = 0;

  const reader = async (first, second) => {
    while (going) {
      const one = numbers(await page(...first));
      const two = numbers(await page(...second));
      const lost = one.filter((n) => !two.includes(n));
      assert.deepEqual(lost, [], 'shown here before, there not after');
      rounds++;
    }
  };
  const here = ['slj.test', '/xxgk/dt/'];
  const there = ['city.test', '/xxgk/tzgg/'];
  const writer = async () => {
    for (const doc of docs) {
      await p.run('release.create', { doc, to: [`${CITY}/xxgk/tzgg`] });
    }
  };

  const readers = [reader(here, there), reader(there, here)];
  const done = await Promise.allSettled(
    [writer().finally(() => { going = false; }), ...readers]);
  done.forEach(({ reason }) => assert.ifError(reason));

  assert.ok(rounds > docs.length);
  assert.equal(new Set(numbers(await page(...there))).size, docs.length);
});

test('D32, D33: a department answers at its nineteen categories.',
     async () => {
  for (const slug of ['zn', 'ld', 'nsjg', 'zsjg']) {
    await page('jyj.test', `/jggk/${slug}/`);
  }
  for (const slug of ['bmwj', 'zwhd', 'ghjh', 'hysj', 'xzxk', 'bscx', 'bssx',
                      'rsrm', 'tjgg', 'xwfb', 'zfcg', 'ztbgg', 'gzzd', 'bsjl',
                      'jddh']) {
    await page('jyj.test', `/xxgk/${slug}/`);
  }
});

test("D36: a blueprint's change reaches its sites, their own columns stay.",
     async () => {
  await p.run('column.set', { site: DEPARTMENT, column: 'xxgk/dt',
                              name: '水利要闻' });
  const blueprint = JSON.parse(await p.ctl('--format=json', 'blueprint',
                                           'get', 'department'));
  blueprint.columns.find(({ slug }) => slug === 'dt').name = '工作动态';
  await p.run('blueprint.put', { ...blueprint, name: 'department' });

  shows(await page('jyj.test', '/xxgk/dt/'), /<h1[^>]*>工作动态</);
  shows(await page('slj.test', '/xxgk/dt/'), /<h1[^>]*>水利要闻</);
});

test('G06, G07: the legal name is the title and the largest thing.',
     async () => {
  await p.run('site.set', { site: SISTER, legal_name: '示例市教育局',
                            brand: '#0b4f8a' });
  const text = await page('jyj.test', '/');

  shows(text, /<title>示例市教育局<\/title>/);
  shows(text, /<h1[^>]*>示例市教育局<\/h1>/);
  shows(text, /brand\/0b4f8a\.css/);
});

test('G08: a logo needs words.', async () => {
  assert.match(await refused(1, 'site', 'set', SISTER, '--logo',
                             `${'0'.repeat(64)}/logo.png`), /替代|说明|文字/);
});

test('G09, G10: which names are accepted is a dated rule.', async () => {
  const add = (host) => p.govctl(['site', 'host', 'add', CITY, host]);

  assert.equal((await add('example.com')).code, 4);
  assert.equal((await add('示例.cn')).code, 4);
  assert.equal((await add('www.shili.gov.cn')).code, 0);
  assert.equal((await add('示例市.政务')).code, 0);
  await page(new URL('http://示例市.政务/').host, '/');

  await p.run('policy.put', { name: 'domain', rules: [
    { from: '2007-10-10', english: ['.gov.cn'], chinese: ['.政务'] },
    { from: '2027-01-01', english: ['.gov.cn', '.com'], chinese: ['.政务'] },
  ] });
  assert.equal((await add('example.com')).code, 4);
  p.clock.set('2027-01-01T00:00:00+08:00');
  assert.equal((await add('example.com')).code, 0);
});

test('G12: simplified Chinese is what everybody gets first.', async () => {
  for (const wish of ['en', 'zh-TW', 'fr;q=1', undefined]) {
    const answer = await p.get('city.test', '/',
                               wish ? { 'accept-language': wish } : {});
    shows(answer.text, /<html lang="zh-Hans"/);
  }
});

test("G13: a bundle's hooks change their own site's pages, no other's.",
     async () => {
  await p.run('link.share', { site: CITY, group: 'cy', title: '常用网站',
                              links: [{ title: '中国政府网',
                                        url: 'https://www.gov.cn' }] });
  await p.run('link.take', { site: COUNTY, from: CITY, group: 'cy' });
  await p.run('site.set', { site: COUNTY, bundle: 'sanyuan' });
  const home = await page('county.test', '/');

  shows(home, /三原三件事/);
  shows(home, /常用网站（示例市提供）/);
  shows(await follow('county.test', '/html/tzgg/2009/1.html'),
        /<h1[^>]*>通知公告</);
  assert.equal((await p.get('county.test', '/html/x/')).status, 404);

  for (const [host, base] of [ROOTS[CITY], ROOTS[TOWNSHIP]]) {
    shows(await page(host, base), /三原三件事|提供）/, true);
    assert.equal((await p.get(host, `${base}html/tzgg/`)).status, 404);
  }
  await p.run('site.set', { site: COUNTY, bundle: '' });
  shows(await page('county.test', '/'), /三原三件事/, true);
});

test('N29: explain names site, route, dependencies and copy.', async () => {
  await page('city.test', '/xxgk/tzgg/');
  const told = JSON.parse(await p.ctl(
    '--format=json', 'explain',
    `http://city.test:${p.port}/xxgk/tzgg/`));

  assert.equal(told.view, 'column');
  assert.equal(told.site.name, '示例市');
  assert.equal(told.copy, 'fresh');
  assert.ok(told.dependencies.some(({ site }) => site === told.site.number));
});
