// The country: the national list onboarded under load, and what 44,699 sites
// cost.  What has to be flat in the number of sites is taken twice, at a
// thousand sites and at all of them.
//
// SKIP=callgrind leaves the instruction counts out.  Visitors are wrk, which
// counts what is no 200, at random over the sites that are there; memory is
// what the kernel calls anonymous, for the store's pages and the zone of
// copies are shared by all workers.

import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync,
         statSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { background, counted, output, pause, root, singleProcess, terminate,
         until, writeConf } from './load.mjs';
import { hostOf } from './nation.mjs';

export const title = 'The country';

const FEW = 1000;

/** Where figures go. */
let report;

/** The list as it is imported: heading, rows, the codes that remain. */
function divisions() {
  const csv = gunzipSync(readFileSync(
    join(root, 'tests/data/china-levels-1-4.csv.gz'))).toString();
  const [head, ...rows] = csv.trim().split('\n');
  const codes = [...new Set(rows.map((row) => row.split(',')[0]))];
  return { head, rows, codes };
}

class Country {
  constructor(options) {
    this.port = options.port;
    this.skip = options.skip;
    this.run = mkdtempSync(join(tmpdir(), 'gov-country-'));
    chmodSync(this.run, 0o755);
    this.env = { ...process.env, RUN: this.run, PORT: String(this.port),
                 LISTEN: '127.0.0.1', DEMO: 'no', WORKERS: '2' };
  }

  platform(verb) {
    return output(join(root, 'scripts/platform'), [verb], { env: this.env });
  }

  govctl(...args) {
    return output(join(root, 'build/govctl'), ['--run', this.run, ...args]);
  }

  pid(name) {
    return Number(readFileSync(join(this.run, `run/${name}.pid`), 'utf8'));
  }

  workers() {
    const pid = this.pid('nginx');
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
      .split(' ').map(Number);
  }

  /** A figure of `govctl store stats`. */
  async stats() {
    return JSON.parse(await this.govctl('--format=json', 'store', 'stats'));
  }

  get(host, path = '/', agent) {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: this.port, path, agent,
            headers: { host, 'accept-encoding': 'gzip' } }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode));
      }).on('error', reject);
    });
  }

  /** Visitors of random sites until end() is called: what they met. */
  visitors(codes) {
    const script = join(this.run, 'visitors.lua');
    writeFileSync(script, `
      local hosts = {${codes.map((c) => `"${hostOf(c)}"`).join(',')}}
      function request()
        return wrk.format("GET", "/", { Host = hosts[math.random(#hosts)],
                                        ["Accept-Encoding"] = "gzip" })
      end`);
    const child = background('wrk', ['-t1', '-c16', '-d900s', '-s', script,
                                     `http://127.0.0.1:${this.port}/`],
                             { stdio: ['ignore', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    const closed = new Promise((done) => child.on('close', done));
    return {
      async end() {
        child.kill('SIGINT');
        await closed;
        const number = (pattern) => Number(pattern.exec(out)?.[1] ?? 0);
        return {
          requests: number(/(\d+) requests in/),
          failed: number(/Non-2xx or 3xx responses: (\d+)/)
            + number(/connect (\d+)/) + number(/write (\d+)/)
            + number(/timeout (\d+)/),
          closed: number(/read (\d+)/),
        };
      },
    };
  }
}

/** Kilobytes of a process that are its own. */
function anonymous(pid) {
  return Number(/^Anonymous:\s+(\d+)/m.exec(
    readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
}

const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;
const maps = (pid) => readFileSync(`/proc/${pid}/maps`, 'utf8').trim()
  .split('\n').length;

function folderBytes(folder) {
  return readdirSync(folder).reduce((sum, name) => {
    const at = statSync(join(folder, name));
    return sum + (at.isDirectory() ? folderBytes(join(folder, name))
      : at.size);
  }, 0);
}

async function timed(work) {
  const begun = process.hrtime.bigint();
  const result = await work();
  return [Number(process.hrtime.bigint() - begun) / 1e9, result];
}

async function layBase(c) {
  const base = join(root, 'sites/_base');
  for (const name of readdirSync(base).sort()) {
    await c.govctl('run', 'blueprint.put',
                   readFileSync(join(base, name), 'utf8'));
  }
}

function importRows(c, { head }, rows) {
  const file = join(c.run, 'rows.csv');
  writeFileSync(file, [head, ...rows, ''].join('\n'));
  return c.govctl('--format=json', 'site', 'import-csv', file,
                  '--host-pattern', hostOf('{code}'))
    .then((out) => JSON.parse(out.slice(out.indexOf('{'))));
}

/** Every home page of these sites once: what is no 200. */
async function visitAll(c, codes) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const left = [...codes];
  let bad = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (left.length) {
      bad += await c.get(hostOf(left.pop()), '/', agent) !== 200;
    }
  }));
  agent.destroy();
  return bad;
}

