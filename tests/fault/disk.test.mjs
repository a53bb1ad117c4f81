// A disk that fills up and is freed, a map that is used up: writing is refused
// in a clear sentence, reading goes on, and with room again the same process
// writes on.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, renameSync, rmSync,
         symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { until } from '../crash/load.mjs';
import { daemon, someSites } from '../lib/daemon.mjs';
import { platform } from '../lib/platform.mjs';
import { smtp } from '../lib/smtp.mjs';
import { COUNTY, plain, write } from '../http/visitor.mjs';
import { Failing } from './fault.mjs';

const doc = (title) => ({ site: '610402', column: 'news', title,
                          body: title.repeat(2000), publish: true });

/** Writes until it is refused: that answer. */
async function fill(d, most) {
  for (let i = 0; i < most; i++) {
    const answer = await d.command('doc.create', doc(`第${i}篇`));
    if (answer.status !== 200) {
      return answer;
    }
  }
  return assert.fail('it was never refused');
}

/** What the asker of a full store is told. */
function clear(answer) {
  assert.equal(answer.status, 507, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.ok(answer.body.detail.length > 3, answer.text);
}

async function sound(d) {
  for (const work of ['store.check', 'journal.verify']) {
    const lines = await d.work(work);
    assert.ok(lines.at(-1).end.ok, JSON.stringify(lines));
  }
}

/** A govd whose writes a file of failing's makes fail. */
async function filling(failing, env, conf = []) {
  const d = await daemon({ start: false });
  writeFileSync(join(d.dir, 'govd.conf'), `${conf.join('\n')}\n`);
  const own = d.env;
  Object.defineProperty(d, 'env', { get: () => (
    { ...own, LD_PRELOAD: failing.preload, ...env }) });
  await d.start();
  await someSites(d);
  return d;
}

test('Every write finds the disk full, for a while.', async () => {
  const failing = new Failing();
  const d = await filling(failing, { FAIL_FULL: failing.full });
  const child = d.child();
  const head = (await d.query('journal.list', { limit: 1 })).text;

  writeFileSync(failing.full, '');
  for (let i = 0; i < 3; i++) {
    clear(await d.command('doc.create', doc('写不下')));
    assert.equal((await d.query('site.get', { site: '610402' })).status, 200);
  }
  assert.equal((await d.query('journal.list', { limit: 1 })).text, head);

  rmSync(failing.full);
  const done = await d.command('doc.create', doc('又写得下'));
  assert.equal(done.status, 200, done.text);
  assert.equal(d.child(), child);
  await sound(d);
});

// what became of a mail: what the server says and to which line, the command
// that notes it, and what an operator is shown once it is noted
for (const [command, answer, at, rows] of [
  ['mail.sent', undefined, '.', []],
  ['mail.failed', '451 later', 'RCPT', [1]],
]) {
  test(`The disk is full for ${command}: the mail is not sent again.`,
       async () => {
    const failing = new Failing();
    const server = await smtp();
    const d = await filling(failing, { FAIL_FULL: failing.full }, [
      `smtp ${server.url}`, 'mail-from noreply@city.test',
      'portal-url https://www.city.test']);

    server.refuse = (line) => {
      if (!line.startsWith(at)) {
        return undefined;
      }
      writeFileSync(failing.full, '');
      return answer;
    };
    const made = await d.command('user.create', {
      login: 'new', name: '新人', mail: 'new@city.test' });
    assert.equal(made.status, 200, made.text);
    await until(() => d.log().includes(`${command}: `), 'not noted');

    server.refuse = () => undefined;
    rmSync(failing.full);
    await until(async () => {
      const { body } = await d.query('mail.list');
      return body.rows.map(({ tries }) => tries).join() === rows.join();
    }, 'noted');
    assert.equal(server.lines.filter((line) => line.startsWith('RCPT')).length,
                 1);
    await sound(d);
  });
}

test('No room for the page that says what counts: a new child goes on.',
     async () => {
  const failing = new Failing();
  const d = await filling(failing, { FAIL_META: failing.meta });
  const child = d.child();
  const about = (text) => ['site.set', { site: '610402', about: text }];

  writeFileSync(failing.meta, '');
  await d.command(...about('写不下')).catch(() => undefined);
  rmSync(failing.meta);

  const done = await d.surely(...about('又写得下'));
  assert.equal(done.status, 200, done.text);
  assert.notEqual(d.child(), child);
  assert.match(d.log(), /this process ends: 磁盘空间已满/);
  assert.equal((await d.query('site.get', { site: '610402' })).body.about,
               '又写得下');
  await sound(d);
});

test('A map that is used up is a clear answer, a larger one goes on.',
     async () => {
  const d = await daemon({ args: ['--map-size', '1M'] });
  await someSites(d);
  const child = d.child();

  clear(await fill(d, 300));
  clear(await d.command('doc.create', doc('还是写不下')));
  assert.equal((await d.query('site.get', { site: '610402' })).status, 200);
  assert.equal(d.child(), child);
  await sound(d);

  await d.stop();
  await d.start('--map-size', '64M');
  const done = await d.command('doc.create', doc('又写得下'));
  assert.equal(done.status, 200, done.text);
  await sound(d);
});

/** A file system of so many megabytes; undefined where none may be mounted. */
function mounted(megabytes) {
  const folder = mkdtempSync(join(tmpdir(), 'gov-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none',
                           folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  after(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Every free byte of it is taken. */
function stuff(path) {
  const fd = openSync(path, 'w');
  for (let size = 65536; size >= 1; size /= 2) {
    try {
      for (;;) {
        writeSync(fd, Buffer.alloc(size));
      }
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
  closeSync(fd);
}

test('A disk that is full: visitors read, editors are told, and it heals.',
     async (t) => {
  const disk = process.getuid() === 0 && mounted(16);
  if (!disk) {
    t.skip('no file system may be mounted here');
    return;
  }
  const p = await platform({ sites: true });
  await p.stop();
  execFileSync('cp', ['-a', join(p.dir, 'store'), disk]);
  renameSync(join(p.dir, 'store'), join(p.dir, 'store.old'));
  symlinkSync(join(disk, 'store'), join(p.dir, 'store'));
  execFileSync('chmod', ['755', disk]);
  await p.start();

  const id = await write(p, COUNTY, 'xxgk/tzgg', '盘满之前');
  const path = `/xxgk/tzgg/${id}.html`;
  const pid = p.pid('govd');

  stuff(join(disk, 'stuff'));
  for (let i = 0; i < 3; i++) {
    const done = await p.govctl(['run', 'doc.create', '-'], {
      input: JSON.stringify({ site: COUNTY, column: 'xxgk/tzgg',
        title: '盘满之时', publish: true, body: '正文。'.repeat(20_000) }) });
    assert.notEqual(done.code, 0);
    assert.match(done.output, /[空满]/, done.output);
    assert.equal((await p.get('county.test', path)).status, 200);
    assert.doesNotMatch(plain(await p.get('county.test', '/xxgk/tzgg/')),
                        /盘满之时/);
  }

  rmSync(join(disk, 'stuff'));
  const now = await write(p, COUNTY, 'xxgk/tzgg', '腾出之后');
  assert.equal((await p.get('county.test', `/xxgk/tzgg/${now}.html`)).status,
               200);
  assert.equal(p.pid('govd'), pid);
  assert.doesNotMatch(p.log(), /commit failed, this process ends/);
  await p.ctl('store', 'check');
});
