// Who signs in, how, and what does not help who tries to be somebody else.
// Everything here goes to web.sock as nginx passes it on.  One file although it
// is long: each way in is tried against the same people and the same journal.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync,
         writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { arm, armed, pointFolder, until } from '../crash/load.mjs';
import { daemon, someSites } from '../lib/daemon.mjs';
import { PASSWORD, csrfOf, digits, encoded } from '../lib/people.mjs';

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));
process.env.GOV_POINTS = points;

const d = await daemon();
await someSites(d);
const { people } = d;

const CLERK = [['610402', 'clerk']];
const journal = async () => (await d.query('store.stats')).body.journal;
const lines = async (name, input) => JSON.stringify(await d.work(name, input));

/** An address of its own, so that no test locks out another. */
let addresses = 0;
const from = () => ({ address: `192.0.2.${++addresses}` });

const tryIn = (person, login, password) =>
  person.form('/console/sign-in', { login, password });

const title = () => `标题 ${randomUUID()}`;
const draft = () => ({ site: '610402', column: 'news', title: title(),
                       body: '正文' });


test('Who signs in gets a session and may do what the account may.',
     async () => {
  await people.account({ login: 'wang', roles: CLERK });
  const wang = people.person(from());

  const none = await wang.post('doc.create', draft());
  assert.equal(none.status, 401, none.text);
  assert.equal(none.body.code, 'session');

  const answer = await wang.form('/console/sign-in', {
    login: ' Wang'.trim(), password: PASSWORD, _to: '/console/docs' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.body, { to: '/console/docs' });
  assert.match(wang.cookie, /^[\w-]{43}$/);

  const made = await wang.post('doc.create', {
    ...draft(), _to: '/console/docs/{doc}/{nothing}?v={version}' });
  assert.equal(made.status, 200, made.text);
  assert.ok(made.body.verdict.doc > 0);
  assert.equal(made.body.to, `/console/docs/${made.body.verdict.doc}/?v=1`);

  const entry = await d.query('journal.get', { seq: await journal() });
  assert.equal(entry.body.actor, 'wang');
  assert.equal(entry.body.origin, `web ${wang.address}`);

  const elsewhere = await wang.post('doc.create', {
    ...draft(), site: '610400' });
  assert.equal(elsewhere.status, 404, elsewhere.text);
  const asked = await wang.query('doc.list', { site: '610402' });
  assert.equal(asked.status, 200, asked.text);

  const out = await wang.form('/console/sign-out');
  assert.equal(out.body.to, '/console/sign-in');
  assert.match(out.set, /Max-Age=0/);
  assert.equal((await wang.query('doc.list', { site: '610402' })).status, 401);
});


test('The cookie is bound to the host under TLS, and to no script.',
     async () => {
  await people.account({ login: 'cookie', roles: CLERK });
  const plain = await tryIn(people.person(from()), 'cookie', PASSWORD);
  assert.match(plain.set,
    /^gov_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);

  const tls = people.person({ ...from(), tls: true });
  const answer = await tryIn(tls, 'cookie', PASSWORD);
  assert.match(answer.setKnown, new RegExp('^__Host-gov_known=[\\w-]{75}; '
    + 'Max-Age=15552000; Path=/; HttpOnly; SameSite=Lax; Secure$'));
  assert.match(answer.set, new RegExp('^__Host-gov_sid=[\\w-]{43}; Path=/; '
    + 'HttpOnly; SameSite=Lax; Secure$'));
  assert.equal((await tls.query('me.get')).status, 200);

  // a plain cookie, which another host may set, does not count under TLS
  const tossed = await tls.ask('GET', '/api/v1/queries/me.get', {
    headers: { cookie: `gov_sid=${tls.cookie}` } });
  assert.equal(tossed.status, 401);
});


test('Nobody is told whether it was the name, the password or the account.',
     async () => {
  await people.account({ login: 'right', roles: CLERK });
  await people.account({ login: 'gone', roles: CLERK });
  await d.command('user.suspend', { user: 'gone' });
  await d.command('user.create', { login: 'invited', name: '甲' });
  await people.account({ login: 'late', roles: CLERK, contractor: '某公司',
                         expires: '2026-11-20 09:00' });
  const before = d.now;
  d.at('2026-11-20T09:00:00+08:00');

  const answers = [];
  for (const [login, password] of [
    ['right', 'not-the-password'], ['nobody', PASSWORD], ['gone', PASSWORD],
    ['invited', ''], ['late', PASSWORD], ['', ''], ['\u0001x', PASSWORD],
  ]) {
    const refused = await tryIn(people.person(from()), login, password);
    assert.equal(refused.set, undefined);
    delete refused.body.input;
    answers.push(`${refused.status} ${JSON.stringify(refused.body)}`);
  }
  assert.deepEqual([...new Set(answers)], [answers[0]]);
  assert.match(answers[0], /^403 .*用户名或密码不对/);
  d.at(before);

  // and all of them had a hash computed: each dies where it begins
  for (const login of ['right', 'nobody', 'gone']) {
    arm(points, 'password_verify');
    await assert.rejects(tryIn(people.person(from()), login, 'x'));
    assert.ok(!armed(points, 'password_verify'), login);
    await until(() => d.call('web', 'GET', 'openapi.json').then(
      () => true, () => false), 'a new child');
  }
});


test('Five failures lock a name, known or not, for a minute and longer.',
     async () => {
  await people.account({ login: 'locked', roles: CLERK });

  for (const login of ['locked', 'not-there']) {
    for (let i = 0; i < 5; i++) {
      const refused = await tryIn(people.person(from()), login, 'wrong');
      assert.equal(refused.status, 403);
    }
    const entries = await journal();
    arm(points, 'password_verify');
    const locked = await tryIn(people.person(from()), login, PASSWORD);
    assert.equal(locked.status, 429, locked.text);
    assert.equal(locked.headers['retry-after'], '61');
    assert.match(locked.body.detail, /2 分钟后/);
    assert.ok(armed(points, 'password_verify'), 'a hash was computed');
    rmSync(`${points}/password_verify`);
    assert.equal(await journal(), entries);
  }

  d.later(61);
  assert.equal((await tryIn(people.person(from()), 'locked', 'wrong')).status,
               403);
  d.later(61);
  const longer = await tryIn(people.person(from()), 'locked', PASSWORD);
  assert.equal(longer.status, 429);
  assert.equal(longer.headers['retry-after'], '60');
  d.later(60);
  await people.signIn('locked', from());

  // the count began anew
  await tryIn(people.person(from()), 'locked', 'wrong');
  await people.signIn('locked', from());
});


test('What fails elsewhere does not lock a person out of where they are.',
     async () => {
  await people.account({ login: 'aimed', roles: CLERK });
  const desk = from();
  const mine = await people.signIn('aimed', desk);
  const strangers = async () => {
    for (let i = 0; i < 6; i++) {
      await tryIn(people.person(from()), 'aimed', 'wrong');
    }
  };
  await strangers();
  const away = await tryIn(people.person(from()), 'aimed', PASSWORD);
  assert.equal(away.status, 429);
  await people.signIn('aimed', desk);

  // nor keeps them from a new password there
  const better = 'kuangye-denglong-92';
  assert.equal((await mine.form('/console/sign-in/password', {
    old: PASSWORD, password: better, again: better })).status, 200);

  // what fails there is counted there
  for (let i = 0; i < 5; i++) {
    await tryIn(people.person(desk), 'aimed', 'wrong');
  }
  assert.equal((await tryIn(people.person(desk), 'aimed', better)).status,
               429);
  d.later(61);
  await people.signIn('aimed', { password: better, ...desk });
});


test('Twenty failures lock an address, whatever names it tries.', async () => {
  const mine = from();
  for (let i = 0; i < 20; i++) {
    await tryIn(people.person(mine), `guess${i}`, 'wrong');
  }
  const locked = await tryIn(people.person(mine), 'wang', PASSWORD);
  assert.equal(locked.status, 429, locked.text);
  await people.signIn('wang', from());
});


/** A browser without a session that has this cookie. */
const device = (known, where) => Object.assign(people.person(where), { known });

test('A browser that signed in before is not hindered by its neighbours.',
     async () => {
  const office = from();
  await people.account({ login: 'neighbour', roles: CLERK });
  const mine = people.person(office);
  const first = await tryIn(mine, 'neighbour', PASSWORD);
  assert.match(first.setKnown, new RegExp('^gov_known=[\\w-]{75}; '
    + 'Max-Age=15552000; Path=/; HttpOnly; SameSite=Lax$'));
  const { known } = mine;
  assert.ok(!Buffer.from(known, 'base64url').toString('latin1')
    .includes('neighbour'));

  for (let i = 0; i < 20; i++) {
    await tryIn(people.person(office), `colleague${i}`, 'wrong');
  }
  assert.equal((await tryIn(people.person(office), 'neighbour', PASSWORD))
    .status, 429);
  const again = device(known, office);
  assert.equal((await tryIn(again, 'neighbour', PASSWORD)).status, 200);
  assert.notEqual(again.known, known);

  // another's name, a changed byte, one that has ended: none of its own
  await people.account({ login: 'colleague', roles: CLERK });
  const bytes = Buffer.from(known, 'base64url');
  for (const at of [0, 16, 23, 24, 55]) {
    const forged = Buffer.from(bytes);
    forged[at] ^= 1;
    assert.equal((await tryIn(device(forged.toString('base64url'), office),
                              'neighbour', PASSWORD)).status, 429, String(at));
  }
  assert.equal((await tryIn(device(known.slice(1), office), 'neighbour',
                            PASSWORD)).status, 429);
  assert.equal((await tryIn(device(known, office), 'colleague', PASSWORD))
    .status, 429);

  const before = d.now;
  d.later(180 * 86400 - 1);
  for (let i = 0; i < 20; i++) {
    await tryIn(people.person(office), `guest${i}`, 'wrong');
  }
  assert.equal((await tryIn(device(known, office), 'neighbour', PASSWORD))
    .status, 200);
  d.later(1);
  assert.equal((await tryIn(device(known, office), 'neighbour', PASSWORD))
    .status, 429);
  d.at(before);
});


test('What a known browser fails is counted for it alone.', async () => {
  const office = from();
  await people.account({ login: 'typist', roles: CLERK });
  const mine = people.person(office);
  await tryIn(mine, 'typist', PASSWORD);
  const { known } = mine;

  for (let i = 0; i < 25; i++) {
    const refused = await tryIn(device(known, office), 'typist', 'wrong');
    assert.equal(refused.status, i < 5 ? 403 : 429, String(i));
    if (i === 0) {
      assert.match(refused.body.detail, /用户名或密码不对/);
    }
  }
  assert.equal((await tryIn(device(known, from()), 'typist', PASSWORD)).status,
               429);

  // neither the address nor the name is locked by it
  assert.equal((await tryIn(people.person(office), 'typist', PASSWORD)).status,
               200);
  assert.equal((await tryIn(people.person(from()), 'typist', PASSWORD)).status,
               200);
  d.later(61);
  assert.equal((await tryIn(device(known, office), 'typist', PASSWORD)).status,
               200);
});


test('Many tries at once are no more than five.', async () => {
  await people.account({ login: 'rush', roles: CLERK });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) =>
    tryIn(people.person(from()), 'rush', i < 25 ? 'wrong' : PASSWORD)));
  const wrong = answers.filter((a) => a.status === 403).length;
  assert.ok(wrong >= 5, String(wrong));
  const late = await tryIn(people.person(from()), 'rush', PASSWORD);
  assert.equal(late.status, 429);
});


