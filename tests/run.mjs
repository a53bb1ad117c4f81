// Every test, or the parts named on the command line, and one last line:
// "N passed, N failed".
//
//   node tests/run.mjs [house|unit|fuzz|http|fault|crash|browser]...
//   node tests/run.mjs FILE|FOLDER...
//
// house    tests/house/*.sh: one check each
// unit     tests/unit/ROOM/t_*.c: cmocka programs
// fuzz     tests/fuzz/f_*.c: every file of their corpora, then FUZZ_SECONDS
//          (3) of new ones where clang is there
// fault    those of them where every store call fails in turn, and tests/fault
// crash    tests/crash: kills under load; KILLS, RELOADS, POWER say how much
// others   tests/PART/*.test.mjs: node:test against the real programs
//
// SANITIZE=address,undefined builds and runs everything that way.

import { availableParallelism, cpus } from 'node:os';
import {
  existsSync, mkdirSync, readdirSync, rmSync, statSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join, relative } from 'node:path';
import { run as runNode } from 'node:test';

import { capture, buildFolder, makeArguments } from './lib/process.mjs';
import { scratch } from './lib/scratch.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tests = join(root, 'tests');
const lanes = Math.min(2, availableParallelism?.() ?? cpus().length);

const PARTS = ['house', 'unit', 'fuzz', 'http', 'fault', 'crash', 'browser'];
const NEEDS = {
  house: ['all'], unit: ['units'], fuzz: [], http: ['all'],
  fault: ['units', 'all'],
  crash: ['all', 'crash'], browser: ['all'],
};

// Unit programs whose subject is a store that fails.
const FAULTS = /_(fault|fail)\.c$/;

const MINUTE = 60_000;

const failures = [];
let passed = 0;

// One file's share of the sum; the line says how it went.

class Tally {
  constructor(where) {
    this.where = where;
    this.good = 0;
    this.bad = 0;
  }

  pass() {
    this.good++;
    passed++;
  }

  fail(name, why) {
    this.bad++;
    failures.push({
      where: this.where, name, why: String(why ?? '').trimEnd(),
    });
  }

  line() {
    console.log(`${this.bad ? 'FAILED' : 'ok    '} ${this.where}  ` +
                `${this.good}${this.bad ? `, ${this.bad} failed` : ''}`);
  }
}


// Building: a part that cannot be built is a failure, not a gap.

async function build(what, options) {
  const done = await capture('make', makeArguments(what, options),
                             { cwd: root, timeout: 30 * MINUTE });

  if (done.code === 0) {
    return true;
  }

  const tally = new Tally('build');
  const errors = done.output.split('\n')
    .filter((text) => /error|\*\*\*/i.test(text)).slice(0, 20);
  tally.fail(`make ${makeArguments(what, options).slice(-4).join(' ')}`,
             errors.join('\n') || done.output.slice(-2000));
  tally.line();
  return false;
}


// Fuzz targets: replayed as programs of their own, then by clang's libFuzzer:
// the same inputs every time, or, when FUZZ_SECONDS says how long, others that
// build on what it kept in build-fuzz/corpus.

const fuzzAnew = process.env.FUZZ_SECONDS !== undefined;
const fuzzSeconds = fuzzAnew ? Number(process.env.FUZZ_SECONDS) : 3;

const make = (...words) => capture('make', [
  '--no-print-directory', '-s', '-k', '-j2', '-f', 'scripts/fuzz.mk', 'fuzz',
  ...words,
], { cwd: root, timeout: 30 * MINUTE });

async function hasFuzzer() {
  const done = await capture('clang', [
    '-fsanitize=fuzzer,address', '-x', 'c', '-', '-o', '/dev/null',
  ], { input: 'int LLVMFuzzerTestOneInput(void) { return 0; }\n' });
  return done.code === 0;
}

