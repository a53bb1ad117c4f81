// One folder for what tests lay below TMPDIR, and an end to it: a test that
// failed, or that was killed, leaves no process, no mount and no file behind.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, readlinkSync,
         rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE = 500;                   // looks, 10 ms apart

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),
                                 0, 0, 10);

const quietly = (work, otherwise) => {
  try {
    return work();
  } catch {
    return otherwise;
  }
};

/** Processes that work in the folder, or were told of it. */
function users(folder) {
  const within = (pid) => quietly(() => `${readlinkSync(`/proc/${pid}/cwd`)}/`,
                                  '').startsWith(`${folder}/`)
    || quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
      .includes(`${folder}/`);
  return quietly(() => readdirSync('/proc'), [])
    .filter((name) => /^\d+$/.test(name)).map(Number)
    .filter((pid) => pid !== process.pid && within(pid));
}

function end(folder, signal) {
  for (let i = 0; i < PATIENCE; i++) {
    const left = users(folder);
    if (left.length === 0) {
      return;
    }
    if (i === 0 || signal === 'SIGKILL') {
      left.forEach((pid) => quietly(() => process.kill(pid, signal)));
    }
    pause();
  }
}

/** Who is in it ends, what is mounted there goes, and then all of it. */
function sweep(folder) {
  end(folder, 'SIGTERM');
  end(folder, 'SIGKILL');

  quietly(() => readFileSync('/proc/self/mounts', 'utf8'), '').split('\n')
    .map((line) => line.split(' ')[1])
    .filter((at) => at?.startsWith(`${folder}/`))
    .forEach((at) => quietly(() => execFileSync('umount', ['-l', at])));

  rmSync(folder, { recursive: true, force: true });
}

/** TMPDIR of this process and its children, until it ends. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'gov-run-'));
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;

  process.once('exit', () => sweep(folder));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(1));
  }
  return folder;
}
