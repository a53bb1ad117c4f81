// A site's library in the console: files come and go by forms alone, and what
// was not found clean is never shown.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { Clamd, EICAR } from '../lib/clamd.mjs';
import { png, zip } from '../lib/files.mjs';
import { platform } from '../lib/platform.mjs';
import { COUNTY, until } from './visitor.mjs';

const p = await platform({ sites: true, govd: 'clamd run/clamd.sock\n' });
const clamd = await new Clamd(join(p.dir, 'run/clamd.sock')).start();
after(() => clamd.stop());

const HTML = { accept: 'text/html,application/xhtml+xml' };
const FILES = `/console/site/${COUNTY}/files`;

const people = {};
for (const [login, site, role] of [
  ['clerk', COUNTY, 'clerk'], ['reviewer', COUNTY, 'reviewer'],
  ['nobody', '', ''],
]) {
  await p.account({ login, roles: role ? [[site, role]] : [] });
  people[login] = await p.signIn(login);
}

const page = (who, path) => people[who].get(path, HTML);

const english = async (path) => (await people.clerk.get(path, {
  ...HTML, cookie: `${people.clerk.cookies}; gov_lang=en` })).text;

const send = (command, fields, from = FILES) => people.clerk.form(
  `/console/do/${command}`, {
    _op: crypto.randomUUID(), _to: from, _from: from, _new: '1',
    site: COUNTY, ...fields,
  }, HTML);

/** The form with files, as a browser without scripts sends it. */
const bring = (files, fields = {}, headers = HTML) => people.clerk.upload(
  files, { site: COUNTY, _to: FILES, _from: FILES, ...fields }, headers);

/** Brings one file: { digest, at, next, to }, where it is and was told. */
async function brought(name, bytes, fields) {
  const led = await bring({ [name]: bytes }, fields);
  assert.equal(led.status, 303, led.text);
  const next = await page('clerk', led.headers.location);
  const [, digest] = /class="done"[^]*?\/files\/([0-9a-f]{64})"/
    .exec(next.text);
  return { digest, at: `${FILES}/${digest}`, next, to: led.headers.location };
}

const look = (who, digest, name) => page(
  who, `/console/site/${COUNTY}/file/${digest}/${encodeURIComponent(name)}`);


test('Several files and a ZIP come by one form; the page tells of each.',
     async () => {
  const led = await bring({
    '会场.png': png(300, 200), 'a.exe': 'MZ',
    'many.zip': zip([{ name: '甲.txt', data: '甲' },
                     { name: '乙.txt', data: '乙' }]),
  }, { unpack: '1' });
  assert.equal(led.status, 303, led.text);
  assert.match(led.headers.location, /\/files\?done=[0-9a-f-]{36}$/);

  const { text } = await page('clerk', led.headers.location);
  for (const name of ['会场.png', '甲.txt', '乙.txt']) {
    assert.match(text, new RegExp(`>${name}</a>：可用`));
  }
  assert.match(text, /a\.exe：已拒绝：/);
  assert.match(text, /class="thumb"/);
  assert.match(text, /缺少文字说明/);
});

test('What is refused as a whole comes back on the page, with why.',
     async () => {
  const bad = await bring({ 'a.exe': 'MZ', 'b.exe': 'MZ' },
                          { alt: '写好的说明' });
  assert.equal(bad.status, 422);
  assert.match(bad.text, /role="alert"[^]*a\.exe：[^<]*不接受[^]*b\.exe：/);
  assert.match(bad.text, /value="写好的说明"/);
  assert.match(bad.text, /<h1>文件库<\/h1>/);
  assert.equal(bad.headers['cache-control'], 'no-store');

  const none = await bring({});
  assert.equal(none.status, 422);
  assert.match(none.text, /没有选择文件/);

  const old = await bring({ 'c.txt': 'c' }, { _csrf: 'x' });
  assert.equal(old.status, 403);
  assert.match(old.text, /页面打开得太久/);

  const empty = await bring({ 'e.zip': zip([]) }, { unpack: '1' });
  assert.equal(empty.status, 422, empty.text);

  // a program is told in JSON, and a form leads nowhere else
  const json = await bring({ 'a.exe': 'MZ' }, {},
                           { accept: 'application/json' });
  assert.equal(json.body.status, 422);
  const away = await bring({ 'a.exe': 'MZ' }, { _from: 'http://evil.test/' });
  assert.match(away.text, /<h1>我的任务<\/h1>/);
});

