// The store after a power cut, on an ext4 of its own: what was acknowledged is
// there, what was under way is there or not and never twice.  The control, a
// store that is not synced, must lose: or the cut takes nothing away.
//
//   POWER=n      how many cuts; needs root and a loop device (none otherwise)

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import test, { after } from 'node:test';

import { daemon, root, someSites } from '../lib/daemon.mjs';
import { buildFolder } from '../lib/process.mjs';
import { until } from './load.mjs';

const POWER = Number(process.env.POWER ?? 0);
const ACKS = 150;

const tools = join(root, buildFolder(), 'crash');
const run = (program, ...args) => execFileSync(program, args,
                                               { stdio: 'pipe' });

class Disk {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'gov-power-'));
    this.image = join(this.dir, 'image');
    this.at = join(this.dir, 'disk');
    mkdirSync(this.at);
    run('truncate', '-s', '256M', this.image);
    run('mkfs.ext4', '-q', this.image);
    this.mount();
  }

  mount() {
    run('mount', '-o', 'loop', this.image, this.at);
  }

  cut() {
    run(join(tools, 'cut'), this.at);
  }

  unmount() {
    return until(() => {
      try {
        run('umount', this.at);
        return true;
      } catch {
        return false;
      }
    }, 'the end of who uses the disk', 500);
  }

  async remove() {
    await this.unmount();
    rmSync(this.dir, { recursive: true });
  }
}

/** A govd on a disk whose power can be cut. */
async function machine() {
  const disk = new Disk();
  const { TMPDIR } = process.env;
  process.env.TMPDIR = disk.at;
  const d = await daemon();
  if (TMPDIR === undefined) {
    delete process.env.TMPDIR;
  } else {
    process.env.TMPDIR = TMPDIR;
  }
  await someSites(d);
  after(() => disk.remove());
  return { d, disk };
}

/** Writers until the power fails: what they asked and what was answered. */
async function writeUntilCut(d, disk, round) {
  const asked = new Map();              // operation id: input
  const acked = new Map();              // operation id: document
  let cut = false;

  const write = async (who) => {
    for (let n = 0; !cut; n++) {
      const op = randomUUID();
      const title = `第${round}次第${who}人第${n}号`;
      const input = { site: '610402', column: 'news', title, body: title,
                      publish: true };
      asked.set(op, input);
      const answer = await d.command('doc.create', input, { op })
        .catch(() => undefined);
      if (answer?.status !== 200) {
        return;
      }
      acked.set(op, answer.body.doc);
      if (acked.size === ACKS) {
        disk.cut();
        cut = true;
      }
    }
  };
  const writers = Promise.all([0, 1, 2, 3].map(write));
  await until(() => cut, 'the power cut');

  const pids = [d.process.pid, d.child()].filter(Boolean);
  pids.forEach((pid) => process.kill(pid, 'SIGKILL'));
  await d.ended;
  await d.stop();
  await writers;
  return { asked, acked };
}

async function powerBack(d, disk) {
  await disk.unmount();
  disk.mount();
  rmSync(join(d.dir, 'run/ctl.sock'), { force: true });
  await d.start();
}

/** Documents acknowledged that the store does not have. */
async function lost(d, { asked, acked }) {
  const gone = [];
  for (const [op, doc] of acked) {
    const got = await d.query('doc.get', { doc });
    if (got.status !== 200 || got.body.title !== asked.get(op).title) {
      gone.push(doc);
    }
  }
  return gone;
}

test(`${POWER} power cuts: nothing acknowledged is lost, nothing is twice.`,
     { skip: POWER === 0 }, async () => {
  const { d, disk } = await machine();
  let all = 0;
  let doubtful = 0;

  for (let round = 0; round < POWER; round++) {
    const done = await writeUntilCut(d, disk, round);
    await powerBack(d, disk);
    assert.deepEqual(await lost(d, done), [], `after cut ${round + 1}`);

    // who had no answer asks again, and so does one who had: once in the end
    for (const [op, input] of done.asked) {
      const again = await d.command('doc.create', input, { op });
      assert.equal(again.status, 200, again.text);
      if (done.acked.has(op)) {
        assert.equal(again.body.doc, done.acked.get(op));
      }
    }
    all += done.asked.size;
    doubtful += done.asked.size - done.acked.size;

    const rows = JSON.parse(await d.ctlOut(
      '--format=json', 'doc', 'list', '--site', '610402', '--limit',
      '1000000'));
    assert.equal(rows.length, all);
    assert.equal(new Set(rows.map((row) => row.title)).size, all);
    assert.equal((await d.work('journal.verify')).at(-1).end.ok, true);
    assert.equal((await d.work('store.check')).at(-1).end.ok, true);
  }
  console.error(`       power: ${POWER} cuts, ${all - doubtful} acknowledged, `
    + `0 lost, ${doubtful} under way`);
});

test('A store that is not synced loses: the cut is one.',
     { skip: POWER === 0 }, async () => {
  const { d, disk } = await machine();

  await d.stop();
  process.env.GOV_NOSYNC = '1';
  process.env.LD_PRELOAD = join(tools, 'disk.so');
  await d.start();
  delete process.env.LD_PRELOAD;
  delete process.env.GOV_NOSYNC;

  const done = await writeUntilCut(d, disk, 0);
  let how = 'the store opens';
  const gone = await powerBack(d, disk)
    .then(() => lost(d, done))
    .catch((error) => {
      assert.match(error.message, /govd does not start/);
      how = 'the store does not open';
      return [...done.acked.values()];
    });
  console.error(`       power: not synced, ${gone.length} of `
    + `${done.acked.size} acknowledged lost, ${how}`);
  assert.ok(gone.length > 0);
});
