// What the tests of this folder share: the library that fails calls, numbers
// by chance that come again, a store taken apart into its pages.
//
//   FAULTS=N   rounds of damage, and how finely calls are failed (default 1;
//              0 fails every single call)
//   SEED=N     where chance begins

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync,
         writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { sanitizerLibraries } from '../lib/platform.mjs';

const here = dirname(fileURLToPath(import.meta.url));

export const FAULTS = Number(process.env.FAULTS ?? 1);
export const SEED = Number(process.env.SEED ?? 20261120);

/** For platform(): workers are meant to crash, a sanitizer says nothing. */
export const CRASHES = {
  ASAN_OPTIONS: 'detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_abort=0',
};

/** Numbers in [0, 1) that come again with the same seed. */
export function chance(seed = SEED) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 1, 2, 3 ... in steps that grow, so that the sum stays bounded. */
export function* calls(random) {
  for (let n = 1; ; ) {
    yield n;
    n += FAULTS === 0 ? 1 : 1 + Math.floor(random() * n * 0.3 / FAULTS);
  }
}

const ERRNO = { EIO: 5, ENOMEM: 12, ENOSPC: 28 };

/** The kinds of calls and what they may say; one that stays as it is. */
export const KINDS = [
  ['alloc', 'ENOMEM'], ['read', 'EIO'], ['write', 'EIO'], ['write', 'ENOSPC'],
  ['sync', 'EIO'], ['map', 'ENOMEM'], ['name', 'EIO'], ['size', 'EIO'],
].filter(([kind]) => kind !== 'alloc' || !process.env.SANITIZE);

/** fail.c, compiled into a folder that goes with the test file. */
export class Failing {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'gov-fail-'));
    execFileSync('chmod', ['0777', this.dir]);
    this.file = join(this.dir, 'fail');
    this.full = join(this.dir, 'full');
    this.meta = join(this.dir, 'meta');
    this.empty = join(this.dir, 'empty');
    const so = join(this.dir, 'fail.so');
    execFileSync('gcc', ['-O1', '-shared', '-fPIC', '-Wall', '-Wextra',
                         '-Werror', '-fno-builtin', '-pthread',
                         ...(process.env.SANITIZE ? ['-DFAIL_NO_ALLOC'] : []),
                         '-o', so, join(here, 'fail.c'), '-ldl'],
                 { stdio: 'inherit' });
    this.preload = `${sanitizerLibraries()} ${so}`.trim();
    this.env = { LD_PRELOAD: this.preload, FAIL: this.file };
    after(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  arm(kind, n, errno) {
    rmSync(`${this.file}.fired`, { force: true });
    writeFileSync(this.file, `${kind} ${n} ${ERRNO[errno]}\n`);
  }

  get fired() {
    return existsSync(`${this.file}.fired`);
  }

  /** Nobody took it. */
  get armed() {
    return existsSync(this.file);
  }

  disarm() {
    rmSync(this.file, { force: true });
  }
}

/** Lines of JSON, each whole. */
export function lines(text) {
  assert.ok(text === '' || text.endsWith('\n'), `half a line: ${text}`);
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

const PAGE = 4096;
const LEAF = 2;
const HEAD = 16;
const NODE = 8;             // what stands before its key
const KEY = 5;              // site and table
const SITES = 1 << 20;      // what the list of free pages has is more

/** The journal's table, whose keys end in a number. */
export const JOURNAL = 11;

function node(data, at) {
  const key = at + NODE;
  const value = key + data.readUInt16LE(at + 6);
  return {
    at, value, site: data.readUInt32BE(key), table: data[key + 4],
    number: value - key === KEY + 8 ? data.readBigUInt64BE(key + KEY) : 0n,
  };
}

/**
 * The leaf pages of a data file: { at, nodes }, of which a node is a pair's
 * length (2, 2), flags (2), key length (2), key and value: { at, site, table,
 * number, value }, number being the key's end where it is long enough.  Pages
 * that are free now may be among them.
 */
export function leaves(file) {
  const data = readFileSync(file);
  const found = [];

  for (let at = 2 * PAGE; at + PAGE <= data.length; at += PAGE) {
    const count = (data.readUInt16LE(at + 12) - HEAD) / 2;
    if (data.readUInt16LE(at + 10) !== LEAF || count < 1
        || data.readBigUInt64LE(at) !== BigInt(at / PAGE)) {
      continue;
    }
    const nodes = Array.from({ length: count }, (_, i) =>
      at + data.readUInt16LE(at + HEAD + 2 * i));
    if (nodes.every((n) => data.readUInt16LE(n + 6) >= KEY)
        && data.readUInt32BE(nodes[0] + NODE) < SITES) {
      found.push({ at, nodes: nodes.map((n) => node(data, n)) });
    }
  }
  return found;
}
