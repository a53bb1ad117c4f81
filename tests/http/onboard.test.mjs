// Sites come, move and go as records: no reload, no restart, and no address
// that was ever public is lost.

import assert from 'node:assert/strict';
import test from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';

import { platform, root } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, VILLAGE, everyWorker, layVillage, links,
         place, refused, sayWorker, title, write, writeWith }
  from './visitor.mjs';

const p = await platform({ sites: true, conf: sayWorker });
await layVillage(p);
const ask = await everyWorker(p);

const csv = gunzipSync(readFileSync(
  join(root, 'tests/data/china-levels-1-4.csv.gz'))).toString();

/** The first n divisions of the list whose superior is among them. */
function divisions(n) {
  const [head, ...lines] = csv.trim().split('\n');
  const at = Object.fromEntries(head.trim().split(',').map((c, i) => [c, i]));
  const rows = lines.map((line) => line.split(','));
  const known = new Set();
  const out = [];
  for (const level of ['1', '2', '3', '4']) {
    for (const row of rows.filter((r) => r[at.level] === level)) {
      const [code, parent] = [row[at.code], row[at.parent_code]];
      if (out.length < n && (level === '1' ? out.length < 3
          : known.has(parent)) && !code.startsWith('6104')) {
        known.add(code);
        out.push({ code, line: row.join(',') });
      }
    }
  }
  return { head, rows: out };
}

function csvFile(name, head, rows) {
  const file = join(p.dir, name);
  writeFileSync(file, [head, ...rows.map((row) => row.line), ''].join('\n'));
  return file;
}

async function importCsv(file, ...more) {
  const done = await p.govctl(['site', 'import-csv', file, ...more]);
  return {
    ...done, sum: done.stderr.match(/\d+/g)?.slice(-4).map(Number),
  };
}

/** 301s from an address to where it ends: [hops, last answer, its place]. */
async function follow(host, path) {
  let hops = 0;
  for (let at = [host, path]; ; at = at.next) {
    const answer = await p.get(at[0], at[1]);
    if (answer.status !== 301) {
      return { hops, answer, at };
    }
    assert.ok(++hops < 5, `${host}${path} goes in circles`);
    at.next = place(answer.headers.location);
  }
}


test('A new site answers on the next request, on every worker.', async () => {
  const workers = p.workers();

  for (const answer of await ask('fresh.test', '/')) {
    assert.equal(answer.status, 421);
  }
  await p.ctl('site', 'create', '--code', '610404', '--name', '渭城区',
              '--level', 'county', '--parent', CITY, '--host', 'fresh.test',
              '--slug', 'fresh');
  for (const answer of await ask('fresh.test', '/')) {
    assert.equal(answer.status, 200);
    assert.equal(title(answer), '渭城区');
  }
  await p.ctl('site', 'create', '--code', '610404100', '--name', '新镇',
              '--level', 'township', '--parent', '610404', '--slug', 'xin');
  for (const answer of await ask('fresh.test', '/xin/')) {
    assert.equal(answer.status, 200);
    assert.equal(title(answer), '新镇');
  }
  assert.deepEqual(p.workers(), workers);
});

test('A new site has the columns of its blueprint and says it is prepared.',
     async () => {
  const answer = await p.get('fresh.test', '/');

  assert.match(answer.text, /筹备中/);
  for (const url of links(/<nav class="nav"[^]*?<\/nav>/.exec(
    answer.text)[0])) {
    assert.equal((await p.get('fresh.test', url)).status, 200, url);
  }
});

