// A child of govd that was at work when it died is followed at once, however
// often; one that cannot begin is tried again at growing intervals.

import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { daemon, someSites } from '../lib/daemon.mjs';
import { until } from '../http/visitor.mjs';

/** How long govd said that it waits before each new child, in ms. */
const pauses = (d) => [...d.log()
  .matchAll(/a new one begins in (\d+) ms/g)].map((m) => Number(m[1]));

test('A child killed at work again and again: nobody waits for seconds.',
     async () => {
  const d = await daemon();
  await someSites(d);

  const ready = () => [...d.log().matchAll(/: ready$/gm)].length;

  for (let i = 0; i < 12; i++) {
    await until(() => ready() === i + 1);
    process.kill(d.child(), 'SIGKILL');
    const done = await d.surely('site.set', { site: '610402',
                                              name: `县${i}` });
    assert.equal(done.status, 200, done.text);
  }
  assert.equal(pauses(d).length, 12);
  assert.ok(Math.max(...pauses(d)) <= 200, pauses(d).join(' '));
});

test('A child that finds no store is tried less and less often.',
     async () => {
  const d = await daemon();
  await someSites(d);
  const store = join(d.dir, 'store');

  renameSync(store, `${store}.away`);
  process.kill(d.child(), 'SIGKILL');
  await until(() => Math.max(...pauses(d)) >= 400);
  assert.ok(!existsSync(store), 'an empty store in its place');
  renameSync(`${store}.away`, store);
  const done = await d.surely('site.set', { site: '610402', name: '回来' });
  assert.equal(done.status, 200, done.text);
  assert.match(d.log(), /数据文件不见了/);
});
