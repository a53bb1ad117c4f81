// Tables of thousands of rows are imported behind one's back: piece by piece,
// through kills of govd and without a browser, each row once and judged by
// what its asker may by then.

import assert from 'node:assert/strict';
import { existsSync, rmSync, utimesSync } from 'node:fs';
import test, { after } from 'node:test';
import { join } from 'node:path';

import { arm, armed, pointFolder, until, withPoints }
  from '../crash/load.mjs';
import { form as multipart } from '../lib/files.mjs';
import { platform } from '../lib/platform.mjs';
import { COUNTY } from './visitor.mjs';

const HTML = { accept: 'text/html,application/xhtml+xml' };
const ROWS = 5000;

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));
process.env.GOV_POINTS = points;

const p = await platform({ sites: true, ...withPoints(points) });
const people = {};
for (const [login, roles] of [
  ['operator', [['', 'operator']]], ['clerk', [[COUNTY, 'clerk']]],
  ['editor', [[COUNTY, 'clerk'], [COUNTY, 'publisher']]],
]) {
  await p.account({ login, roles });
  people[login] = await p.signIn(login);
}

/** The form as a browser sends it, the table as a file. */
async function bring(who, work, lines, fields = {}) {
  const at = work === 'site.import' ? '/console/sites/import'
    : `/console/site/${COUNTY}/import`;
  const made = multipart([
    ['_csrf', people[who].csrf], ['_op', crypto.randomUUID()],
    ['_to', '/console/works'], ['_from', at], ['_new', '1'],
    ['work', work], ...Object.entries(fields),
    ['csv', '表.csv', Buffer.concat(lines.flatMap(
      (line) => [Buffer.from(line), Buffer.from('\r\n')]))]]);
  return people[who].ask('POST', '/console/do/work.begin', {
    headers: { ...HTML, 'sec-fetch-site': 'same-origin', ...made.headers },
    body: made.body,
  });
}

const works = async () => JSON.parse(
  await p.ctl('--format=json', 'work', 'list'));
const newest = async () => (await works())[0];
const ended = () => until(async () => {
  try {
    return (await newest()).ended;
  } catch {
    return false;
  }
}, 'the end of the work', 2000);

const entries = async (command) => JSON.parse(await p.ctl(
  '--format=json', 'journal', 'list', '--limit', '1000')).filter(
  (one) => one.command === command);

/** Where the table lies that the newest work reads. */
async function table() {
  const [begun] = await entries('work.begin');
  const entry = await p.ctl('--format=json', 'journal', 'get',
                            String(begun.seq));
  const [, hex] = /"table": "([0-9a-f]{64})"/.exec(entry);
  return join(p.dir, 'blobs', hex.slice(0, 2), hex.slice(2));
}

test('Five thousand townships come through three kills, each once.',
     async () => {
  arm(points, 'table');
  const led = await bring('operator', 'site.import', [
    '代码,名称,层级,上级代码',
    ...Array.from({ length: ROWS }, (_, i) =>
      `X${i},第${i}街道,township,${COUNTY}`),
    `X7,第7街道,township,${COUNTY}`, `Y1,孤儿,township,999999`]);
  assert.equal(led.status, 303, led.text);
  assert.match(led.headers.location, /^\/console\/works\?done=/);

  // as if it had come long ago: each start of govd looks for bytes that
  // nobody needs
  const kept = await table();
  utimesSync(kept, 1, 1);

  // between two pieces, in the midst of one, and of one that was committed
  for (const at of ['after_apply', 'before_answer', undefined]) {
    await until(() => !['table', 'after_apply', 'before_answer']
      .some((name) => armed(points, name)), 'the kill');
    if (at) {
      arm(points, at);
    }
  }

  await ended();
  const one = await newest();
  assert.equal(one.ok, true, JSON.stringify(one));
  p.clock.advance(61);
  await until(() => !existsSync(kept), 'the going of the table');
  assert.deepEqual([one.result.created, one.result.unchanged,
                    one.result.refusals], [ROWS, 1, 1]);
  assert.equal(one.result.refused[0].row, ROWS + 2);
  assert.equal(one.result.refused[0].code, 'Y1');

  // no piece twice, none for one that changed nothing; the table itself is
  // not in the journal
  assert.equal((await entries('site.import')).length, ROWS / 100);
  const [begun] = await entries('work.begin');
  const entry = await p.ctl('--format=json', 'journal', 'get',
                            String(begun.seq));
  assert.doesNotMatch(entry, /街道/);
  await p.ctl('journal', 'verify');

  const shown = (await people.operator.get('/console/works', HTML)).text;
  assert.match(shown, /已完成[^]*新建 5000，更新 0，未变 1，退回 1/);
  assert.match(shown, /<td class="n">5002<\/td><td>Y1<\/td>/);
});