test('Nobody outside can put words into a page.', async () => {
  const said = await page('clerk', `${FILES}?_status=422&detail=no`);
  assert.equal(said.status, 200);
  assert.doesNotMatch(said.text, /role="alert"/);
});

test('A ZIP without its mark stays a ZIP.', async () => {
  const { next } = await brought('whole.zip', zip([{ name: 'a.txt',
                                                     data: 'a' }]));
  assert.match(next.text, />whole\.zip<\/a>：可用/);
});

test('The list is filtered and goes on by a cursor.', async () => {
  for (let i = 0; i < 51; i++) {
    await bring({ [`页${i}.txt`]: `第 ${i} 页` });
  }
  const first = await page('clerk', `${FILES}?name=${encodeURIComponent('页')}`);
  assert.equal(first.text.match(/<tr>/g).length, 1 + 50);
  const [, next] = /href="([^"]*after=[^"]*)" rel="next"/.exec(first.text);
  const second = await page('clerk', next.replaceAll('&amp;', '&'));
  assert.equal(second.text.match(/>页\d+\.txt<\/a>/g).length, 1);

  const images = await page('clerk', `${FILES}?kind=image`);
  assert.match(images.text, /会场\.png/);
  assert.doesNotMatch(images.text, /页1\.txt/);
});

test('Name and words are set; words and decorative exclude each other.',
     async () => {
  const { digest, at } = await brought('标志.png', png(64, 64));
  const set = await send('file.set', { digest, name: '标志（新）.png',
                                       alt: '县徽', decorative: '0' }, at);
  assert.equal(set.status, 303, set.text);
  const shown = await page('clerk', at);
  assert.match(shown.text, /<h1>标志（新）\.png<\/h1>/);
  assert.match(shown.text, /alt="县徽"/);
  assert.match(shown.text, /<dd>标志\.png<\/dd>/);

  const both = await send('file.set', { digest, name: '标志（新）.png',
                                        alt: '县徽', decorative: '1' }, at);
  assert.equal(both.status, 422);
  assert.match(both.text, /二者选一/);
});

test('Where a file is used is told; in use it is replaced, not removed.',
     async () => {
  const { digest, at } = await brought('表.txt', '旧表');
  const doc = (await people.clerk.post('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '带表的通知', body: '正文',
    attachments: `${digest}/表.txt` })).body.verdict.doc;
  assert.match((await page('clerk', at)).text,
               new RegExp(`/console/doc/${doc}">带表的通知</a>`));

  const kept = await send('file.remove', { digest }, at);
  assert.equal(kept.status, 409);
  assert.match(kept.text, /仍被 1 件文档使用/);

  const fresh = await brought('表（改）.txt', '新表', { replace: digest });
  assert.match((await page('clerk', at)).text,
               new RegExp(`已经被替换：<a href="[^"]*${fresh.digest}"`));
  assert.match((await page('clerk', fresh.at)).text, /带表的通知/);
});

