// What `make run`, `make start` and `make stop` promise before any page.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync,
         rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { platform, root, sanitizerLibraries } from '../lib/platform.mjs';
import { capture } from '../lib/process.mjs';

const p = await platform();
const isRoot = process.getuid() === 0;
const asRoot = { skip: isRoot ? false : 'only root has users of its own' };

const work = mkdtempSync(join(tmpdir(), 'gov-lay-'));
chmodSync(work, 0o755);
after(() => rmSync(work, { recursive: true, force: true }));

function script(verb, env, options = {}) {
  return capture(options.program ?? join(root, 'scripts/platform'),
                 [...(options.before ?? []), verb], {
    cwd: root,
    env: {
      LISTEN: '127.0.0.1', BUILD: p.build, DEMO: 'no',
      PRELOAD: sanitizerLibraries(), ASAN_OPTIONS: 'detect_leaks=0', ...env,
    },
  });
}

function userOf(pid) {
  return Number(/^Uid:\s+(\d+)/m.exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

async function uid(name) {
  return Number((await capture('id', ['-u', name])).stdout);
}

/** A port that somebody holds for as long as the work takes. */
async function held(work) {
  const server = createServer((socket) => socket.destroy());
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try {
    return await work(String(server.address().port));
  } finally {
    await new Promise((done) => server.close(done));
  }
}

/** A port that was free a moment ago. */
const free = () => held(async (port) => port);

async function briefly(env, check) {
  const port = await free();
  const settings = { PORT: port, ...env };
  try {
    const done = await script('start', settings);
    assert.equal(done.code, 0, done.output);
    await check(port, done);
  } finally {
    await script('stop', settings);
  }
}


test('Every host is asked for its health with 200.', async () => {
  assert.equal((await p.get('nobody.test', '/_gov/health')).status, 200);
});

test('The workers and govd run under two users, none of them root.', asRoot,
     async () => {
  const writer = await uid('gov');
  const reader = await uid('govweb');

  assert.notEqual(writer, reader);
  assert.equal(userOf(p.pid('govd')), writer);
  assert.ok(p.workers().length >= 2);
  for (const pid of p.workers()) {
    assert.equal(userOf(pid), reader);
  }
});

test("nginx's workers can read the store and cannot write it.", asRoot,
     async () => {
  const as = (what) => capture('setpriv', [
    '--reuid=govweb', '--regid=govweb', '--clear-groups', 'sh', '-c', what,
  ], { cwd: p.dir });

  assert.equal((await as('head -c 1 store/data.mdb')).code, 0);
  for (const what of ['echo >>store/data.mdb', ': >store/new',
                      'mv store/data.mdb store/x', ': >blobs/new',
                      ': >run/new', 'ls backup', 'ls search']) {
    assert.notEqual((await as(what)).code, 0, what);
  }
});

test("ctl.sock is its owner's alone, web.sock the workers' group's.",
     async () => {
  const mode = (name) => statSync(join(p.dir, 'run', name)).mode & 0o777;

  assert.equal(mode('ctl.sock'), 0o600);
  assert.equal(mode('web.sock') & 0o007, 0);
});

test('Starting what runs changes nothing.', async () => {
  const before = [p.pid('nginx'), p.pid('govd'), ...p.workers()];
  const done = await script('start', { RUN: p.dir, PORT: String(p.port) });

  assert.equal(done.code, 0, done.output);
  assert.deepEqual([p.pid('nginx'), p.pid('govd'), ...p.workers()], before);
});

test('It runs below a folder that its users cannot read.', asRoot,
     async () => {
  const closed = join(work, 'closed');
  mkdirSync(closed, { mode: 0o700 });

  await briefly({ RUN: join(closed, 'run') }, async (port) => {
    const done = await capture('curl', [
      '-s', '-o', '/dev/null', '-w', '%{http_code}', '--noproxy', '*',
      `http://127.0.0.1:${port}/_gov/health`]);
    assert.equal(done.stdout, '200');
  });
});

test('A data folder that its users cannot enter is refused in a sentence.',
     asRoot, async () => {
  const closed = join(work, 'shut');
  mkdirSync(closed, { mode: 0o700 });
  const done = await script('start', { RUN: closed, PORT: await free() });

  assert.equal(done.code, 1);
  assert.match(done.stderr, /chmod 755/);
  assert.equal(done.stderr.trim().split('\n').length, 1);
});

test('A port that is taken is named in a sentence, and nothing is left.',
     async () => {
  const run = join(work, 'taken');
  const done = await held((port) => script('start', { RUN: run, PORT: port }));

  assert.equal(done.code, 1);
  assert.match(done.stderr, /PORT=/);
  assert.equal(done.stderr.trim().split('\n').length, 1);
  assert.match((await script('status', { RUN: run })).stdout,
               /nginx -\ngovd -/);
});

test('Somebody who is not root is told that the store is not protected.',
     asRoot, async (t) => {
  const nobody = await uid('nobody');
  const as = ['--reuid=nobody', '--regid=nogroup', '--clear-groups'];
  const run = join(work, 'own');

  if ((await capture('setpriv', [...as, 'test', '-x', root])).code !== 0) {
    t.skip('the checkout is closed to others');
    return;
  }
  mkdirSync(run);
  chownSync(run, nobody, nobody);

  const how = {
    program: 'setpriv',
    before: [...as, join(root, 'scripts/platform')],
  };
  const env = { RUN: run, PORT: await free() };
  try {
    const done = await script('start', env, how);
    assert.equal(done.code, 0, done.output);
    assert.match(done.stdout, /not root/);
    const pid = Number(readFileSync(join(run, 'run/govd.pid'), 'utf8'));
    assert.equal(userOf(pid), nobody);
  } finally {
    await script('stop', env, how);
  }
});

test('A checkout path with a space is refused in a sentence.', async () => {
  const folder = join(work, 'with space');
  mkdirSync(folder);
  cpSync(join(root, 'Makefile'), join(folder, 'Makefile'));
  const done = await capture('make', ['run'], { cwd: folder });

  assert.notEqual(done.code, 0);
  assert.match(done.stderr, /holds a space/);
  assert.equal(done.stderr.trim().split('\n').length, 1);
});
