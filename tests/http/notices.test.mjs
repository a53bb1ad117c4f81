// Notices in the console, by forms alone: the count in the bar, the list, what
// one wants.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY } from '../lib/sites.mjs';

const p = await platform({ sites: true });
const HTML = { accept: 'text/html,application/xhtml+xml' };

await p.run('site.set', { site: COUNTY, reviews: '1' });
const people = {};
for (const [login, role] of [['clerk', 'clerk'], ['rev', 'reviewer']]) {
  await p.account({ login, roles: [[COUNTY, role]] });
  people[login] = await p.signIn(login);
}

const page = async (who, query = '') => {
  const answer = await people[who].get(`/console/notices${query}`, HTML);
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
};

/** A form as a browser without scripts sends it; the page it leads to. */
async function send(who, command, fields) {
  const answer = await people[who].form(`/console/do/${command}`, {
    _op: randomUUID(), _to: '/console/notices', _from: '/console/notices',
    ...fields }, HTML);
  assert.equal(answer.status, 303, answer.text);
  return page(who);
}

async function submitted(title) {
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title, body: '正文' });
  const sent = await people.clerk.form('/console/do/doc.submit', {
    _op: randomUUID(), doc, reason: '<b>请</b>审' });
  assert.equal(sent.status, 200, sent.text);
  return doc;
}

/** The number in the bar, and the rows not read. */
const count = (text) => /class="bar-count">(\d+\+?)/.exec(text)?.[1];
const unread = (text) => text.match(/<tr class="unread">/g)?.length ?? 0;


test('The bar counts what is not read; reading by a form takes it off.',
     async () => {
  await send('rev', 'notice.read', { all: '1' });
  assert.equal(count(await page('rev')), undefined);

  const one = await submitted('甲的通知');
  await submitted('乙的通知');
  let text = await page('rev');
  assert.equal(count(text), '2');
  assert.equal(unread(text), 2);
  assert.ok(text.includes(`<a href="/console/doc/${one}">甲的通知</a>`));
  assert.ok(text.includes('&lt;b&gt;请&lt;/b&gt;审'));
  assert.equal(count(await page('clerk')), '1');      // a role was given

  const ids = [...text.matchAll(/name="ids" value="(\d+)"/g)]
    .map(([, id]) => id);
  text = await send('rev', 'notice.read', { ids: ids[1] });
  assert.equal(count(text), '1');
  assert.equal(unread(text), 1);
  text = await send('rev', 'notice.read', { all: '1' });
  assert.equal(count(text), undefined);
  assert.equal(unread(text), 0);
  assert.ok(text.includes('甲的通知'));
});


test('Whose right is taken away sees that there was one, and no title.',
     async () => {
  await submitted('丙的机密');
  assert.ok((await page('rev')).includes('丙的机密'));
  await p.run('user.revoke', { user: 'rev', role: 'reviewer', site: COUNTY });
  const text = await page('rev');
  assert.ok(!text.includes('丙的机密') && !text.includes('甲的通知'));
  assert.ok(text.includes('您已无权查看这一内容'));
  assert.ok(text.includes('收回了角色'));
  const listed = await people.rev.query('notice.list');
  assert.ok(!listed.text.includes('机密'));
  await p.run('user.grant', { user: 'rev', role: 'reviewer', site: COUNTY });
  assert.ok((await page('rev')).includes('丙的机密'));
});


test('One says which kinds one wants, all or none.', async () => {
  await send('rev', 'notice.read', { all: '1' });
  let text = await send('rev', 'notice.set', { kinds: ['', 'note'] });
  assert.match(text, /id="f-kind-note"[^>]* checked>/);
  assert.doesNotMatch(text, /id="f-kind-task"[^>]* checked>/);
  await submitted('丁的通知');
  assert.equal(unread(await page('rev')), 0);

  text = await send('rev', 'notice.set', { kinds: '' });
  assert.doesNotMatch(text, /id="f-kind-[a-z]+"[^>]* checked>/);
  text = await send('rev', 'notice.set', { kinds: ['', 'task'] });
  await submitted('戊的通知');
  assert.equal(unread(await page('rev')), 1);
});


test('A long list comes in pages, those not read first.', async () => {
  await send('rev', 'notice.read', { all: '1' });
  for (let i = 0; i < 55; i++) {
    await submitted(`第${i}份`);
  }
  const first = await page('rev');
  assert.equal(unread(first), 50);
  const [, after] = /notices\?after=([\d.]+)/.exec(first);
  const second = await page('rev', `?after=${after}`);
  assert.equal(unread(second), 5);
  assert.ok(second.includes('第4份') && second.includes('戊的通知'));
  assert.ok(!second.includes('第5份'));

  const bad = await people.rev.get('/console/notices?after=x', HTML);
  assert.equal(bad.status, 422, bad.text);
  const other = await people.clerk.form('/console/do/notice.read', {
    _op: randomUUID(), ids: '9' });
  assert.equal(other.status, 404, other.text);
});


test('Another site learns nothing of it.', async () => {
  await p.account({ login: 'far', roles: [[CITY, 'clerk']] });
  const far = await p.signIn('far');
  await submitted('己的通知');
  assert.ok(!(await far.query('notice.list')).text.includes('己的通知'));
});
