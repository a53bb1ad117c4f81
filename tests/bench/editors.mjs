// A hundred editors at work while visitors read: what visitors pay for it, and
// how many commands a second a hundred who never pause are given, with and
// without commits that they share.
//
// Each editor has an account and a session of its own and acts at an even
// pace, one after another: the list of documents, the page of one, a save,
// "submit", the tasks, "recall", and again.  "calm" is an act every five
// seconds each, which is 20 a second in all, "busy" two a second each.
//
// Visitors come as in publish.mjs; "twin" is visitors alone once more.  They
// share the worker with the editors, so what the editors alone take of it in
// as long a time is taken off before the rest is divided by the visitors'
// requests.

import { Agent } from 'node:http';

import { median, shuffled } from './figures.mjs';
import { BOTH, CLIENT_CORE, output, pause, pin, root, round, runTime,
         writeConf } from './load.mjs';
import { hostOf, nation, readersOf, visitAll, writeHosts } from './nation.mjs';
import { Publishers } from './publish.mjs';
import { GOVD, signedIn, staff } from './staff.mjs';

export const title = 'A hundred editors at work';

const EDITORS = 100;
const PACES = [{ name: 'calm', each: 0.2, pairs: 2 },
               { name: 'busy', each: 2, pairs: 1 }];
const COLUMN = 'xxgk/tzgg';
const BODY = '为进一步规范政府信息公开工作，现将有关事项通知如下。\n\n'.repeat(20);

const ok = (what, { status, text }) => {
  if (status !== 200) {
    throw new Error(`${what}: ${status} ${text}`);
  }
};

/** One who acts when told to; what comes next follows from what was done. */
class Editor {
  constructor(person, site, doc) {
    Object.assign(this, { person, site, doc, base: 1, at: 0 });
  }

  static acts = [
    (e) => e.person.get(`/console/site/${e.site}/docs`),
    (e) => e.person.get(`/console/doc/${e.doc}/edit`),
    (e) => e.person.post('doc.edit', {
      doc: e.doc, base: e.base++, title: `第${e.base}稿`, body: BODY }),
    (e) => e.person.post('doc.submit', { doc: e.doc }),
    (e) => e.person.get('/console/'),
    (e) => e.person.post('doc.recall', { doc: e.doc }),
  ];

  async act() {
    const act = Editor.acts[this.at++ % Editor.acts.length];
    ok(act, await act(this));
  }
}

/** Editors at an even pace until stop(): how many acts a second. */
class Work {
  #going = true;
  #acts = 0;
  #open = new Set();

  constructor(editors, each) {
    this.done = this.#run(editors, 1000 / (each * editors.length));
  }

  async #run(editors, every) {
    this.begun = performance.now();
    for (let n = 0; this.#going; n++) {
      const act = editors[n % editors.length].act()
        .then(() => this.#open.delete(act), (error) => {
          this.failed = error;
        });
      this.#open.add(act);
      this.#acts++;
      await pause(Math.max(
        0, this.begun + (n + 1) * every - performance.now()));
    }
    await Promise.all(this.#open);
  }

  async stop() {
    this.#going = false;
    await this.done;
    if (this.failed) {
      throw this.failed;
    }
    return 1000 * this.#acts / (performance.now() - this.begun);
  }
}

/** A hundred accounts, each with a site and a document of its own. */
async function hire(p, agent) {
  const people = await staff(p, hostOf(p.codes[0]), agent);
  await p.command('policy.put', { name: 'flow', rules: [
    { from: '2018-01-01', reviews: 1 }] });
  const editors = [];
  for (let i = 0; i < EDITORS; i++) {
    const site = p.codes[1000 + i];
    const person = await signedIn(people, `editor${i}`, [[site, 'clerk']]);
    const made = await person.command('doc.create', {
      site, column: COLUMN, title: '初稿', body: BODY });
    ok('doc.create', made);
    editors.push(new Editor(person, site, made.body.doc));
  }
  return editors;
}

/** Worker CPU of editors alone, in microseconds a second. */
async function alone(p, editors, each, seconds) {
  const before = runTime(p.workers());
  const work = new Work(editors, each);
  await pause(1000 * seconds);
  await work.stop();
  return (runTime(p.workers()) - before) / 1000 / seconds;
}

