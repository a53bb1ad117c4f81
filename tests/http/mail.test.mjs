// Mails of notices: a mail server that takes them, refuses them or is away,
// and a govd that is killed between sending and noting it.

import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, beforeEach } from 'node:test';

import { arm, armed, pointFolder, until } from '../crash/load.mjs';
import { daemon, someSites } from '../lib/daemon.mjs';
import { PASSWORD as SECRET } from '../lib/people.mjs';
import { certificate, GONE, smtp } from '../lib/smtp.mjs';

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));
process.env.GOV_POINTS = points;

const server = await smtp();
const d = await daemon({ start: false });
const { people } = d;
const conf = (...lines) =>
  writeFileSync(join(d.dir, 'govd.conf'), `${lines.join('\n')}\n`);
const MAIL = ['mail-from noreply@city.test',
              'portal-url https://www.city.test'];

conf('# no mail');
await d.start();
await someSites(d);
await d.command('policy.put', { name: 'flow', rules: [
  { from: '2020-01-01', reviews: 1 }] });

for (const [login, role] of [['clerk', 'clerk'], ['rev', 'reviewer'],
                             ['two', 'reviewer'], ['pub', 'publisher']]) {
  await people.account({ login, name: `名${login}`, roles: [['610402', role]] });
  await d.command('user.set', { user: login, mail: `${login}@city.test` });
}
const clerk = await people.signIn('clerk');

/** What an operator is shown of mails that do not go out. */
const stuck = async () => (await d.query('mail.list')).body;
/** How many mails wait: of one that was given up a row without is left. */
const waiting = async () => (await d.work('store.dump'))
  .filter((line) => line.table === 'MAILS').length
  - (await stuck()).rows.filter(({ state }) => state === 'lost').length;
/** Everything that was sent is noted too. */
const noted = () => until(async () => await waiting() === 0, 'no mail waits');

beforeEach(() => {
  server.refuse = () => undefined;
});

let docs = 0;
async function submitted(title = `文档${++docs}`) {
  const made = await clerk.command('doc.create', {
    site: '610402', column: 'news', title, body: '正文' });
  assert.equal(made.status, 200, made.text);
  const sent = await clerk.command('doc.submit', { doc: made.body.doc,
                                                   reason: '请审' });
  assert.equal(sent.status, 200, sent.text);
  return made.body.doc;
}


test('Where no server is named nothing waits to be sent.', async () => {
  await submitted();
  assert.equal(await waiting(), 0);

  for (const lines of [['smtp http://x', ...MAIL],
                       ['smtp smtp://x', 'portal-url https://x'],
                       ['smtp smtp://x', 'mail-from a@b'],
                       ['smtp smtp://x', ...MAIL, 'mail-rate 0']]) {
    const other = await daemon({ start: false });
    writeFileSync(join(other.dir, 'govd.conf'), `${lines.join('\n')}\n`);
    const done = await other.govd(['--run', other.dir]);
    assert.equal(done.code, 2, done.output);
    assert.match(done.stderr, /smtp|mail-from|portal-url|mail-rate/);
  }

  await d.stop();
  conf(`smtp ${server.url}`, ...MAIL);
  await d.start();
  assert.equal(await waiting(), 0);
});


test('A mail that never comes is not waited for without end.', async () => {
  await assert.rejects(server.got(1, 3), {
    message: 'it never came: mail 1; 0 are here, and last was said ""' });
});


test('A reviewer is mailed within a minute what was submitted.', async () => {
  const doc = await submitted('关于防汛工作的通知：第一号\u{1F30A}');
  assert.equal(await waiting(), 2);
  assert.equal(server.mails.length, 0);
  d.later(60);

  const mails = await server.got(2);
  const mail = mails.find(({ to }) => to === 'rev@city.test');
  assert.ok(mails.find(({ to }) => to === 'two@city.test'));
  assert.equal(mail.from, 'noreply@city.test');
  assert.equal(mail.subject,
               '有文档等待处理：关于防汛工作的通知：第一号\u{1F30A}');
  assert.equal(mail.sender, '示例县 <noreply@city.test>');
  assert.match(mail.head['message-id'],
               /^<notice\.\d+-\d+\.\d+@city\.test>$/);
  assert.equal(mail.head['auto-submitted'], 'auto-generated');
  assert.equal(mail.type, 'text/plain; charset=utf-8');
  assert.equal(mail.parts, 1);
  assert.ok(mail.text.startsWith('名rev：\n'));
  assert.ok(mail.text.includes('《关于防汛工作的通知：第一号\u{1F30A}》'));
  assert.ok(mail.text.includes('clerk：请审'));
  assert.ok(mail.text.includes(`https://www.city.test/console/doc/${doc}\n`));
  for (const line of mail.raw.split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 80, line);
  }
  await noted();

  // what joined the row since the letter was made is not taken for sent
  const { body } = await d.query('journal.list', { limit: 1 });
  const entry = await d.query('journal.get', { seq: body.rows[0].seq });
  assert.equal(entry.body.command, 'mail.sent');
  assert.match(mails[1].head['message-id'],
               new RegExp(`-${entry.body.input.last}\\.`));
});


