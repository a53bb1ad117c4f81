// docs/benchmarks.md from build/bench.json:
//
//   node tests/bench/report.mjs     writes docs/benchmarks.md

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { judged } from './promises.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const HEAD = `# Benchmarks

Written by \`make bench bench-doc\` on the machine below, each subject from one
run, at the time and commit it names; do not edit. Rows that lose stand beside
rows that win.
`;

const METHOD = `## Method

A server has one worker, on a core of its own; wrk asks from another core, 32
connections kept alive, plain HTTP/1.1 over loopback, gzip accepted, access log
off. Every figure of a table is of one run: all its targets once in each round,
in random order, so that what the machine does besides meets all alike.

- **CPU** is the scheduler's run time of every process of the server (nginx's
  worker; all threads of varnishd; nginx, PHP and MariaDB together) by the
  requests of the round: microseconds a request. It is the steadier measure;
  requests a second depend on the core that asks, too.
- **Ratios** are medians over the rounds of the ratio within a round. Beside
  something else, more than 1 is better.
- A **twin** is the same target measured a second time in each round: how far
  its ratio is from 1 is what the machine does not resolve. Smaller differences
  say nothing.
- **Instructions** are those of user space, counted by valgrind's callgrind over
  a server of one process, as the difference of two counts (3,000 requests less
  1,000). With a log it is nginx's plain \`access_log FILE;\`. Most of the time
  is the kernel's: read them with the system calls.
- **System calls** are strace's over 1,000 requests of one connection.
- **Readers** beside publishers and editors are 32 connections that all ask
  every 1.4 ms (tests/bench/readers.c), a third of what a worker could serve.
  Their p99 ends when the kernel has the answer, by its stamp: the program that
  reads shares its core with the publishers, and waits there for what a reader
  elsewhere would not. It sleeps by the clock and never for an answer: over
  loopback the worker would be the one who wakes it, at a higher price where
  that core is at work.
- **The console** is asked in a process without nginx, by people with sessions,
  in two stores: *small* has 100 sites and 10,000 documents, *large* the
  national list and 1,000,000. Its CPU is a median of the process's own time;
  its ratios are those of instructions, small by large.
- A **stall** is a round of the worker's event loop by the wall clock, so what
  the machine gave to others meanwhile is in it: *waited* says how much that was
  in all. *beside*: with the peers' load on its core between its own. *own* is
  without the moments in which the core was *away*, nothing having run on it for
  more than a millisecond as clock interrupts that came overdue tell (\`perf\`);
  of rounds shorter than 5 ms only that is known.
- **The machine** gives its cores to others, too. Before and after a subject a
  program that never sleeps tells how long it was kept from the server's core
  (\`oslat\`): what is measured by the wall clock, a p99 or a stall, is not
  steadier than that.
- **The server's core** is kept free of what can run elsewhere
  (tests/bench/core.mjs): other programs, the kernel's work that is bound to no
  core, devices' interrupts. Beside publishers that is also what the kernel does
  for their disk. Not so for the country, which two workers serve.
- Before anything is timed, a peer that serves the page is asked for it and
  compared with the platform's bytes; a cache is seen not to ask its origin. An
  answer other than 200 ends the bench.
- \`make bench\` is the whole; \`ONLY=hit\` one subject, \`PEERS=varnish\` one
  more peer, \`PEERS=all\` all of them. tests/bench/run names the rest.
`;

const number = (n) => (Math.abs(n) >= 1000
  ? Math.round(n).toLocaleString('en-US') : String(Number(n.toPrecision(3))));

const table = (head, rows) => [
  `| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`), '',
].join('\n');

/** Targets in words. */
const NAMES = {
  copy: 'the platform, from the page\'s copy',
  return: 'nginx `return 200 "ok"`',
  static: 'file, sendfile, open_file_cache',
  static_nocache: 'file, sendfile',
  static_nosendfile: 'file, no sendfile, open_file_cache',
  static_nosendfile_nocache: 'file, no sendfile',
  static_bare: 'file, no sendfile, open_file_cache, none of the headers',
  lua_shared_dict: 'nginx Lua module, dictionary in memory',
  proxy_cache: 'nginx proxy_cache',
  varnish: 'Varnish',
  wordpress: 'WordPress',
  wordpress_cached: 'WordPress behind fastcgi_cache',
  sites: 'the platform, every site',
  one_site: 'the platform, one site, the same script',
  files: 'files, sendfile',
  files_nosendfile: 'files, no sendfile',
  files_cache: 'files, sendfile, open_file_cache as large as descriptors allow',
  files_cache_nosendfile: 'files, no sendfile, the same open_file_cache',
  hot: 'readers of one page, nobody publishes',
  hot_published: 'readers of one page, 16 publish',
  random: 'readers of every site, nobody publishes',
  random_published: 'readers of every site, 16 publish',
};

const inWords = (name) => NAMES[name]
  ?? (name.endsWith('_twin') ? `twin of ${name.slice(0, -5)}` : name);

/**
 * What counted as the machine is said once, the newest of them; and how fast it
 * was, for figures in microseconds are of this machine on this day.
 */
