// The country on one platform: the whole national list comes while visitors
// read, and what 44,699 sites cost stays under its floors.

import assert from 'node:assert/strict';
import test from 'node:test';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';

import { platform, root } from '../lib/platform.mjs';
import { title } from './visitor.mjs';

const LIST = join(root, 'tests/data/china-levels-1-4.csv.gz');
const SELF = ['441900000000', '442000000000', '460400000000', '350527000000'];
// of the three sites that are there the list names two
const SITES = 44_699 + 1;
const NEW = 44_697;

const STORE_EACH = 1024;           // bytes of the store's file a site, its
                                   // names to be found by with it
const MEMORY_EACH = 128;           // bytes of a worker's own memory a site
const DESCRIPTORS = 150;
const MAPS = 300;

const p = await platform({ sites: true });

const rows = gunzipSync(readFileSync(LIST)).toString().trim().split('\n')
  .slice(1).map((line) => line.split(','));
// of two rows with one code the first is the site
const names = new Map(rows.reverse().map((row) => [row[0], row[2]]));

const importList = (...more) => p.govctl(
  ['site', 'import-csv', LIST, '--host-pattern', '{code}.cn.localhost',
   ...more]);
const stats = async () => JSON.parse(
  await p.ctl('--format=json', 'store', 'stats'));
const proc = (pid, name) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
const own = (pid) => 1024 * Number(
  /^Anonymous:\s+(\d+)/m.exec(proc(pid, 'smaps_rollup'))[1]);

let before;

test('The national list comes under load: no request fails, every row is told.',
     { timeout: 120_000 }, async () => {
  const workers = p.workers();
  const pages = [['city.test', '/'], ['county.test', '/xxgk/'],
                 ['county.test', '/town/'], ['city.test', '/sitemap.xml']];
  const bad = [];
  let asked = 0;
  let over = false;

  for (const at of [...pages, ...pages]) {
    await p.get(...at);
  }
  before = { ...await stats(), own: workers.map(own) };

  const visitors = Array.from({ length: 4 }, async () => {
    while (!over) {
      const at = pages[asked++ % pages.length];
      const answer = await p.get(...at);
      if (answer.status !== 200) {
        bad.push([...at, answer.status]);
      }
    }
  });
  const done = await importList();
  over = true;
  await Promise.all(visitors);

  assert.deepEqual(bad, []);
  assert.ok(asked >= 20, `only ${asked} requests`);
  assert.equal(done.code, 0, done.output);
  assert.deepEqual(done.stderr.match(/\d+/g).slice(-4).map(Number),
                   [NEW, 2, 0, 4]);
  for (const code of SELF) {
    assert.match(done.stderr, new RegExp(`${code}: .*上级是它自己`));
  }
  assert.deepEqual(p.workers(), workers);
});

test('A site takes less of the store and of a worker than its floor.',
     async () => {
  const after = await stats();
  assert.equal(after.sites, SITES);

  const each = (after.used - before.used) / NEW;
  assert.ok(each <= STORE_EACH, `${each} bytes a site`);

  // a sanitizer's own memory is not the platform's
  if (!process.env.SANITIZE) {
    p.workers().forEach((pid, i) => {
      const more = (own(pid) - before.own[i]) / NEW;
      assert.ok(more <= MEMORY_EACH, `${more} bytes a site in a worker`);
    });
  }
});

test('Sites of the whole list answer with their names.', async () => {
  const codes = [...names.keys()];
  const rest = Array.from({ length: 2000 },
                          (_, i) => codes[(i * 7919 + 17) % codes.length]);
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (rest.length) {
      const code = rest.pop();
      const answer = await p.get(`${code}.cn.localhost`, '/');
      assert.equal(answer.status, 200, code);
      assert.ok(title(answer).startsWith(names.get(code)), code);
    }
  }));
});

function open() {
  for (const pid of [...p.workers(), p.pid('govd')]) {
    const files = readdirSync(`/proc/${pid}/fd`).length;
    assert.ok(files <= DESCRIPTORS, `${files} descriptors`);

    const maps = proc(pid, 'maps').trim().split('\n').length;
    assert.ok(process.env.SANITIZE || maps <= MAPS, `${maps} maps`);
  }
}

test('Neither descriptors nor maps grow with the sites.', open);

test('Reloaded and started anew with all sites, no request goes unanswered.',
     async () => {
  const host = '441900000000.cn.localhost';
  const old = p.workers();

  p.reload();
  while (p.workers().some((pid) => old.includes(pid))) {
    assert.equal((await p.get(host, '/')).status, 200);
  }
  assert.equal((await p.get(host, '/')).status, 200);

  await p.stop();
  await p.start();
  assert.equal((await p.get(host, '/')).status, 200);
  open();
});

test("A site's journal begins with the entry that made it.", async () => {
  const site = '610404001000';
  const entries = async () => JSON.parse(await p.ctl(
    '--format=json', 'journal', 'list', '--site', site));

  assert.deepEqual((await entries()).map((row) => row.command),
                   ['site.import']);
  await p.run('site.set', { site, about: '示例' });
  assert.deepEqual((await entries()).map((row) => row.command),
                   ['site.set', 'site.import']);
  await p.ctl('journal', 'verify');
});

test('The list again changes nothing and writes nothing.', async () => {
  const was = await stats();
  const done = await importList('--strict');

  assert.equal(done.code, 1);
  assert.deepEqual(done.stderr.match(/\d+/g).slice(-4).map(Number),
                   [0, 0, 44_699, 4]);
  assert.equal((await stats()).journal, was.journal);
});

test('The whole is checked, copied and exported from.', async () => {
  const checked = await p.govctl(['store', 'check']);
  assert.equal(checked.code, 0, checked.output);

  const copy = join(p.dir, 'backup/country');
  await p.ctl('store', 'backup', copy);
  assert.ok(statSync(join(copy, 'data.mdb')).size
            < NEW * STORE_EACH + before.used);

  const file = join(p.dir, 'site.dump');
  await p.ctl('site', 'export', '441900000000', file);
  assert.match(readFileSync(file, 'utf8'), /东莞市/);
});
