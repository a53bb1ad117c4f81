// What the console costs in a small store and in a large one: a hundred sites
// and ten thousand documents, the whole national list and a million.  The same
// people ask the same of the same sites in both; the site whose documents are
// listed holds one in twenty of all, and one in fifty waits for somebody.
//
// Some questions are bounded and not flat, and are told apart: words or a state
// that hardly any document has are looked for among 4,000, a count goes to
// 1,000.
//
// build/bench/console asks, in a process without nginx; CPU times are medians
// of TIMES, instructions are callgrind's as the difference of two counts, and
// their ratio is the figure.  Then its pages beside a public column page, both
// made without a copy, and what nginx's worker pays for them.
//
//   DOCS=1000000    documents of the large store
//   TIMES=501       how often each is asked
//   SKIP=callgrind  without the instruction counts

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { median } from './figures.mjs';
import { instructionsOf, output, root, round } from './load.mjs';
import { hostOf, nation } from './nation.mjs';
import { GOVD, signedIn, staff } from './staff.mjs';

export const title = 'The console';

const DOCS = Number(process.env.DOCS ?? 1000000);
const TIMES = Number(process.env.TIMES ?? 501);
const FEW = 10;
const MANY = 60;

const ROOT = '610000000000';
const CITY = '610400000000';
const COUNTY = '610402000000';
const COLUMN = 'xxgk/tzgg';
const LANES = 8;
const COLUMNS = [COLUMN, 'xxgk/zcwj', 'xxgk/ghjh', 'xxgk/tjsj'];

const SIZES = [
  { name: 'small', docs: 10000, choose: (rows) => [
    ...rows.filter((row) => /^..0{10},/.test(row)),
    ...rows.filter((row) => row.startsWith('6104'))].slice(0, 100) },
  { name: 'large', docs: DOCS, choose: (rows) => rows },
];

/** Who asks what: a question and its input, or a page and its query. */
const ASKED = [
  ['docs', 'clerk', 'doc.list', { site: COUNTY, limit: 50 }],
  ['docs_column', 'clerk', 'doc.list', { site: COUNTY, column: COLUMN,
                                         limit: 50 }],
  ['docs_step', 'clerk', 'doc.list', { site: COUNTY, step: 'review1',
                                       limit: 50 }],
  ['docs_maker', 'clerk', 'doc.list', { site: COUNTY, maker: 'clerk',
                                        limit: 50 }],
  ['docs_text', 'clerk', 'doc.list', { site: COUNTY, text: '通知',
                                       limit: 50 }],
  ['docs_rare', 'clerk', 'doc.list', { site: COUNTY, text: '第7号',
                                       limit: 50 }],
  ['docs_state', 'clerk', 'doc.list', { site: COUNTY, state: 'draft',
                                        limit: 50 }],
  ['docs_public', 'clerk', 'doc.list', { site: COUNTY, state: 'public',
                                         limit: 50 }],
  ['docs_withdrawn', 'clerk', 'doc.list', { site: COUNTY, limit: 50,
                                            state: 'withdrawn' }],
  ['search_name', 'nation', 'site.search', { text: '渭城' }],
  ['search_common', 'nation', 'site.search', { text: '街道' }],
  ['search_code', 'nation', 'site.search', { text: '610402' }],
  ['search_none', 'nation', 'site.search', { text: '没有这样的地方' }],
  ['search_province', 'province', 'site.search', { text: '渭城' }],
  ['search_province_common', 'province', 'site.search', { text: '街道' }],
  ['search_city', 'clerk', 'site.search', { text: '渭城' }],
  ['tasks_city', 'reviewer', 'task.list', { limit: 50 }],
  ['tasks_nation', 'nation', 'task.list', { limit: 50 }],
  ['tasks_clerk', 'clerk', 'task.list', { limit: 50 }],
  ['task_count', 'reviewer', 'task.count', {}],
  ['schedule', 'clerk', 'schedule.list', { site: COUNTY, limit: 50 }],
  ['page_docs', 'clerk', `/console/site/${COUNTY}/docs`, {}],
  ['page_tasks', 'reviewer', '/console/', {}],
  ['page_doc', 'clerk', '/console/doc/{doc}', {}],
  ['page_edit', 'clerk', '/console/doc/{doc}/edit', {}],
  ['page_sites', 'nation', '/console/sites', { q: '6104' }],
  ['page_columns', 'clerk', `/console/site/${COUNTY}/columns`, {}],
];

