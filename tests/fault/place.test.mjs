// A store that is not as it should be: visitors get a page that says to come
// back, the operator a sentence that says what is wrong and where.

import assert from 'node:assert/strict';
import { chownSync, copyFileSync, renameSync, rmSync, statSync,
         truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { capture } from '../lib/process.mjs';
import { title, until } from '../http/visitor.mjs';
import { CRASHES } from './fault.mjs';

const p = await platform({ sites: true, env: CRASHES });
p.tolerate(/exited on signal/);

const file = join(p.dir, 'store/data.mdb');
const lock = join(p.dir, 'store/lock.mdb');
const whole = join(p.dir, 'whole.mdb');
copyFileSync(file, whole);
const { uid, gid } = statSync(file);

const govd = (...args) => capture(join(p.build, 'govd'),
                                  ['--run', p.dir, ...args]);

/** Workers that open what is there now. */
async function afresh() {
  const old = p.workers();
  p.reload();
  await until(() => {
    const now = p.workers();
    return now.length === old.length && !now.some((pid) => old.includes(pid));
  });
}

/** Another data file, as it were laid by an operator. */
function lay(path, owner = uid) {
  copyFileSync(path, `${file}.new`);
  chownSync(`${file}.new`, owner, gid);
  renameSync(`${file}.new`, file);
}

async function away(where) {
  for (const host of ['city.test', 'county.test']) {
    const answer = await p.get(host, '/');
    assert.equal(answer.status, 503, where);
    assert.match(title(answer), /^服务暂时不可用/);
    assert.match(answer.headers['retry-after'], /^\d+$/);
  }
}

async function told(pattern) {
  const done = await govd('--check');
  assert.notEqual(done.code, 0);
  assert.match(done.output, pattern);
  assert.match(done.output, /store/, 'it says where');
}

async function whole200() {
  lay(whole);
  await afresh();
  assert.equal((await p.get('county.test', '/')).status, 200);
  const done = await govd('--check');
  assert.equal(done.code, 0, done.output);
}

/** govd that would write there, in its own words. */
async function refused(pattern) {
  const done = await capture(join(p.build, 'govd'),
                             ['--run', p.dir, '--once'], {
    input: '{"query":"site.list","input":{}}\n' });
  assert.match(done.output, pattern);
  assert.doesNotMatch(done.output, /"status":200/);
}

// govd is away, so that nobody writes into a file that was laid aside
await p.stop();
await p.start();
process.kill(p.pid('govd'), 'SIGTERM');
await until(async () => JSON.parse((await p.get('city.test', '/_gov/health'))
  .text).daemon === 'unavailable');

test('A data file that is cut short under its readers.', async () => {
  assert.equal((await p.get('county.test', '/')).status, 200);
  const master = p.pid('nginx');
  lay(whole);
  await afresh();
  truncateSync(file, 3 * 4096);

  let answer;
  for (let i = 0; i < 20 && answer?.status !== 503; i++) {
    answer = await p.get('county.test', '/').catch((error) => {
      assert.match(error.code, /^(UND_ERR_SOCKET|ECONNRESET)$/, error);
    });
  }
  for (let i = 0; i < 20; i++) {
    answer = await p.get('city.test', '/').catch(() => undefined);
  }
  assert.equal(answer.status, 503);
  await told(/截断/);
  assert.equal(p.pid('nginx'), master);
  await whole200();
});

test('A data file that is empty.', async () => {
  const empty = join(p.dir, 'empty');
  writeFileSync(empty, '');
  lay(empty);
  await afresh();
  await away('empty');
  await told(/尚未建立|空的/);
  await whole200();
});

test('A data file that is something else.', async () => {
  const other = join(p.dir, 'other');
  writeFileSync(other, '网站'.repeat(20_000));
  lay(other);
  await afresh();
  await away('other');
  await told(/无法打开数据库/);
  await whole200();
});

test('No lock file.', async () => {
  renameSync(lock, `${lock}.away`);
  await afresh();
  await away('lock');
  await told(/锁文件/);
  renameSync(`${lock}.away`, lock);
  await whole200();
});

test('No store at all.', async () => {
  renameSync(join(p.dir, 'store'), join(p.dir, 'store.away'));
  await afresh();
  await away('none');
  await told(/尚未建立/);
  renameSync(join(p.dir, 'store.away'), join(p.dir, 'store'));
  await whole200();
});

test("A data file, or the folder, that is somebody else's.", async (t) => {
  if (process.getuid() !== 0) {
    t.skip('only root may give files away');
    return;
  }
  lay(whole, 65534);
  await refused(/数据(文件|库目录)属于另一用户/);
  await whole200();

  const store = join(p.dir, 'store');
  chownSync(store, 65534, gid);
  await refused(/数据库目录属于另一用户/);
  chownSync(store, uid, gid);
});

test('Started again as it is now, it writes.', async () => {
  rmSync(lock);
  await p.start();
  await p.run('site.set', { site: '610402', contact: '029-0000' });
  await p.ctl('store', 'check');
});