/** The whole list arrives while visitors read the sites that were first. */
async function onboard(c, list) {
  const first = list.codes.slice(0, FEW);
  await visitAll(c, first);
  const workers = c.workers();
  const before = { stats: await c.stats(), own: workers.map(anonymous) };

  const load = c.visitors(first);
  await pause(500);
  const [seconds, sum] = await timed(
    () => importRows(c, list, list.rows.slice(FEW)));
  await pause(500);
  const met = await load.end();

  const after = { stats: await c.stats(), own: workers.map(anonymous) };
  const bytes = after.stats.used - before.stats.used;
  const own = Math.max(...workers.map((_, i) => after.own[i]
                                                - before.own[i]));

  report('sites', after.stats.sites, 'sites');
  report('refused', sum.refused, 'rows that are their own parent');
  report('onboard', Math.round(sum.created / seconds), 'sites/s');
  report('onboard_load', met.requests, 'requests meanwhile');
  report('onboard_failed', met.failed + met.closed, 'requests');
  report('store_each', Math.round(bytes / sum.created), 'bytes/site');
  report('memory_each', (own * 1024 / sum.created).toFixed(1),
         'bytes/site and worker');
  report('same_workers',
         Number(workers.join() === c.workers().join()), 'yes=1');
}

async function visits(c, list) {
  const workers = c.workers();
  const before = workers.map(anonymous);
  const [seconds, bad] = await timed(() => visitAll(c, list.codes));
  const own = Math.max(...workers.map((pid, i) => anonymous(pid)
                                                  - before[i]));

  report('visited', Math.round(list.codes.length / seconds),
         'first home pages/s');
  report('visited_bad', bad, 'sites that answer no 200');
  report('visited_memory', (own * 1024 / list.codes.length).toFixed(1),
         'bytes/site and worker');
}

function open(c, stage) {
  const worker = c.workers()[0];
  report(`descriptors_${stage}`, Math.max(descriptors(worker),
                                          descriptors(c.pid('govd'))),
         'a process');
  report(`maps_${stage}`, Math.max(maps(worker), maps(c.pid('govd'))),
         'a process');
}

async function reload(c, list) {
  const old = c.workers();
  const load = c.visitors(list.codes.slice(0, FEW));
  await pause(500);
  const [seconds] = await timed(async () => {
    process.kill(c.pid('nginx'), 'SIGHUP');
    while (c.workers().some((pid) => old.includes(pid))) {
      await pause(5);
    }
  });
  await pause(500);
  const met = await load.end();

  report('reload', seconds.toFixed(3), 's until the old workers are gone');
  report('reload_failed', met.failed, `of ${met.requests} requests`);
  report('reload_closed', met.closed,
         'kept connections closed, which browsers open again');
}

/** Both programs from nothing, the store's file not in memory. */
async function start(c, stage, list) {
  await c.platform('stop');
  await output('dd', [`of=${join(c.run, 'store/data.mdb')}`, 'count=0',
                      'oflag=nocache', 'conv=notrunc,fdatasync',
                      'if=/dev/null']);
  const host = hostOf(list.codes[FEW >> 1]);
  let up;
  const [seconds] = await timed(async () => {
    up = c.platform('start');
    up.catch(() => {});
    while (await c.get(host).catch(() => 0) !== 200) {
      await pause(2);
    }
  });
  await up;
  report(`start_${stage}`, seconds.toFixed(3), 's to the first 200');
}

