// Load and its cost: requests by wrk, a worker's CPU by the scheduler's own
// run time, system calls by strace, user instructions by callgrind.

import { readFileSync, readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { Agent, get } from 'node:http';

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

/** Nanoseconds that every thread of a process has run. */
export function runTime(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, tid) => sum
    + Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8')
      .split(' ')[0]), 0);
}

/** One round: { perSecond, cpu } where cpu is microseconds a request. */
export async function round(target, pid, seconds) {
  const before = runTime(pid);
  const out = await output('taskset', ['-c', '1', 'wrk', '-t1', '-c32',
    `-d${seconds}s`, ...Object.entries(target.headers).flatMap(
      ([name, value]) => ['-H', `${name}: ${value}`]), target.url]);
  const cpu = runTime(pid) - before;
  const requests = Number(/(\d+) requests in/.exec(out)[1]);

  if (/Non-2xx|Socket errors/.test(out)) {
    throw new Error(`${target.name}: ${out}`);
  }
  return { perSecond: requests / seconds, cpu: cpu / 1000 / requests };
}

/** n requests one after the other over one connection. */
export async function sequence(target, n) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < n; i++) {
    await new Promise((resolve, reject) => {
      get(target.url, { agent, headers: target.headers }, (answer) => {
        if (answer.statusCode !== 200) {
          reject(new Error(`${target.name}: ${answer.statusCode}`));
        }
        answer.resume();
        answer.on('end', resolve);
      }).on('error', reject);
    });
  }
  agent.destroy();
}

export const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
};

export function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
