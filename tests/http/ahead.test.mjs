// What users of comparable systems complain of, tried here by people who are
// signed in: another's site, queues site by site, one site's restore, words
// for images.  The rows of docs/requirements.tsv that begin with AH name the
// others.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, write } from './visitor.mjs';

const p = await platform({ sites: true });

const OTHER = '610403';
await p.run('site.create', {
  code: OTHER, name: '另一县', level: 'county', parent: CITY, slug: 'other',
  mode: 'subsite', host: 'other.test', blueprint: 'county',
});

const people = {};
for (const [login, site, role] of [
  ['neighbour', OTHER, 'publisher'], ['chief', OTHER, 'manager'],
  ['manager', COUNTY, 'manager'], ['clerk', COUNTY, 'clerk'],
  ['reviewer', CITY, 'reviewer'], ['publisher', CITY, 'publisher'],
]) {
  await p.account({ login, roles: [[site, role]] });
  people[login] = await p.signIn(login);
}

/** What the store holds of sites, by their numbers. */
async function records(...numbers) {
  const lines = (await p.ctl('store', 'dump')).split('\n')
    .filter((line) => line !== '' && numbers.includes(JSON.parse(line).site));
  assert.ok(lines.length > 0);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const PLACE = `${COUNTY}/xxgk/tzgg`;

test('AH11: nobody pushes into a site that did not let them.', async () => {
  const doc = await write(p, OTHER, 'xxgk/tzgg', '另一县的通知');
  const before = await records(2);

  for (const [who, command, input] of [
    ['neighbour', 'doc.refer', { doc, to: [PLACE] }],
    ['neighbour', 'release.create', { doc, to: [PLACE] }],
    ['neighbour', 'doc.import', { rows: [{
      id: 'a', site: COUNTY, column: 'xxgk/tzgg', title: '塞入',
      body_md: '。' }] }],
    ['chief', 'link.share', { site: COUNTY, group: 'g', title: '链接',
                              links: [{ title: '站', url: 'http://a.cn/' }] }],
    ['chief', 'site.set', { site: COUNTY, name: '改名' }],
    ['chief', 'user.grant', { user: 'neighbour', role: 'publisher',
                              site: COUNTY }],
  ]) {
    const answer = await people[who].command(command, input);
    assert.ok(answer.status >= 400 || answer.body.refused?.length === 1,
              `${command}: ${answer.text}`);
  }
  assert.equal(await records(2), before);

  // the receiver lets them into one column, and takes it back
  const grant = { user: 'neighbour', role: 'press', site: COUNTY,
                  column: 'xxgk/tzgg' };
  await p.run('user.grant', grant);
  const shown = await people.neighbour.command('doc.refer',
                                               { doc, to: [PLACE] });
  assert.equal(shown.status, 200, shown.text);
  assert.match((await p.get('county.test', '/xxgk/tzgg/')).text,
               /另一县的通知/);
  const beside = await people.neighbour.command('doc.refer', {
    doc, to: [`${COUNTY}/xxgk/yw`] });
  assert.ok(beside.status >= 400, beside.text);

  await p.run('user.revoke', grant);
  const again = await people.neighbour.command('doc.unrefer',
                                               { doc, from: PLACE });
  assert.ok(again.status >= 400, again.text);
});

test('AH13: one queue holds what waits on every site, step by step.',
     async () => {
  await p.run('site.set', { site: CITY, reviews: '2', apart: 'true' });
  await p.account({ login: 'second', roles: [[CITY, 'reviewer']] });
  people.second = await p.signIn('second');

  const docs = [];
  for (const site of [CITY, COUNTY, TOWNSHIP, OTHER]) {
    const { doc } = await p.run('doc.create', {
      site, column: 'xxgk/tzgg', title: `${site}的稿`, body: '。' });
    await p.run('doc.submit', { doc });
    docs.push(doc);
  }
  const queue = async (who) => (await people[who].query('task.list')).body
    .rows.map((row) => `${row.doc} ${row.step}`);

  assert.deepEqual(await queue('reviewer'),
                   docs.map((doc) => `${doc} review1`));
  await people.reviewer.command('doc.pass', { doc: docs[2] });
  // past the first review it stands in the same queue at the second
  assert.ok((await queue('second')).includes(`${docs[2]} review2`));
  const page = await people.second.get('/console/', { accept: 'text/html' });
  for (const name of ['示例市', '示例县', '示例镇', '另一县']) {
    assert.ok(page.text.includes(name), name);
  }
  await p.run('site.set', { site: CITY, reviews: 'inherit',
                            apart: 'inherit' });
});

test('AH26: one site is put back, the others are the same to the byte.',
     async () => {
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '第一版');
  const kept = `${p.dir}/town.jsonl`;
  await p.ctl('site', 'export', TOWNSHIP, kept);

  await p.run('doc.edit', { doc, base: 1, title: '改坏了', publish: true });
  await write(p, TOWNSHIP, 'xxgk/tzgg', '后来的');
  await write(p, COUNTY, 'xxgk/tzgg', '县里后来的');
  const before = await records(1, 2, 4);

  await p.ctl('--yes', 'site', 'restore', kept);
  const list = await p.get('county.test', '/town/xxgk/tzgg/');
  assert.match(list.text, /第一版/);
  assert.doesNotMatch(list.text, /改坏了|后来的/);
  assert.equal(await records(1, 2, 4), before);

  // nobody's but the machine's: no account is given another's copy
  for (const person of Object.values(people)) {
    const answer = await person.query('site.export', { site: TOWNSHIP });
    assert.ok(answer.status >= 400, answer.text);
  }
});

test('AH26: what a document said before is public again.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '原来的话');
  const at = `/xxgk/tzgg/${doc}.html`;

  await p.run('doc.edit', { doc, base: 1, title: '改坏的话', publish: true });
  assert.match((await p.get('county.test', at)).text, /改坏的话/);
  await p.run('doc.publish', { doc, version: 1 });
  const page = await p.get('county.test', at);
  assert.match(page.text, /原来的话/);
  assert.doesNotMatch(page.text, /<h1[^>]*>改坏的话/);
});

test('AH28: words for images are asked for where a site says so.',
     async () => {
  await p.run('site.set', { site: COUNTY, alt: 'true' });
  const picture = (words) => `![${words}](/files/${'a'.repeat(64)}/a.png`;
  const { doc } = (await people.clerk.command('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '带图', body: `${picture('')})`,
  })).body;
  const submit = () => people.clerk.command('doc.submit', { doc });

  const bare = await submit();
  assert.equal(bare.status, 403, bare.text);
  assert.match(bare.text, /1 张图片没有替代文字：请写上，或标明是装饰图片/);

  await people.clerk.command('doc.edit', {
    doc, base: 1, body: `${picture('')} "装饰")` });
  assert.equal((await submit()).status, 200);
  await people.clerk.command('doc.recall', { doc });
  await people.clerk.command('doc.edit', {
    doc, base: 2, body: `${picture('会场全景')})` });
  assert.equal((await submit()).status, 200);

  // where no site says so nothing is asked
  await p.run('site.set', { site: COUNTY, alt: 'inherit' });
  await people.clerk.command('doc.recall', { doc });
  await people.clerk.command('doc.edit', { doc, base: 3,
                                           body: `${picture('')})` });
  assert.equal((await submit()).status, 200);
});
