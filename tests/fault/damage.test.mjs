// Damaged pages of the data file.  A site whose pages end workers is put in
// quarantine and named, the others are served; the site is put back from an
// export.  Pages damaged anywhere: the right page or an error's, never
// another site's, and nginx's master stays.

import assert from 'node:assert/strict';
import { chownSync, closeSync, copyFileSync, openSync, readFileSync, renameSync,
         rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Client } from 'undici';

import { platform } from '../lib/platform.mjs';
import { capture } from '../lib/process.mjs';
import { CITY, COUNTY, links, plain, sayWorker, title, until,
         write } from '../http/visitor.mjs';
import { chance, CRASHES, FAULTS, JOURNAL, leaves, SEED } from './fault.mjs';

const p = await platform({ sites: true, conf: sayWorker, env: CRASHES });
p.tolerate(/exited on signal/);

const file = join(p.dir, 'store/data.mdb');
const whole = join(p.dir, 'whole.mdb');
const PAGES = { 'city.test': ['/'], 'county.test': ['/', '/town/'] };
const MARK = { 'city.test': '市里的事', 'county.test': '县里的事' };

for (let i = 0; i < 12; i++) {
  for (const [host, site] of [['city.test', CITY], ['county.test', COUNTY]]) {
    const doc = await write(p, site, 'xxgk/tzgg', `${MARK[host]}${i}`,
                            { body: `${MARK[host]}，${'第几条。'.repeat(400)}` });
    PAGES[host].push(`/xxgk/tzgg/${doc}.html`);
  }
}
PAGES['city.test'].push('/xxgk/tzgg/', '/sitemap.xml', '/nix');
PAGES['county.test'].push('/xxgk/tzgg/', '/feed.xml');

const all = Object.entries(PAGES).flatMap(([host, paths]) =>
  paths.map((path) => [host, path]));
const at = ([host, path]) => `${host}${path}`;
const number = async (code) => Number(/"number": ?(\d+)/.exec((await p.get(
  'city.test', `/_gov/explain?url=http://${code}.test/`)).text)[1]);

/** Without a client that asks twice: an answer, or nothing when it died. */
async function ask(host, path) {
  const client = new Client(`http://127.0.0.1:${p.port}`);
  try {
    const a = await client.request({ method: 'GET', path, headers: { host } });
    const body = Buffer.from(await a.body.arrayBuffer());
    return { status: a.statusCode, headers: a.headers, body };
  } catch (error) {
    assert.match(error.code, /^(UND_ERR_SOCKET|ECONNRESET)$/, error);
    return undefined;
  } finally {
    await client.destroy();
  }
}

/** The data file is another one from now on, for workers that are new. */
async function put(bytes) {
  const { uid, gid } = statSync(whole);
  const fresh = `${file}.new`;
  writeFileSync(fresh, bytes, { mode: 0o640 });
  chownSync(fresh, uid, gid);
  renameSync(fresh, file);
  const old = p.workers();
  p.reload();
  await until(() => {
    const now = p.workers();
    return now.length === old.length && !now.some((pid) => old.includes(pid));
  });
}

const check = () => capture(join(p.build, 'govd'),
                            ['--run', p.dir, '--check']);
const metrics = async () => (await p.get('city.test', '/_gov/metrics')).text;

const right = new Map();
const known = new Map(Object.keys(PAGES).map((host) => [host, new Set()]));
for (const where of all) {
  const answer = await p.get(...where);
  const body = plain(answer);
  right.set(at(where), { status: answer.status, body });
  links(body).forEach((link) => known.get(where[0]).add(link));
}
const site = await number('county');
const other = await number('city');
const kept = join(p.dir, 'county.jsonl');
await p.ctl('site', 'export', COUNTY, kept);
const backup = join(p.dir, 'kept');
await p.ctl('store', 'backup', backup);


