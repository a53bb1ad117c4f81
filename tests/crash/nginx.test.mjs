// nginx under load: its configuration read again, its binary replaced, its
// workers killed, also while they hold the lock of the page copies or are in
// the middle of a change.  No request fails; only a killed worker takes the
// connections along that it had.
//
//   RELOADS=n      how many times (20)

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY } from '../lib/sites.mjs';
import { Visitors, Writers, arm, armed, pointFolder, until, withPoints }
  from './load.mjs';

const RELOADS = Number(process.env.RELOADS ?? 20);
const UPGRADES = 3;
const DEATHS = 10;

/** Where a worker dies among the copies, and whether that empties them. */
const COPIES = [
  ['copies_read', 0],           // no lock held
  ['copies_use', 0],            // locked, nothing that a reader must not see
  ['copies_write', 1],          // between the two turns, room made
  ['copies_written', 1],        // the same, the record in its chain
  ['copies_unlock', 0],         // changed, and still locked
];

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));

const p = await platform({ sites: true, ...withPoints(points, {
  main: 'env LD_PRELOAD;\nenv ASAN_OPTIONS;' }) });

const size = p.workers().length;
let docs;

/** As many workers as there should be, and none of these. */
const others = (old) => until(() => p.workers().length === size
  && p.workers().every((pid) => !old.includes(pid)), 'new workers');

/** Load while work goes on: nothing fails, everything is judged. */
async function underLoad(name, work, deadly = false) {
  const writers = await new Writers(p, 2, docs).start();
  docs = writers.docs;
  const visitors = new Visitors(p, [true, true, false, false]);
  visitors.deadly = deadly;
  visitors.start();

  try {
    await work(visitors);
    await visitors.more(50);
  } finally {
    await writers.stop();
    await visitors.stop();
  }

  const broken = visitors.again + writers.broken;
  console.error(`       ${name}: ${visitors.good} visits, `
    + `${visitors.faults.length} faults, ${broken} connections `
    + `${deadly ? 'died with their worker' : 'ended between two requests'}, `
    + `${writers.acks} acknowledged`);
  assert.deepEqual(visitors.faults, []);
  assert.equal(deadly ? 0 : writers.broken, 0);
  await writers.judge();
  return broken;
}

/** Slots of the store's reader table that are taken. */
const readers = async () => JSON.parse(
  await p.ctl('--format=json', 'store', 'stats')).readers;

const resets = async () => {
  const text = (await p.get('city.test', '/_gov/metrics')).text;
  return Number(/^gov_copies_resets_total (\d+)/m.exec(text)?.[1]);
};


test(`${RELOADS} reloads: no request fails.`, async () => {
  await underLoad(`${RELOADS} reloads`, async (visitors) => {
    for (let i = 0; i < RELOADS; i++) {
      const old = p.workers();
      p.reload();
      await others(old);
      await visitors.more(10);
    }
  });
});

test('The binary replaced while it runs: no request fails.', async () => {
  await underLoad(`${UPGRADES} upgrades`, async (visitors) => {
    for (let i = 0; i < UPGRADES; i++) {
      const old = p.pid('nginx');
      const workers = p.workers();
      const left = () => workers.filter((pid) => existsSync(`/proc/${pid}`));

      process.kill(old, 'SIGUSR2');
      await until(() => p.pid('nginx') && p.pid('nginx') !== old
        && p.workers().length === size, 'the new master');
      await visitors.more(10);
      assert.equal(left().length, size);
      process.kill(old, 'SIGWINCH');
      await until(() => left().length === 0, 'the end of the old workers');
      await visitors.more(10);
      process.kill(old, 'SIGQUIT');
      await until(() => !existsSync(`/proc/${old}`), 'the end of the old one');
      assert.equal(Number(readFileSync(join(p.dir, 'run/nginx.pid'), 'utf8')),
                   p.pid('nginx'));
      await visitors.more(10);
    }
  });
});

test('A killed worker is replaced, its slot of the store is freed.',
     async () => {
  p.tolerate(/worker process \d+ exited on signal 9/);
  p.tolerate(/shared memory zone .* was locked by/);
  const before = await readers();

  await underLoad(`${DEATHS} workers killed`, async (visitors) => {
    for (let i = 0; i < DEATHS; i++) {
      const old = p.workers();
      process.kill(old[i % size], 'SIGKILL');
      await until(() => p.workers().length === size
        && !p.workers().includes(old[i % size]), 'a new worker');
      await visitors.more(20);
    }
  }, true);
  await until(async () => await readers() <= before, 'freed slots', 1000);
});

test('A worker killed while it reads and changes the copies.', async () => {
  const before = await resets();
  let writing = 0;

  await underLoad(`${DEATHS} workers killed in the lock`, async (visitors) => {
    for (let i = 0; i < DEATHS; i++) {
      const [name, empties] = COPIES[i % COPIES.length];
      writing += empties;
      arm(points, name);
      await until(() => !armed(points, name), name);
      await until(() => p.workers().length === size, 'a new worker');
      await visitors.more(20);
    }
  }, true);
  assert.equal(await resets() - before, writing,
               'a put that was cut short empties the copies');
});

test('What nginx sends again, govd killed before it answered, is done once.',
     async () => {
  await p.people.account({ login: 'wang', roles: [[COUNTY, 'clerk']] });
  const wang = await p.people.signIn('wang');
  const titled = async (title) => (await wang.query('doc.list', {
    site: COUNTY, limit: 100 })).body.rows.filter((r) => r.title === title);

  const ways = {
    'by a script': (draft, op) => wang.command('doc.create', draft,
      op ? { 'gov-operation': op } : {}),
    'by a form': (draft, op) => wang.post('doc.create', draft, { op }),
  };

  for (const [way, send] of Object.entries(ways)) {
    for (const op of ['', randomUUID()]) {
      const title = `一次 ${way} ${op}`;
      arm(points, 'before_answer');
      const made = await send({ site: COUNTY, column: 'xxgk/tzgg', title,
                                body: '正文' }, op);
      assert.ok(!armed(points, 'before_answer'));
      assert.equal(made.status, 200, `${title} ${made.text}`);
      assert.equal((await titled(title)).length, 1, title);
    }
  }
});