test('A thousand sites come under load: no request fails, no worker changes.',
     async () => {
  const { head, rows } = divisions(1000);
  assert.equal(rows.length, 1000);
  const workers = p.workers();
  const pages = [['city.test', '/'], ['county.test', '/xxgk/'],
                 ['county.test', '/town/'], ['city.test', '/sitemap.xml']];
  const bad = [];
  let asked = 0;
  let over = false;

  const visitors = Array.from({ length: 4 }, async (_, n) => {
    while (!over) {
      const at = pages[(asked++ + n) % pages.length];
      const answer = await p.get(...at);
      if (answer.status !== 200) {
        bad.push([...at, answer.status]);
      }
    }
  });
  for (let i = 0; i < rows.length; i += 50) {
    const file = csvFile('part.csv', head, rows.slice(i, i + 50));
    const done = await importCsv(file, '--host-pattern',
                                 '{code}.cn.localhost');
    assert.equal(done.code, 0, done.output);
    const at = [`${rows[i].code}.cn.localhost`, '/'];
    assert.equal((await p.get(...at)).status, 200);
  }
  over = true;
  await Promise.all(visitors);

  assert.deepEqual(bad, []);
  assert.ok(asked >= rows.length / 50, `only ${asked} requests`);
  assert.deepEqual(p.workers(), workers);

  const names = new Map(rows.map((row) => [row.code, row.line.split(',')[2]]));
  const rest = [...names];
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (rest.length) {
      const [code, name] = rest.pop();
      const answer = await p.get(`${code}.cn.localhost`, '/');
      assert.equal(answer.status, 200, code);
      assert.ok(title(answer).startsWith(name), `${code} ${title(answer)}`);
    }
  }));
});

test('The same list again changes nothing, and what was cut short goes on.',
     async () => {
  const { head, rows } = divisions(1040);
  const half = csvFile('half.csv', head, rows.slice(0, 1020));
  const whole = csvFile('whole.csv', head, rows);
  const pattern = ['--host-pattern', '{code}.cn.localhost'];

  assert.deepEqual((await importCsv(half, ...pattern)).sum,
                   [20, 0, 1000, 0]);
  assert.deepEqual((await importCsv(whole, ...pattern)).sum,
                   [20, 0, 1020, 0]);
  assert.deepEqual((await importCsv(whole, ...pattern)).sum,
                   [0, 0, 1040, 0]);
  const last = rows.at(-1).code;
  assert.equal((await p.get(`${last}.cn.localhost`, '/')).status, 200);
});

test('A bulk import as pages gives each its prefix, none of them twice.',
     async () => {
  const rows = [
    ['610402201', '同名镇', 'same'], ['610402202', '同名乡', 'same'],
  ].map(([code, name, slug]) => ({
    line: `${code},4,${name},${COUNTY},${slug}`,
  }));
  const file = csvFile('pages.csv', 'code,level,name,parent_code,slug', rows);
  const done = await importCsv(file);
  assert.equal(done.code, 0, done.output);

  const { answer: one } = await follow('county.test', '/same/');
  assert.equal(title(one), '同名镇');
  const list = JSON.parse(await p.ctl('--format=json', 'site', 'list',
                                      '--parent', COUNTY));
  const two = list.find((site) => site.name === '同名乡');
  assert.match(two.slug, /^same-?\d+$/);
  assert.equal(title(await p.get('county.test', `/${two.slug}/`)), '同名乡');
});

test('Page to sub-site and back: no address is lost, no document changes.',
     async () => {
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '换模式的通知');
  const attached = await writeWith(p, { 'a.pdf': '%PDF-1.4\n' }, [
    '--site', TOWNSHIP, '--column', 'xxgk/tzgg', '--title', '带附件']);
  const page = await p.get('county.test', `/town/xxgk/tzgg/${attached}.html`);
  const file = links(page.text).find((u) => u.includes('/files/'));

  const old = ['/town', '/town/', '/town/xxgk/', '/town/xxgk/tzgg/',
               '/town/map.html', `/town/xxgk/tzgg/${doc}.html`,
               `/town/xxgk/tzgg/${attached}.html`, `/town/s/${doc}`, file,
               '/town/feed.xml', '/town/sitemap.xml', '/town/village/',
               '/town/village/map.html'];
  const seen = new Set(old.map((path) => `county.test${path}`));
  const modes = [
    ['subsite', 'town.test', 'town.test', '/'],
    ['page', undefined, 'county.test', '/town/'],
    ['subsite', 'town.test', 'town.test', '/'],
    ['page', undefined, 'county.test', '/town/'],
  ];

  for (const [mode, host, now, base] of modes) {
    await p.run('site.mode', { site: TOWNSHIP, mode, ...host && { host } });
    for (const path of old) {
      seen.add(`${now}${path.replace('/town/', base).replace('/town', base)}`);
    }
    for (const url of seen) {
      const slash = url.indexOf('/');
      const { hops, answer, at } = await follow(url.slice(0, slash),
                                                url.slice(slash));
      assert.equal(answer.status, 200, `${url} in ${mode}`);
      assert.ok(at[0] === now && at[1].startsWith(base), `${url} to ${at}`);
      assert.ok(hops <= (/\/s\/|town$/.test(url) ? 2 : 1), `${url}: ${hops}`);
    }
    const answer = await p.get(now, `${base}xxgk/tzgg/${doc}.html`);
    assert.match(answer.text, /<h1>换模式的通知<\/h1>/);
  }
});

