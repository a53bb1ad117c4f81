// Every command and every question of the lists, aimed by everybody at what
// is theirs and at what is not, through web.sock.  What is expected stands in
// oracle.mjs.  Nobody learns of a foreign site: the answer is that for a site
// that does not exist, word for word.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { daemon } from '../lib/daemon.mjs';
import { form } from '../lib/files.mjs';
import { inner, commands, queries, works } from '../lib/lists.mjs';
import { ANY, LOOSE, SECRET, STATE, absent, everyAim, everything, judge,
         nodes, people } from './oracle.mjs';

const d = await daemon({ leaks: false });
const { own, below, sibling, upper, papers, hub } = nodes;

async function run(name, input) {
  const done = await d.command(name, input);
  assert.equal(done.status, 200, `${name} ${done.text}`);
  return done.body;
}

/** A thing of a foreign site is named so that it is known when it shows. */
const title = (node, text) => (
  [sibling, upper].includes(node) ? `隐秘的${text}` : text);


// -- the world

async function lay(node, name, level, parent) {
  const city = node === upper;
  await run('site.create', {
    code: node.code, name, level, slug: node.key, blueprint: 'any',
    ...parent ? { parent } : {},
    ...node === below ? { mode: 'page' }
      : { host: [`${node.key}.test`], ...city ? {} : { mode: 'subsite' } } });
}

async function docs(node) {
  const write = async (kind, more = {}) => (await run('doc.create', {
    site: node.code, column: node.column, title: title(node, kind),
    body: title(node, '正文'), ...more })).doc;

  node.docs = {
    draft: await write('稿件', { source_id: `${node.key}-${node.column}` }),
    live: await write('通知', { publish: true }),
  };
  node.source = `${node.key}-${node.column}`;
  await run('site.set', { site: node.code, reviews: '1' });
  node.docs.review = await write('送审');
  await run('doc.submit', { doc: node.docs.review });
  await run('site.set', { site: node.code, reviews: 'inherit' });
}

async function things(node) {
  await docs(node);
  await run('link.share', { site: node.code, group: 'friends',
    title: title(node, '链接'), links: [{ title: '站', url: 'http://a.cn/' }] });
  node.banner = (await run('banner.set', {
    title: title(node === upper ? own : node, '横幅'), site: node.code })).id;
  const put = await d.call('ctl', 'PUT', 'blobs', { body: node.key });
  node.digest = put.body.digest;
  await run('file.add', { site: node.code, name: 'a.txt',
                          digest: node.digest, size: node.key.length });
}

await run('blueprint.put', { name: 'any', title: '任何', columns: [
  { id: 1, slug: 'news', name: '要闻', kind: 'news' },
  { id: 2, slug: 'papers', name: '文件', kind: 'normative' },
  { id: 3, slug: 'empty', name: '空', kind: 'news' } ] });
await run('blueprint.put', { name: 'city', title: '市', columns: [
  { id: 1, slug: 'news', name: '要闻', kind: 'news' }] });

await lay(upper, '上级市', 'city');
await lay(own, '本县', 'county', upper.code);
await lay(below, '本镇', 'township', own.code);
await lay(sibling, '隐秘县', 'county', upper.code);
for (const node of [upper, own, below, sibling]) {
  await things(node);
}
await docs(papers);
Object.assign(papers, { digest: own.digest, banner: own.banner });

await run('role.create', { role: everything.name, title: '全部',
                           rights: everything.rights });
await run('role.create', { role: 'unused', title: '无人',
                           rights: ['site.read'] });

for (const node of [upper, own, below, sibling]) {
  await run('user.create', { login: node.user, name: title(node, '人'),
                             site: node.code, role: 'clerk' });
}
await run('user.create', { login: hub.user, name: '组', role: 'group' });
await run('user.create', { login: 'chief', name: '审计', role: 'auditor' });

for (const who of people) {
  await d.people.account({ login: who.login });
  if (who.at) {
    await run('user.grant', { user: who.login, role: who.role,
      ...who.at === 'hub' ? {} : { site: own.code },
      ...who.at === 'column' ? { column: 'news' } : {} });
  }
}
let address = 0;
await Promise.all(people.map(async (who) => {
  who.person = await d.people.signIn(who.login, {
    address: `192.0.2.${++address}` });
}));


// -- asking

const stateOf = async () => {
  const dump = await d.ctlOut('store', 'dump', '--journal');
  return createHash('sha256').update(dump).digest('hex');
};