test('Who changes their address proves the password; the old one is told.',
     async () => {
  await people.account({ login: 'own', name: '名own',
                         roles: [['610402', 'clerk']] });
  await d.command('user.set', { user: 'own', mail: 'old@city.test' });
  const own = await people.signIn('own', { address: '192.0.2.7' });
  const change = (fields) => own.form('/console/account/mail', {
    old: SECRET, mail: 'new@city.test', ...fields });
  const mailOf = async () => (await own.query('me.get')).body.mail;
  const before = server.mails.length;

  for (const [fields, status, field] of [
    [{ old: 'wrong-wrong' }, 403, 'old'], [{ old: '' }, 422, 'old'],
    [{ mail: 'no address' }, 422, 'mail'],
    [{ mail: 'x@y.cn\r\nBcc: z@y.cn' }, 422, 'mail'],
    [{ _csrf: 'x' }, 403, undefined]]) {
    const refused = await change(fields);
    assert.equal(refused.status, status, refused.text);
    if (field) {
      assert.equal(refused.body.field, field, refused.text);
    }
    assert.equal(await mailOf(), 'old@city.test');
  }
  // a session alone does not do it
  assert.notEqual((await own.command('account.mail', {
    user: 'own', mail: 'new@city.test' })).status, 200);

  const done = await change({});
  assert.equal(done.status, 200, done.text);
  assert.equal(await mailOf(), 'new@city.test');
  const { body } = await own.query('notice.list');
  assert.deepEqual([body.rows[0].kind, body.rows[0].text],
                   ['mail', 'new@city.test']);

  d.later(60);
  const mails = (await server.got(before + 2)).slice(before);
  const told = mails.find(({ to }) => to === 'old@city.test');
  assert.equal(told.subject, '您的邮箱地址已更改');
  assert.match(told.text, /账号 own 的邮箱地址/);
  assert.doesNotMatch(told.raw, /new@city/);
  assert.ok(mails.find(({ to }) => to === 'new@city.test'));
  await noted();
});


test('Whose address an administrator changes is told, at the old one too.',
     async () => {
  await people.account({ login: 'led', name: '名led',
                         roles: [['610402', 'clerk']] });
  await people.account({ login: 'chief', name: '名chief',
                         roles: [['610402', 'manager']] });
  const led = await people.signIn('led');
  const chief = await people.signIn('chief');
  const change = async (fields) => {
    const done = await chief.command('user.set', { user: 'led', ...fields });
    assert.equal(done.status, 200, done.text);
  };
  const told = async () => (await led.query('notice.list')).body.rows
    .filter(({ kind }) => kind === 'mail');
  const before = server.mails.length;

  // the first one is no other one, and the same one neither
  await change({ mail: 'first@city.test' });
  await change({ mail: 'first@city.test', phone: '029' });
  assert.deepEqual(await told(), []);

  await change({ mail: 'second@city.test' });
  assert.deepEqual((await told()).map(({ name, text }) => [name, text]),
                   [['chief', 'second@city.test']]);

  d.later(60);
  const mails = (await server.got(before + 2)).slice(before);
  const left = mails.find(({ to }) => to === 'first@city.test');
  assert.equal(left.subject, '您的邮箱地址已更改');
  assert.match(left.text, /账号 led 的邮箱地址/);
  assert.doesNotMatch(left.raw, /second@city/);
  assert.ok(mails.find(({ to }) => to === 'second@city.test'));
  await noted();

  // with mails not wanted the old address still hears, also that there is
  // none any more
  await led.command('notice.set', { how: 'none', kinds: ['task'] });
  await change({ mail: '' });
  d.later(60);
  const last = (await server.got(before + 3)).at(-1);
  assert.equal(last.to, 'second@city.test');
  // another mail, not that to the first address once more
  assert.match(last.head['message-id'], /^<left\.\d+\.\d+@city\.test>$/);
  assert.notEqual(last.head['message-id'], left.head['message-id']);
  assert.equal((await told()).length, 1);
  await noted();
});