test('Documents come as a table: without a browser, judged row by row.',
     async () => {
  const from = `/console/site/${COUNTY}/import`;
  assert.equal((await people.editor.get(from, HTML)).status, 200);
  assert.equal((await people.clerk.get(from, HTML)).status, 403);
  assert.equal((await bring('clerk', 'doc.import', ['id,title', '1,一'],
                            { site: COUNTY })).status, 403);

  arm(points, 'table');
  const led = await bring('editor', 'doc.import', [
    '编号,标题,正文,站点,发布时间,下线时间',
    'd,旧链接,"见[旧文](../t2019.html)。",,,',
    ...Array.from({ length: 1500 }, (_, i) =>
      `d${i},第 ${i} 件,正文 ${i},,,`),
    'e1,别处的,正文,610400,,', 'e2,没有正文,,,,',
    'e3,补登的,正文,,2019-01-01 08:00,', 'e4,错了,正文,,,2019-01-01',
    'w,将来的,正文,,2099-01-01 08:00,2099-02-01 08:00'],
    { site: COUNTY, column: 'xxgk/tzgg' });
  assert.equal(led.status, 303, led.text);
  await people.editor.form('/console/sign-out', {}, HTML);

  await until(() => !armed(points, 'table'), 'the kill');
  await ended();
  const one = await newest();
  assert.equal(one.ok, true, JSON.stringify(one));
  assert.deepEqual([one.result.created, one.result.refusals,
                    one.result.dead], [1502, 4, 1],
                   JSON.stringify(one.result.refused[0]));
  assert.deepEqual(one.result.refused.map((row) => [row.id, row.field]),
                   [['e1', 'column'], ['e2', 'body_md'], ['e3', 'at'],
                    ['e4', 'expires']]);
  assert.equal(one.actor, 'editor');

  // what is kept of the work is read in English too
  const { stdout } = await p.govctl(['--format=json', 'work', 'list'],
                                    { env: { LC_ALL: 'en_GB.UTF-8' } });
  assert.match(JSON.parse(stdout)[0].result.refused[2].reason,
               /a publication is never dated back/);

  people.editor = await p.signIn('editor');
  assert.match((await people.editor.get('/console/works', HTML)).text,
               /新建 1502，[^]*打不开的链接 1。/);
  assert.match((await people.editor.get('/console/works', {
    ...HTML, cookie: `${people.editor.cookies}; gov_lang=en`,
  })).text, /a document cannot expire in the past/);
  assert.doesNotMatch((await people.clerk.get('/console/works', HTML)).text,
                      /新建 1502，/);

  // what is to be minded is told by the table's rows, up to a bound
  await bring('editor', 'doc.import', ['id,title,body_md,published',
    ...Array.from({ length: 220 }, (_, i) =>
      `d${i},第 ${i} 件,正文 ${i},2019-01-01`), 'e5,没有正文,,'],
    { site: COUNTY, column: 'xxgk/tzgg' });
  await ended();
  const minded = (await newest()).result;
  assert.deepEqual([minded.unchanged, minded.refusals, minded.warned,
                    minded.warnings.length], [220, 1, 220, 200]);
  assert.equal(minded.refused[0].row, 221);
  assert.match(minded.warnings[150], /^第 151 行的 published 不采用/);

  const page = async (lang) => (await people.editor.get('/console/works', {
    ...HTML, cookie: `${people.editor.cookies}; gov_lang=${lang}`,
  })).text;
  assert.match(await page('zh'), new RegExp('<summary>导入提示</summary>'
    + '[^]*<li>第 1 行的 published 不采用[^]*另有提示未列出：20。'));
  assert.match(await page('en'), new RegExp('<summary>Warnings</summary>'
    + '[^]*<li>published of row 1 is not taken[^]*Warnings not listed: 20\\.'));

  // sent again, it finds that all is there
  await bring('editor', 'doc.import', [
    'id,title,body_md', 'd1,第 1 件,正文 1', 'd2,改了,正文 2'],
    { site: COUNTY, column: 'xxgk/tzgg' });
  await ended();
  const again = (await newest()).result;
  assert.deepEqual([again.created, again.updated, again.unchanged],
                   [0, 1, 1]);
});

