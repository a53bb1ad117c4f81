// What the machine takes for others: how long at most a program that never
// sleeps was kept from the server's core, and how often for more than 31
// microseconds.  Nothing that is measured on that core by the wall clock can be
// steadier.

import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SERVER_CORE, output } from './load.mjs';

const SECONDS = 3;
const OVER = '32';          // the last of oslat's buckets holds what is above

/** { longest: microseconds, often: times a second } */
export async function gaps() {
  const file = join(tmpdir(), `gov-bench-gaps-${process.pid}.json`);
  try {
    await output('oslat', ['--quiet', '--cpu-list', String(SERVER_CORE),
                           '--cpu-main-thread', String(SERVER_CORE),
                           '--duration', String(SECONDS), `--json=${file}`]);
    const [seen] = Object.values(JSON.parse(readFileSync(file, 'utf8'))
      .thread);
    return { longest: seen.max,
             often: (seen.histogram[OVER] ?? 0) / seen.duration };
  } finally {
    rmSync(file, { force: true });
  }
}