test('A site, or one above it, has a sender of its own.', async () => {
  const set = async (site, from) => {
    const answer = await d.command('site.set', { site, mail_from: from });
    assert.equal(answer.status, 200, answer.text);
  };
  const refused = await d.command('site.set', {
    site: '610402', mail_from: 'x\r\nBcc: y@z' });
  assert.equal(refused.status, 422, refused.text);

  for (const [site, from, sender] of [
    ['610400', 'city@gov.test', '示例县 <city@gov.test>'],
    ['610402', 'county@gov.test', '示例县 <county@gov.test>']]) {
    await set(site, from);
    const before = server.mails.length;
    await submitted();
    d.later(60);
    const mail = (await server.got(before + 2))[before];
    assert.equal(mail.sender, sender);
    assert.equal(mail.head.sender, '<noreply@city.test>');
    assert.equal(mail.from, 'noreply@city.test');
    await noted();
  }
  await set('610400', '');
  await set('610402', '');
});


test('What a minute brings is one mail; what was read is in none.',
     async () => {
  const before = server.mails.length;
  const read = await submitted('已读的');
  await submitted('没读的');
  await submitted('也没读');
  const two = await people.signIn('two', { address: '192.0.2.9' });
  const { body } = await two.query('notice.list');
  const { id } = body.rows.find((row) => row.doc === read);
  assert.equal((await two.command('notice.read', { ids: [id] })).status, 200);

  d.later(60);
  const mails = (await server.got(before + 2)).slice(before);
  const one = mails.find(({ to }) => to === 'two@city.test');
  assert.equal(one.subject, '您有 2 条新通知');
  assert.ok(!one.text.includes('已读的'));
  assert.ok(one.text.includes('《没读的》') && one.text.includes('《也没读》'));
  const all = mails.find(({ to }) => to === 'rev@city.test');
  assert.equal(all.subject, '您有 3 条新通知');
  await noted();
  assert.equal(server.mails.length, before + 2);
});


test('Who may not read it any more is mailed no title.', async () => {
  const before = server.mails.length;
  await submitted('机密标题');
  await d.command('user.revoke', { user: 'two', role: 'reviewer',
                                   site: '610402' });
  d.later(60);
  const mails = (await server.got(before + 2)).slice(before);
  const two = mails.find(({ to }) => to === 'two@city.test');
  assert.ok(!two.raw.includes('机密') && !two.text.includes('机密'));
  assert.ok(!two.text.includes('请审'));
  assert.ok(two.text.includes('无权查看'));
  assert.ok(mails.find(({ to }) => to === 'rev@city.test').text
    .includes('机密标题'));
  await d.command('user.grant', { user: 'two', role: 'reviewer',
                                  site: '610402' });
  d.later(60);
  await server.got(before + 3);
  await noted();
});


test('A server that is away holds mail up and nothing else.', async () => {
  const before = server.mails.length;
  const { port } = server;
  await server.close();
  await submitted();
  const commands = async () => (await d.query('journal.list', { limit: 5 }))
    .body.rows.map(({ command }) => command);
  d.later(60);
  const held = (minutes) => until(
    () => d.log().includes(`tried again in ${minutes} minutes`),
    `held for ${minutes}`);
  // its time is that of the command, which comes behind the log's line
  const heldFor = async (tries) => {
    await held(tries);
    await until(async () => (await stuck()).held?.tries === tries, 'noted');
  };
  await heldFor(1);
  d.later(60);
  await heldFor(2);
  assert.equal(await waiting(), 2);
  const [last] = (await commands()).filter(
    (c) => !['session.seen', 'mail.hold'].includes(c));
  assert.equal(last, 'doc.submit');

  const { held: said, rows } = await stuck();
  assert.match(said.why, /connect/i);
  assert.equal(new Date(said.failed) - new Date(said.since), 60000);
  assert.deepEqual(rows.map(({ user, state, tries }) => [user, state, tries]),
                   [['rev', 'held', 0], ['two', 'held', 0]]);

  await server.listen(port);
  d.later(120);
  await server.got(before + 2);
  await noted();
  assert.deepEqual(await stuck(), { mails: true, rows: [] });
});