/** What looks at more where there is more, up to a bound. */
const BOUNDED = ['docs_rare', 'docs_withdrawn', 'task_count', 'page_columns'];

const ROLES = {
  clerk: [[CITY, 'clerk']],
  reviewer: [[CITY, 'reviewer']],
  province: [[ROOT, 'reviewer']],
  nation: [['', 'press']],
};

const PUBLIC = `/${COLUMN}/`;


// -- the stores

const row = (site, column, i) => JSON.stringify({
  site, column, id: `b${i}`, title: `关于第${i}号事项的通知`,
  body_md: '有关事项通知如下。' });

/** One in twenty is the county's, the others are everybody's; by site. */
function* rows(codes, docs) {
  const own = docs / 20;
  for (let i = 0; i < own; i++) {
    yield row(COUNTY, COLUMNS[i % COLUMNS.length], i);
  }
  for (let i = own; i < docs; i++) {
    yield row(codes[Math.floor((i - own) / (docs - own) * codes.length)],
              COLUMN, i);
  }
}

/** In files of a hundred thousand rows. */
async function importDocs(p, docs) {
  const file = join(p.run, 'docs.jsonl');
  let lines = [];
  const send = async () => {
    writeFileSync(file, `${lines.join('\n')}\n`);
    await p.govctl('doc', 'import', '--strict', file);
    lines = [];
  };
  for (const line of rows(p.codes, docs)) {
    lines.push(line);
    if (lines.length === 100000) {
      await send();
    }
  }
  await send();
  rmSync(file);
}

/** Handed in by the clerk: every other one at the county, all in the city. */
async function handIn(p, clerk, n) {
  const city = p.codes.filter((code) => code.startsWith('6104')
                                        && code !== CITY);
  let left = n;
  let last;
  await Promise.all(Array.from({ length: LANES }, async () => {
    for (let i; (i = left--) > 0;) {
      const made = await clerk.command('doc.create', {
        site: i % 2 ? COUNTY : city[i % city.length], column: COLUMN,
        title: `关于第${i}号来稿的通知`, body: '请审。' });
      const done = await clerk.command('doc.submit', { doc: made.body?.doc });
      if (done.status !== 200) {
        throw new Error(made.text + done.text);
      }
      last = made.body.doc;
    }
  }));
  return last;
}

/** A platform of a size, its people signed in. */
async function lay(size, port, agent) {
  const p = await nation({ port, govd: GOVD, choose: size.choose });
  const waiting = size.docs / 50;
  const begun = Date.now();

  await importDocs(p, size.docs - waiting);
  p.imported = Math.round((size.docs - waiting) * 1000 / (Date.now() - begun));

  const people = await staff(p, hostOf(ROOT), agent);
  await p.command('site.set', { site: ROOT, reviews: '1' });
  p.people = {};
  for (const [login, roles] of Object.entries(ROLES)) {
    p.people[login] = await signedIn(people, login, roles);
  }
  p.doc = await handIn(p, p.people.clerk, waiting);
  return p;
}


// -- asking

function argsOf(p, [, login, ask, input]) {
  return [join(p.run, 'store'), join(root, 'lua'), p.people[login].cookie,
          ask.replace('{doc}', p.doc), JSON.stringify(input)];
}

/** CPU of each part and what came, by name; and its instructions. */
async function cost(p, program, args, part, skip) {
  const lines = (await output(program, [...args, String(TIMES)])).trim()
    .split('\n').map((line) => line.split(' '));
  const found = Object.fromEntries(lines.map(([name, value]) => [
    name, Number(value)]));
  if (!skip.includes('callgrind')) {
    found.instructions = await instructionsOf(
      p.run, [program, ...args], part, FEW, MANY);
  }
  return found;
}

/** Instructions where they were counted, for they are steadier. */
const dearer = (one, other) => (one.instructions
  ? one.instructions / other.instructions : one.all / other.all);

function reportAsked(report, name, found) {
  for (const [size, costs] of Object.entries(found)) {
    const target = `${name}_${size}`;
    const more = size === 'small' ? {}
      : { ratio: 1 / dearer(costs, found.small), beside: 'small' };
    report(`console_${target}_cpu`, costs.all, 'us',
           { target, measure: 'cpu', ...more });
    if (costs.instructions) {
      report(`console_${target}_instructions`, costs.instructions,
             'user instructions', { target, measure: 'instructions' });
    }
  }
  if (found.large.worker) {
    report(`console_${name}_worker`, found.large.worker.toFixed(1),
           'us of the worker, over HTTP');
  }
}