/** As a script asks; a success of a command is only rehearsed. */
function ask(who, aim, input, dry) {
  return aim.question ? who.person.query(aim.row.name, input)
    : who.person.command(aim.row.name + (dry ? '?dry_run=1' : ''), input);
}

const RIGHT = /权限（([a-z.]+)）/;

/** What kind of an answer it is, in the words of the oracle. */
function kind(answer) {
  const missing = RIGHT.exec(answer.text);
  if (missing) {
    return missing[1];
  }
  if (answer.status === 200) {
    return answer.body.refused ? 'absent' : 'yes';
  }
  return answer.status === 404 ? 'absent' : `${answer.status}`;
}

const fits = (name, expected, got) => expected === got
  || (expected === 'yes' && STATE.has(name)
      && /^(absent|403|409|422)$/.test(got))
  || (expected === 'yes' && LOOSE.has(name));

/** The leaves of an input, each with its path. */
const leaves = (value, path = '') => (value && typeof value === 'object'
  ? Object.entries(value).flatMap(([k, v]) => leaves(v, `${path}.${k}`))
  : [[path, String(value)]]);

/** The answer without what was asked with here and not in the other. */
function blurred(answer, input, other) {
  const same = new Map(leaves(other));
  let { text } = answer;
  for (const [path, word] of leaves(input)) {
    for (const part of same.get(path) === word ? []
      : [word, ...word.split('/')]) {
      text = text.replace(new RegExp(`(?<!\\w)${part}(000000)?(?!\\w)`, 'g'),
                          '@');
    }
  }
  return `${answer.status} ${text}`;
}

const foreign = (who, node) => who.at !== 'hub'
  && [upper, sibling].includes(node);

async function judged(who, aim, key, twins) {
  const node = nodes[key];
  const input = aim.input(node);
  const expected = aim.expect?.(who, node, input);
  const answer = await ask(who, aim, input,
                           !expected || expected === 'yes');
  const got = kind(answer);
  const where = `${who.login} ${aim.row.name} ${JSON.stringify(input)}: `;
  const faults = [];

  if (expected && !fits(aim.row.name, expected, got)) {
    faults.push(`${where}${expected} expected, ${got}: ${answer.text}`);
  }
  if (who.at !== 'hub' && !aim.told && SECRET.test(answer.text)) {
    faults.push(`${where}shows ${answer.text}`);
  }
  if (foreign(who, node) && !aim.untwinned
      && (expected === undefined || expected === 'absent')) {
    const twin = await twins();
    const other = aim.input(absent);
    if (blurred(answer, input, other) !== blurred(twin, other, input)) {
      faults.push(`${where}${answer.text} is told from ${twin.text}`);
    }
  }
  return faults;
}

let requests = 0;

/** All that one aims, and what nobody may see of it. */
async function all(who) {
  const jobs = aimed.flatMap((aim) => {
    let twin;
    const twins = () => {
      twin ??= ++requests && ask(who, aim, aim.input(absent), true);
      return twin;
    };
    return aim.on.map((key) => async () => {
      requests++;
      return judged(who, aim, key, twins);
    });
  });
  const faults = [];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) {
      faults.push(...await job());
    }
  }));
  return faults;
}

const aimed = everyAim();
const before = await stateOf();

for (const who of people) {
  test(`${who.login}: what is theirs and nothing else.`, async () => {
    const faults = await all(who);
    assert.equal(faults.length, 0,
                 `${faults.length} faults\n${faults.slice(0, 9).join('\n')}`);
  });
}



// -- the doors

const clerk = people.find((who) => who.login === 'clerk-own').person;
const chief = people.find((who) => who.login === 'everything-hub').person;
const VALUES = { LIST: ['x'], INT: 1, DOC: 1, BOOL: true };
const minimal = (row) => Object.fromEntries(row.in.filter((f) => f.required)
  .map((f) => [f.field, VALUES[f.kind] ?? 'x']));

async function refusedAll(rows, send, statuses) {
  const faults = [];
  for (const row of rows) {
    requests++;
    const answer = await send(row);
    if (!statuses.includes(answer.status)) {
      faults.push(`${row.name}: ${answer.status} ${answer.text}`);
    }
  }
  assert.deepEqual(faults, []);
}