test('One who wants none of us holds mail up too.', async () => {
  const before = server.mails.length;
  server.refuse = (line) => line.startsWith('MAIL') && '550 go away';
  await submitted();
  d.later(60);
  await until(() => d.log().includes('550'), 'refused');
  assert.equal(await waiting(), 2);
  assert.equal(server.mails.length, before);
  server.refuse = () => undefined;
  d.later(60);
  await server.got(before + 2);
  await noted();
});


test('A mail taken without a word costs no other its own.', async () => {
  const before = server.mails.length;
  let given = 0;
  server.refuse = (line) => line === '.' && given++ === 0 && GONE;
  await submitted();
  d.later(60);
  const mail = (await server.got(before + 1))[before];
  assert.equal(mail.to, 'two@city.test');
  await until(async () => await waiting() === 1, 'one waits');
  const { held, rows: [again] } = await stuck();
  assert.equal(held, undefined);
  assert.deepEqual([again.user, again.state, again.tries],
                   ['rev', 'again', 1]);
  d.later(61);
  assert.equal((await server.got(before + 2))[before + 1].to,
               'rev@city.test');
  await noted();
});


test('An address that is refused costs no other its mail.', async () => {
  const before = server.mails.length;
  server.refuse = (line) => /^RCPT.*rev@/.test(line) && '550 no such user';
  await submitted();
  d.later(60);
  const mail = (await server.got(before + 1))[before];
  assert.equal(mail.to, 'two@city.test');
  await noted();

  const rev = await people.signIn('rev', { address: '192.0.2.7' });
  let rule = await rev.query('notice.rule');
  assert.ok(rule.body.refused, rule.text);
  const [lost] = (await stuck()).rows;
  assert.deepEqual([lost.user, lost.state, lost.tries], ['rev', 'lost', 1]);
  assert.match(lost.why, /550/);
  server.refuse = () => undefined;

  // for now: tried again in a minute, then two
  server.refuse = (line) => /^RCPT.*rev@/.test(line) && '451 later';
  await submitted();
  d.later(60);
  await server.got(before + 2);
  await until(() => d.log().includes('refused for now'), 'refused for now');
  await until(async () => await waiting() === 1, 'one waits');
  const [again] = (await stuck()).rows;
  assert.deepEqual([again.user, again.state, again.tries],
                   ['rev', 'again', 1]);
  assert.match(again.why, /451/);
  server.refuse = () => undefined;
  d.later(121);
  const mailed = (await server.got(before + 3))[before + 2];
  assert.equal(mailed.to, 'rev@city.test');
  await noted();
  rule = await rev.query('notice.rule');
  assert.equal(rule.body.refused, undefined);
  assert.deepEqual((await stuck()).rows, []);
});


test('A digest comes at eight in the morning, one for a day.', async () => {
  const before = server.mails.length;
  d.at('2026-11-23T09:00:00+08:00');
  await d.stop();
  await d.start();
  clerk.cookie = (await people.signIn('clerk')).cookie;
  const rev = await people.signIn('rev', { address: '192.0.2.7' });
  const two = await people.signIn('two', { address: '192.0.2.9' });
  assert.equal((await rev.command('notice.set', { how: 'daily' })).status,
               200);
  assert.equal((await two.command('notice.set', { how: 'none' })).status, 200);

  const first = await submitted();
  d.later(300);
  const second = await submitted();
  assert.equal(await waiting(), 1);
  d.at('2026-11-24T07:59:59+08:00');
  d.at('2026-11-24T08:00:00+08:00');

  const mail = (await server.got(before + 1))[before];
  assert.equal(mail.to, 'rev@city.test');
  assert.equal(mail.subject, '今日通知摘要（2 条）');
  assert.ok(mail.text.includes(`/console/doc/${first}\n`));
  assert.ok(mail.text.includes(`/console/doc/${second}\n`));
  assert.equal(mail.head.date, 'Tue, 24 Nov 2026 00:00:00 +0000');
  await noted();
  assert.equal(server.mails.length, before + 1);
  clerk.cookie = (await people.signIn('clerk')).cookie;
});


