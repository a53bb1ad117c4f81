// The workflow in front of a visitor: what is not passed is not seen, what is
// withdrawn is gone with its files, what changed is told, and a preview is
// for who holds its link.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, links, refused, write, writeWith }
  from './visitor.mjs';

const p = await platform({ sites: true });

const OTHER = '610403';
await p.run('site.create', {
  code: OTHER, name: '另一县', level: 'county', parent: CITY, slug: 'other',
  mode: 'subsite', host: 'other.test', blueprint: 'county',
});

const get = (path, headers) => p.get('county.test', path, headers);
const at = (doc) => `/xxgk/tzgg/${doc}.html`;
const sha = (text) => createHash('sha256').update(text).digest('hex');

/** A question of the operator's. */
const ask = async (...args) => JSON.parse(
  await p.ctl('--format=json', ...args));

test('A version shows once it is passed and signed, not before.',
     async () => {
  await p.run('column.set', { site: COUNTY, column: 'xxgk/tzgg',
                              reviews: '1' });
  const { doc, step } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '停水通知', body: '明日停水。' });

  assert.equal(step, 'collect');
  await refused(p, 'doc.publish', { doc });
  assert.equal((await get(at(doc))).status, 404);
  assert.equal((await p.run('doc.submit', { doc })).step, 'review1');
  assert.equal((await get(at(doc))).status, 404);
  assert.equal((await p.run('doc.pass', { doc })).step, 'sign');
  assert.equal((await p.run('doc.sign', { doc })).step, 'done');
  assert.equal((await get(at(doc))).status, 200);

  // the approved page stays, whatever is written and rejected above it

  const page = (await get(at(doc))).text;
  await p.run('doc.edit', { doc, base: 1, title: '不停水了', body: '。' });
  await p.run('doc.submit', { doc });
  await p.run('doc.reject', { doc, reason: '不属实' });
  assert.equal((await get(at(doc))).text, page);
  await p.run('column.set', { site: COUNTY, column: 'xxgk/tzgg',
                              reviews: 'inherit' });
});

test('A time before now is taken from nobody.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '旧闻', { publish: false });

  for (const [command, input] of [
    ['doc.sign', { doc, at: '2010-01-01' }],
    ['doc.schedule', { doc, at: '2010-01-01' }],
    ['doc.publish', { doc, published: '2010-01-01' }],
  ]) {
    await refused(p, command, input);
  }
  const done = await p.govctl(['doc', 'schedule', String(doc), '--at',
                               '2010-01-01']);
  assert.notEqual(done.code, 0);
  await p.run('doc.publish', { doc });
  assert.match((await get(at(doc))).text, /datetime="2026-11-20T08:00:00/);
});

test('What was corrected stands beside the page, and nothing internal.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '会议通知');

  assert.doesNotMatch((await get(at(doc))).text, /更正记录/);
  await p.run('doc.edit', { doc, base: 1, body: '九点开会。',
                            note: '科长电话要求' });
  await p.run('doc.note', { doc, text: '请尽快签' });
  await p.run('doc.sign', { doc, what: '时间改为<九点>',
                            why: '原文误写', reason: '已核' });

  const page = (await get(at(doc))).text;
  assert.match(page, /更正记录/);
  assert.match(page, /时间改为&lt;九点&gt;/);
  assert.match(page, /原文误写/);
  assert.doesNotMatch(page, /科长电话要求|请尽快签|已核/);
});

