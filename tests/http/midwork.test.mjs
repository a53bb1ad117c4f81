// What changes under somebody's hands: a role taken away, an account ended, a
// document that others work on.  Each is a clear answer, nothing is half
// done, and what was typed comes back with it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY } from '../lib/sites.mjs';

const p = await platform({ sites: true });

const HTML = { accept: 'text/html' };
const COLUMN = { site: COUNTY, column: 'xxgk/tzgg' };
const TYPED = '写了一个下午的<段落>\n第二段';
const KEPT = /写了一个下午的&lt;段落&gt;\n第二段<\/(textarea|dd)>/;

let logins = 0;

/** Somebody of the county who is signed in. */
async function someone(role, { grant = {}, ...more } = {}) {
  const login = `u${++logins}`;
  await p.account({ login, ...more });
  await p.run('user.grant', { user: login, role, site: COUNTY, ...grant });
  const person = await p.signIn(login);
  return Object.assign(person, { login });
}

const draft = async (who, more = {}) => (await p.run('doc.create', {
  ...COLUMN, title: '底稿', body: '底稿正文', ...more })).doc;

/** The edit form of a document, sent as its page sends it. */
const save = (who, doc, more = {}) => who.form('/console/do/doc.edit', {
  doc, base: 1, title: '新标题', body: TYPED, _op: crypto.randomUUID(),
  _from: `/console/doc/${doc}/edit`, _to: `/console/doc/${doc}`, ...more,
}, HTML);

const versions = async (doc) => JSON.parse(await p.ctl(
  '--format=json', 'doc', 'versions', String(doc))).length;
/** The newest entry that is not govd's own. */
const journal = async () => JSON.parse(await p.ctl(
  '--format=json', 'journal', 'list', '--limit', '50'))
  .find((entry) => entry.actor !== 'govd').seq;

/** What is sent changes nothing: its answer. */
async function refused(send, status) {
  const before = await journal();
  const answer = await send();
  assert.equal(answer.status, status, answer.text);
  assert.equal(await journal(), before);
  return answer;
}


test('A role taken away while its holder writes.', async () => {
  const who = await someone('clerk');
  const doc = await draft();
  assert.equal((await who.get(`/console/doc/${doc}/edit`, HTML)).status, 200);

  await p.run('user.revoke', { user: who.login, role: 'clerk',
                               site: COUNTY });

  // nothing is left there: the document is not there for them any more
  const answer = await refused(() => save(who, doc), 404);
  assert.match(answer.text, KEPT);
  assert.match(answer.text, /role="alert"/);
  assert.doesNotMatch(answer.text, /底稿/);
  const json = await refused(() => who.command('doc.edit', {
    doc, base: 1, body: TYPED }), 404);
  assert.match(json.body.detail, /没有文档/);
  assert.equal(await versions(doc), 1);
  assert.equal((await who.get(`/console/doc/${doc}`, HTML)).status, 404);
});

test('A role exchanged for a smaller one: which right is missing is said.',
     async () => {
  const who = await someone('clerk');
  const doc = await draft();
  await p.run('user.grant', { user: who.login, role: 'reviewer',
                              site: COUNTY });
  await p.run('user.revoke', { user: who.login, role: 'clerk',
                               site: COUNTY });

  const answer = await refused(() => save(who, doc), 403);
  assert.match(answer.text, KEPT);
  assert.match(answer.text, /采集和编辑文档/);
});

test('A right taken out of a role reaches all of its holders at once.',
     async () => {
  await p.run('role.create', { role: 'local', title: '地方', rights: [
    'site.read', 'doc.read', 'doc.write'] });
  const who = await someone('local');
  const doc = await draft();
  assert.equal((await save(who, doc)).status, 303);
  await p.run('role.set', { role: 'local', rights: ['site.read',
                                                    'doc.read'] });
  const answer = await refused(() => save(who, doc, { base: 2 }), 403);
  assert.match(answer.text, KEPT);
  assert.equal(await versions(doc), 2);
});

test('A suspended account\'s session ends where it is.', async () => {
  const who = await someone('clerk');
  const doc = await draft();
  await p.run('user.suspend', { user: who.login });

  const answer = await refused(() => save(who, doc), 401);
  assert.match(answer.text, KEPT);
  assert.match(answer.text, /href="\/console\/sign-in"/);
  assert.doesNotMatch(answer.text, /底稿/);
  await refused(() => who.command('doc.edit', { doc, base: 1 }), 401);
  assert.equal((await who.get('/console/', HTML)).status, 303);

  // taken up again, the old session stays ended
  await p.run('user.resume', { user: who.login });
  assert.equal((await who.get('/console/', HTML)).status, 303);
});