async function fuzzRun(tally, name, program, args) {
  const done = await capture(join(root, program), args, {
    cwd: root,
    timeout: (fuzzSeconds + 10 * 60) * 1000,
    env: { UBSAN_OPTIONS: 'print_stacktrace=1' },
  });
  if (done.code === 0) {
    tally.pass();
  } else {
    const lines = done.output.split('\n')
      .filter((text) => !/^#\d+\s+[A-Za-z]+ +cov:/.test(text));
    tally.fail(`${name} (${done.how})`, lines.join('\n').slice(-6000));
  }
}

async function fuzz() {
  const names = list('fuzz', '.c').filter((file) => file.startsWith('f_'))
    .filter((file) => chosen(`fuzz/${file}`))
    .map((file) => file.slice(2, -2));
  const builds = [await make('TEST_CLOCK=1', `BUILD=${buildFolder()}`)];
  const fuzzer = await hasFuzzer();
  if (fuzzer) {
    builds.push(await make('FUZZER=1'));
  } else {
    console.log('       fuzz: no clang with libFuzzer here, corpora only');
  }
  for (const done of builds.filter((each) => each.code !== 0)) {
    const tally = new Tally('build');
    tally.fail('make -f scripts/fuzz.mk fuzz', done.output.slice(-2000));
    tally.line();
  }

  await inLanes(names, async (name) => {
    const tally = new Tally(`fuzz/f_${name}.c`);
    const corpus = `tests/fuzz/corpus/${name}`;
    const own = `build-fuzz/corpus/${name}`;
    await fuzzRun(tally, 'the corpus', `${buildFolder()}/fuzz/${name}`,
                  [corpus]);
    if (fuzzer) {
      if (!fuzzAnew) {
        rmSync(join(root, own), { recursive: true, force: true });
      }
      mkdirSync(join(root, own), { recursive: true });
      await fuzzRun(tally, `${fuzzSeconds} s of new inputs`,
                    `build-fuzz/fuzz/${name}`,
                    [fuzzSeconds > 0 ? `-max_total_time=${fuzzSeconds}`
                      : '-runs=0', `-seed=${fuzzAnew ? 0 : 1}`, '-timeout=20',
                      '-rss_limit_mb=2048', '-malloc_limit_mb=300',
                      own, corpus]);
    }
    tally.line();
  });
}


async function inLanes(list, work) {
  const rest = [...list];
  const lane = async () => {
    while (rest.length > 0) {
      await work(rest.shift());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}


async function house() {
  for (const file of list('house', '.sh')
    .filter((name) => chosen(`house/${name}`))) {
    const tally = new Tally(`house/${file}`);
    const done = await capture(join(tests, 'house', file), [],
                               { cwd: root, timeout: 2 * MINUTE });
    if (done.code === 0) {
      tally.pass();
    } else {
      tally.fail('holds', done.output);
    }
    tally.line();
  }
}


// cmocka's TAP: "ok 1 - name", "not ok 2 - name", reasons as "# ..." after it.

function readTap(tally, done) {
  const lines = done.output.split('\n');
  const plan = Number(/^1\.\.(\d+)/m.exec(done.output)?.[1] ?? NaN);
  let seen = 0;

  for (let i = 0; i < lines.length; i++) {
    const m = /^(not )?ok (\d+) - (.*)/.exec(lines[i]);
    if (!m) {
      continue;
    }
    seen++;
    if (!m[1]) {
      tally.pass();
      continue;
    }
    const why = [];
    while (lines[i + 1]?.startsWith('#')) {
      why.push(lines[++i].slice(2));
    }
    tally.fail(m[3], why.join('\n'));
  }

  if (done.code !== 0 && tally.bad === 0) {
    tally.fail(`ends well (${done.how})`, done.output.slice(-3000));
  } else if (!(seen > 0) || (Number.isFinite(plan) && seen < plan
                           && tally.bad === 0)) {
    tally.fail('runs all of its tests', done.output.slice(-3000));
  }
}


async function unit(part) {
  const files = list('unit', '').flatMap((room) => list(`unit/${room}`, '.c')
    .filter((file) => file.startsWith('t_'))
    .map((file) => `unit/${room}/${file}`))
    .filter((where) => part === 'unit' || FAULTS.test(where));

  await inLanes(files.filter(chosen), async (where) => {
    const tally = new Tally(where);
    const program = join(root, buildFolder(), where.replace(/\.c$/, ''));
    if (existsSync(program)) {
      readTap(tally, await capture(program, [], {
        cwd: root,
        timeout: 5 * MINUTE,
        env: {
          CMOCKA_MESSAGE_OUTPUT: 'TAP',
          ASAN_OPTIONS: 'allocator_may_return_null=1',
          UBSAN_OPTIONS: 'print_stacktrace=1',
        },
      }));
    } else {
      tally.fail('is built', 'the reason stands under "build"');
    }
    tally.line();
  });
}


// node:test files, each in a process of its own.

function reason(error) {
  const cause = error?.cause ?? error;
  const text = typeof cause === 'string' ? cause : cause?.stack ?? `${cause}`;
  return text.replace(/^ +at .*\((node:|internal).*\n?/gm, '');
}

async function node(part) {
  const files = list(part, '.test.mjs').map((file) => `${part}/${file}`)
    .filter(chosen);

  await inLanes(files, (where) => new Promise((resolve) => {
    const tally = new Tally(where);
    const stream = runNode({
      files: [join(tests, where)], concurrency: 1, timeout: 20 * MINUTE,
    });
    stream.on('test:pass', (event) => {
      if (event.details?.type !== 'suite' && !event.skip && !event.todo) {
        tally.pass();
      }
    });
    stream.on('test:fail', (event) => {
      const error = event.details?.error;
      if (error?.failureType !== 'subtestsFailed' && !event.todo) {
        tally.fail(event.name, reason(error));
      }
    });
    stream.on('test:stderr', (event) => process.stderr.write(event.message));
    stream.on('end', () => {
      tally.line();
      resolve();
    });
    stream.resume();
  }));
}


function list(folder, ending) {
  const path = join(tests, folder);
  return existsSync(path) && statSync(path).isDirectory()
    ? readdirSync(path).filter((file) => file.endsWith(ending)).sort()
    : [];
}

const words = process.argv.slice(2);
const wanted = words.filter((word) => !PARTS.includes(word))
  .map((word) => relative(tests, join(root, word)));
const parts = wanted.length
  ? PARTS.filter((part) => wanted.some((path) => path.startsWith(`${part}/`)))
  : PARTS.filter((part) => words.length === 0 || words.includes(part));

function chosen(where) {
  return wanted.length === 0
    || wanted.some((path) => where === path || where.startsWith(`${path}/`));
}

const unknown = wanted.filter((path) => path.startsWith('..')
                                        || !existsSync(join(tests, path)));
if (unknown.length) {
  console.error('no test of the name: '
                + unknown.map((path) => join('tests', path)).join(' '));
  process.exit(2);
}

scratch();

const built = {};

for (const part of parts) {
  let ready = true;
  for (const what of NEEDS[part]) {
    built[what] ??= await build(what, { release: false });
    ready &&= built[what];
  }
  if (part === 'house') {
    built.release ??= await build('all', { release: true });
    await house();
  } else if (part === 'unit' || (part === 'fault' && parts.length === 1)) {
    await unit(part);
  }
  if (part === 'fuzz') {
    await fuzz();
  }
  if (!['house', 'unit', 'fuzz'].includes(part) && ready) {
    await node(part);
  }
}

for (const { where, name, why } of failures) {
  console.log(`\n${where}: ${name}`);
  if (why) {
    console.log(why.replace(/^/gm, '    '));
  }
}

console.log(`\n${passed} passed, ${failures.length} failed`);
process.exit(failures.length || passed === 0 ? 1 : 0);
