// govd killed again and again, at random and at named points, while writers
// write and visitors read: nothing acknowledged is lost, nothing is applied
// twice, and no visitor sees that anything happened.
//
//   KILLS=n      how many times (300)

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import test, { after } from 'node:test';

import { platform } from '../lib/platform.mjs';
import { Visitors, Writers, arm, armed, child, insideCommit, pointFolder,
         until, withPoints } from './load.mjs';

const KILLS = Number(process.env.KILLS ?? 300);

const POINTS = [
  'before_apply', 'after_apply', 'after_commit', 'before_answer',
  'between_answers', ...insideCommit ? [
    'pages_before', 'half_pages', 'pages_after', 'sync_before', 'sync_after',
    'meta_before', 'meta_after'] : [],
];

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));

const p = await platform({ sites: true, ...withPoints(points) });

const gone = (pid) => !existsSync(`/proc/${pid}`);

/** The next child, and not the one that was there. */
const next = (old) => until(() => child(p) !== old && child(p),
                            'a new child');

async function atRandom(writers) {
  await writers.more(Math.floor(Math.random() * 4));
  const old = await until(() => child(p), 'a child');
  process.kill(old, 'SIGKILL');
  await next(old);
}

async function atPoint(name) {
  const old = await until(() => child(p), 'a child');
  arm(points, name);
  await until(() => !armed(points, name), name);
  await next(old);
}

/** The new child dies as soon as it has the store open. */
async function atOpen() {
  arm(points, 'store_open');
  const old = await until(() => child(p), 'a child');
  process.kill(old, 'SIGKILL');
  await until(() => !armed(points, 'store_open'), 'store_open');
  await next(old);
}

/** A process of long work, as an indexer would be: the child goes on. */
async function atTask() {
  const old = await until(() => child(p), 'a child');
  arm(points, 'task');
  await until(async () => {
    const { code } = await p.govctl(['store', 'check']);
    assert.notEqual(code, 0);
    return !armed(points, 'task');
  }, 'task', 50);
  assert.equal(child(p), old);
}

/** Parent first or child first, or the parent alone: then its child ends. */
async function withParent(way) {
  const parent = p.pid('govd');
  const worker = await until(() => child(p), 'a child');
  const both = way % 2 ? [parent, worker] : [worker, parent];
  const { pool } = p;

  (way % 4 === 3 ? [parent] : both).forEach((pid) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      assert.equal(error.code, 'ESRCH');
    }
  });
  // a child the parent put in the place of the killed one ends by itself
  await until(() => gone(parent), 'the end of the parent');
  await until(() => p.start().then(() => true, () => false), 'a start', 50);
  await p.pool.close();
  p.pool = pool;
  await until(() => child(p), 'a child');
}


test(`${KILLS} kills of govd: nothing is lost, nothing is done twice.`,
     async () => {
  const writers = await new Writers(p, 4).start();
  const visitors = new Visitors(p, [true, false]).start();
  const count = { random: 0, point: 0, open: 0, task: 0,
                  parent: 0 };

  try {
    for (let i = 0; i < KILLS; i++) {
      if (i % 25 === 24) {
        await withParent(count.parent++);
      } else if (i % 25 === 12) {
        await atOpen();
        count.open++;
      } else if (i % 25 === 6) {
        await atTask();
        count.task++;
      } else if (i % 2) {
        await atRandom(writers);
        count.random++;
      } else {
        await atPoint(POINTS[count.point++ % POINTS.length]);
      }
    }
    await writers.more(1);
  } finally {
    await writers.stop();
    await visitors.stop();
  }

  console.error(`       kill: ${JSON.stringify(count)}, `
    + `${writers.acks} acknowledged, ${writers.retries} asked again, `
    + `${visitors.good} visits, ${visitors.faults.length} faults`);

  assert.deepEqual(visitors.faults, []);
  assert.equal(visitors.again + writers.broken, 0);
  assert.ok(visitors.good > 0);
  assert.ok(writers.retries > 0, 'no connection was broken');
  await writers.judge();
});