test('Nobody is there without a session, and no question is answered.',
     async () => {
  const stranger = d.people.person();
  await refusedAll([...commands, ...inner],
                   (row) => stranger.command(row.name, minimal(row)), [401]);
  await refusedAll(queries, (row) => stranger.query(row.name), [401]);
});

test('A script without the token of its forms does nothing.', async () => {
  await refusedAll([...commands, ...inner], (row) => chief.command(
    row.name, minimal(row), { 'gov-csrf': clerk.csrf }), [403]);
  await refusedAll(commands, (row) => chief.form(
    `/console/do/${row.name}`, { ...minimal(row), _csrf: '' }), [403]);
  await refusedAll(commands, (row) => chief.command(
    row.name, minimal(row), { 'sec-fetch-site': 'cross-site' }), [403]);
});

test('What govd gives itself comes by no door from outside.', async () => {
  const everyDoor = [
    (row) => chief.command(row.name, minimal(row)),
    (row) => chief.command(`${row.name}?dry_run=1`, minimal(row)),
    (row) => chief.post(row.name, minimal(row)),
    (row) => d.command(row.name, minimal(row)),
    async (row) => JSON.parse((await d.call('ctl', 'POST', 'batch', {
      body: JSON.stringify({ command: row.name, input: minimal(row) }),
    })).text.split('\n')[0]),
  ];
  for (const door of everyDoor) {
    await refusedAll(inner, door, [403, 404]);
  }
  assert.ok(inner.length > 4);
});

test('Works, batches and blobs are for the machine alone.', async () => {
  await refusedAll([...works.map((w) => ({ name: `works/${w.name}` })),
                    { name: 'batch' }],
                   (row) => chief.ask('POST', `/api/v1/${row.name}`, {
                     headers: { 'gov-csrf': chief.csrf }, body: '{}' }),
                   [403]);
  assert.equal((await chief.ask('PUT', '/api/v1/blobs', {
    headers: { 'gov-csrf': chief.csrf }, body: 'x' })).status, 403);
});

test('A form is judged as a script is.', async () => {
  const faults = [];
  const formless = (value) => value && typeof value === 'object'
    && Object.values(value).flat().some((v) => typeof v === 'object');

  for (const who of people.filter((w) => w.at !== 'column')) {
    for (const aim of aimed.filter((a) => !a.question && a.expect)) {
      const node = sibling;
      const input = aim.on.includes(node.key) ? aim.input(node) : undefined;
      const expected = input && aim.expect(who, node, input);
      if (!input || expected === 'yes' || formless(input)) {
        continue;
      }
      requests++;
      const answer = await who.person.post(aim.row.name, input);
      delete answer.body.input;
      answer.text = JSON.stringify(answer.body);
      const got = kind(answer);
      if (got !== expected || (who.at !== 'hub' && SECRET.test(answer.text))) {
        faults.push(`${who.login} ${aim.row.name}: ${expected}, ${got} `
                    + answer.text);
      }
    }
  }
  assert.deepEqual(faults.slice(0, 9), []);
});

test('A form with a file is judged before a byte of it is kept.',
     async () => {
  const upload = (who, code) => who.person.ask('POST', '/console/upload',
    form([['site', code], ['_csrf', who.person.csrf], ['file', 'a.txt',
      Buffer.from('bytes')]]));

  for (const who of people.filter((w) => w.at !== 'hub')) {
    const twin = await upload(who, absent.code);
    for (const node of [upper, sibling]) {
      requests++;
      const answer = await upload(who, node.code);
      assert.equal(judge(who, 'doc.write', node), 'absent');
      assert.equal(answer.status, 404, `${who.login} ${answer.text}`);
      assert.equal(answer.text.replaceAll(node.code, '@'),
                   twin.text.replaceAll(absent.code, '@'));
    }
    if (!who.rights.has('doc.write')) {
      assert.equal(kind(await upload(who, own.code)),
                   judge(who, 'doc.write', own, ANY));
    }
  }
});

test('No GET does anything: a command has none.', async () => {
  await refusedAll(commands, (row) => chief.get(
    `/api/v1/commands/${row.name}?${new URLSearchParams(minimal(row))}`),
                   [405]);
  await refusedAll(commands, (row) => chief.get(
    `/console/do/${row.name}?_csrf=${chief.csrf}`), [405]);
});

test('More than 20,000 requests, and nothing has changed.', async () => {
  console.error(`       walls: ${requests} requests`);
  assert.ok(requests >= 20_000, `${requests}`);
  assert.equal(await stateOf(), before);
});
