// Views are counted by workers and kept until govd takes them.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, reloaded, until, write } from './visitor.mjs';

const p = await platform({ sites: true });

const doc = await write(p, COUNTY, 'xxgk/tzgg', '有人看的通知');
const path = `/xxgk/tzgg/${doc}.html`;

async function views() {
  return JSON.parse(await p.ctl('--format=json', 'doc', 'get', `${doc}`))
    .views ?? 0;
}

async function look(times) {
  for (let i = 0; i < times; i++) {
    assert.equal((await p.get('county.test', path)).status, 200);
  }
}

async function ended() {
  const govd = p.pid('govd');
  process.kill(govd, 'SIGTERM');
  await until(() => !existsSync(`/proc/${govd}`));
}

/** govd writes what it was handed once a minute, and when it ends. */
async function written() {
  await ended();
  await p.start();
}

test('A worker that ends hands over what it counted.', async () => {
  await look(3);
  await reloaded(p);
  await written();
  assert.equal(await views(), 3);
});

test('What is counted while govd is away is not lost.', async () => {
  await ended();
  await look(4);
  const old = p.workers();
  p.reload();
  await until(() => !old.some((pid) => p.workers().includes(pid)));
  await p.start();
  await reloaded(p);
  await written();
  assert.equal(await views(), 7);
});

test('More pages than one datagram takes are counted one each.', async () => {
  const lines = Array.from({ length: 600 }, (_, i) => JSON.stringify({
    id: `v${i}`, title: `第${i}号`, body_md: '正文',
    column: 'xxgk/tzgg',
  }));
  const file = join(p.dir, 'many.jsonl');
  writeFileSync(file, lines.join('\n'));
  await p.ctl('doc', 'import', '--site', COUNTY, file);

  const first = doc + 1;
  for (let i = 0; i < lines.length; i += 50) {
    const seen = await Promise.all(Array.from({ length: 50 }, (_, k) =>
      p.get('county.test', `/xxgk/tzgg/${first + i + k}.html`)));
    assert.deepEqual([...new Set(seen.map((a) => a.status))], [200]);
  }
  await reloaded(p);
  await written();
  for (let i = 0; i < lines.length; i += 37) {
    const got = JSON.parse(await p.ctl('--format=json', 'doc', 'get',
                                       `${first + i}`));
    assert.equal(got.views, 1, got.title);
  }
});
