// govd killed at every point of every step of signing in: the step is done,
// with its session, its secret and its entry in the journal, or nothing of it
// is; and whoever was cut off signs in again.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import test, { after } from 'node:test';

import { daemon, someSites } from '../lib/daemon.mjs';
import { PASSWORD, digits } from '../lib/people.mjs';
import { arm, armed, insideCommit, pointFolder, until,
         withPoints } from './load.mjs';

const POINTS = [
  'before_apply', 'after_apply', 'after_commit', 'before_answer',
  'between_answers', ...insideCommit ? [
    'pages_before', 'pages_after', 'sync_before', 'sync_after',
    'meta_before', 'meta_after'] : [],
];

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));

Object.assign(process.env, withPoints(points).env);
const d = await daemon();
await someSites(d);
const { people } = d;
const BETTER = 'kuangye-denglong-92';

const head = async () => (await d.query('store.stats')).body.journal;
const dump = async () => JSON.stringify(await d.work('store.dump', {}));

/** The next child answers. */
const back = async () => {
  await until(() => head().catch(() => undefined), 'a new child');
  await d.reconnect();
};

let logins = 0;
const fresh = async (more = {}) => {
  const login = `u${++logins}`;
  await people.account({ login, roles: [['610402', 'clerk']], ...more });
  return login;
};
const begin = async (login) => {
  const person = people.person({ address: `192.0.2.${logins}` });
  await person.form('/console/sign-in', { login, password: PASSWORD });
  return person;
};

const someone = () => people.person({ address: `192.0.2.${logins}` });

/** What is done before a step, and the step; its entry's command. */
const STEPS = {
  'a right password': ['session.open', async () => {
    const login = await fresh();
    return () => someone().form('/console/sign-in',
                                { login, password: PASSWORD });
  }],
  'a wrong password': ['attempt.note', async () => {
    const login = await fresh();
    return () => someone().form('/console/sign-in',
                                { login, password: 'wrong' });
  }],
  'a second factor set up': ['session.open', async () => {
    const login = await fresh();
    const person = await begin(login);
    const { body } = await person.get('/console/sign-in/factor');
    const step = Math.floor(d.now / 30000);
    return () => person.form('/console/sign-in/factor',
                             { code: digits(body.secret, step),
                               old: PASSWORD });
  }],
  'a code': ['session.open', async () => {
    const login = await fresh();
    await people.setUp(login, await begin(login));
    const person = await begin(login);
    const code = people.code(login);
    return () => person.form('/console/sign-in/code', { code });
  }],
  'a recovery code': ['session.open', async () => {
    const login = await fresh();
    await people.setUp(login, await begin(login));
    const person = await begin(login);
    const code = people.factor(login).recovery.pop();
    return () => person.form('/console/sign-in/code', { code });
  }],
  'a new password': ['session.open', async () => {
    const person = await begin(await fresh({ renew: true }));
    return () => person.form('/console/sign-in/password',
                             { password: BETTER, again: BETTER });
  }],
  'a one-time link': ['session.open', async () => {
    const login = `u${++logins}`;
    const { body } = await d.command('user.create', { login, name: '某人' });
    const token = body.link.split('token=')[1];
    return () => someone().form('/console/invite', {
      token, password: BETTER, again: BETTER });
  }],
  'another mail address': ['account.mail', async () => {
    const person = await begin(await fresh());
    return () => person.form('/console/account/mail',
                             { old: PASSWORD, mail: 'own@city.test' });
  }],
  'a sign-out': ['session.close', async () => {
    const person = await begin(await fresh());
    return () => person.form('/console/sign-out');
  }],
};

for (const [what, [command, prepare]] of Object.entries(STEPS)) {
  test(`Killed during ${what}: all of it or nothing.`, async () => {
    const seen = { done: 0, nothing: 0 };
    let allowed = 0;

    for (const point of POINTS) {
      const step = await prepare();
      const before = { head: await head(), dump: await dump() };

      arm(points, point);
      const answered = await step().then(() => true, () => false);
      assert.ok(!answered || point === 'between_answers', point);
      await until(() => !armed(points, point), point);
      await back();

      if (await head() === before.head) {
        seen.nothing++;
        assert.equal(await dump(), before.dump, point);
        // nothing was used up: the very same step is taken now
        const { status } = await step();
        allowed += status === 200;
      } else {
        seen.done++;
        assert.equal(await head(), before.head + 1, point);
        const last = await d.query('journal.get', { seq: before.head + 1 });
        assert.equal(last.body.command, command);
        assert.notEqual(await dump(), before.dump, point);
      }
    }

    assert.ok(seen.done >= 2 && seen.nothing >= 2, JSON.stringify(seen));
    assert.equal(allowed, what === 'a wrong password' ? 0 : seen.nothing);
  });
}

test('Killed while what is over is swept: all of it or nothing.', async () => {
  const seen = { done: 0, nothing: 0 };
  const attempts = async () => (await d.work('store.dump', {}))
    .filter((line) => line.table === 'ATTEMPTS').length;

  for (const point of POINTS.filter((name) => name !== 'between_answers')) {
    const refused = await someone().form('/console/sign-in', {
      login: await fresh(), password: 'wrong' });
    assert.equal(refused.status, 403);
    const before = { head: await head(), dump: await dump() };

    arm(points, point);
    d.later(2 * 86400);
    await until(() => !armed(points, point), point);
    await back();

    if (await head() === before.head) {
      seen.nothing++;
      assert.equal(await dump(), before.dump, point);
      d.later(601);
      await until(async () => await head() > before.head, 'swept again');
    } else {
      seen.done++;
      assert.notEqual(await dump(), before.dump, point);
    }
    const last = await d.query('journal.get', { seq: before.head + 1 });
    assert.equal(last.body.command, 'session.sweep');
    assert.equal(await attempts(), 0);
  }
  assert.ok(seen.done >= 2 && seen.nothing >= 2, JSON.stringify(seen));
});

test('The journal holds after all of it.', async () => {
  const verify = await d.work('journal.verify', {});
  assert.equal(verify.at(-1).end.ok, true, JSON.stringify(verify.at(-1)));
  const check = await d.work('store.check', {});
  assert.equal(check.at(-1).end.ok, true, JSON.stringify(check.at(-1)));
});