async function both(target, editors, each, seconds) {
  const work = new Work(editors, each);
  const seen = await round(target, seconds);
  return { ...seen, acts: await work.stop() };
}

/** Visitors alone, editors alone and both, in random order, n rounds. */
async function beside(p, target, editors, pace, n, seconds) {
  const seen = { alone: [], twin: [], editors: [], both: [] };
  const ways = [
    async () => seen.alone.push(await round(target, seconds)),
    async () => seen.twin.push(await round(target, seconds)),
    async () => seen.editors.push(await alone(p, editors, pace.each,
                                              seconds)),
    async () => seen.both.push(await both(target, editors, pace.each,
                                          seconds)),
  ];
  for (let i = 0; i < n; i++) {
    for (const way of shuffled(ways)) {
      await way();
    }
  }
  return seen;
}

function reportBeside(report, name, { alone: one, twin, editors,
                                      both: two }) {
  const own = median(editors);
  const rest = two.map((x) => x.cpu - own / x.perSecond);
  const say = (what, value, unit) => report(`editors_${name}_${what}`, value,
                                            unit);

  say('acts', median(two.map((x) => x.acts)).toFixed(1), 'acts/s in all');
  say('worker', (own / 1e4).toFixed(2), '% of a core, for editors alone');
  say('visitors_rate', Math.round(median(two.map((x) => x.perSecond))),
      'requests/s meanwhile');
  say('visitors_alone_cpu', median(one.map((x) => x.cpu)).toFixed(2),
      'us/request');
  say('visitors_alone_p99', median(one.map((x) => x.p99)).toFixed(0), 'us');
  say('visitors_p99_us', median(two.map((x) => x.p99)).toFixed(0), 'us');
  say('visitors_cpu', median(rest.map((x, i) => x / one[i].cpu)).toFixed(3),
      'times what it is without editors');
  say('visitors_p99',
      median(two.map((x, i) => x.p99 / one[i].p99)).toFixed(3),
      'times what it is without editors');
  say('twin_p99', median(twin.map((x, i) => x.p99 / one[i].p99)).toFixed(3),
      'times what it is without editors, measured again');
}

/** Drafts as fast as a hundred can be given them. */
async function commands(p, name, report, seconds) {
  const into = p.codes.slice(1000, 1000 + EDITORS).map((site) => ({
    site, column: COLUMN }));
  const drafts = new Publishers(p, into, { publish: false, core: BOTH });
  await pause(1000 * seconds);
  const times = await drafts.stop();
  report(`editors_group_${name}`, Math.round(times.length / seconds),
         'commands/s');
  report(`editors_group_${name}_command`, median(times).toFixed(0),
         'us, median');
}

export async function measure(report, { port, rounds, seconds }) {
  const agent = new Agent({ keepAlive: true });
  const p = await nation({ port, govd: GOVD, watched: true });

  try {
    await output('make', ['-s', '-f', 'scripts/build.mk',
                          'build/bench/publishers', 'build/bench/readers'],
                 { cwd: root });
    const editors = await hire(p, agent);
    await visitAll(p, p.codes);
    const hot = p.target('hot', hostOf(p.codes[0]));
    const readers = [
      readersOf(hot, 'hot', writeHosts(p, 'hot.hosts', [p.codes[0]])),
      readersOf(hot, 'random', writeHosts(p, 'all.hosts', p.codes)),
    ];

    for (const pace of PACES) {
      for (const target of readers) {
        reportBeside(report, `${pace.name}_${target.name}`, await beside(
          p, target, editors, pace, pace.pairs * rounds, seconds));
      }
    }
    await p.reportStall(report, 'editors', hostOf(p.codes[0]));

    await commands(p, 'on', report, 5 * seconds);
    await p.stop();
    writeConf(p.run, 'govd.conf', `${GOVD}commit-bytes 1\n`);
    await p.start();
    await pin(p.daemons(), CLIENT_CORE);
    await commands(p, 'off', report, 5 * seconds);
  } finally {
    agent.destroy();
    await p.close();
  }
}
