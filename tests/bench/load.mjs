// Load and its cost, the same for every subject: requests by wrk on core 1, a
// server on core 0, its CPU by the scheduler's own run time, system calls by
// strace, user instructions by callgrind.
//
// A target is what is asked and who pays for it:
//
//   { name, url, headers, pids() }     pids: every process of the server

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { shuffled, twinOf } from './figures.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;
export const BOTH = `${SERVER_CORE},${CLIENT_CORE}`;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What must not outlive the bench, however it ends; fn is synchronous. */
const leftovers = new Set();

export function atExit(fn) {
  leftovers.add(fn);
  return () => leftovers.delete(fn);
}

process.on('exit', () => leftovers.forEach((fn) => fn()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => process.exit(130));
}

/** A program that runs on, and is killed with the bench. */
export function background(program, args, options = {}) {
  const child = spawn(program, args, { stdio: 'ignore', ...options });
  const ended = atExit(() => child.kill('SIGKILL'));
  child.on('close', ended);
  return child;
}

/** A program to its end: what it printed. */
export function output(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options,
                                         stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { out += d; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out)
      : reject(new Error(`${program} ${args.join(' ')}: ${out}`))));
  });
}

/** Waits for something that must come; what it was, or an error. */
export async function until(what, ask, seconds = 20) {
  for (let i = 0; i < seconds * 20; i++) {
    const got = await ask();
    if (got) {
      return got;
    }
    await pause(50);
  }
  throw new Error(`${what} did not come in ${seconds} s`);
}


// -- processes

export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    .split(' ').filter(Boolean).map(Number);
}