test('A contractor\'s time is over: the grant\'s, then the account\'s.',
     async () => {
  const start = p.clock.now;
  const who = await someone('publisher', {
    contractor: '某公司', expires: '2026-11-20 08:20',
    grant: { until: '2026-11-20 08:10' } });
  await p.run('user.grant', { user: who.login, role: 'clerk', site: COUNTY });
  const doc = await draft();
  const sign = () => who.form('/console/do/doc.sign', {
    doc, reason: TYPED, _op: crypto.randomUUID(),
    _from: `/console/doc/${doc}`, _to: `/console/doc/${doc}` }, HTML);

  p.clock.set('2026-11-20T08:10:00+08:00');
  const late = await refused(sign, 403);
  assert.match(late.text, /签发、撤回文档/);
  assert.equal((await save(who, doc)).status, 303);

  p.clock.set('2026-11-20T08:20:00+08:00');
  const over = await refused(() => save(who, doc, { base: 2 }), 401);
  assert.match(over.text, KEPT);
  assert.equal(await versions(doc), 2);
  p.clock.set(start);
});

test('A lock taken over: who held it is told at the next save.', async () => {
  const [one, two] = [await someone('clerk'), await someone('clerk')];
  const doc = await draft();
  const lock = (who, more = {}) => who.command('doc.lock', { doc, ...more });

  assert.equal((await lock(one)).status, 200);
  const held = await refused(() => lock(two), 409);
  assert.match(held.body.detail, new RegExp(one.login));
  const waits = await refused(() => save(two, doc), 409);
  assert.match(waits.text, KEPT);

  assert.equal((await lock(two, { take: true })).status, 200);
  const lost = await refused(() => save(one, doc), 409);
  assert.match(lost.text, KEPT);
  assert.match(lost.text, new RegExp(two.login));
  assert.equal((await save(two, doc)).status, 303);
  assert.equal(await versions(doc), 2);
});

test('Two editors at the same moment: one version, one told of it.',
     async () => {
  const many = await Promise.all(Array.from({ length: 4 },
                                            () => someone('clerk')));
  const doc = await draft();
  const answers = await Promise.all(many.map((who, i) => save(who, doc, {
    body: `${TYPED}（${i}）` })));

  const done = answers.filter((answer) => answer.status === 303);
  assert.equal(done.length, 1);
  answers.forEach((answer, i) => {
    if (answer.status !== 303) {
      assert.equal(answer.status, 409);
      assert.ok(answer.text.includes(`第二段（${i}）</textarea>`));
    }
  });
  assert.equal(await versions(doc), 2);
});

test('A review of what was taken back meanwhile is none.', async () => {
  await p.run('column.set', { ...COLUMN, reviews: '1' });
  const [clerk, reviewer] = [await someone('clerk'),
                             await someone('reviewer')];
  const { body: { doc } } = await clerk.command('doc.create', {
    ...COLUMN, title: '送审稿', body: '一' });
  await clerk.command('doc.submit', { doc });
  assert.equal((await clerk.command('doc.recall', { doc })).status, 200);

  const pass = await refused(() => reviewer.form('/console/do/doc.pass', {
    doc, version: 1, reason: TYPED, _op: crypto.randomUUID(),
    _from: `/console/doc/${doc}`, _to: `/console/doc/${doc}` }, HTML), 409);
  assert.match(pass.text, KEPT);

  // and one of another version than the one that was read
  await clerk.command('doc.edit', { doc, base: 1, body: '二' });
  await clerk.command('doc.submit', { doc });
  await refused(() => reviewer.command('doc.pass', { doc, version: 1 }), 409);
  assert.equal((await reviewer.command('doc.pass', { doc, version: 2 }))
    .status, 200);
  await p.run('column.set', { ...COLUMN, reviews: 'inherit' });
});

test('A site closed while somebody writes for it.', async () => {
  await p.run('site.create', { code: '610402200', name: '旧镇',
    level: 'township', parent: COUNTY, slug: 'old', mode: 'page',
    blueprint: 'township' });
  const column = JSON.parse(await p.ctl('--format=json', 'column', 'list',
    '--site', '610402200')).find((c) => c.kind !== 'section').path;
  const login = `u${++logins}`;
  await p.account({ login, roles: [['610402200', 'clerk']] });
  const who = await p.signIn(login);
  await p.run('site.archive', { site: '610402200' });

  const answer = await refused(() => who.form('/console/do/doc.create', {
    site: '610402200', column, title: '晚了', body: TYPED,
    _op: crypto.randomUUID(), _to: '/console/',
    _from: '/console/site/610402200/docs/new' }, HTML), 403);
  assert.match(answer.text, KEPT);
  assert.match(answer.text, /关停/);
});
