// Sixteen publishers at once while the country is read: what a command takes,
// in units of what the disk takes for one synced commit, without readers
// ("quiet") and with them ("read"); and what readers pay, of one hot page and
// of all sites at random, beside the same readers when nobody publishes.
//
// What readers pay is not all ours: two cores share a cache, and a core that is
// at work with a disk delays what measures on it.  So readers are also seen
// beside the same publishers of another platform, of which they read nothing:
// "beside" is what publishing as such costs them on this machine, and "twin"
// is nobody publishing once more.
//
// While somebody reads, govd is kept off the worker's core; "shared", it may
// take both, which two workers on two cores come to: a worker that is wanted
// waits for what govd does inside the kernel.
//
// The machine is shared: what is compared is measured in seconds that follow
// one another, in random order, three times a round.
//
// Readers come at an even pace, about a third of what the worker could serve,
// and go before the publishers on the core they share.  That does not keep
// them from waiting there: govd inside the kernel is not interrupted for
// them.  Real readers are elsewhere, so their p99 is taken until the kernel
// has the answer, and they never sleep for one (readers.c).
//
// Publishers ask without a pause, each for a site of its own, none of which is
// the hot one.  They are a program in C of one thread (publishers.c): sixteen
// clients of node:http would take more of the processor than the commands that
// are measured.

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

import { median, quantile, shuffled } from './figures.mjs';
import { BOTH, CLIENT_CORE, background, output, pause, pin, root,
         round, writeConf } from './load.mjs';
import { hostOf, nation, readersOf, visitAll, writeHosts } from './nation.mjs';
import { folder } from './platform.mjs';

export const title = 'Sixteen publishers at once';

const PUBLISHERS = 16;
const COMMITS = 200;
const PAIRS = 3;            // a round: seconds compared follow one another
const OTHER = 50;           // between the ports of two platforms
const BODY = '为进一步规范政府信息公开工作，现将有关事项通知如下。\n\n'.repeat(20);

/** Median and p99 of a synced commit beside the store, in microseconds. */
async function commitTime(p) {
  const out = await output('build/bench/commit',
                           [folder(p.run, 'commits'), String(COMMITS)],
                           { cwd: root });
  return out.trim().split(' ').map(Number);
}

/** Where a document may go, of each of these sites. */
async function places(p, codes) {
  const found = [];
  for (const code of codes) {
    const columns = JSON.parse(await p.govctl('--format=json', 'column',
                                              'list', '--site', code));
    found.push({ site: code, column: columns.find(
      (c) => ['news', 'notice'].includes(c.kind)).column });
  }
  return found;
}

/**
 * Publishes without a pause until stop(): microseconds of each command.  No
 * body was there before.  A load like any: it stays off the server's core
 * while that one's readers are measured.
 */
export class Publishers {
  static begun = 0;