/** Nanoseconds that every thread of these processes has run. */
export function runTime(pids) {
  return pids.reduce((all, pid) => readdirSync(`/proc/${pid}/task`).reduce(
    (sum, tid) => sum + Number(readFileSync(
      `/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]), all), 0);
}

/** The core, or several as "0,1"; threads and later children with them. */
export async function pin(pids, core = SERVER_CORE) {
  for (const pid of pids) {
    await output('taskset', ['-apc', String(core), String(pid)]);
  }
}

export const gone = (pid) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

/** Ends a process that this bench began, by its pid. */
export async function end(pid, signal = 'SIGTERM') {
  if (!gone(pid)) {
    process.kill(pid, signal);
    await until(`the end of ${pid}`, () => gone(pid));
  }
}


// -- requests

/** One answer with its body as it came. */
export function fetchOnce({ url, headers = {}, method = 'GET', body, agent,
                            socketPath, path }) {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent,
                      ...(socketPath ? { socketPath, path } : {}) };
    const req = request(...(socketPath ? [options] : [url, options]),
                        (answer) => {
      const got = [];
      answer.on('data', (d) => got.push(d));
      answer.on('end', () => resolve({ status: answer.statusCode,
                                       headers: answer.headers,
                                       raw: answer.rawHeaders,
                                       bytes: Buffer.concat(got) }));
      answer.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** n requests one after the other over one connection. */
export async function sequence(target, n) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let i = 0; i < n; i++) {
      const answer = await fetchOnce({ ...target, agent });
      if (answer.status !== 200) {
        throw new Error(`${target.name}: ${answer.status}`);
      }
    }
  } finally {
    agent.destroy();
  }
}

export const answers = (target) => sequence(target, 1)
  .then(() => true, () => false);

/** What was asked last and answered to nobody is over. */
async function idle(target) {
  for (let last = -1, now; last !== (now = runTime(target.pids()));) {
    last = now;
    await pause(300);
  }
}

const UNITS = { us: 1, ms: 1e3, s: 1e6, m: 6e7 };

function microseconds(out, percent) {
  const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(\\w+)`)
    .exec(out);
  return Number(value) * UNITS[unit];
}

/**
 * One round of wrk: { perSecond, cpu, p99 }, cpu in microseconds a request of
 * all the target's processes.  An answer that is no 200 ends the bench.
 */
export async function round(target, seconds) {
  return target.readers ? readersRound(target, seconds)
                        : wrkRound(target, seconds);
}

async function wrkRound(target, seconds) {
  const headers = Object.entries(target.headers ?? {})
    .flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const script = target.script
    ? ['-s', target.script, target.url, '--', ...target.scriptArgs]
    : [target.url];
  const before = runTime(target.pids());
  const out = await output('taskset', ['-c', String(CLIENT_CORE),
    'wrk', '-t1',
    `-c${target.connections ?? 32}`, `-d${seconds}s`, '--timeout', '10s',
    '--latency', ...headers, ...script]);
  if (target.slow) {
    await idle(target);
  }
  const cpu = runTime(target.pids()) - before;
  const requests = Number(/(\d+) requests in/.exec(out)[1]);

  if (/Non-2xx|Socket errors/.test(out)) {
    throw new Error(`${target.name}: ${out}`);
  }
  return { perSecond: requests / seconds, cpu: cpu / 1000 / requests,
           p99: microseconds(out, 99) };
}

/**
 * The same by readers.c, for a target of nation.mjs readersOf(): p99 is what
 * the server takes.
 */
async function readersRound({ name, readers, url, pids }, seconds) {
  const before = runTime(pids());
  const out = await output('taskset', ['-c', String(CLIENT_CORE), 'chrt', '-f',
    '1', 'build/bench/readers', new URL(url).port, ...readers,
    String(seconds)], { cwd: root });
  const cpu = runTime(pids()) - before;
  const [requests, p99] = out.trim().split(' ').map(Number);

  if (!(requests > 0)) {
    throw new Error(`${name}: ${out}`);
  }
  return { perSecond: requests / seconds, cpu: cpu / 1000 / requests, p99 };
}

/**
 * Every target once in each of n rounds, in random order in each: figures by
 * name.  A twin is the same target measured once more.
 */
export async function rounds(targets, n, seconds, { twins = [] } = {}) {
  const all = [...targets, ...targets.filter((t) => twins.includes(t.name))
    .map((t) => ({ ...t, name: twinOf(t.name) }))];
  const seen = Object.fromEntries(all.map((t) => [t.name, []]));

  for (const target of targets) {
    await sequence(target, 50);
  }
  for (let i = 0; i < n; i++) {
    for (const target of shuffled(all)) {
      seen[target.name].push(await round(target, seconds));
    }
  }
  return seen;
}


// -- counts

/** System calls of one request: [[name, times]], what belongs to all left. */
export async function systemCalls(target, run, n = 1000) {
  const file = join(run, 'strace.out');
  await sequence(target, 10);
  const strace = background('strace', ['-f', '-qq', '-o', file,
    ...target.pids().flatMap((pid) => ['-p', String(pid)])]);
  const closed = new Promise((done) => strace.on('close', done));
  await pause(1000);
  await sequence(target, n);
  strace.kill('SIGINT');
  await closed;

  // a call that another thread interrupted stands on two lines; those of the
  // connection itself and of timers are fewer than one in two requests
  const count = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const name = /^\d+\s+(\w+)\(/.exec(line)?.[1];
    if (name) {
      count[name] = (count[name] ?? 0) + 1;
    }
  }
  rmSync(file);
  return Object.entries(count).filter(([, times]) => times * 2 >= n)
    .map(([name, times]) => [name, Math.round(times / n)]);
}

/**
 * Ends an nginx of one process: a signal between its look at signals and its
 * sleep is seen with the next event only, so it is woken.
 */
export async function terminate(child, wake) {
  const closed = new Promise((done) => child.on('close', done));
  for (let over = child.exitCode !== null; !over;) {
    child.kill('SIGTERM');
    over = await Promise.race([closed.then(() => true), pause(1000)]);
    if (!over) {
      await wake();
    }
  }
}

/** Instructions that callgrind has written down. */
export const counted = (file) => Number(/^(?:summary|totals): (\d+)/m.exec(
  readFileSync(file, 'utf8'))[1]);

/** Instructions of a program under callgrind, from its start to its end. */
async function wholeInstructions(run, program, target, n) {
  const out = join(run, 'callgrind.out');
  rmSync(out, { force: true });
  const child = background('valgrind', ['--tool=callgrind',
    `--callgrind-out-file=${out}`, ...program], { cwd: run });
  try {
    await until(`${target.name} under valgrind`,
                () => child.exitCode !== null || answers(target), 60);
    await sequence(target, n);
  } finally {
    await terminate(child, () => answers(target));
  }
  return counted(out);
}

/**
 * User instructions of one request to a server of one process, as the
 * difference of two counts.  The server must not be running otherwise.
 */
export async function instructions(run, program, target, more = 3000,
                                   less = 1000) {
  const few = await wholeInstructions(run, program, target, less);
  const many = await wholeInstructions(run, program, target, more);
  return Math.round((many - few) / (more - less));
}

/**
 * Instructions of one time that a program of parts.h does a part, as the
 * difference of two counts.
 */
export async function instructionsOf(run, [program, ...args], part, few,
                                     many) {
  const file = join(run, 'callgrind.part');
  const counts = [];
  for (const n of [few, many]) {
    await output('valgrind', ['--tool=callgrind',
      `--callgrind-out-file=${file}`, program, ...args, String(n), part]);
    counts.push(counted(file));
  }
  return Math.round((counts[1] - counts[0]) / (many - few));
}

/**
 * The text of an nginx.conf for one process in the foreground, under valgrind:
 * its slowness is no template's.
 */
export const singleProcess = (conf) => conf
  .replace(/^user .*$/m, '')
  .replace(/worker_processes .*;/, 'master_process off; daemon off;')
  .replace(/gov_store store;/, 'gov_store store; gov_map_size 4g; '
                              + 'gov_lua_time 60s;');

export function writeConf(run, name, text) {
  const file = join(run, name);
  writeFileSync(file, text);
  return file;
}