test("A county's home page leads to its township in either mode.",
     async () => {
  for (const [mode, host] of [['subsite', 'town.test'], ['page', undefined]]) {
    await p.run('site.mode', { site: TOWNSHIP, mode, ...host && { host } });
    const home = await p.get('county.test', '/');
    const url = /<a href="([^"]*)">示例镇<\/a>/.exec(home.text)[1];
    const at = place(new URL(url, 'http://county.test/'));

    assert.equal(at[0], host ?? 'county.test');
    assert.equal((await p.get(...at)).status, 200);
  }
});

test('A renamed prefix redirects, and a township that moves keeps its own.',
     async () => {
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '搬家的镇');
  await p.run('site.slug', { site: TOWNSHIP, slug: 'xinming' });
  const one = await follow('county.test', `/town/xxgk/tzgg/${doc}.html`);
  assert.deepEqual(one.at.slice(0, 2),
                   ['county.test', `/xinming/xxgk/tzgg/${doc}.html`]);

  await p.run('site.move', { site: TOWNSHIP, parent: '610404' });
  for (const slug of ['town', 'xinming']) {
    const { answer, at } = await follow(
      'county.test', `/${slug}/xxgk/tzgg/${doc}.html`);
    assert.equal(answer.status, 200);
    assert.deepEqual(at.slice(0, 2),
                     ['fresh.test', `/xinming/xxgk/tzgg/${doc}.html`]);
  }
  await p.run('site.move', { site: TOWNSHIP, parent: COUNTY });
  await p.run('site.slug', { site: TOWNSHIP, slug: 'town' });
  for (const at of [['county.test', '/town/'], ['county.test', '/xinming/'],
                    ['fresh.test', '/xinming/']]) {
    const end = await follow(...at);
    assert.equal(end.answer.status, 200);
    assert.deepEqual(end.at.slice(0, 2), ['county.test', '/town/']);
  }
});

test('A further host answers, the old main one redirects, a freed one is 421.',
     async () => {
  await p.run('site.host.add', { site: COUNTY, host: 'new.test' });
  assert.equal(title(await p.get('new.test', '/')), '示例县');
  await p.run('site.host.add', {
    site: COUNTY, host: 'main.test', main: true,
  });
  const { at } = await follow('county.test', '/xxgk/');
  assert.deepEqual(at.slice(0, 2), ['main.test', '/xxgk/']);

  await p.run('site.host.add', {
    site: COUNTY, host: 'county.test', main: true,
  });
  await p.run('site.host.remove', { site: COUNTY, host: 'new.test' });
  for (const host of ['main.test', 'new.test']) {
    assert.deepEqual((await follow(host, '/')).at.slice(0, 2),
                     ['county.test', '/']);
    await p.run('site.host.remove', { site: COUNTY, host });
    assert.equal((await p.get(host, '/')).status, 421);
  }
});

test('A host that another site holds is refused with its name.', async () => {
  const done = await refused(p, 'site.host.add',
                             { site: CITY, host: 'county.test' });
  assert.match(done.output, /示例县/);
  assert.equal(title(await p.get('county.test', '/')), '示例县');
});

