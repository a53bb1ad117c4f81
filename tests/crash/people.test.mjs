// govd killed during every command there is a name for: people themselves, the
// workflow, files, notices, sites.  The effect and its entry in the journal
// are both there or neither is, and the same operation sent again ends right.
//
//   KILLS_EACH=n   how many points of each command (3; 0: all of them)

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { daemon, someSites } from '../lib/daemon.mjs';
import { form } from '../lib/files.mjs';
import { commands } from '../lib/lists.mjs';
import { arm, armed, insideCommit, pointFolder, until,
         withPoints } from './load.mjs';
import { siteCommands } from './sites.mjs';

const EACH = Number(process.env.KILLS_EACH ?? 3);

const POINTS = [
  ['before_apply', 'after_apply', 'pages_before'],
  ['pages_after', 'sync_before', 'sync_after', 'meta_before', 'meta_after'],
  ['after_commit', 'before_answer', 'between_answers'],
].map((list) => (insideCommit ? list
  : list.filter((name) => !/^(pages|sync|meta)/.test(name))))
  .filter((list) => list.length);

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));

Object.assign(process.env, withPoints(points).env);
const d = await daemon({ leaks: false });
await someSites(d);

async function run(name, input) {
  const done = await d.command(name, input);
  assert.equal(done.status, 200, `${name} ${done.text}`);
  return done.body;
}

const SITE = '610402';
const LATER = '2026-11-21 09:00';
const WHO = { site: '610402', column: 'news' };

await run('role.create', { role: 'all', title: '全部', rights: [
  'site.read', 'site.manage', 'site.edit', 'column.manage', 'doc.read',
  'doc.write', 'doc.review', 'doc.publish', 'doc.urgent', 'doc.refer',
  'people.manage', 'link.manage', 'banner.manage'] });
await run('policy.put', { name: 'flow', rules: [
  { from: '2020-01-01', reviews: 1 }] });
await d.people.account({ login: 'wang', roles: [['', 'all']] });
const wang = await d.people.signIn('wang');
await d.people.account({ login: 'li', roles: [['', 'all']] });
const li = await d.people.signIn('li');

const own = async (name, input) => {
  const done = await wang.command(name, input);
  assert.equal(done.status, 200, `${name} ${done.text}`);
  return done.body;
};

// What has to be there before: each gives a fresh one.

let n = 0;
let told = 0;
const draft = async (more = {}) => (await own('doc.create', {
  ...WHO, title: `稿件${++n}`, body: '正文', ...more })).doc;
const review = async () => {
  const doc = await draft();
  await own('doc.submit', { doc });
  return doc;
};
const sign = async () => {
  const doc = await review();
  await own('doc.pass', { doc });
  return doc;
};
const live = async () => {
  const doc = await sign();
  await own('doc.sign', { doc });
  return doc;
};
const user = async (more = {}) => {
  const login = `u${++n}`;
  await run('user.create', { login, name: '某人', ...more });
  return login;
};
const role = async () => {
  const name = `r${++n}`;
  await run('role.create', { role: name, title: '角色',
                             rights: ['doc.read'] });
  return name;
};
const bytes = () => form([['site', SITE], ['_csrf', wang.csrf],
  ['file', `f${++n}.txt`, Buffer.from(`第 ${n} 件`)]]);
const upload = async () => {
  const answer = await wang.ask('POST', '/console/upload', bytes());
  assert.equal(answer.status, 200, answer.text);
  return answer.body.verdict.files[0].digest;
};

const about = (make, more = {}) => async () => ({ doc: await make(),
                                                  ...more });
const file = (more = {}) => async () => ({ site: SITE,
                                           digest: await upload(), ...more });

