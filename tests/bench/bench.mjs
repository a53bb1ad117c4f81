// A page copy beside nginx's own floor, in one nginx and one run:
//
//   return      "return 200" with a body of two bytes
//   static      the very bytes of the copy as a file of gzip_static, with
//               open_file_cache, sendfile and tcp_nopush
//   static_off  the same with sendfile off
//   static_open the same as static without open_file_cache
//   copy        the page, answered from its copy
//
// Targets come in random order in every round; a ratio is the median over
// the rounds of the ratio within a round.  "static" and "copy" run twice in
// each round: the ratio of such twins (A/A) is the noise of the machine.

import { mkdirSync, mkdtempSync, chmodSync, readFileSync, rmSync,
         writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { get } from 'node:http';

import { median, output, round, sequence, shuffled } from './load.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ROUNDS = Number(process.env.ROUNDS ?? 9);
const SECONDS = Number(process.env.SECONDS_EACH ?? 1);
const SKIP = (process.env.SKIP ?? '').split(',');
const PORT = Number(process.env.BENCH_PORT ?? 18480);
const HOST = 'bench.test';

const run = mkdtempSync(join(tmpdir(), 'gov-bench-'));
chmodSync(run, 0o755);

const env = {
  ...process.env,
  RUN: run, PORT: String(PORT), LISTEN: '127.0.0.1', DEMO: 'no',
  WORKERS: '1',
  CONF_HTTP: `
    server {
        listen 127.0.0.1:${PORT + 1};
        root ${run}/static;
        gzip_static on;
        sendfile on;
        tcp_nopush on;
        open_file_cache max=1000;
        open_file_cache_valid 60s;
        location = /return { return 200 "ok"; }
        location /off/ { alias ${run}/static/; sendfile off; }
        location /open/ { alias ${run}/static/; open_file_cache off; }
    }`,
};

const platform = (verb, more = {}) => output(join(root, 'scripts/platform'),
                                             [verb],
                                             { env: { ...env, ...more } });
const govctl = (...args) => output(join(root, 'build/govctl'),
                                   ['--run', run, ...args]);
const pid = () => Number(readFileSync(join(run, 'run/nginx.pid'), 'utf8'));
const worker = () => Number(readFileSync(
  `/proc/${pid()}/task/${pid()}/children`, 'utf8').trim().split(' ')[0]);

const fetchGzip = (path) => new Promise((resolve, reject) => {
  get({ host: '127.0.0.1', port: PORT, path,
        headers: { host: HOST, 'accept-encoding': 'gzip' } }, (answer) => {
    const got = [];
    answer.on('data', (d) => got.push(d));
    answer.on('end', () => resolve({ bytes: Buffer.concat(got),
                                     headers: answer.headers }));
  }).on('error', reject);
});

function report(name, value, unit, ratio = '', peer = '') {
  const tail = ratio === '' ? '' : ` ratio=${ratio.toFixed(3)} (${peer})`;
  console.log(`bench ${name} ${value} ${unit}${tail}`);
}

/** A site whose home page weighs a little over ten kilobytes. */
async function fill() {
  for (const level of ['city']) {
    await govctl('run', 'blueprint.put', readFileSync(
      join(root, `sites/_base/${level}.json`), 'utf8'));
  }
  await govctl('site', 'create', '--code', 'BENCH', '--name', '基准市',
               '--level', 'city', '--host', HOST);
  const body = join(run, 'body.md');
  writeFileSync(body, '本页用于测量。\n'.repeat(60));
  const columns = JSON.parse(await govctl('--format=json', 'column', 'list',
                                          '--site', 'BENCH'))
    .filter((c) => ['news', 'notice', 'normative'].includes(c.kind));
  const titles = readFileSync(join(root, 'tests/data/laws-sample.jsonl'),
                              'utf8').trim().split('\n')
    .map((line) => JSON.parse(line).title);
  let n = 0;
  for (const { column } of columns.slice(0, 5)) {
    for (let i = 1; i <= 8; i++, n++) {
      const one = titles[n % titles.length].slice(0, 18);
      const two = titles[(n * 7 + 3) % titles.length].slice(-8);
      await govctl('doc', 'create', '--site', 'BENCH', '--column', column,
                   '--title', `关于${one}与${two}第${n}次测量的通知`,
                   '--md', body, '--publish');
    }
  }
}

async function lay() {
  const page = await fetchGzip('/');
  const html = gunzipSync(page.bytes);
  mkdirSync(join(run, 'static'));
  chmodSync(join(run, 'static'), 0o755);
  writeFileSync(join(run, 'static/page.html'), html);
  writeFileSync(join(run, 'static/page.html.gz'), page.bytes);
  report('page', html.length, 'bytes');
  report('page_gzip', page.bytes.length, 'bytes');
}

const headers = { Host: HOST, 'Accept-Encoding': 'gzip' };
const targets = () => ({
  return: { name: 'return', headers,
            url: `http://127.0.0.1:${PORT + 1}/return` },
  static: { name: 'static', headers,
            url: `http://127.0.0.1:${PORT + 1}/page.html` },
  static_off: { name: 'static_off', headers,
                url: `http://127.0.0.1:${PORT + 1}/off/page.html` },
  static_open: { name: 'static_open', headers,
                 url: `http://127.0.0.1:${PORT + 1}/open/page.html` },
  copy: { name: 'copy', headers, url: `http://127.0.0.1:${PORT}/` },
});

async function timings() {
  const t = targets();
  const seen = { return: [], static: [], static2: [], static_off: [],
                 static_open: [], copy: [], copy2: [] };
  const wpid = worker();
  await output('taskset', ['-pc', '0', String(wpid)]);

  for (let i = 0; i < ROUNDS; i++) {
    for (const name of shuffled(Object.keys(seen))) {
      seen[name].push(await round(t[name.replace('2', '')], wpid, SECONDS));
    }
  }

  const ratio = (what, a, b) => median(seen[a].map(
    (x, i) => (what === 'cpu' ? seen[b][i].cpu / x.cpu
      : x.perSecond / seen[b][i].perSecond)));

  for (const name of ['return', 'static', 'static_off', 'static_open',
                      'copy']) {
    report(`${name}_cpu`, median(seen[name].map((x) => x.cpu)).toFixed(2),
           'us/request', ratio('cpu', name, 'static'), 'static');
    report(`${name}_rate`,
           Math.round(median(seen[name].map((x) => x.perSecond))),
           'requests/s', ratio('rate', name, 'static'), 'static');
  }
  report('copy_of_ceiling',
         median(seen.copy.map((x) => x.cpu)).toFixed(2), 'us/request',
         ratio('cpu', 'copy', 'return'), 'return');
  report('copy_of_best_static',
         median(seen.copy.map((x) => x.cpu)).toFixed(2), 'us/request',
         ratio('cpu', 'copy', 'static_off'), 'static_off');
  for (const name of ['static', 'copy']) {
    report(`${name}_twin`,
           median(seen[`${name}2`].map((x) => x.cpu)).toFixed(2),
           'us/request', ratio('cpu', `${name}2`, name), `${name}, A/A`);
  }
}

async function systemCalls() {
  for (const target of Object.values(targets())) {
    await sequence(target, 10);
    const file = join(run, `strace.${target.name}`);
    const strace = spawn('strace', ['-qq', '-o', file, '-p',
                                    String(worker())], { stdio: 'ignore' });
    await new Promise((done) => setTimeout(done, 700));
    await sequence(target, 1000);
    strace.kill('SIGINT');
    await new Promise((done) => strace.on('close', done));

    // the connection's own calls and the timer's wake-ups belong to nobody
    const calls = readFileSync(file, 'utf8').split('\n')
      .map((line) => /^(\w+)\(/.exec(line)?.[1]).filter(Boolean);
    const count = {};
    calls.forEach((c) => { count[c] = (count[c] ?? 0) + 1; });
    const each = Object.entries(count).filter(([, n]) => n >= 500);
    report(`${target.name}_syscalls`,
           each.reduce((sum, [, n]) => sum + Math.round(n / 1000), 0),
           `calls/request (${each.map(([c]) => c).sort().join(' ')})`);
  }
}

/** Instructions of a whole nginx in one process for n requests. */
async function instructions(target, n) {
  const out = join(run, 'callgrind.out');
  rmSync(out, { force: true });
  const conf = join(run, 'single.conf');
  writeFileSync(conf, readFileSync(join(run, 'nginx.conf'), 'utf8')
    .replace(/^user .*$/m, '')
    .replace(/worker_processes .*;/, 'master_process off; daemon off;')
    .replace(/gov_store store;/, 'gov_store store; gov_map_size 4g;'));

  const child = spawn('valgrind', ['--tool=callgrind',
    `--callgrind-out-file=${out}`, '/usr/sbin/nginx', '-p', `${run}/`, '-c',
    conf], { cwd: run, stdio: 'ignore' });
  for (let up = false; !up;) {
    await new Promise((done) => setTimeout(done, 200));
    up = await sequence(target, 1).then(() => true, () => false);
  }
  await sequence(target, n);
  child.kill('SIGTERM');
  await new Promise((done) => child.on('close', done));
  return Number(/^(?:summary|totals): (\d+)/m.exec(
    readFileSync(out, 'utf8'))[1]);
}

async function counts() {
  // nginx makes room for the single process; govd goes on
  process.kill(pid(), 'SIGTERM');
  while (await sequence(targets().return, 1).then(() => true, () => false)) {
    await new Promise((done) => setTimeout(done, 100));
  }
  for (const target of Object.values(targets())) {
    const less = await instructions(target, 1000);
    const more = await instructions(target, 3000);
    report(`${target.name}_instructions`, Math.round((more - less) / 2000),
           'user instructions/request');
  }
}

try {
  await platform('start');
  await fill();
  await lay();
  await timings();
  if (!SKIP.includes('strace')) {
    await systemCalls();
  }
  if (!SKIP.includes('callgrind')) {
    await counts();
  }
} finally {
  await platform('stop').catch(() => {});
  rmSync(run, { recursive: true, force: true });
}