test('Published in error: page and attachments are gone in one commit.',
     async () => {
  const doc = await writeWith(p, { 'a.pdf': 'PDF' },
    ['--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '误发']);
  const file = links((await get(at(doc))).text)
    .find((url) => url.startsWith('/files/'));

  assert.equal((await get(file)).status, 200);
  const other = await write(p, COUNTY, 'xxgk/tzgg', '正确的一份');
  await p.run('doc.withdraw', { doc, kind: 'error', replacement: other,
                                reason: '内容属另一单位' });

  const gone = await get(at(doc));
  assert.equal(gone.status, 410);
  assert.match(gone.text, /这份信息系误发/);
  assert.match(gone.text, /内容属另一单位/);
  assert.match(gone.text, /正确的一份/);
  assert.equal((await get(file)).status, 410);
});

test('A pinned document stands first in its column until its time.',
     async () => {
  const old = await write(p, COUNTY, 'xxgk/tzgg', '长期通知');
  const young = await write(p, COUNTY, 'xxgk/tzgg', '今日通知');
  const order = async () => links((await get('/xxgk/tzgg/')).text)
    .filter((url) => [at(old), at(young)].includes(url));

  assert.deepEqual(await order(), [at(young), at(old)]);
  await p.run('doc.pin', { doc: old, until: '2026-11-20 09:00' });
  assert.deepEqual(await order(), [at(old), at(young)]);
  assert.match((await get('/xxgk/tzgg/')).text, /置顶/);
  const now = p.clock.now;
  p.clock.set('2026-11-20T09:00:01+08:00');
  assert.deepEqual(await order(), [at(young), at(old)]);
  p.clock.set(now);
});

test('A preview is seen by its link alone, on its own site, and ends.',
     async () => {
  const token = 'a'.repeat(20) + '0123456789';
  const bytes = 'PNG';
  const published = await writeWith(p, { 'b.png': bytes },
    ['--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '带图']);
  const file = `/files/${sha(bytes)}/b.png`;
  await p.run('doc.withdraw', { doc: published, reason: '重写' });
  await p.run('doc.edit', { doc: published, base: 1, title: '带图的草稿',
                            body: `![图](${file})` });
  await p.run('doc.preview', { doc: published, hash: sha(token), hours: 2 });

  const url = `/_gov/preview/${token}`;
  const page = await get(url);
  assert.equal(page.status, 200);
  assert.match(page.text, /带图的草稿/);
  assert.match(page.text, /预览：这一版没有公开/);
  assert.match(page.text, /示例县/);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.match(page.headers['x-robots-tag'], /noindex/);

  // its image is seen below the link and nowhere else

  assert.match(page.text, new RegExp(`src="${url}${file}"`));
  const image = await get(url + file);
  assert.equal(image.status, 200);
  assert.equal(image.text, bytes);
  assert.equal(image.headers['cache-control'], 'no-store');
  assert.equal((await get(file)).status, 410);
  assert.equal((await get(`${url}/files/${sha('x')}/b.png`)).status, 404);

  // another's host, another token, a token cut, the store's own hash

  assert.equal((await p.get('city.test', url)).status, 404);
  assert.equal((await get(`${url}0`)).status, 404);
  assert.equal((await get(url.slice(0, -1))).status, 404);
  assert.equal((await get(`/_gov/preview/${sha(token)}`)).status, 404);
  assert.equal((await get('/_gov/preview/')).status, 404);

  const now = p.clock.now;
  p.clock.advance(2 * 3600);
  const ended = await get(url);
  assert.equal(ended.status, 410);
  assert.match(ended.text, /预览已经到期/);
  assert.equal((await get(url + file)).status, 410);
  p.clock.set(now);
});

test('A link that the platform makes is told once, and kept by nobody.',
     async () => {
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '平台给的链接', body: '正文。' });
  const made = await p.run('doc.preview', { doc });

  assert.match(made.link, /\/\/county\.test\/_gov\/preview\/[\w-]{43}$/);
  assert.equal(made.hash, undefined);
  const path = made.link.slice(made.link.indexOf('/_gov'));
  assert.match((await get(path)).text, /平台给的链接/);
  const dump = await p.ctl('store', 'dump', '--journal');
  assert.ok(!dump.includes(path.split('/').at(-1)));
});

test('A preview of a township stands on its county\'s host.', async () => {
  const { doc } = await p.run('doc.create', {
    site: TOWNSHIP, column: 'xxgk/tzgg', title: '镇里的草稿', body: '正文。' });
  const token = 'b'.repeat(32);

  await p.run('doc.preview', { doc, hash: sha(token) });
  const page = await get(`/_gov/preview/${token}`);
  assert.equal(page.status, 200);
  assert.match(page.text, /镇里的草稿/);
  assert.match(page.text, /示例镇/);
});

test('Who edits sees a version on its own theme, and who may not nothing.',
     async () => {
  await p.account({ login: 'clerk', roles: [[COUNTY, 'clerk']] });
  await p.account({ login: 'cityclerk', roles: [[CITY, 'clerk']] });
  await p.account({ login: 'stranger', roles: [[OTHER, 'clerk']] });
  const clerk = await p.signIn('clerk');
  const above = await p.signIn('cityclerk');
  const stranger = await p.signIn('stranger');

  const file = await writeWith(p, { 'c.png': 'PNG2' },
    ['--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '编辑中']);
  await p.run('doc.withdraw', { doc: file, reason: '重写' });
  await p.run('doc.edit', { doc: file, base: 1, title: '编辑中的第二版' });

  const url = `/console/preview/${file}`;
  const page = await clerk.get(url);
  assert.equal(page.status, 200);
  assert.match(page.text, /编辑中的第二版/);
  assert.match(page.text, /示例县/);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.match(page.headers['content-security-policy'],
               /frame-ancestors 'self'/);
  assert.match((await clerk.get(`${url}/1`)).text, /<h1>编辑中<\/h1>/);
  assert.equal((await above.get(url)).status, 200);

  const image = `${url}/0/files/${sha('PNG2')}/c.png`;
  assert.match(page.text, new RegExp(`href="${image}"`));
  assert.equal((await clerk.get(image)).text, 'PNG2');

  for (const path of [url, `${url}/1`, image]) {
    assert.equal((await stranger.get(path)).status, 404);
    const nobody = await p.get('city.test', path);
    assert.equal(nobody.status, 303);
    assert.match(nobody.headers.location, /^\/console\/sign-in/);
    assert.doesNotMatch(nobody.text, /编辑中|PNG2/);
  }
  for (const path of ['', '0', 'x', `${file}/9`, `${file}/x`, `${file}/1/x`]) {
    assert.equal((await clerk.get(`/console/preview/${path}`)).status, 404);
  }
});

test('A clerk\'s forms go as far as a clerk may.', async () => {
  await p.run('column.set', { site: COUNTY, column: 'xxgk/gfxwj',
                              reviews: '1', apart: 'true' });
  await p.account({ login: 'writer', roles: [[COUNTY, 'clerk']] });
  await p.account({ login: 'judge', roles: [[COUNTY, 'reviewer']] });
  await p.account({ login: 'signer', roles: [[COUNTY, 'publisher']] });
  const writer = await p.signIn('writer');
  const judge = await p.signIn('judge');
  const signer = await p.signIn('signer');

  const made = await writer.post('doc.create', {
    site: COUNTY, column: 'xxgk/gfxwj', title: '办法', body: '第一条。' });
  const { doc } = made.body.verdict ?? made.body;
  const path = `/xxgk/gfxwj/${doc}.html`;

  for (const command of ['doc.publish', 'doc.sign', 'doc.pass']) {
    assert.equal((await writer.post(command, { doc })).status, 403, command);
  }
  assert.equal((await signer.post('doc.publish', { doc })).status, 403);
  assert.equal((await writer.post('doc.submit', { doc })).status, 200);
  assert.equal((await judge.command('doc.pass', { doc })).status, 200);
  assert.equal((await judge.command('doc.sign', { doc })).status, 403);
  assert.equal((await signer.command('doc.sign', {
    doc, at: '2010-01-01' })).status, 403);
  assert.equal((await get(path)).status, 404);
  assert.equal((await signer.post('doc.sign', { doc })).status, 200);
  assert.equal((await get(path)).status, 200);
});

test('The operator asks for queues, logs and differences.', async () => {
  await p.run('site.set', { site: COUNTY, reviews: '1' });
  const doc = await write(p, TOWNSHIP, 'xxgk/tzgg', '送审的', {
    publish: false });
  await p.run('doc.submit', { doc });

  const tasks = await ask('task', 'list');
  const rows = Array.isArray(tasks) ? tasks : tasks.rows;
  assert.deepEqual(rows.filter((r) => r.step === 'review1')
    .map((r) => [r.doc, r.site, r.site_name]),
                   [[doc, `${TOWNSHIP}000`, '示例镇']]);

  await p.run('doc.edit', { doc, base: 1, body: '改了。' });
  const diff = await ask('doc', 'diff', String(doc));
  assert.deepEqual(diff.lines.map((l) => l.kind), ['gone', 'came']);
  await p.run('site.set', { site: COUNTY, reviews: 'inherit' });
});