/** A command's input, made afresh; by the operator of the machine or wang. */
const BY_WANG = {
  'doc.create': async () => ({ ...WHO, title: `新${++n}`, body: '文' }),
  'doc.edit': about(draft, { base: 1, body: '改' }),
  'doc.submit': about(draft), 'doc.pass': about(review),
  'doc.reject': about(review, { reason: '缺文号' }),
  'doc.recall': about(review), 'doc.sign': about(sign),
  'doc.publish': about(sign),
  'doc.schedule': about(sign, { at: LATER }),
  'doc.expire': about(live, { at: LATER }),
  'doc.withdraw': about(live, { reason: '误发', kind: 'error' }),
  'doc.urgent': about(draft, { reason: '暴雨' }),
  'doc.secrecy': about(review), 'doc.lock': about(draft),
  'doc.unlock': async () => {
    const doc = await draft();
    await own('doc.lock', { doc });
    return { doc };
  },
  'doc.note': about(draft, { text: '请看' }),
  'doc.correct': about(live, { what: '电话', why: '误写' }),
  'doc.pin': about(live, { until: LATER }),
  'doc.preview': about(draft), 'doc.move': about(draft, { column: 'papers' }),
  'doc.bulk': async () => ({ act: 'submit', docs: [await draft(),
                                                   await draft()] }),
  'doc.refer': about(live, { to: ['610400/news'] }),
  'doc.unrefer': async () => {
    const doc = await live();
    await own('doc.refer', { doc, to: ['610400/news'] });
    return { doc, from: '610400/news' };
  },
  'release.create': about(sign, { to: ['610400/papers'] }),
  'file.set': file({ alt: '一图' }), 'file.remove': file(),
  'file.replace': async () => ({ site: SITE, digest: await upload(),
                                 with: await upload() }),
  'file.restore': async () => {
    const digest = await upload();
    await own('file.remove', { site: SITE, digest });
    return { site: SITE, digest };
  },
  'file.purge': async () => {
    const digest = await upload();
    await own('file.remove', { site: SITE, digest });
    return { site: SITE, digest };
  },
  'user.create': async () => ({ login: `u${++n}`, name: '某人',
                                role: 'clerk', site: SITE }),
  'user.set': async () => ({ user: await user(), unit: '一科' }),
  'user.suspend': async () => ({ user: await user() }),
  'user.resume': async () => {
    const login = await user();
    await run('user.suspend', { user: login });
    return { user: login };
  },
  'user.invite': async () => ({ user: await user() }),
  'user.sessions_end': async () => ({ user: await user() }),
  'user.grant': async () => ({ user: await user(), role: 'clerk',
                               site: SITE }),
  'user.revoke': async () => ({
    user: await user({ role: 'clerk', site: SITE }), role: 'clerk',
    site: SITE }),
  'me.sessions_end': async () => {
    const { cookie } = await d.people.signIn('wang');
    return { sessions: [createHash('sha256')
      .update(Buffer.from(cookie, 'base64url')).digest('hex')] };
  },
  'notice.read': async () => {
    const made = await li.command('doc.create', { ...WHO, title: `新${++n}`,
                                                  body: '正文' });
    const sent = await li.command('doc.submit', { doc: made.body.doc });
    assert.equal(sent.status, 200, sent.text);
    return { all: true };
  },
  'notice.set': async () => ({ how: told++ % 2 ? 'none' : 'daily' }),
};

const BY_OPERATOR = {
  'role.create': async () => ({ role: `r${++n}`, title: '新',
                                rights: ['doc.read'] }),
  'role.set': async () => ({ role: await role(), title: '改' }),
  'role.remove': async () => ({ role: await role() }),
  ...await siteCommands(d, run),
};

// An upload is a form of its own, and after work.begin govd goes on by itself.
const BELOW = ['file.upload', 'work.begin'];

const asked = {
  wang: (name, input, op) => wang.command(name, input,
                                          { 'gov-operation': op }),
  operator: (name, input, op) => d.command(name, input, { op }),
};

const head = async () => (await d.query('store.stats')).body.journal;
const dump = async () => JSON.stringify(await d.work('store.dump', {}));
const back = async () => {
  await until(() => head().catch(() => undefined), 'a new child');
  await d.reconnect();
};

let turn = 0;
const chosen = () => {
  turn++;
  return EACH === 0 ? POINTS.flat()
    : POINTS.slice(0, EACH).map((list) => list[turn % list.length]);
};