test('A suspended site says why, and comes back as it was.', async () => {
  await p.run('site.create', {
    code: '610405', name: '要停的县', level: 'county', parent: CITY,
    slug: 'pause', mode: 'subsite', host: ['pause.test'],
  });
  const doc = await write(p, '610405', 'xxgk/tzgg', '停前的通知');
  const path = `/xxgk/tzgg/${doc}.html`;
  await p.get('pause.test', path);
  await p.run('site.live', { site: '610405' });
  assert.doesNotMatch((await p.get('pause.test', path)).text, /筹备中/);
  await p.run('site.suspend', { site: '610405', notice: '改版期间暂停' });

  for (const at of ['/', path, '/nix', '/sitemap.xml', '/feed.xml']) {
    for (const answer of await ask('pause.test', at)) {
      assert.equal(answer.status, 503);
      assert.match(answer.text, /改版期间暂停/);
      assert.equal(answer.headers['retry-after'], undefined);
      assert.doesNotMatch(answer.text, /停前的通知/);
    }
  }
  await p.run('site.resume', { site: '610405' });
  for (const answer of await ask('pause.test', path)) {
    assert.equal(answer.status, 200);
    assert.match(answer.text, /停前的通知/);
  }
});

test('A merged site leads to the one that goes on, a closed one says so.',
     async () => {
  for (const [code, slug] of [['610406', 'merge'], ['610407', 'close']]) {
    await p.run('site.create', {
      code, name: `${slug}县`, level: 'county', parent: CITY, slug,
      mode: 'subsite', host: [`${slug}.test`],
    });
    await p.get(`${slug}.test`, '/');
  }
  await p.run('site.merge', { site: '610406', into: COUNTY });
  for (const path of ['/', '/xxgk/tzgg/', '/nix']) {
    assert.deepEqual((await follow('merge.test', path)).at.slice(0, 2),
                     ['county.test', '/']);
  }
  await p.run('site.archive', { site: '610407', notice: '机构已撤销' });
  for (const path of ['/', '/xxgk/', '/nix']) {
    for (const answer of await ask('close.test', path)) {
      assert.equal(answer.status, 410);
      assert.match(answer.text, /机构已撤销/);
    }
  }
  const home = (await p.get('city.test', '/')).text;
  assert.doesNotMatch(home, /merge县|close县/);
});

test('A site with others below it is neither merged nor closed.', async () => {
  for (const [command, more] of [['site.archive', {}],
                                 ['site.merge', { into: CITY }]]) {
    const done = await refused(p, command, { site: COUNTY, ...more });
    assert.equal(done.code, 4);
    assert.match(done.output, /示例镇/);
  }
  assert.equal((await p.get('county.test', '/')).status, 200);
});

test('A site below the wrong level is refused, and no address appears.',
     async () => {
  for (const [code, level, parent] of [
    ['BM1', 'department', TOWNSHIP], ['BM2', 'department', VILLAGE],
    ['610402900', 'township', CITY], ['610402900001', 'village', COUNTY],
    ['610499', 'county', TOWNSHIP], ['610500', 'city', COUNTY],
  ]) {
    const done = await refused(p, 'site.create', {
      code, name: '放错的站', level, parent, slug: 'wrong',
      host: ['wrong.test'],
    });
    assert.equal(done.code, 4, `${level} below ${parent}`);
    assert.equal((await p.get('wrong.test', '/')).status, 421);
  }
  await refused(p, 'site.move', { site: TOWNSHIP, parent: VILLAGE });
  await refused(p, 'site.move', { site: COUNTY, parent: COUNTY });
  assert.equal((await p.get('county.test', '/town/')).status, 200);
});

test('A prefix that is taken or reserved is refused with its holder.',
     async () => {
  for (const [slug, holder] of [['town', '示例镇'], ['xxgk', '信息公开'],
                                ['api', '保留'], ['files', '保留'],
                                ['s', '保留']]) {
    const done = await refused(p, 'site.create', {
      code: '610402301', name: '撞名镇', level: 'township', parent: COUNTY,
      slug, mode: 'page',
    });
    assert.match(done.output, new RegExp(holder), slug);
  }
  assert.equal(title(await p.get('county.test', '/town/')), '示例镇');
});

test('An exported site that is put back has its pages and numbers again.',
     async () => {
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '备份前的通知');
  const path = `/town/xxgk/tzgg/${doc}.html`;
  const file = join(p.dir, 'town.dump');
  await p.ctl('site', 'export', TOWNSHIP, file);
  await p.run('doc.edit', { doc, base: 1, title: '写坏了', publish: true });
  assert.match((await p.get('county.test', path)).text, /写坏了/);
  await p.ctl('--yes', 'site', 'restore', file);

  for (const answer of await ask('county.test', path)) {
    assert.match(answer.text, /备份前的通知/);
  }
});