test('Killed between sending and noting it is sent again as the same mail.',
     async () => {
  const before = server.mails.length;
  const rev = await people.signIn('rev', { address: '192.0.2.7' });
  await rev.command('notice.set', { how: 'each' });
  await submitted();
  const child = d.child();
  arm(points, 'mail_sent');
  d.later(60);
  const [one, two] = (await server.got(before + 2)).slice(before);
  assert.ok(!armed(points, 'mail_sent'));
  assert.equal(one.to, 'rev@city.test');
  assert.equal(two.to, one.to);
  assert.equal(two.head['message-id'], one.head['message-id']);
  assert.equal(two.text, one.text);
  await until(async () => d.child() !== child, 'another child');
  await until(() => noted().then(() => true, () => false), 'noted');
  assert.equal(server.mails.length, before + 2);
});


// Killed in each of the commands by which govd says what became of a mail: it
// was committed or it was not, and what govd does again ends right.

const REFUSALS = {
  'mail.sent': () => undefined,
  'mail.failed': (line) => line.startsWith('RCPT') && '451 later',
  'mail.hold': (line) => line.startsWith('MAIL') && '451 go away',
};

for (const [command, refuse] of Object.entries(REFUSALS)) {
  for (const [point, durable] of [['before_apply', false],
                                  ['after_apply', false],
                                  ['after_commit', true],
                                  ['before_answer', true]]) {
    test(`Killed at ${point} of ${command} the mail ends right.`, async () => {
      // nobody's session is to be noted as used meanwhile
      clerk.cookie = (await people.signIn('clerk')).cookie;
      const before = server.mails.length;
      const child = d.child();
      await submitted();
      server.refuse = refuse;
      arm(points, point);
      d.later(60);
      await until(async () => ![0, child].includes(d.child()),
                  'another child');
      assert.ok(!armed(points, point));

      const said = await until(async () => {
        const now = await stuck().catch(() => undefined);
        const done = { 'mail.sent': now?.rows.length === 0,
                       'mail.failed': now?.rows[0]?.tries === 1,
                       'mail.hold': now?.held?.tries === (durable ? 2 : 1) };
        return done[command] && now;
      }, command);

      if (command === 'mail.sent') {
        assert.equal(server.mails.length, before + (durable ? 1 : 2));
        assert.equal(said.held, undefined);
        return;
      }
      server.refuse = () => undefined;
      d.later(command === 'mail.failed' ? 130 : 300);
      await until(() => noted().then(() => true, () => false), 'noted');
      assert.equal(server.mails.length, before + 1);
    });
  }
}


test('A one-time link is mailed, and stands nowhere.', async () => {
  const before = server.mails.length;
  const made = await d.command('user.create', {
    login: 'newcomer', name: '新人', mail: 'newcomer@city.test' });
  assert.equal(made.status, 200, made.text);
  const mail = (await server.got(before + 1))[before];
  assert.equal(mail.to, 'newcomer@city.test');
  const [link, token] = new RegExp('https://www\\.city\\.test'
    + '(/console/invite\\?token=\\d+\\.([\\w-]+))\n')
    .exec(mail.text).slice(1);
  assert.equal(link, made.body.link);
  await noted();

  const dump = JSON.stringify(await d.work('store.dump', { journal: true }));
  assert.ok(!dump.includes(token));
  assert.ok(!readFileSync(join(d.dir, 'store/data.mdb')).includes(token));
  assert.ok(!d.log().includes(token));

  // one that was replaced before it went out is not sent
  server.refuse = (line) => line.startsWith('RCPT') && '451 later';
  await d.command('user.invite', { user: 'newcomer' });
  await until(async () => await waiting() === 1, 'refused for now');
  const told = await stuck();
  assert.equal(told.rows[0].kind, 'link');
  assert.doesNotMatch(JSON.stringify(told), /invite|token|@|city\.test/);
  const next = await d.command('user.invite', { user: 'newcomer' });
  await until(async () => await waiting() === 2, 'two wait');
  server.refuse = () => undefined;
  d.later(130);
  const sent = (await server.got(before + 2))[before + 1];
  assert.ok(sent.text.includes(next.body.link));
  await noted();
  assert.equal(server.mails.length, before + 2);
});