test('Every step changes the token, and the one before is worth nothing.',
     async () => {
  await people.account({ login: 'chief', roles: [['', 'operator']] });
  const chief = people.person(from());
  const first = await tryIn(chief, 'chief', PASSWORD);
  assert.equal(first.body.to, '/console/sign-in/factor');
  const before = chief.cookie;

  const done = await people.setUp('chief', chief);
  assert.equal(done.status, 200, done.text);
  assert.notEqual(chief.cookie, before);

  const old = people.person(from());
  old.cookie = before;
  assert.equal((await old.query('me.get')).status, 401);
  assert.equal((await old.form('/console/sign-in/factor',
                               { code: '000000' })).status, 401);
  assert.equal((await chief.query('me.get')).status, 200);
});


test('A stage asks for its own step and lets nothing else through.',
     async () => {
  const chief = people.person(from());
  const answer = await chief.form('/console/sign-in', {
    login: 'chief', password: PASSWORD, _to: '/console/people?a=1&b' });
  assert.equal(answer.body.to,
    '/console/sign-in/code?to=%2Fconsole%2Fpeople%3Fa%3D1%26b');

  for (const asked of [
    chief.query('site.list'), chief.query('me.get'),
    chief.command('site.create', {}), chief.post('site.create', {}),
    chief.form('/console/sign-in/password', {}),
    chief.form('/console/sign-in/factor', {}),
    chief.get('/console/sign-in/factor'),
  ]) {
    const { status, body } = await asked;
    assert.equal(status, 403);
    assert.equal(body.code, 'stage');
    assert.equal(body.field, 'code');
  }

  const wrong = await chief.form('/console/sign-in/code', { code: '000000' });
  assert.equal(wrong.status, 403);
  const passed = await chief.form('/console/sign-in/code', {
    code: people.code('chief'), _to: '/console/people?a=1&b' });
  assert.deepEqual(passed.body, { to: '/console/people?a=1&b' });
  assert.equal((await chief.query('site.list')).status, 200);
});