test('A file goes to the recycle bin, comes back, and goes for good.',
     async () => {
  const { digest, at } = await brought('删.txt', '要删的');
  const bin = `${FILES}?state=bin`;

  assert.equal((await send('file.remove', { digest }, at)).status, 303);
  assert.match((await page('clerk', bin)).text, /删\.txt/);
  assert.equal((await send('file.restore', { digest }, at)).status, 303);
  assert.doesNotMatch((await page('clerk', bin)).text, /删\.txt/);
  const early = await send('file.purge', { digest }, at);
  assert.equal(early.status, 403);
  assert.match(early.text, /只能清除回收站中的文件/);

  await send('file.remove', { digest }, at);
  assert.match((await page('clerk', at)).text, /href="[^"]*\?ask=purge"/);
  assert.doesNotMatch((await page('clerk', at)).text, /file\.purge/);
  assert.match((await page('clerk', `${at}?ask=purge`)).text,
               /永久删除这个文件？[^]*file\.purge/);
  assert.equal((await send('file.purge', { digest }, at)).status, 303);
  assert.equal((await page('clerk', at)).status, 404);
  assert.equal((await look('clerk', digest, '删.txt')).status, 404);
});

test('A refused file is never served; its page says what was found.',
     async () => {
  const { digest, at, next } = await brought('毒.txt', EICAR);
  assert.match(next.text, />毒\.txt<\/a>：已拒绝：[^<]*EICAR/i);
  for (const who of ['clerk', 'reviewer']) {
    const shown = await page(who, at);
    assert.match(shown.text, /检查没有通过[^<]*EICAR/i);
    assert.doesNotMatch(shown.text, /查看或下载/);
    assert.equal((await look(who, digest, '毒.txt')).status, 404);
  }
});

test('That a file is held is told in the page\'s language.', async () => {
  await clamd.stop();
  const { next, to } = await brought('held.txt', '等待');
  const why = 'Waits for its check: It has not been scanned yet';

  assert.match(next.text, />held\.txt<\/a>：等待检查：病毒检查还没有完成/);
  assert.match(await english(to), new RegExp(`>held\\.txt</a>: ${why}`));
  assert.doesNotMatch(await english(`${FILES}?name=held`), /病毒|扫描/);
  await clamd.start();
});

/** Every door that a file could come by, and what was made of it. */
async function doors(doc, token, { digest, variants = [] }, name) {
  const file = encodeURIComponent(name);
  const found = [];

  for (const hex of [digest, ...variants.map((small) => small.digest)]) {
    const ways = [
      ['the public', p.get('county.test', `/files/${hex}/${file}`)],
      ['a preview link', p.get('county.test',
        `/_gov/preview/${token}/files/${hex}/${file}`)],
    ];
    for (const who of ['clerk', 'reviewer']) {
      ways.push([`the library, ${who}`, look(who, hex, name)],
                [`the preview, ${who}`, page(
                  who, `/console/preview/${doc}/0/files/${hex}/${file}`)]);
    }
    for (const [way, answer] of ways) {
      found.push([way, hex === digest ? 'itself' : 'a variant',
                  (await answer).status]);
    }
  }
  return found;
}