test('No more mails go out in a minute than may.', async () => {
  await d.stop();
  conf(`smtp ${server.url}`, ...MAIL, 'mail-rate 1');
  await d.start();
  clerk.cookie = (await people.signIn('clerk')).cookie;
  const two = await people.signIn('two', { address: '192.0.2.9' });
  await two.command('notice.set', { how: 'each' });
  const before = server.mails.length;
  await submitted();
  d.later(60);
  await server.got(before + 1);
  await until(async () => await waiting() === 1, 'one is noted');
  assert.equal(server.mails.length, before + 1);
  d.later(60);
  await server.got(before + 2);
  await noted();
});


// Under TLS: who vouches for the server is in keys/smtp.pem, the password of
// its user in keys/smtp.

const right = certificate(d.dir, 'right', 'DNS:localhost');
const stranger = certificate(d.dir, 'stranger', 'DNS:localhost');
const elsewhere = certificate(d.dir, 'elsewhere', 'DNS:mail.elsewhere.test');
const PASSWORD = 'Ä secret word';

/** govd again, with this server. */
async function against(url, { ca, password } = {}) {
  await d.stop();
  conf(`smtp ${url}`, ...MAIL);
  for (const [name, put] of [
    ['smtp.pem', ca && ((to) => copyFileSync(ca, to))],
    ['smtp', password && ((to) => writeFileSync(to, `${password}\n`))]]) {
    const to = join(d.dir, 'keys', name);
    rmSync(to, { force: true });
    put?.(to);
  }
  await d.start();
  clerk.cookie = (await people.signIn('clerk')).cookie;
}

const inClear = (secure) => secure.clear.filter((line) =>
  !/^(EHLO|HELO|STARTTLS|QUIT)/.test(line));

for (const [scheme, tls] of [['starttls', 'starttls'], ['smtps', 'smtps'],
                             ['smtp', 'starttls']]) {
  test(`By ${scheme} a mail comes under TLS, from who has the password.`,
       async () => {
    const secure = await smtp({ tls, ...right, login: ['gov', PASSWORD] });
    await against(`${scheme}://gov@localhost:${secure.port}`,
                  { ca: right.cert, password: PASSWORD });
    await submitted();
    d.later(60);
    const mails = await secure.got(2);
    assert.deepEqual(mails.map(({ to }) => to).sort(),
                     ['rev@city.test', 'two@city.test']);
    assert.ok(secure.lines.some((line) => line.startsWith('AUTH ')));
    assert.deepEqual(inClear(secure), []);
    await noted();
  });
}

for (const [what, scheme, options, ca, why] of [
  ['a certificate that nobody vouches for', 'starttls',
   { tls: 'starttls', ...stranger }, right, /certificate/],
  ['one that nobody vouches for, from the first byte', 'smtps',
   { tls: 'smtps', ...stranger }, right, /certificate/],
  ['one that the system does not know', 'smtps',
   { tls: 'smtps', ...stranger }, undefined, /certificate/],
  ['a certificate of another name', 'smtps',
   { tls: 'smtps', ...elsewhere }, elsewhere, /subject name|host name/],
  ['no STARTTLS where it must be', 'starttls', {}, right, /STARTTLS/],
  ['no STARTTLS where there is a password', 'smtp', {}, right, /STARTTLS/],
  ['another password', 'starttls',
   { tls: 'starttls', ...right, login: ['gov', 'another'] }, right, /535/],
]) {
  test(`A server with ${what} is told nothing, and mail waits.`, async () => {
    const before = server.mails.length;
    const said = d.log().length;
    const bad = await smtp(options);
    await against(`${scheme}://gov@localhost:${bad.port}`,
                  { ca: ca?.cert, password: PASSWORD });
    await submitted();
    d.later(60);
    const reason = () => /no mail goes out, .*/.exec(d.log().slice(said))?.[0];
    await until(reason, 'held');
    assert.match(reason(), why);
    assert.ok(!d.log().includes(PASSWORD));
    assert.deepEqual(inClear(bad), []);
    assert.ok(!bad.lines.some((line) => /^(MAIL|RCPT|DATA)/.test(line)));
    assert.equal(await waiting(), 2);

    await against(server.url);
    await server.got(before + 2);
    await noted();
  });
}
