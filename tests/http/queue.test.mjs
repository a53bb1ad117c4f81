// A queue in which thousands of others' documents stand before one's own: the
// console says that it goes on, and it does.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY } from './visitor.mjs';

const p = await platform({ sites: true });
const HTML = { accept: 'text/html,application/xhtml+xml' };
const OWN = 'xxgk/tzgg';
const OTHERS = { site: COUNTY, column: 'xxgk/gfxwj' };
const BOUND = 4000;             // of others' that one answer passes over

await p.account({ login: 'publisher', roles: [[COUNTY, 'publisher']] });
await p.account({ login: 'reviewer', roles: [] });
await p.run('user.grant', { user: 'reviewer', role: 'reviewer', site: COUNTY,
                            column: OWN });
const reviewer = await p.signIn('reviewer');

const page = async (path) => (await reviewer.get(path, HTML)).text;
const further = (text) => /<a href="([^"]+)" rel="next">继续查找</.exec(text)
  ?.[1].replaceAll('&amp;', '&');

const own = async (fields) => (await p.run('doc.create', {
  site: COUNTY, column: OWN, title: '停水通知', body: '明日停水。',
  ...fields })).doc;

/** Documents of others, more than an answer passes over, above a number. */
async function others(publish, doc) {
  const docs = [];
  while (docs.length <= BOUND) {
    const rows = Array.from({ length: 500 }, (_, i) => (
      { id: `${doc} ${docs.length + i}`, title: '别人的', body_md: '文',
        publish }));
    await p.run('doc.import', { ...OTHERS, rows });
    docs.push(...rows.map((_, i) => doc + docs.length + 1 + i));
  }
  return docs;
}

test('What comes behind the rows of others is a page further on.', async () => {
  const at = `/console/site/${COUNTY}/schedule`;
  const publisher = await p.signIn('publisher');
  const docs = await others(true, await own({ at: '2027-02-20' }));
  await Promise.all(docs.map(async (doc) => assert.equal(
    (await publisher.command('doc.expire', { doc, at: '2027-01-01' })).status,
    200)));

  const first = await page(at);
  assert.doesNotMatch(first, /停水通知|没有待发布/);
  assert.match(first, /还有更晚的没有查到/);
  assert.match(await page(further(first)), /停水通知/);
});

test('What waits behind the rows of others is a page further on.', async () => {
  await p.run('column.set', { site: COUNTY, column: 'xxgk', reviews: '1' });
  const doc = await own();
  const docs = await others(false, doc);
  for (let i = 0; i < docs.length; i += 200) {
    await p.run('doc.bulk', { act: 'submit', docs: docs.slice(i, i + 200) });
  }

  const none = await page('/console/');
  assert.doesNotMatch(none, /目前没有等待您处理的文档/);
  assert.match(none, /还有更晚送来的没有查到/);
  assert.match(await page(further(none)), /回到第一页/);

  p.clock.advance(1);
  await p.run('doc.submit', { doc });
  assert.match(await page(further(await page('/console/'))), /停水通知/);
});

test('What was sent back comes from who did it, with why.', async () => {
  const doc = await own({ title: '停电通知' });
  await p.run('doc.submit', { doc });
  const sent = await reviewer.command('doc.reject', {
    doc, reason: '<b>请核数字</b>' });
  assert.equal(sent.status, 200, sent.text);

  await p.account({ login: 'clerk', roles: [[COUNTY, 'clerk']] });
  const clerk = await p.signIn('clerk');
  const { text } = await clerk.get('/console/?step=edit', HTML);
  const [row] = /<tr>(?:(?!<tr>)[^])*停电通知[^]*?<\/tr>/.exec(text);
  assert.match(row, /送交人">reviewer<span class="sub">退回：&lt;b&gt;请核数字/);
});