/** Killed at a point, looked at, sent again. */
async function killed(where, point, name, send) {
  const before = { head: await head(), dump: await dump() };

  arm(points, point);
  await send().catch(() => undefined);
  await until(() => !armed(points, point), `${point} of ${where}`);
  await back();

  const there = await head() - before.head;
  assert.ok(there === 0 || there === 1, `${where}: ${there} entries`);
  const after = await dump();
  assert.equal(after === before.dump, there === 0,
               `${where} at ${point}: effect and entry are not one`);

  const again = await send();
  assert.equal(again.status, 200, `${where} at ${point}: ${again.text}`);
  assert.equal(await head(), before.head + 1, `${where} at ${point}`);
  const last = await d.query('journal.get', { seq: before.head + 1 });
  assert.equal(last.body.command, name);
  if (there) {
    assert.equal(await dump(), after, `${where} at ${point}: done twice`);
  } else {
    assert.notEqual(await dump(), before.dump, `${where}: nothing was done`);
  }
  return there;
}

const seen = { nothing: 0, done: 0 };

for (const [by, list] of Object.entries({ wang: BY_WANG,
                                          operator: BY_OPERATOR })) {
  for (const [name, prepare] of Object.entries(list)) {
    test(`Killed during ${name}: all of it or nothing.`, async () => {
      for (const point of chosen()) {
        const input = await prepare();
        const op = randomUUID();
        const there = await killed(name, point, name,
                                   () => asked[by](name, input, op));
        seen[there ? 'done' : 'nothing']++;
      }
    });
  }
}

test('Killed during an upload: all of it or nothing.', async () => {
  for (const point of chosen()) {
    const op = randomUUID();
    const { body, headers } = form([['site', SITE], ['_csrf', wang.csrf],
      ['_op', op], ['file', `f${++n}.txt`, Buffer.from(`第 ${n} 件`)]]);
    await killed('upload', point, 'file.upload', () => wang.ask(
      'POST', '/console/upload', { body, headers }));
  }
});

test('Killed as work is begun: it is begun once, and ends.', async () => {
  const works = async () => (await d.query('work.list')).body.rows;
  const asked = async (input, op) => d.command('work.begin', input, { op });

  for (const point of chosen()) {
    const before = (await works()).length;
    const op = randomUUID();
    arm(points, point);
    await asked({ work: 'journal.verify' }, op).catch(() => undefined);
    await until(() => !armed(points, point), `${point} of work.begin`);
    await back();
    const again = await asked({ work: 'journal.verify' }, op);
    assert.equal(again.status, 200, `work.begin at ${point}: ${again.text}`);
    await until(async () => (await works()).every((one) => one.ended),
                'its end');
    const list = await works();
    assert.equal(list.length, before + 1, `work.begin at ${point}`);
    assert.equal(list[0].work, again.body.work);
    assert.equal(list[0].ok, true, JSON.stringify(list[0]));
  }
});

test('Every command of the table was here.', () => {
  const missing = commands.map((row) => row.name).filter((name) =>
    !BELOW.includes(name) && !BY_WANG[name] && !BY_OPERATOR[name]);
  assert.deepEqual(missing, []);
  assert.ok(seen.done > 0 && seen.nothing > 0);
  console.error(`       people: ${JSON.stringify(seen)}`);
});

test('The journal holds, and made again it gives the same store.',
     async () => {
  const dumped = await d.ctlOut('store', 'dump', '--journal');
  for (const work of ['journal.verify', 'store.check']) {
    const { end } = (await d.work(work, {})).at(-1);
    assert.equal(end.ok, true, JSON.stringify(end));
  }

  await d.stop();
  mkdirSync(join(d.dir, 'one'));
  mkdirSync(join(d.dir, 'two'));
  renameSync(join(d.dir, 'store'), join(d.dir, 'one/store'));
  const replay = await d.govd(['--run', d.dir, '--replay', 'one/store',
                               'two/store']);
  assert.equal(replay.code, 0, replay.output);
  renameSync(join(d.dir, 'two/store'), join(d.dir, 'store'));
  await d.start();
  assert.equal(await d.ctlOut('store', 'dump', '--journal'), dumped);
});