test('What is held or refused comes by no door, nor what was made of it.',
     async () => {
  await clamd.stop();
  const { digest, at, next } = await brought('待查.png', png(400, 300));
  assert.match(next.text, />待查\.png<\/a>：等待检查/);
  const text = (await page('clerk', at)).text;
  assert.match(text, /病毒检查还没有完成/);
  assert.doesNotMatch(text, /\/file\//);
  assert.doesNotMatch((await page('clerk',
    `${FILES}?name=${encodeURIComponent('待查')}`)).text, /class="thumb"/);

  const { body: file } = await people.clerk.query('file.get', {
    site: COUNTY, digest });
  assert.ok(file.variants.length > 0);
  const images = [digest, ...file.variants.map((small) => small.digest)]
    .map((hex) => `![图](/files/${hex}/待查.png)`).join('\n\n');
  const { doc } = (await people.clerk.post('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '带图', body: images,
    attachments: `${digest}/待查.png` })).body.verdict;
  const token = randomBytes(32).toString('base64url');
  await p.run('doc.preview', { doc, hours: 24, hash: createHash('sha256')
    .update(token).digest('hex') });

  const all = () => doors(doc, token, file, '待查.png');
  const closed = (list) => list.map(([way, what]) => [way, what, 404]);
  let list = await all();
  assert.deepEqual(list, closed(list));
  assert.doesNotMatch((await p.get('county.test', `/_gov/preview/${token}`))
    .text, />待查</);

  // once it is found clean who may see the draft sees it
  await clamd.start();
  p.clock.advance(61);
  await until(async () => (await look('clerk', digest, '待查.png'))
    .status === 200);
  const shown = await look('reviewer', digest, '待查.png');
  assert.match(shown.headers['content-disposition'], /^inline;/);
  assert.equal(shown.headers['cache-control'], 'no-store');
  assert.deepEqual(await all(), list.map(([way, what]) => [
    way, what, way === 'the public' ? 410 : 200]));

  // and nobody once something is found in it, or it is in the bin
  await clamd.stop();
  const bad = await brought('后毒.txt', `稍后 ${EICAR}`);
  await people.clerk.post('doc.edit', { doc, base: 1, title: '带图',
    body: images, attachments: `${bad.digest}/后毒.txt` });
  await p.run('doc.preview', { doc, hours: 24, hash: createHash('sha256')
    .update(`${token}2`).digest('hex') });
  await clamd.start();
  p.clock.advance(61);
  await until(async () => /检查没有通过/.test((await page('clerk', bad.at))
    .text));
  list = await doors(doc, `${token}2`, { digest: bad.digest }, '后毒.txt');
  assert.deepEqual(list, closed(list));
});

test('A library that is not theirs is not there.', async () => {
  const { digest } = await brought('内部.txt', '内部');
  for (const path of [FILES, `${FILES}/${digest}`]) {
    assert.equal((await page('nobody', path)).status, 404);
  }
  assert.equal((await look('nobody', digest, '内部.txt')).status, 404);
  assert.doesNotMatch((await page('reviewer', FILES)).text, /上传文件/);
  const refused = await people.reviewer.form('/console/do/file.purge', {
    site: COUNTY, digest });
  assert.equal(refused.status, 403);
});

test('Attachments are chosen, ordered and left out by the form alone.',
     async () => {
  const one = await brought('附一.txt', '附件一');
  const two = await brought('附二.txt', '附件二');
  const at = `${one.digest}/附一.txt`;
  const bt = `${two.digest}/附二.txt`;
  const { doc } = (await people.clerk.post('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '带附件', body: '正文',
  })).body.verdict;
  const edit = `/console/doc/${doc}/edit`;
  const save = (base, attachments) => people.clerk.form(
    '/console/do/doc.edit', {
      _op: crypto.randomUUID(), _to: `/console/doc/${doc}`, _from: edit,
      doc, base, title: '带附件', body: '正文', attachments }, HTML);
  const names = async () => ((await people.clerk.query('doc.get', {
    doc })).body.files ?? []).map((f) => f.name);

  const empty = await page('clerk', edit);
  assert.equal(empty.text.match(/<select name="attachments"/g).length, 3);
  assert.match(empty.text, new RegExp(`<option value="${at}">附一\\.txt`));

  assert.equal((await save(1, [bt, '', at])).status, 303);
  assert.deepEqual(await names(), ['附二.txt', '附一.txt']);
  assert.match((await page('clerk', edit)).text, new RegExp(
    `<option value="${bt}" selected>[^]*<option value="${at}" selected>`));
  assert.match((await page('clerk', `/console/doc/${doc}`)).text,
               /<h2>附件<\/h2>[^]*附二\.txt[^]*附一\.txt/);

  assert.equal((await save(2, [at, bt])).status, 303);
  assert.deepEqual(await names(), ['附一.txt', '附二.txt']);
  // what is wrong with one comes back with the choice
  const bad = await save(3, [at, '0'.repeat(64)]);
  assert.equal(bad.status, 404);
  assert.match(bad.text, new RegExp(`value="${'0'.repeat(64)}" selected`));
  assert.equal((await save(3, ['', ''])).status, 303);
  assert.deepEqual(await names(), []);
});
