// What a page costs that has no copy, in two homes: one with 8 lists of 8
// links and nothing else (the figure), and the demo city's portal, the
// heaviest page there is.  tests/bench/cold.c makes them from the platform's
// own store, whole and in parts:
//
//   make     values, Lua and proof      view     the values alone
//   script   Lua's part                 gzip, brotli  the forms
//   keep     the copy into the zone     all      everything
//
// CPU times are medians of PAGES; instructions are callgrind's, as the
// difference of two counts.  SKIP=callgrind leaves these out.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
  from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { instructionsOf, output, root } from './load.mjs';

export const title = 'A page without a copy';

const PAGES = Number(process.env.PAGES ?? 1001);
const PARTS = ['all', 'make', 'view', 'script', 'gzip', 'brotli', 'keep'];
const LISTS = 8;
const ROWS = 8;
const FEW = 10;
const MANY = 60;

const HOMES = [
  { name: 'cold64', host: 'cold.test' },
  { name: 'cold_portal', host: 'www.xianyang.localhost' },
];

/** A blueprint with nothing but lists, its columns full of real titles. */
async function fill(run, govctl) {
  const ids = Array.from({ length: LISTS }, (_, i) => i + 1);
  await govctl('run', 'blueprint.put', JSON.stringify({
    name: 'cold', title: '测量', version: 1, theme: {},
    columns: ids.map((id) => ({ id, parent: 0, slug: `c${id}`,
                                name: `第${id}栏目`, kind: 'news',
                                order: id, nav: id <= 5 })),
    home: ids.map((id) => ({ kind: 'lists', columns: [id], rows: ROWS })),
  }));
  await govctl('site', 'create', '--code', 'COLD', '--name', '冷页市',
               '--level', 'city', '--host', 'cold.test', '--blueprint',
               'cold', '--live');

  const titles = gunzipSync(readFileSync(
    join(root, 'sites/demo/laws.jsonl.gz'))).toString().trim().split('\n')
    .map((line) => JSON.parse(line).title);
  const rows = ids.flatMap((id) => Array.from({ length: ROWS }, (_, i) => {
    const n = (id - 1) * ROWS + i;
    return JSON.stringify({
      id: `cold-${n}`, site: 'COLD', column: `c${id}`, title: titles[n],
      body_md: '本页用于测量。',
    });
  }));
  writeFileSync(join(run, 'cold.jsonl'), `${rows.join('\n')}\n`);
  await govctl('doc', 'import', '--strict', join(run, 'cold.jsonl'));
}

async function measureHome(run, program, home, report, skip) {
  const args = [join(run, 'store'), join(root, 'lua'), home.host, '/'];
  const lines = (await output(program, [...args, String(PAGES)])).trim()
    .split('\n');

  for (const line of lines) {
    const [name, value, ...unit] = line.split(' ');
    report(`${home.name}_${name}`, value, unit.join(' '));
  }
  if (skip.includes('callgrind')) {
    return;
  }
  for (const part of PARTS) {
    report(`${home.name}_${part}_instructions`,
           await instructionsOf(run, [program, ...args], part, FEW, MANY),
           'user instructions/page');
  }
}

/** Every figure of a page without a copy, through report(name, value, unit). */
export async function measure(report, { port, skip }) {
  const run = mkdtempSync(join(tmpdir(), 'gov-cold-'));
  chmodSync(run, 0o755);
  const env = { ...process.env, RUN: run, PORT: String(port),
                LISTEN: '127.0.0.1', WORKERS: '1', DEMO: 'yes' };
  const platform = (verb) => output(join(root, 'scripts/platform'), [verb],
                                    { env });
  const govctl = (...args) => output(join(root, 'build/govctl'),
                                     ['--run', run, ...args]);
  const program = 'build/bench/cold';

  try {
    await output('make', ['-s', '-f', 'scripts/build.mk', program],
                 { cwd: root });
    await platform('start');
    await fill(run, govctl);
    await platform('stop');
    for (const home of HOMES) {
      await measureHome(run, join(root, program), home, report, skip);
    }
  } finally {
    await platform('stop').catch(() => {});
    rmSync(run, { recursive: true, force: true });
  }
}