test('A code is good once, a recovery code too, and both are counted.',
     async () => {
  d.later(120);
  const { secret, recovery } = people.factor('chief');
  const step = Math.floor(d.now / 30000);
  const begin = async () => {
    const person = people.person(from());
    await tryIn(person, 'chief', PASSWORD);
    return person;
  };
  const code = digits(secret, step);

  const one = await begin();
  const two = await begin();
  assert.equal((await one.form('/console/sign-in/code', { code })).status,
               200);
  assert.equal((await two.form('/console/sign-in/code', { code })).status,
               403);

  // the same one from two browsers at the same moment
  const next = digits(secret, step + 1);
  const both = await Promise.all([await begin(), await begin()].map(
    (person) => person.form('/console/sign-in/code', { code: next })));
  assert.deepEqual(both.map((a) => a.status).sort(), [200, 403]);

  const spare = recovery.pop();
  const typed = spare.toUpperCase().replace('-', ' ');
  const three = await begin();
  assert.equal((await three.form('/console/sign-in/code',
                                 { code: typed })).status, 200);
  const four = await begin();
  assert.equal((await four.form('/console/sign-in/code',
                                { code: spare })).status, 403);

  // a right password does not begin the count of wrong codes anew
  let status;
  for (let i = 0; i < 6 && status !== 429; i++) {
    const person = people.person(from());
    ({ status } = await tryIn(person, 'chief', PASSWORD));
    if (status === 200) {
      ({ status } = await person.form('/console/sign-in/code',
                                      { code: '000000' }));
    }
  }
  assert.equal(status, 429);
  d.later(3600);
});


