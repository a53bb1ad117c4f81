// The subjects that were asked for, one after the other; a line a figure, and
// all of them in build/bench.json, from which report.mjs makes
// docs/benchmarks.md.
//
// A subject is a file with
//
//   export const title = 'One hot page';
//   export async function measure(report, options)
//
// that says each figure by report(name, value, unit, more).  Subjects measured
// before stay in build/bench.json until they are measured again.

import { cpus, release, totalmem } from 'node:os';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FOR_ALL, ownCore } from './core.mjs';
import { gaps } from './gaps.mjs';
import { MORE } from './hit.mjs';
import { largePages } from './large.mjs';
import { BOTH, CLIENT_CORE, pin, root } from './load.mjs';
import { writeReport } from './report.mjs';

const SUBJECTS = ['hit', 'cold', 'country', 'random', 'publish', 'fence',
                  'console', 'editors'];

const list = (name) => (process.env[name] ?? '').split(',').filter(Boolean);

const options = {
  rounds: Number(process.env.ROUNDS ?? 15),
  seconds: Number(process.env.SECONDS_EACH ?? 1),
  port: Number(process.env.BENCH_PORT ?? 18480),
  skip: list('SKIP'),
  peers: list('PEERS'),
};

const asked = list('ONLY').length ? list('ONLY') : SUBJECTS;
const file = join(root, 'build/bench.json');

const said = (program, ...args) => {
  try {
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      .toString().trim();
  } catch {
    return '';
  }
};

/** Whose versions are told, of those that are there. */
const PACKAGES = ['nginx', 'liblmdb0', 'liblua5.4-0', 'zlib1g', 'libbrotli1',
                  'wrk', 'valgrind', 'libnginx-mod-http-lua', 'varnish',
                  'wordpress', 'php8.2-fpm', 'mariadb-server'];

function machine(core) {
  return {
    cpu: cpus()[0].model.replace(/\s+/g, ' '),
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    'the server\'s core': core,
    'large pages of shared memory': pages,
    virtual: /^flags.*\bhypervisor\b/m.test(
      readFileSync('/proc/cpuinfo', 'utf8')) ? 'yes' : 'no',
    system: /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release',
                                                     'utf8'))[1],
    packages: PACKAGES.map((name) => said(
      'dpkg-query', '-W', '-f', '${Package} ${Version}', name))
      .filter(Boolean),
    commit: said('git', '-C', root, 'rev-parse', '--short', 'HEAD'),
  };
}

async function subject(name) {
  const { title, measure } = await import(`./${name}.mjs`);
  const begun = Date.now();
  const figures = [];
  const setups = [];

  const report = (figure, value, unit, more = {}) => {
    figures.push({ name: figure, value: Number(value), text: String(value),
                   unit, ...more });
    const tail = more.ratio === undefined ? ''
      : ` ratio=${more.ratio.toFixed(3)} (${more.beside})`;
    console.log(`bench ${figure} ${value} ${unit}${tail}`
                + `${more.names ? ` (${more.names})` : ''}`);
  };
  const setup = (peer, about, command, files) => setups.push(
    { peer, about, command, files });

  // what asks, and govd, stay off the server's core, which is its alone; the
  // country is served by two workers, on both
  const both = name === 'country';
  await pin([process.pid], both ? BOTH : CLIENT_CORE);
  const core = both ? FOR_ALL : ownCore();

  try {
    const before = await gaps();
    await measure(report, { ...options, setup });
    const after = await gaps();
    const seconds = (Date.now() - begun) / 1000;
    console.log(`bench ${name} took ${seconds.toFixed(0)} s`);
    return { title, figures, setups, seconds, gaps: [before, after],
             date: new Date().toISOString(), rounds: options.rounds,
             machine: machine(core.said) };
  } finally {
    core.end();
  }
}

function keep(name, result) {
  const all = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  all[name] = result;
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`);
  writeReport(all, join(root, 'build/benchmarks.md'));
}

if (cpus().length < 2) {
  throw new Error('the bench needs a core for the server and one for wrk');
}
if (options.peers.includes('all')) {
  options.peers = MORE;
}
for (const [name, wanted, known] of [['ONLY', asked, SUBJECTS],
                                    ['PEERS', options.peers, MORE]]) {
  const unknown = wanted.filter((one) => !known.includes(one));
  if (unknown.length) {
    throw new Error(`${name}: ${unknown} is none of ${known}`);
  }
}

const pages = largePages();
let failed = 0;

for (const name of SUBJECTS.filter((s) => asked.includes(s)
                                        && !options.skip.includes(s))) {
  try {
    keep(name, await subject(name));
  } catch (error) {
    failed++;
    console.error(`bench ${name} failed: ${error.stack}`);
  }
}

process.exitCode = failed ? 1 : 0;