test('A site that ends three workers is shut, the others are served.',
     async () => {
  copyFileSync(file, whole);
  chownSync(whole, statSync(file).uid, statSync(file).gid);
  const mine = leaves(file).flatMap((leaf) => leaf.nodes)
    .filter((node) => node.site === site);

  // every value of its is 4 GB long now: who reads one runs out of the file
  const bytes = readFileSync(whole);
  for (const node of mine) {
    bytes.writeUInt16LE(0xffff, node.at + 2);
    bytes.writeUInt16LE(0, node.at + 4);
  }
  const master = p.pid('nginx');
  await put(bytes);

  let died = 0;
  let answer;
  for (let i = 0; i < 20 && answer?.status !== 503; i++) {
    answer = await ask('county.test', '/');
    died += answer === undefined;
    const next = await ask('city.test', '/');
    assert.equal(next.status, 200);
    assert.equal(plain(next), right.get('city.test/').body);
  }
  assert.equal(answer.status, 503);
  assert.equal(died, 3);
  assert.match(plain(answer), /<html/);
  assert.ok(answer.headers['retry-after']);

  for (const where of all) {
    let now;
    for (let i = 0; i < 4 && now === undefined; i++) {
      now = await ask(...where);    // the township reads of its county
    }
    if (where[0] === 'city.test') {
      assert.equal(plain(now), right.get(at(where)).body, at(where));
    } else {
      assert.equal(now.status, 503, at(where));
    }
  }
  assert.equal(p.pid('nginx'), master);
  assert.match(await metrics(), new RegExp(`gov_crashes{site="${site}"} 3\n`));
  assert.doesNotMatch(await metrics(),
                      new RegExp(`gov_crashes{site="${other}"}`));
  assert.match(p.log(), new RegExp(`on site ${site}, time 3: quarantined`));
});

test('The check ends with a fault and names that site.', async () => {
  const done = await check();
  assert.notEqual(done.code, 0);
  assert.match(done.output,
               new RegExp(`"site":${site},"fault":"数据页损坏`));
  assert.match(done.output, /"end":.*"ok":false/);
  assert.doesNotMatch(done.output, new RegExp(`"site":${other}\\b`));
});