test('A session ends when it is ended, suspended, idle or old.', async () => {
  await people.account({ login: 'zhao', roles: CLERK });
  const ask = (person) => person.query('me.get').then((a) => a.status);

  const ended = await people.signIn('zhao', from());
  await d.command('user.sessions_end', { user: 'zhao' });
  assert.equal(await ask(ended), 401);

  const idle = await people.signIn('zhao', from());
  d.later(29 * 60);
  assert.equal(await ask(idle), 200);
  d.later(31 * 60);
  assert.equal(await ask(idle), 401);

  const late = await people.signIn('zhao', from());
  await d.command('user.suspend', { user: 'zhao' });
  const cut = await late.post('doc.create', { ...draft(), title: '写了一半' });
  assert.equal(cut.status, 401, cut.text);
  assert.equal(await ask(late), 401);
  await d.command('user.resume', { user: 'zhao' });
  assert.equal(await ask(late), 401);
});


test('Use keeps a session awake, up to the end that policy says.',
     async () => {
  const put = await d.command('policy.put', { name: 'security', rules: [
    { from: '2018-01-01', contact: 'mailto:a@city.test', idle: 30,
      absolute: 90 }] });
  assert.equal(put.status, 200, put.text);
  await people.account({ login: 'awake', roles: CLERK });
  const awake = await people.signIn('awake', from());
  const began = d.now.getTime();

  /** The minute's note of what was used, which govd makes by itself. */
  const seen = (since) => until(async () => {
    for (let seq = await journal(); seq > since; seq--) {
      const entry = await d.query('journal.get', { seq });
      if (entry.body.command === 'session.seen') {
        return true;
      }
    }
    return false;
  }, 'session.seen');

  for (let i = 0; i < 3; i++) {
    const since = await journal();
    d.later(25 * 60);
    assert.equal((await awake.query('me.get')).status, 200, String(d.now));
    d.later(61);
    await seen(since);
  }
  d.at(began + 90 * 60e3 - 1);
  assert.equal((await awake.query('me.get')).status, 200);
  d.at(began + 90 * 60e3);
  assert.equal((await awake.query('me.get')).status, 401);
});


test('A role taken away in mid-work is judged when the command is done.',
     async () => {
  await people.account({ login: 'moved', roles: CLERK });
  const moved = await people.signIn('moved', from());
  assert.equal((await moved.post('doc.create', draft())).status, 200);
  await d.command('user.revoke', { user: 'moved', role: 'clerk',
                                   site: '610402' });
  const typed = { ...draft(), title: '写了很久的标题' };
  const refused = await moved.post('doc.create', typed);
  assert.ok([403, 404].includes(refused.status), refused.text);
  assert.equal(refused.body.input.title, typed.title);
  assert.equal(refused.body.input.body, typed.body);
});


test('A role that asks for a second factor is worth nothing before it is set.',
     async () => {
  await people.account({ login: 'raised', roles: CLERK });
  const raised = await people.signIn('raised', from());
  assert.equal((await raised.post('doc.create', draft())).status, 200);
  await d.command('user.grant', { user: 'raised', role: 'operator' });

  const site = { site: '610402', abbr: '新' };
  for (const asked of [
    raised.post('site.set', site), raised.command('site.set', site),
    raised.query('user.list'), raised.query('me.get'),
    raised.post('doc.create', draft()),
  ]) {
    const { status, body } = await asked;
    assert.equal(status, 403);
    assert.equal(body.code, 'stage');
    assert.equal(body.field, 'factor');
  }

  const before = raised.cookie;
  const done = await people.setUp('raised', raised);
  assert.equal(done.status, 200, done.text);
  assert.notEqual(raised.cookie, before);
  assert.equal((await raised.post('site.set', site)).status, 200);
  assert.equal((await raised.post('doc.create', draft())).status, 200);

  // and who has the factor already goes on as they are
  await d.command('user.revoke', { user: 'raised', role: 'operator' });
  const again = await people.signIn('raised', from());
  await d.command('user.grant', { user: 'raised', role: 'operator' });
  assert.equal((await again.post('site.set', site)).status, 200);
});