test('A list of broken links goes on where one page has looked enough.',
     async () => {
  let at = `/console/site/${COUNTY}/links`;
  let pages = 0;
  let text = '';

  for (; at && !text.includes('旧链接'); pages++) {
    ({ text } = await people.editor.get(at, HTML));
    assert.match(text, /<h1>失效链接<\/h1>/);
    if (pages === 0) {
      assert.match(text, /这一页没有，请看下一页/);
    }
    [, at] = /href="([^"]*after=\d+)"/.exec(text) ?? [];
  }
  assert.match(text, /旧链接[^]*没有这个页面：\.\.\/t2019\.html/);
  assert.equal(pages, 4);
});

test('A spreadsheet\'s file may be in GB18030.', async () => {
  const led = await bring('operator', 'site.import', [
    'code,name,level,parent_code',
    Buffer.concat([Buffer.from('G1,'),
                   Buffer.from([0xb9, 0xab, 0xb8, 0xe6]),          // 公告
                   Buffer.from(`,township,${COUNTY}`)])]);
  assert.equal(led.status, 303, led.text);
  await ended();
  assert.match((await people.operator.get('/console/site/G1', HTML)).text,
               /<h1>公告 /);
});

test('What is no table is told at once, with what was typed.', async () => {
  const from = '/console/sites/import';
  const send = (fields) => people.operator.form('/console/do/work.begin', {
    _op: crypto.randomUUID(), _to: from, _from: from, _new: '1',
    work: 'site.import', host_pattern: '{slug}.x y', ...fields,
  }, HTML);
  const broken = await send({ csv: 'code,name\n"1,甲' });
  assert.equal(broken.status, 422, broken.text);
  assert.match(broken.text, /code,name\n&quot;1,甲<\/textarea>/);
  assert.match(broken.text, /value="\{slug\}\.x y"/);
  assert.match(broken.text, /<h1>批量新建站点<\/h1>/);
  assert.equal((await send({ csv: '' })).status, 422);
  assert.equal((await send({ table: 'a'.repeat(64) })).status, 422);
});

test('What was imported is told with each row that was refused.', async () => {
  const row = (id, column) => ({ site: COUNTY, column, title: `网上 ${id}`,
                                 body_md: '正文', id });
  const bad = Array.from({ length: 499 }, (_, i) => row(
    `https://www.example.gov.cn/zwgk/2026/11/20/content_${i}.html`,
    `no-such-column-anywhere-${i}`));
  const done = await people.editor.command('doc.import', {
    rows: [row('one', 'xxgk/tzgg'), ...bad] });
  assert.equal(done.status, 200, done.text);
  assert.ok(done.text.length > 64 * 1024);
  assert.equal(done.body.refused.length, 499);
  assert.ok(done.headers['gov-entry']);
});
