// What an operator is shown of mail that does not go out, and where.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { smtp } from '../lib/smtp.mjs';
import { CITY, COUNTY, until } from './visitor.mjs';

const server = await smtp();
const p = await platform({ sites: true, govd: [
  `smtp ${server.url}`, 'mail-from noreply@city.test',
  'portal-url https://www.city.test', ''].join('\n') });
const HTML = { accept: 'text/html,application/xhtml+xml' };

await p.account({ login: 'operator', roles: [['', 'operator']] });
await p.account({ login: 'clerk', roles: [[COUNTY, 'clerk']] });
const operator = await p.signIn('operator');

const get = async (path) => (await operator.get(path, HTML)).text;
const board = () => get(`/console/board?below=${CITY}`);
const mails = () => get('/console/mails');
/** The page of mails, once it says so. */
async function shown(words) {
  let html;
  await until(async () => words.test(html = await mails()));
  return html;
}
/** The cells of the only row, as text. */
const row = (html) => /<tbody>([^]*)<\/tbody>/.exec(html)[1]
  .split('<td').slice(1).map((cell) => cell.replace(/^[^>]*>/, '')
    .replace(/<[^>]*>/g, ' ').trim().replace(/\s+/g, ' '));

test('While all mail goes out nothing is said of it.', async () => {
  assert.match(await mails(), /没有发不出的邮件/);
  assert.doesNotMatch(await board(), /console\/mails"[^]*console\/mails"/);
});

test('Of a server that takes none the board leads to why, and since when.',
     async () => {
  server.refuse = (line) => line.startsWith('MAIL') && '451 go away';
  const { link } = await p.run('user.create', {
    login: 'new', name: '新人', mail: 'secret@mail.test', role: 'clerk',
    site: COUNTY });
  const html = await shown(/全部邮件都在等待/);

  assert.match(html, /MAIL failed: 451/);
  assert.match(html, /2026-11-20 08:00/);
  const [who, state, why, made, tries] = row(html);
  assert.equal(who, '新人 一次性链接');
  assert.deepEqual([state, made, tries],
                   ['等待服务器', '2026-11-20 08:00', '0']);
  assert.match(why, /451/);
  assert.doesNotMatch(html, /secret@mail|invite\?/);
  assert.ok(!html.includes(link.split('token=')[1]));
  assert.match(await board(),
               /href="\/console\/mails">邮件服务器不收信，全部邮件都在等待/);
});

test('Of an address that takes none it leads there too.', async () => {
  server.refuse = (line) => line.startsWith('RCPT') && '550 nobody here';
  p.clock.advance(61);
  const html = await shown(/已放弃/);

  assert.doesNotMatch(html, /全部邮件都在等待/);
  const [, , why, , tries, failed, again] = row(html);
  assert.match(why, /550/);
  assert.deepEqual([tries, failed, again], ['1', '2026-11-20 08:01', '']);
  assert.match(await board(), /href="\/console\/mails">有邮件没有发出去/);

  await p.run('user.set', { user: 'new', mail: 'another@mail.test' });
  // what is sent to the old address now is refused too, and not missed
  await shown(/没有发不出的邮件/);
});