test('A form without its token, with another\'s or of another site is refused.',
     async () => {
  const wang = await people.signIn('wang', from());
  await people.account({ login: 'other', roles: CLERK });
  const other = await people.signIn('other', from());
  const before = await journal();
  const send = (fields, headers) =>
    wang.form('/console/do/doc.create', { ...draft(), ...fields }, headers);

  for (const [fields, headers, code] of [
    [{ _csrf: '' }, {}, 'csrf'],
    [{ _csrf: other.csrf }, {}, 'csrf'],
    [{ _csrf: wang.csrf.slice(1) }, {}, 'csrf'],
    [{ _csrf: csrfOf(randomBytes(32).toString('base64url')) }, {}, 'csrf'],
    [{}, { 'sec-fetch-site': 'cross-site' }, 'origin'],
    [{}, { 'sec-fetch-site': 'same-site' }, 'origin'],
    [{}, { 'sec-fetch-site': 'none' }, 'origin'],
    [{}, { origin: 'http://evil.test' }, 'origin'],
    [{}, { origin: 'http://county.test' }, 'origin'],
    [{}, { origin: 'http://city.test.evil.test' }, 'origin'],
    [{}, { origin: 'http://city.test:8081' }, 'origin'],
    [{}, { origin: 'null' }, 'origin'],
  ]) {
    const refused = await send(fields, headers);
    assert.equal(refused.status, 403, refused.text);
    assert.equal(refused.body.code, code, JSON.stringify([fields, headers]));
  }

  for (const headers of [{ 'gov-csrf': '' }, { 'gov-csrf': other.csrf },
                         { origin: 'http://evil.test' }]) {
    const refused = await wang.command('doc.create', draft(), headers);
    assert.equal(refused.status, 403, refused.text);
  }
  const login = await people.person(from()).form('/console/sign-in', {
    login: 'wang', password: PASSWORD }, { origin: 'http://evil.test' });
  assert.equal(login.status, 403);
  assert.equal(login.set, undefined);
  assert.equal(await journal(), before);

  assert.equal((await send({}, { origin: 'http://city.test' })).status, 200);
  assert.equal((await wang.command('doc.create', draft())).status, 200);
});


test('Forged, altered and oversized cookies are no session.', async () => {
  const wang = await people.signIn('wang', from());
  const real = wang.cookie;
  for (const cookie of [
    '', 'x', 'A'.repeat(43), `${real}A`, real.slice(1), `${real.slice(1)}A`,
    `${real}=`, real.toLowerCase(), `${real};gov_sid=${real}`.slice(0, 20),
    randomBytes(32).toString('base64url'), '%00'.repeat(20),
    'A'.repeat(7000), '" OR 1=1',
  ]) {
    wang.cookie = cookie;
    const { status } = await wang.query('me.get');
    assert.ok(status === 401 || (cookie.length > 5000 && status >= 400),
              `${status} ${cookie}`);
  }
  wang.cookie = real;
  assert.equal((await wang.query('me.get')).status, 200);
});


test('A form sent twice is done once.', async () => {
  const wang = await people.signIn('wang', from());
  const op = randomUUID();
  const fields = draft();
  const [first, again] = await Promise.all([
    wang.post('doc.create', fields, { op }),
    wang.post('doc.create', fields, { op })]);
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(again.body, first.body);
  const late = await wang.post('doc.create', fields, { op });
  assert.deepEqual(late.body, first.body);

  const list = await wang.query('doc.list', { site: '610402', limit: 100 });
  assert.equal(list.body.rows.filter((row) => row.title === fields.title)
    .length, 1);
});


test('What was typed comes back with what was wrong with it.', async () => {
  const wang = await people.signIn('wang', from());
  const body = `第一行\n${'很长的正文。'.repeat(20000)}`;
  const refused = await wang.post('doc.create', {
    ...draft(), body, column: 'nowhere', tags: ['一', '二'],
    password: 'secret-word', _to: '/console/x',
  });
  assert.ok(refused.status >= 400 && refused.status < 500, refused.text);
  const { input } = refused.body;
  assert.equal(input.body, body);
  assert.deepEqual(input.tags, ['一', '二']);
  assert.equal(input._to, '/console/x');
  assert.equal(input.password, undefined);
  assert.equal(input._csrf, undefined);
  assert.ok(!refused.text.includes('secret-word'));

  const windows = await wang.post('doc.create', {
    ...draft(), body: '一\r\n二\r\n' });
  assert.equal(windows.status, 200, windows.text);

  const signing = await people.person(from()).form('/console/sign-in', {
    login: 'wang', password: 'secret-word', _to: '/console/x' });
  assert.equal(signing.body.input.login, 'wang');
  assert.ok(!signing.text.includes('secret-word'));
});