function machineTable(subjects, figures) {
  const newest = subjects.reduce((a, b) => (a.date > b.date ? a : b));
  const { packages, ...machine } = newest.machine;
  const speed = figures.hit_return_cpu;
  return `## Machine\n\n${table(['', ''], [
    ...Object.entries(machine), ['programs', packages.join(', ')],
    ...(speed ? [['nginx `return 200 "ok"`', `${cell(speed, 'cpu')} us of CPU `
                                            + 'a request']] : []),
    ['ended', newest.date],
  ])}`;
}

function promiseTable(figures) {
  return `## What is promised\n\n${table(
    ['figure', 'measured', 'promised', 'aimed at', 'holds'],
    judged(figures).map((p) => {
      const sign = p.most ? 'at most ' : 'at least ';
      const twin = p.twin === undefined ? ''
        : ` (twin ${number(p.twin)})`;
      return [p.figure, `${number(p.value)} ${p.unit ?? ''}`.trim() + twin,
              sign + number(p.must), number(p.aim), holds(p)];
    }))}`;
}

const COLUMNS = [
  ['cpu', 'CPU us (low-high)'], ['perSecond', 'requests/s'], ['p99', 'p99 us'],
  ['syscalls', 'system calls'], ['instructions', 'instructions'],
  ['instructions_logged', 'with a log'],
];

function cell(figure, measure) {
  if (figure === undefined) {
    return '';
  }
  const range = measure === 'cpu' && figure.low !== undefined
    ? ` (${figure.low.toFixed(2)}-${figure.high.toFixed(2)})` : '';
  return grouped(figure.text) + range;
}

const grouped = (text) => text.replace(/\B(?=(\d{3})+$)/g, ',');

const ratioCell = (figure) => (Number.isFinite(figure?.ratio)
  ? `${number(figure.ratio)} (${figure.beside})` : '');

/** Targets by measures, the cheapest first. */
function targetTable(figures) {
  const targets = [...new Set(figures.map((f) => f.target).filter(Boolean))];
  if (targets.length === 0) {
    return '';
  }
  const of = (target, measure) => figures.find(
    (f) => f.target === target && f.measure === measure);
  const columns = COLUMNS.filter(([measure]) => targets.some(
    (target) => of(target, measure)));
  const rated = figures.some((f) => f.target && f.ratio);
  const rows = targets.sort(
    (a, b) => (of(a, 'cpu')?.value ?? 0) - (of(b, 'cpu')?.value ?? 0))
    .map((target) => [
      `\`${target}\`: ${inWords(target)}`,
      ...(rated ? [ratioCell(of(target, 'cpu'))] : []),
      ...columns.map(([measure]) => cell(of(target, measure), measure)),
    ]);
  return table(['', ...(rated ? ['CPU ratio (beside)'] : []),
                ...columns.map(([, title]) => title)], rows);
}

function otherTable(figures) {
  const rows = figures.filter((f) => !f.target).map((f) => [
    `\`${f.name}\``, grouped(f.text), f.unit,
    ratioCell(f),
  ]);
  return rows.length ? table(['figure', '', '', 'ratio'], rows) : '';
}

const setup = ({ peer, about, command, files }) => `### ${peer}

${about}. \`${command}\`; written down in tests/bench/peers/${peer}.mjs.

${Object.entries(files).map(([name, text]) => `${name}:

\`\`\`
${text.trim().replace(/\n\s*\n+/g, '\n\n')}
\`\`\`
`).join('\n')}`;

const gapText = ({ longest, often }) => `${number(longest / 1e3)} ms (${
  number(often)} times a second)`;

const holds = ({ holds: held, reached, twin, must, most }) => {
  if (held) {
    return reached ? 'yes, aim reached' : 'yes';
  }
  return most && twin > must ? '**no**, nor does its twin' : '**no**';
};

function subjectText({ title, figures, rounds, seconds, date, gaps, machine }) {
  return `## ${title}

${date.slice(0, 16).replace('T', ' ')} UTC, commit ${machine.commit}, ${
  rounds} rounds, ${Math.round(seconds)} s in all. A program
that never sleeps was kept from the server's core for ${
  gaps.map(gapText).join(' at most before, for ')} after.

${targetTable(figures)}
${otherTable(figures)}`;
}

export function writeReport(all, file) {
  const subjects = Object.values(all);
  const figures = Object.fromEntries(subjects.flatMap((s) => s.figures)
    .map((f) => [f.name, f]));
  const setups = subjects.flatMap((s) => s.setups);

  writeFileSync(file, [
    HEAD, machineTable(subjects, figures), promiseTable(figures), METHOD,
    ...subjects.map(subjectText),
    ...(setups.length ? ['## Peers\n', ...setups.map(setup)] : []),
  ].join('\n').replace(/\n{3,}/g, '\n\n').trimEnd() + '\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeReport(JSON.parse(readFileSync(join(root, 'build/bench.json'), 'utf8')),
              join(root, 'docs/benchmarks.md'));
}