function reportDearest(report, found) {
  const ratios = ASKED.map(([name]) => [
    name, dearer(found[name].large, found[name].small)]);
  const [, most] = ratios.filter(([name]) => !BOUNDED.includes(name))
    .reduce((one, other) => (one[1] > other[1] ? one : other));

  report('console_dearest', most.toFixed(3), 'large beside small');
  for (const [name, times] of ratios) {
    if (BOUNDED.includes(name)) {
      report(`console_bounded_${name}`, times.toFixed(3),
             'large beside small, which has less than the bound');
    }
  }
}


// -- the subject

/** Every page beside the public column page, both without a copy. */
async function reportCold(report, p, found, skip) {
  const page = await cost(p, join(root, 'build/bench/cold'), [
    join(p.run, 'store'), join(root, 'lua'), hostOf(COUNTY), PUBLIC], 'make',
                          skip);
  const ratios = Object.entries(found)
    .filter(([name]) => name.startsWith('page_'))
    .map(([name, costs]) => [name, dearer(costs, { ...page,
                                                   all: page.make })]);

  report('console_public', page.make, 'us, a public column page');
  if (page.instructions) {
    report('console_public_instructions', page.instructions,
           'user instructions');
  }
  for (const [name, times] of ratios) {
    report(`console_cold_${name}`, times.toFixed(2),
           'times a public column page');
  }
  report('console_cold', Math.max(...ratios.map(([, times]) => times))
    .toFixed(2), 'times a public column page, the dearest of these');
}

/** What the worker pays for a page over HTTP, in microseconds. */
async function overHttp(p, [name, login, path, input], rounds, seconds) {
  const { cookie } = p.people[login];
  const query = new URLSearchParams(input).toString();
  const target = p.target(name, hostOf(ROOT), path.replace('{doc}', p.doc)
                          + (query && `?${query}`));
  target.headers.Cookie = `gov_sid=${cookie}`;
  target.connections = 8;
  const seen = [];
  for (let i = 0; i < Math.ceil(rounds / 3); i++) {
    seen.push((await round(target, seconds)).cpu);
  }
  return median(seen);
}

function reportAssets(report) {
  const dist = join(root, 'lua/assets/dist');
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json')));
  const weight = (...names) => names.reduce((sum, name) => sum + gzipSync(
    readFileSync(join(dist, manifest[name]))).length, 0);
  const bare = weight('console.css', 'console.js');

  report('console_assets', (bare / 1024).toFixed(1), 'KB gzipped');
  report('console_assets_edit',
         ((bare + weight('editor.css', 'editor.js')) / 1024).toFixed(1),
         'KB gzipped');
  report('console_assets_public',
         (weight('gov.css', 'gov.js') / 1024).toFixed(1), 'KB gzipped');
}

export async function measure(report, { port, rounds, seconds, skip }) {
  const agent = new Agent({ keepAlive: true });
  const found = Object.fromEntries(ASKED.map(([name]) => [name, {}]));

  await output('make', ['-s', '-f', 'scripts/build.mk', 'build/bench/cold',
                        'build/bench/console'], { cwd: root });

  for (const size of SIZES) {
    const p = await lay(size, port, agent);
    const costs = {};
    try {
      report(`console_${size.name}_sites`, p.codes.length, 'sites');
      report(`console_${size.name}_docs`, size.docs, 'documents');
      report(`console_${size.name}_import`, p.imported, 'documents/s');
      for (const asked of ASKED) {
        const [name, , ask] = asked;
        costs[name] = await cost(p, join(root, 'build/bench/console'),
                                 argsOf(p, asked), 'all', skip);
        if (ask.startsWith('/')) {
          costs[name].worker = await overHttp(p, asked, rounds, seconds);
        }
        found[name][size.name] = costs[name];
      }
      // where a column has as many documents as one page of it shows
      if (size.name === 'small') {
        await reportCold(report, p, costs, skip);
      }
    } finally {
      await p.close();
    }
  }

  ASKED.forEach(([name]) => reportAsked(report, name, found[name]));
  reportDearest(report, found);
  reportAssets(report);
}