test('Foreign addresses are not gone on to.', async () => {
  for (const to of ['http://evil.test/', '//evil.test', '/\\evil.test',
                    '/console/\\..', '/console/\n', 'javascript:alert(1)',
                    '/', '/consolex', ' /console/']) {
    const answer = await people.person(from()).form('/console/sign-in', {
      login: 'wang', password: PASSWORD, _to: to });
    assert.equal(answer.body.to, '/console/', to);
  }
});


test('Forms of any size and shape get a short answer.', async () => {
  const wang = await people.signIn('wang', from());
  const raw = (path, body, type = 'application/x-www-form-urlencoded') =>
    wang.ask('POST', path, { body, headers: { 'content-type': type } });
  const many = Array.from({ length: 2001 }, (_, i) => `f${i}=x`).join('&');

  for (const [path, body, type] of [
    ['/console/sign-in', 'x'.repeat(20000)],
    ['/console/sign-in', ''],
    ['/console/sign-in', '=&=&%&%zz&a=%00', undefined],
    ['/console/sign-in', '{"login":"wang"}', 'application/json'],
    ['/console/do/doc.create', many],
    ['/console/do/doc.create', `${'k'.repeat(65)}=1`],
    ['/console/do/no.such', encoded({ _csrf: wang.csrf })],
    ['/console/do/session.open', encoded({ _csrf: wang.csrf, user: 'wang' })],
    ['/console/do/doc.create', encoded({ _csrf: wang.csrf, _op: 'x' })],
    ['/console/do/doc.create', encoded({ _csrf: wang.csrf,
                                         title: 'a\u0000b\u0007' })],
    ['/console/do/doc.create', '_csrf=%ff%fe&title=%ff'],
    ['/console/do/', encoded({ _csrf: wang.csrf })],
    ['/console/nothing', ''],
  ]) {
    const answer = await raw(path, body, type).catch((error) => error);
    assert.ok(answer.status >= 400 && answer.status < 500,
              `${path} ${body.slice(0, 40)} ${answer.status ?? answer}`);
    assert.ok(answer.text.length < 64 * 1024);
  }

  assert.equal((await wang.get('/console/do/doc.create')).status, 405);
  for (const path of ['/api/v1/batch', '/api/v1/works/store.dump']) {
    assert.equal((await wang.ask('POST', path)).status, 403);
  }
  assert.equal((await wang.query('me.get')).status, 200);
});


test('Who must renew the password does, and to another that is not weak.',
     async () => {
  await people.account({ login: 'fresh', roles: CLERK, renew: true });
  const fresh = people.person(from());
  const answer = await tryIn(fresh, 'fresh', PASSWORD);
  assert.equal(answer.body.to, '/console/sign-in/password');

  const better = 'kuangye-denglong-92';
  for (const [password, again, field] of [
    ['short', 'short', 'password'],
    ['aaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaa', 'password'],
    ['woaini1314520', 'woaini1314520', 'password'],
    [PASSWORD, PASSWORD, 'password'],
    [better, `${better}x`, 'again'],
  ]) {
    const refused = await fresh.form('/console/sign-in/password',
                                     { password, again });
    assert.equal(refused.status, 422, refused.text);
    assert.equal(refused.body.field, field);
  }

  const done = await fresh.form('/console/sign-in/password',
                                { password: better, again: better });
  assert.equal(done.body.to, '/console/', done.text);
  assert.equal((await fresh.query('me.get')).status, 200);
  assert.equal((await tryIn(people.person(from()), 'fresh', PASSWORD)).status,
               403);

  // signed in: with the old one, and the other sessions end
  const second = await people.signIn('fresh', { password: better, ...from() });
  const third = 'shanlu-yinhe-38-feng';
  const change = (old) => fresh.form('/console/sign-in/password', {
    old, password: third, again: third });
  assert.equal((await change('')).status, 422);
  assert.equal((await change('wrong')).status, 403);
  assert.equal((await change(better)).status, 200);
  assert.equal((await second.query('me.get')).status, 401);
  assert.equal((await fresh.query('me.get')).status, 200);
});


test('A wrong old password is counted like one at the sign-in.', async () => {
  await people.account({ login: 'forgot', roles: CLERK });
  const mine = await people.signIn('forgot', from());
  const other = await people.signIn('forgot', from());
  const better = 'kuangye-denglong-92';
  const change = (old) => mine.form('/console/sign-in/password', {
    old, password: better, again: better });

  for (let i = 0; i < 5; i++) {
    const refused = await change('wrong');
    assert.equal(refused.status, 403);
    assert.equal(refused.body.field, 'old');
  }
  assert.equal((await change(PASSWORD)).status, 429);
  assert.equal((await other.query('me.get')).status, 200);
  d.later(61);
  assert.equal((await change(PASSWORD)).status, 200);
  assert.equal((await other.query('me.get')).status, 401);
});