test('A reload gives a site another try.', async () => {
  await put(readFileSync(whole));
  assert.doesNotMatch(await metrics(), /gov_crashes{/);
  for (const where of all) {
    const now = await ask(...where);
    assert.deepEqual({ status: now.status, body: plain(now) },
                     right.get(at(where)), at(where));
  }
});

/** The journal's newest entry, wherever it lies in the file. */
function newest(path) {
  const entries = leaves(path).flatMap((leaf) => leaf.nodes)
    .filter((node) => node.site === 0 && node.table === JOURNAL);
  const seq = entries.reduce((most, node) => (
    node.number > most ? node.number : most), 0n);
  return entries.filter((node) => node.number === seq);
}

test("The journal's newest entry ends three workers, and visitors are served.",
     async () => {
  const bytes = readFileSync(whole);
  for (const node of newest(whole)) {
    bytes.writeUInt16LE(0xffff, node.at + 2);
    bytes.writeUInt16LE(0, node.at + 4);
  }
  const master = p.pid('nginx');
  await put(bytes);

  let died = 0;
  for (const where of all) {
    let now;
    for (let i = 0; i < 4 && now === undefined; i++) {
      now = await ask(...where);
      died += now === undefined;
    }
    assert.deepEqual({ status: now.status, body: plain(now) },
                     right.get(at(where)), at(where));
  }
  assert.equal(died, 3);
  assert.match(await metrics(), /gov_crashes{journal="\d+"} 3\n/);
  assert.match(p.log(), /on the journal, place \d+, time 3: quarantined/);
  assert.equal(p.pid('nginx'), master);
  assert.notEqual((await check()).code, 0);
  await put(readFileSync(whole));
});

test('Pages damaged anywhere: the right page, an error, never another site.',
     async () => {
  const random = chance();
  const good = readFileSync(whole);
  const pages = leaves(whole);
  const master = p.pid('nginx');
  const rounds = 8 * Math.max(1, FAULTS);
  let seen = 0;
  let unsound = 0;

  // where a page lies differs from run to run: on until damage was met

  for (let i = 0; i < rounds || (seen === 0 && i < 20 * rounds); i++) {
    const bytes = Buffer.from(good);
    const hit = [];
    for (let k = 0; k < 12; k++) {
      const leaf = pages[Math.floor(random() * pages.length)];
      hit.push(leaf.at);
      const length = 1 + Math.floor(random() * 200);
      const from = leaf.at + Math.floor(random() * (4096 - length));
      for (let n = 0; n < length; n++) {
        bytes[from + n] = Math.floor(random() * 256);
      }
    }
    await put(bytes);
    for (const where of all) {
      const what = `seed ${SEED} round ${i} pages ${hit} ${at(where)}`;
      const now = await ask(...where);
      if (now === undefined) {
        seen++;
        continue;
      }
      const text = plain(now);
      const was = right.get(at(where));
      if (now.status === 200 && text !== was.body) {
        // rows that cannot be read are left out, nothing else
        seen++;
        assert.equal(title(now), /<title>([^<]*)/.exec(was.body)?.[1], what);
        for (const link of links(text)) {
          assert.ok(known.get(where[0]).has(link), `${what}: ${link}`);
        }
      }
      seen += now.status >= 500;
      for (const [host, mark] of Object.entries(MARK)) {
        assert.ok(host === where[0] || !text.includes(mark), what);
      }
    }
    assert.equal(p.pid('nginx'), master);
    unsound += (await check()).code !== 0;
  }
  assert.ok(seen > 0 && unsound > 0, 'no damage was met');
});

test('The whole data file damaged in its first pages: 503, and 200 after.',
     async () => {
  const good = readFileSync(whole);
  const bytes = Buffer.from(good);
  bytes.fill(0x5a, 0, 2 * 4096);
  await put(bytes);
  const now = await ask('city.test', '/');
  assert.equal(now.status, 503);
  assert.match(plain(now), /<html/);
  const done = await check();
  assert.notEqual(done.code, 0);
  assert.match(done.output, /无法打开数据库/);
  await put(good);
  assert.equal((await ask('city.test', '/')).status, 200);
});

/** As the runbook says: stopped, this data file alone, started. */
async function from(path) {
  const { uid, gid } = statSync(whole);
  await p.stop();
  rmSync(join(p.dir, 'store/lock.mdb'));
  copyFileSync(path, file);
  chownSync(file, uid, gid);
  await p.start();
}

test('One site is put back from its export, the store from its backup.',
     async () => {
  await from(whole);
  const late = await write(p, COUNTY, 'xxgk/tzgg', '导出之后写的');
  const path = `/xxgk/tzgg/${late}.html`;
  assert.equal((await ask('county.test', path)).status, 200);
  assert.match(plain(await ask('county.test', '/xxgk/tzgg/')), /导出之后写的/);
  await p.ctl('site', 'restore', kept);
  assert.equal((await ask('county.test', path)).status, 404);
  for (const where of all) {
    assert.equal(plain(await ask(...where)), right.get(at(where)).body,
                 at(where));
  }
  assert.equal((await check()).code, 0);

  await from(join(backup, 'data.mdb'));
  for (const where of all) {
    assert.equal(plain(await ask(...where)), right.get(at(where)).body,
                 at(where));
  }
  assert.equal((await check()).code, 0);
  const doc = await write(p, CITY, 'xxgk/tzgg', '恢复之后写的');
  assert.equal((await ask('city.test', `/xxgk/tzgg/${doc}.html`)).status, 200);
});

test('News that could not be read once keep no page that changed since.',
     async () => {
  const doc = await write(p, CITY, 'xxgk/tzgg', '原来的题目');
  const where = ['city.test', `/xxgk/tzgg/${doc}.html`];
  assert.match(title(await ask(...where)), /^原来的题目_/);

  // the checksum of the entry that comes next is damaged before it is read
  await write(p, COUNTY, 'xxgk/tzgg', '别处的事');
  const fd = openSync(file, 'r+');
  for (const node of newest(file)) {
    writeSync(fd, Buffer.from([0x5a, 0xa5, 0x5a, 0xa5]), 0, 4, node.value);
  }
  closeSync(fd);
  for (let i = 0; i < 10; i++) {
    assert.match(title(await ask(...where)), /^原来的题目_/);
  }

  await p.run('doc.edit', { doc, base: 1, title: '后来的题目', publish: true });
  for (let i = 0; i < 10; i++) {
    assert.match(title(await ask(...where)), /^后来的题目_/);
  }
});