  constructor(p, into, { publish = true, core = CLIENT_CORE } = {}) {
    const head = `第${Publishers.begun++}批之#：`;
    const commands = into.map((place, i) => JSON.stringify({
      ...place, title: `第${i}号通知`, body: head + BODY, publish }));
    const file = writeConf(p.run, 'publishers', `${commands.join('\n')}\n`);

    this.program = background('taskset', ['-c', String(core),
      'build/bench/publishers', join(p.run, 'run/ctl.sock'),
      '/api/v1/commands/doc.create', file],
      { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = Promise.all([text(this.program.stdout),
                              once(this.program, 'close')]);
  }

  async stop() {
    this.program.stdin.end();
    const [said, [code]] = await this.ended;
    if (code !== 0) {
      throw new Error(`the publishers ended with ${code}`);
    }
    return said.trim().split('\n').map(Number);
  }
}

/**
 * Readers alone and beside publishers, and publishers alone just after the
 * disk alone, in random order, n rounds: what was seen of readers by name,
 * commands' times without and with readers, and the disk's.  Other: a
 * platform whose publishers the readers are seen beside, too.
 */
async function beside(p, readers, into, n, seconds, daemons, other) {
  const seen = {};
  const times = { quiet: [], read: [] };
  const commits = [];
  const keep = (name, result) => (seen[name] ??= []).push(result);

  const busy = async (target, platform, kind) => {
    const publishers = new Publishers(platform, into);
    keep(`${target.name}_${kind}`, await round(target, seconds));
    return publishers.stop();
  };

  const compared = (target) => async () => {
    const kinds = [
      async () => keep(target.name, await round(target, seconds)),
      async () => keep(`${target.name}_twin`, await round(target, seconds)),
      async () => times.read.push(await busy(target, p, 'published')),
      ...(other ? [() => busy(target, other, 'beside')] : []),
    ];
    for (const kind of shuffled(kinds)) {
      await kind();
    }
  };

  const ways = readers.flatMap((target) => Array(PAIRS).fill(compared(target)));

  const quiet = async () => {
    commits.push(await commitTime(p));
    await pin(p.daemons(), BOTH);
    const publishers = new Publishers(p, into, { core: BOTH });
    await pause(1000 * seconds);
    times.quiet.push(await publishers.stop());
    await pin(p.daemons(), daemons);
  };

  ways.push(...Array(PAIRS).fill(quiet));

  for (let i = 0; i < n; i++) {
    for (const way of shuffled(ways)) {
      await way();
    }
  }
  return { seen, times, commits };
}

/** Of rounds of times; "each" have one commit's time, in their order. */
function reportCommands(report, name, times, commits, seconds) {
  const all = times.flat();
  const each = times.length / commits.length;
  report(`publish_${name}_command`, median(all).toFixed(0), 'us, median');
  report(`publish_${name}_command_p99`, quantile(all, 0.99).toFixed(0),
         'us, of all rounds together');
  report(`publish_${name}_p99_in_commits`, median(times.map(
    (round, i) => quantile(round, 0.99) / commits[Math.floor(i / each)]))
    .toFixed(1), 'synced commits');
  report(`publish_${name}_rate`, Math.round(all.length / seconds),
         'publications/s');
}

function reportReaders(report, seen, name, kind = 'published') {
  const busy = `${name}_${kind}`;
  const as = kind === 'published' ? name : `${name}_${kind}`;
  for (const [measure, unit] of [['cpu', 'us/request'], ['p99', 'us']]) {
    const ratios = seen[busy].map((x, i) => x[measure]
                                            / seen[name][i][measure]);
    for (const which of kind === 'published' ? [name, busy] : [busy]) {
      report(`publish_${which}_${measure}`,
             median(seen[which].map((x) => x[measure])).toFixed(2), unit,
             { target: which, measure });
    }
    report(`publish_${as}_readers_${measure}`, median(ratios).toFixed(3),
           'times what it is when nobody publishes');
  }
  report(`publish_${as}_readers_rate`, Math.round(median(
    seen[busy].map((x) => x.perSecond))), 'requests/s meanwhile');
}

export async function measure(report, { port, rounds, seconds }) {
  const p = await nation({ port, watched: true });
  const other = await nation({ port: port + OTHER });

  try {
    const some = p.codes.slice(1000);
    const into = await places(p, some.slice(-PUBLISHERS));
    const hot = p.target('hot', hostOf(some[0]));
    const readers = [
      readersOf(hot, 'hot', writeHosts(p, 'hot.hosts', [some[0]])),
      readersOf(hot, 'random', writeHosts(p, 'all.hosts', p.codes)),
    ];
    await visitAll(p, p.codes);

    await output('make', ['-s', '-f', 'scripts/build.mk', 'build/bench/commit',
                          'build/bench/publishers', 'build/bench/readers'],
                 { cwd: root });
    const lone = new Publishers(p, into.slice(0, 1), { core: BOTH });
    await pause(2000);
    const alone = await lone.stop();
    const { seen, times, commits } = await beside(p, readers, into, rounds,
                                                  seconds, CLIENT_CORE, other);
    const synced = commits.map(([half]) => half);

    await pin(p.daemons(), BOTH);
    const shared = await beside(p, [{ ...readers[0], name: 'shared' }], into,
                                Math.ceil(rounds / 3), seconds, BOTH);

    report('publish_commit', median(synced).toFixed(0),
           'us, median of a synced commit');
    report('publish_commit_p99',
           median(commits.map(([, most]) => most)).toFixed(0), 'us');
    report('publish_alone', median(alone).toFixed(0),
           'us, median of a lone publisher\'s command');
    reportCommands(report, 'quiet', times.quiet, synced,
                   PAIRS * rounds * seconds);
    reportCommands(report, 'read', times.read, synced,
                   2 * PAIRS * rounds * seconds);
    for (const { name } of readers) {
      reportReaders(report, seen, name);
      reportReaders(report, seen, name, 'beside');
      reportReaders(report, seen, name, 'twin');
    }
    reportCommands(report, 'shared', shared.times.read,
                   shared.commits.map(([half]) => half),
                   PAIRS * Math.ceil(rounds / 3) * seconds);
    reportReaders(report, shared.seen, 'shared');

    await p.reportStall(report, 'publish', hostOf(some[0]));
  } finally {
    await other.close();
    await p.close();
  }
}