test('Another second factor takes the place of one that was proved.',
     async () => {
  await people.account({ login: 'phone', roles: CLERK });
  const mine = await people.signIn('phone', from());
  const early = await people.signIn('phone', from());
  assert.equal((await people.setUp('phone', mine)).status, 200);
  assert.equal((await early.query('me.get')).status, 401,
               'who has not proved it');
  const before = people.factor('phone');

  const replace = async (fields) => {
    const { body } = await mine.get('/console/account/factor');
    const step = Math.floor(d.now / 30000);
    return mine.form('/console/sign-in/factor', {
      code: digits(body.secret, step), old: PASSWORD, ...fields });
  };

  // a session alone is not enough, nor with half of the proof
  for (const [fields, status] of [
    [{ old: '' }, 422], [{ old: 'wrong' }, 403], [{}, 403],
    [{ now: '000000' }, 403], [{ code: '000000', now: 'x' }, 422],
  ]) {
    const refused = await replace({ now: people.code('phone'), ...fields,
                                    ...'old' in fields || fields.now ? {}
                                      : { now: '' } });
    assert.equal(refused.status, status, JSON.stringify(fields));
    assert.ok(refused.body.input.factor.qr, 'the same code is shown again');
  }
  d.later(24 * 3600);

  const again = people.person(from());
  await tryIn(again, 'phone', PASSWORD);
  const spare = before.recovery.pop();
  Object.assign(mine, { cookie: '' });
  await tryIn(mine, 'phone', PASSWORD);
  await mine.form('/console/sign-in/code', { code: people.code('phone') });
  assert.equal((await mine.query('me.get')).status, 200);

  // without the phone: by a recovery code
  const { body: { secret, recovery } } = await mine.get(
    '/console/account/factor');
  d.later(30);
  assert.equal((await replace({ now: spare })).status, 200);
  assert.equal((await mine.query('me.get')).status, 200);

  // the former one is worth nothing any more
  d.later(60);
  const late = people.person(from());
  await tryIn(late, 'phone', PASSWORD);
  for (const code of [digits(before.secret, Math.floor(d.now / 30000)),
                      before.recovery[0], spare]) {
    assert.equal((await late.form('/console/sign-in/code',
                                  { code })).status, 403);
  }
  assert.equal((await late.form('/console/sign-in/code', {
    code: digits(secret, Math.floor(d.now / 30000)) })).status, 200);
  const last = people.person(from());
  await tryIn(last, 'phone', PASSWORD);
  assert.equal((await last.form('/console/sign-in/code',
                                { code: recovery[0] })).status, 200);
});


test('A link sets one password, once, before it ends.', async () => {
  const password = 'kuangye-denglong-92';
  const take = (link, more = {}) => people.person(from()).form(
    '/console/invite', { token: link.split('token=')[1], password,
                         again: password, ...more });

  const op = randomUUID();
  const input = { login: 'newcomer', name: '新人', site: '610402',
                  role: 'clerk' };
  const made = await d.command('user.create', input, { op });
  assert.match(made.body.link, /^\/console\/invite\?token=\d+\.[\w-]{43}$/);
  const told = await d.command('user.create', input, { op });
  assert.equal(told.body.link, made.body.link);

  const renewed = await d.command('user.invite', { user: 'newcomer' });
  const { link } = renewed.body;
  assert.equal((await take(made.body.link)).status, 403);
  for (const bad of ['', '1', '1.', '.x', `${link}A`, link.slice(0, -1),
                     link.replace(/\d+\./, '1.'), '9'.repeat(40)]) {
    assert.equal((await take(`token=${bad.split('token=').pop()}`)).status,
                 403, bad);
  }
  assert.equal((await take(link, { password: 'weak', again: 'weak' })).status,
               422);

  const both = await Promise.all([take(link), take(link)]);
  assert.deepEqual(both.map((a) => a.status).sort(), [200, 403]);
  assert.equal((await take(link)).status, 403);
  await people.signIn('newcomer', { password, ...from() });

  const late = await d.command('user.invite', { user: 'newcomer' });
  d.later(86400);
  assert.equal((await take(late.body.link)).status, 403);

  const cut = await d.command('user.invite', { user: 'newcomer' });
  await d.command('user.suspend', { user: 'newcomer' });
  assert.equal((await take(cut.body.link)).status, 403);
});


