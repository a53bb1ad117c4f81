// The server's core, its alone: what else runs there delays it whenever it
// likes, and a p99 or a longest round then tells of that.  For the time of a
// subject the threads that may run on every core, the kernel's unbound work
// and the interrupts of devices are kept to the other cores, and let go again
// behind it.  What belongs to a core stays, as do all where this is not root.
//
// So what the disk takes in the kernel while somebody publishes is with the
// publishers and govd, off the core of who is read from; "shared" in publish
// is the opposite for govd.
//
// OWN_CORE=no leaves the machine as it is.

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { SERVER_CORE, atExit } from './load.mjs';

/** Nothing kept, nothing to let go. */
export const FOR_ALL = { said: 'for whatever runs', end() {} };

const WORK = '/sys/devices/virtual/workqueue/cpumask';
const IRQS = '/proc/irq';

const all = cpus().map((_, i) => i);
const listOf = (cores) => cores.join(',');
const others = listOf(all.filter((core) => core !== SERVER_CORE));

/** Those of these cores that a list of the kernel's names, as "0-3,5". */
export const coresOf = (list, cores) => list.trim().split(',').filter(Boolean)
  .flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return cores.filter((core) => core >= from && core <= to);
  });

/** A mask of the kernel's, as "ff,ffffffff", without this core. */
export function maskWithout(mask, core) {
  const digits = (BigInt(`0x${mask.trim().replaceAll(',', '')}`)
                  & ~(1n << BigInt(core))).toString(16);
  return digits.replace(/(?!^)(?=(.{8})+$)/g, ',');
}

/** Writes to a file of the kernel's if it may: what was there before. */
function set(file, textOf) {
  try {
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, textOf(before));
    return [file, before];
  } catch {
    return undefined;
  }
}

/** [thread, its cores] of every thread there is. */
function threads() {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const tid of readdirSync(`/proc/${pid}/task`)) {
        const [, list] = /^Cpus_allowed_list:\s*(.*)$/m.exec(
          readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8'));
        found.push([tid, listOf(coresOf(list, all))]);
      }
    } catch {
      // it ended meanwhile
    }
  }
  return found;
}

/** Threads that cannot be moved, or ended meanwhile, stay as they are. */
function move(tids, cores) {
  execFileSync('sh', ['-c', 'for tid; do taskset -pc "$0" "$tid"; done; true',
                      cores, ...tids], { stdio: 'ignore' });
}

/**
 * Keeps what can be kept off the server's core: { said, end }, what holds in
 * words, and what lets all go again.
 */
export function ownCore() {
  if (process.env.OWN_CORE === 'no' || process.getuid() !== 0) {
    return FOR_ALL;
  }

  const here = listOf(all);
  const those = (cores, of) => of.filter(([, list]) => list === cores)
    .map(([tid]) => tid);
  const before = threads();
  const elsewhere = new Set(those(others, before));
  const kept = [
    set(WORK, (mask) => maskWithout(mask, SERVER_CORE)),
    ...readdirSync(IRQS).filter((name) => /^\d+$/.test(name))
      .map((name) => set(`${IRQS}/${name}/smp_affinity_list`, () => others)),
  ].filter(Boolean);
  move(those(here, before), others);

  const letGo = () => {
    kept.forEach(([file, text]) => set(file, () => text));
    move(those(others, threads()).filter((tid) => !elsewhere.has(tid)), here);
  };
  const left = atExit(letGo);
  return {
    said: 'its alone, but for what belongs to a core',
    end() {
      left();
      letGo();
    },
  };
}
