// LARGE_PAGES=yes: large pages for page copies, which the manual speaks of: a
// zone of hundreds of megabytes read at random misses the processor's table of
// pages otherwise.  Set for the bench, put back when it ends; peers run under
// the same setting, which reaches only who asks for it.  Without it the
// machine stays as it is.

import { readFileSync, writeFileSync } from 'node:fs';

import { atExit } from './load.mjs';

const FILE = '/sys/kernel/mm/transparent_hugepage/shmem_enabled';

const setting = () => /\[(\w+)\]/.exec(readFileSync(FILE, 'utf8'))[1];

/** What holds for the bench, in words. */
export function largePages() {
  try {
    const before = setting();
    if (before === 'never' && process.env.LARGE_PAGES === 'yes') {
      writeFileSync(FILE, 'advise');
      atExit(() => writeFileSync(FILE, before));
    }
    return setting();
  } catch {
    return 'unknown';
  }
}