test('A link does not go round a second factor.', async () => {
  await people.account({ login: 'twofold', roles: [['', 'operator']] });
  await people.signIn('twofold', from());

  const { link } = (await d.command('user.invite', { user: 'twofold' })).body;
  const password = 'kuangye-denglong-92';
  const finder = people.person(from());
  const taken = await finder.form('/console/invite', {
    token: link.split('token=')[1], password, again: password });
  assert.equal(taken.body.to, '/console/sign-in/code', taken.text);
  assert.equal((await finder.query('me.get')).status, 403);
  assert.equal((await finder.command('site.set', { site: '610402',
                                                   about: '我的' })).status,
               403);

  const code = await finder.form('/console/sign-in/code',
                                 { code: people.code('twofold') });
  assert.equal(code.body.to, '/console/', code.text);
  assert.equal((await finder.query('me.get')).status, 200);
});


test('Neither journal nor store holds a password, a token or a code.',
     async () => {
  const wang = await people.signIn('wang', from());
  const { link } = (await d.command('user.invite', { user: 'moved' })).body;
  const { secret, recovery } = people.factor('chief');
  const all = await lines('store.dump', { journal: true });
  assert.match(all, /attempt\.note/);
  assert.match(all, /session\.open/);

  for (const hidden of [
    PASSWORD, 'kuangye-denglong-92', wang.cookie, wang.csrf,
    link.split('.')[1], secret, ...recovery, '$argon2id', 'argon2',
    Buffer.from(wang.cookie, 'base64url').toString('hex'),
  ]) {
    assert.ok(!all.includes(hidden), hidden);
  }
  assert.doesNotMatch(d.log(), new RegExp(`${PASSWORD}|${wang.cookie}`));
});


test('What was signed in, and what failed, replays to the same store.',
     async () => {
  await tryIn(people.person(from()), 'nobody', 'x');
  const copy = join(d.dir, 'copy');
  const backup = await d.work('store.backup', { dir: copy });
  assert.equal(backup.at(-1).end.ok, true, JSON.stringify(backup));
  mkdirSync(join(d.dir, 'one'));
  mkdirSync(join(d.dir, 'two'));
  cpSync(copy, join(d.dir, 'one/store'), { recursive: true });
  cpSync(join(d.dir, 'store/lock.mdb'), join(d.dir, 'one/store/lock.mdb'));

  const replay = await d.govd(['--run', d.dir, '--replay', 'one/store',
                               'two/store']);
  assert.equal(replay.code, 0, replay.output);

  const dumps = [];
  for (const side of ['one', 'two']) {
    const dump = await d.govd(['--run', join(d.dir, side), '--dump']);
    assert.equal(dump.code, 0, dump.output);
    dumps.push(dump.stdout.split('\n'));
  }
  assert.ok(dumps[0].some((line) => line.includes('"SESSIONS"')));
  assert.ok(dumps[0].some((line) => line.includes('"ATTEMPTS"')));
  assert.deepEqual(dumps[0], dumps[1]);
});


test('Hashes of other parameters are made anew when their owner signs in.',
     async () => {
  const opened = async (person) => {
    await tryIn(person, 'wang', PASSWORD);
    return (await d.query('journal.get', { seq: await journal() })).body;
  };
  assert.equal((await opened(people.person(from()))).input.secret, undefined);

  await d.stop();
  writeFileSync(join(d.dir, 'govd.conf'), 'password-passes 2\n');
  await d.start();
  const first = await opened(people.person(from()));
  assert.match(first.input.secret, /^[\w-]{100,}$/);
  assert.equal((await opened(people.person(from()))).input.secret, undefined);

  await d.stop();
  writeFileSync(join(d.dir, 'govd.conf'), 'password sm3\n');
  await d.start();
  assert.ok((await opened(people.person(from()))).input.secret);
  assert.equal((await opened(people.person(from()))).input.secret, undefined);

  for (const bad of ['password md5', 'password-rounds 1000',
                     'password-memory 1K', 'password-lanes 0']) {
    writeFileSync(join(d.dir, 'govd.conf'), `${bad}\n`);
    assert.equal((await d.govd(['--run', d.dir, '--once'])).code, 2, bad);
  }
  rmSync(join(d.dir, 'govd.conf'));
});


test('The key is nobody else\'s; a lost one stops no work and opens nothing.',
     async () => {
  const key = join(d.dir, 'keys/secret.key');
  assert.equal(statSync(key).mode & 0o777, 0o600);
  const bytes = readFileSync(key);

  await d.stop();
  chmodSync(key, 0o640);
  await assert.rejects(d.start(), /chmod 600/);

  rmSync(key);
  await d.start();
  assert.match(d.log(), /secret\.key was gone and a new key is made/);
  const refused = await tryIn(people.person(from()), 'other', PASSWORD);
  assert.equal(refused.status, 403, refused.text);
  assert.match(d.log(), /password of account \d+ does not open/);

  await d.stop();
  writeFileSync(key, bytes, { mode: 0o600 });
  await d.start();
  await people.signIn('other', from());
});