/** What an operator does with the whole. */
async function care(c, stage, list) {
  const site = list.codes[FEW >> 1];
  const file = join(c.run, 'site.dump');
  const copy = join(c.run, `backup/${stage}`);

  const [checked, out] = await timed(() => c.govctl('store', 'check'));
  if (!/\b0\b/.test(out)) {
    throw new Error(`store check: ${out}`);
  }
  report(`check_${stage}`, checked.toFixed(3), 's');

  const [backed] = await timed(() => c.govctl('store', 'backup', copy));
  report(`backup_${stage}`, backed.toFixed(3), 's');
  report(`backup_size_${stage}`,
         Math.round(folderBytes(copy) / (await c.stats()).sites),
         'bytes/site');

  const [exported] = await timed(
    () => c.govctl('site', 'export', site, file));
  report(`export_${stage}`, exported.toFixed(3), 's');
  report(`export_size_${stage}`, statSync(file).size, 'bytes');
}

/** User instructions of a program under callgrind to its end. */
async function instructions(c, args, work) {
  const out = join(c.run, 'callgrind.out');
  rmSync(out, { force: true });
  const child = background('valgrind', ['--tool=callgrind',
    `--callgrind-out-file=${out}`, ...args],
  { cwd: c.run, stdio: ['pipe', 'pipe', 'ignore'] });
  const closed = new Promise((done) => child.on('close', done));
  await work(child);
  await closed;
  return counted(out);
}

/** A whole nginx in one process answers the home pages of these sites. */
function nginxInstructions(c, codes) {
  const conf = writeConf(c.run, 'single.conf', singleProcess(
    readFileSync(join(c.run, 'nginx.conf'), 'utf8')));
  const ask = (code) => c.get(hostOf(code)).catch(() => 0);

  return instructions(c, ['/usr/sbin/nginx', '-p', `${c.run}/`, '-c', conf],
    async (child) => {
      try {
        await until('nginx under valgrind',
                    async () => await ask(codes[0]) === 200, 60);
        for (const code of codes) {
          await c.get(hostOf(code));
        }
      } finally {
        await terminate(child, () => ask(codes[0]));
      }
    });
}

/**
 * Commands of one process of govd, one commit each.  It runs as who runs the
 * bench, and so owns the store until the platform starts again.
 */
async function govdInstructions(c, codes) {
  await output('chown', ['-R', String(process.getuid()),
                         join(c.run, 'store'), join(c.run, 'blobs')]);
  let out = '';
  const sum = await instructions(c, [join(root, 'build/govd'), '--run', c.run,
                                     '--map-size', '4G', '--once'],
    async (child) => {
      child.stdout.on('data', (d) => { out += d; });
      for (const code of codes) {
        child.stdin.write(`${JSON.stringify({
          command: 'site.set', input: { site: code, about: `于${code}` },
        })}\n`);
      }
      child.stdin.end();
    });
  if (out.split('"status":200').length !== codes.length + 1) {
    throw new Error(`govd --once: ${out.slice(0, 300)}`);
  }
  return sum;
}

/** What has to be flat: a hit, a miss, a command, by instructions. */
async function counts(c, stage, list) {
  const some = list.codes.slice(400, FEW);
  const same = Array(300).fill(some[0]);
  // what stands below a province came with the first thousand
  const provinces = list.codes.slice(0, 31);
  const each = (more, less, n) => Math.round((more - less) / n);

  await c.platform('stop');
  report(`hit_${stage}`,
         each(await nginxInstructions(c, same),
              await nginxInstructions(c, same.slice(0, 100)), 200),
         'user instructions');
  report(`miss_${stage}`,
         each(await nginxInstructions(c, provinces),
              await nginxInstructions(c, provinces.slice(-6)), 25),
         'user instructions');
  report(`command_${stage}`,
         each(await govdInstructions(c, some.slice(200, 400)),
              await govdInstructions(c, some.slice(400, 500)), 100),
         'user instructions');
  await c.platform('start');
}

async function stage(c, name, list) {
  await start(c, name, list);
  open(c, name);
  await care(c, name, list);
  if (!c.skip.includes('callgrind')) {
    await counts(c, name, list);
  }
}

export async function measure(say, options) {
  report = (name, ...more) => say(`country_${name}`, ...more);
  const c = new Country(options);
  const list = divisions();

  try {
    await c.platform('start');
    await layBase(c);
    await importRows(c, list, list.rows.slice(0, FEW));
    await stage(c, 'few', list);
    await onboard(c, list);
    await visits(c, list);
    await reload(c, list);
    await stage(c, 'all', list);
  } finally {
    await c.platform('stop').catch(() => {});
    rmSync(c.run, { recursive: true, force: true });
  }
}
