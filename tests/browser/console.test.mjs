// The console as people see it: every page, on a desk and on a phone, in high
// contrast; with the keyboard alone; and the whole way of a notice with
// scripts off.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { Clamd, EICAR } from '../lib/clamd.mjs';
import { png } from '../lib/files.mjs';
import { PASSWORD } from '../lib/people.mjs';
import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP } from '../lib/sites.mjs';
import { WIDTHS, axe, browser } from './browser.mjs';

const p = await platform({ sites: true, govd: 'clamd run/clamd.sock\n' });
const b = await browser();
const clamd = await new Clamd(join(p.dir, 'run/clamd.sock')).start();
after(() => clamd.stop());

const portal = `http://city.test:${p.port}`;

await p.run('doc.create', {
  site: TOWNSHIP, column: 'xxgk/tzgg', title: '补贴怎样领', publish: true,
  body: '见[细则](gov:doc/9999)和[表格](/xxgk/meiyou/)。' });
await p.run('site.set', {
  site: COUNTY, legal_name: '示例县人民政府', head: '张三', keeper: '李四',
  icp: '陕ICP备05000000号', reviews: '1', apart: 'true',
});

const people = {};
for (const [login, name, site, role] of [
  ['operator', '王平', '', 'operator'], ['audit', '周审', '', 'auditor'],
  ['security', '陈安', '', 'security'], ['manager', '赵管', COUNTY, 'manager'],
  ['clerk', '李思', TOWNSHIP, 'clerk'],
  ['reviewer', '吴核', COUNTY, 'reviewer'],
  ['publisher', '郑签', COUNTY, 'publisher'],
]) {
  await p.account({ login, name, roles: [[site, role]] });
  people[login] = await p.signIn(login);
}

const doc = (await people.clerk.post('doc.create', {
  site: TOWNSHIP, column: 'xxgk/tzgg', title: '关于秋播的通知',
  body: '# 安排\n\n- 小麦\n- 油菜\n', summary: '什么时候种，怎么领补贴。',
})).body.verdict.doc;
await people.clerk.post('doc.edit', {
  doc, base: 1, title: '关于秋播工作的通知',
  body: '# 安排\n\n- 小麦\n- 大豆\n\n见[细则](gov:doc/9999)。',
  note: '按会议意见修改' });
const files = (await people.clerk.upload({
  '会场.png': png(640, 480), '方案.txt': '方案',
}, { site: TOWNSHIP })).body.verdict.files;
await people.clerk.upload({ 'a.exe': 'MZ' }, { site: TOWNSHIP });
const [gone] = (await people.clerk.upload({ '作废.txt': '作废' },
                                          { site: TOWNSHIP })).body.verdict
  .files;
await people.clerk.post('file.remove', { site: TOWNSHIP,
                                         digest: gone.digest });
/* files in every state that a library shows */
const [bad, old] = (await people.clerk.upload({
  '毒.txt': EICAR, '旧表.txt': '旧表',
}, { site: TOWNSHIP })).body.verdict.files;
await people.clerk.upload({ '新表.txt': '新表' }, {
  site: TOWNSHIP, replace: old.digest });
await clamd.stop();
const [held] = (await people.clerk.upload({ '待查.png': png(64, 48) },
                                          { site: TOWNSHIP })).body.verdict
  .files;
await clamd.start();
const told = (await people.clerk.upload({ '好.txt': '好', '坏.exe': 'MZ' }, {
  site: TOWNSHIP, _to: `/console/site/${TOWNSHIP}/files`,
}, { accept: 'text/html' })).headers.location;
await people.audit.post('work.begin', { work: 'journal.verify' });
await people.clerk.post('doc.note', { doc, text: '请先看第二条。' });
await people.clerk.post('doc.submit', { doc });

const UNIT = `level=department&parent=${CITY}&name=市示例局&code=SHILI`;

const PAGES = [
  ['sign-in', null, '/console/sign-in'],
  ['invite', null, '/console/invite?token=1.x'],
  ['tasks', 'reviewer', '/console/'],
  ['sites', 'operator', '/console/sites?q=示例'],
  ['sites-below', 'operator', `/console/sites?below=${CITY}`],
  ['site-new-1', 'operator', '/console/sites/new'],
  ['site-new-2', 'operator', `/console/sites/new?step=2&${UNIT}`],
  ['site-new-3', 'operator', `/console/sites/new?step=3&${UNIT}&mode=page`
    + '&legal_name=示例市示例局'],
  ['site-import', 'operator', '/console/sites/import'],
  ['board', 'operator', '/console/board'],
  ['people', 'operator', '/console/people'],
  ['gaps', 'manager', '/console/gaps'],
  ['tasks-none', 'operator', '/console/'],
  ['user-new', 'manager', '/console/people/new'],
  ['user', 'manager', '/console/people/clerk'],
  ['account', 'clerk', '/console/account'],
  ['account-factor', 'operator', '/console/account/factor'],
  ['roles', 'security', '/console/roles'],
  ['journal', 'audit', '/console/journal'],
  ['entry', 'audit', '/console/journal/12'],
  ['site', 'operator', `/console/site/${COUNTY}`],
  ['settings', 'operator', `/console/site/${COUNTY}/settings`],
  ['columns', 'manager', `/console/site/${COUNTY}/columns`],
  ['column-new', 'manager', `/console/site/${COUNTY}/columns/new`],
  ['column', 'manager',
   `/console/site/${COUNTY}/columns/edit?column=xxgk/tzgg`],
  ['site-people', 'manager', `/console/site/${COUNTY}/people`],
  ['site-journal', 'audit', `/console/site/${COUNTY}/journal`],
  ['schedule', 'publisher', `/console/site/${COUNTY}/schedule`],
  ['links', 'clerk', `/console/site/${TOWNSHIP}/links`],
  ['docs', 'clerk', `/console/site/${TOWNSHIP}/docs`],
  ['files', 'clerk', `/console/site/${TOWNSHIP}/files`],
  ['files-bin', 'clerk', `/console/site/${TOWNSHIP}/files?state=bin`],
  ['files-read', 'reviewer', `/console/site/${TOWNSHIP}/files`],
  ['media', 'clerk', `/console/site/${TOWNSHIP}/files/${files[0].digest}`],
  ['media-purge', 'clerk',
   `/console/site/${TOWNSHIP}/files/${gone.digest}?ask=purge`],
  ['files-held', 'clerk', `/console/site/${TOWNSHIP}/files?state=held`],
  ['files-refused', 'clerk', `/console/site/${TOWNSHIP}/files?state=refused`],
  ['files-none', 'clerk', `/console/site/${TOWNSHIP}/files?kind=sound`],
  ['files-told', 'clerk', told],
  ['media-text', 'clerk', `/console/site/${TOWNSHIP}/files/${files[1].digest}`],
  ['media-read', 'reviewer',
   `/console/site/${TOWNSHIP}/files/${files[0].digest}`],
  ['media-bin', 'clerk', `/console/site/${TOWNSHIP}/files/${gone.digest}`],
  ['media-held', 'clerk', `/console/site/${TOWNSHIP}/files/${held.digest}`],
  ['media-refused', 'clerk', `/console/site/${TOWNSHIP}/files/${bad.digest}`],
  ['media-replaced', 'clerk',
   `/console/site/${TOWNSHIP}/files/${old.digest}`],
  ['notices', 'reviewer', '/console/notices'],
  ['notices-none', 'security', '/console/notices'],
  ['doc-new', 'clerk', `/console/site/${TOWNSHIP}/docs/new`],
  ['doc', 'reviewer', `/console/doc/${doc}`],
  ['doc-edit', 'clerk', `/console/doc/${doc}/edit`],
  ['log', 'reviewer', `/console/doc/${doc}/log`],
  ['versions', 'clerk', `/console/doc/${doc}/versions`],
  ['diff', 'clerk', `/console/doc/${doc}/diff?from=1&to=2`],
  ['not-found', 'clerk', '/console/nothing', 404],
  ['denied', 'clerk', '/console/journal', 403],
];

for (const [name, who, path, status = 200] of PAGES) {
  for (const width of WIDTHS) {
    for (const mode of width === 390 ? ['normal', 'dark']
      : ['normal', 'contrast'])
    {
      test(`Console: ${name} is sound at ${width} px, ${mode}.`, async () => {
        const { page, faults, close } = await b.open(portal + path, {
          width, mode, person: who && people[who] });

        try {
          await b.look(page, `console-${name}-${width}-${mode}`);
          assert.equal(await page.evaluate(() => performance
            .getEntriesByType('navigation')[0].responseStatus), status);
          assert.deepEqual(faults, []);
          assert.deepEqual(await axe(page), []);
          await fits(page);
          await isWellMade(page);
          if (width === 390) {
            await fitsFingers(page);
          }
        } finally {
          await close();
        }
      });
    }
  }
}

test('All documents of a page are chosen at once, and counted.', async () => {
  const { page, close } = await b.open(
    `${portal}/console/site/${TOWNSHIP}/docs`, { person: people.clerk });
  const boxes = page.locator('[name=docs]');
  const n = await boxes.count();

  await page.getByLabel('全选本页').check();
  assert.equal(await page.locator('[name=docs]:checked').count(), n);
  await page.locator('summary', { hasText: '批量办理' }).click();
  assert.equal(await page.locator('[data-count]').innerText(),
               `已选 ${n} 项`);
  await boxes.first().uncheck();
  assert.equal(await page.getByLabel('全选本页').isChecked(), false);
  await close();
});

test('A title that nothing breaks makes no page of it wider.', async () => {
  const { doc: long } = (await people.clerk.post('doc.create', {
    site: TOWNSHIP, column: 'xxgk/tzgg', title: 'W'.repeat(150), body: '文',
  })).body.verdict;

  for (const path of ['', '/edit', '/versions']) {
    const { page, close } = await b.open(
      `${portal}/console/doc/${long}${path}`,
      { width: 360, person: people.clerk });
    await fits(page);
    await close();
  }
});

async function fits(page) {
  const [inner, outer] = await page.evaluate(
    () => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(inner <= outer, `${inner} px wide on ${outer}`);
}

async function isWellMade(page) {
  const found = await page.evaluate(() => ({
    h1: document.querySelectorAll('h1').length,
    main: document.querySelectorAll('main').length,
    levels: [...document.querySelectorAll('h1, h2, h3')]
      .map((h) => Number(h.tagName[1])),
    twice: [...document.querySelectorAll('[id]')].map((e) => e.id)
      .filter((id, i, all) => all.indexOf(id) !== i),
    broken: /nil|table:|\{\{|undefined/.test(document.body.innerText),
  }));

  assert.equal(found.h1, 1);
  assert.equal(found.main, 1);
  assert.deepEqual(found.levels.filter(
    (level, i, all) => i > 0 && level > all[i - 1] + 1), []);
  assert.deepEqual(found.twice, [], 'an id stands twice');
  assert.equal(found.broken, false);
}

async function fitsFingers(page) {
  const small = await page.evaluate(() => [...document.querySelectorAll(
    'button:not(.jodit *), .button, .side a, input:not([type=hidden])'
    + ':not([type=checkbox]):not([type=radio]):not(.jodit *), select')]
    .filter((e) => e.checkVisibility?.() && e.offsetHeight > 0)
    .filter((e) => e.offsetHeight < 32)
    .map((e) => `${e.offsetHeight} ${e.outerHTML.slice(0, 80)}`));
  assert.deepEqual(small, []);
}

test('The keyboard alone signs in and opens the first task.', async () => {
  const { page, close } = await b.open(`${portal}/console/`);
  const focused = () => page.evaluate(
    () => document.activeElement.getAttribute('href')
      ?? document.activeElement.name ?? '');
  const tabTo = async (what, most) => {
    for (let n = 0; n < most; n++) {
      await page.keyboard.press('Tab');
      if (what.test(await focused())) {
        return;
      }
    }
    assert.fail(`${what} was not reached`);
  };

  await tabTo(/^login$/, 8);
  await page.keyboard.type('reviewer');
  await tabTo(/^password$/, 2);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${portal}/console/`);

  await page.keyboard.press('Tab');
  assert.equal(await focused(), '#main');
  await page.keyboard.press('Enter');
  await tabTo(new RegExp(`^/console/doc/${doc}$`), 8);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${portal}/console/doc/${doc}`);
  await close();
});

test('With scripts off a notice goes all the way to the public.',
     async () => {
  const as = (login) => b.open(`${portal}/console/`, {
    scripts: false, person: people[login] });
  const press = (page, name) => page.getByRole('button',
                                               { name, exact: true }).click();

  // the clerk of the township writes and sends it on
  let { page, close } = await as('clerk');
  await page.goto(`${portal}/console/site/${TOWNSHIP}/docs/new`);
  await page.selectOption('[name=column]', 'xxgk/tzgg');
  await page.fill('[name=body]', '全部手写，没有脚本。');
  await page.fill('[name=title]', '无脚本的通知');
  await press(page, '保存');
  assert.match(page.url(), /\/console\/doc\/\d+\?done=/);
  const at = page.url().replace(/\?.*/, '');
  await press(page, '送审');
  assert.match(await page.textContent('.steps [aria-current]'), /一审/);
  await close();

  // the reviewer at the county finds it in one queue, and sends it back
  ({ page, close } = await as('reviewer'));
  await page.getByRole('link', { name: '无脚本的通知' }).click();
  await page.locator('details', { hasText: '退回' }).last()
    .locator('[name=reason]').fill('请写明截止日期。');
  await press(page, '退回');
  assert.match(await page.textContent('.steps [aria-current]'), /编辑/);
  await close();

  ({ page, close } = await as('clerk'));
  await page.goto(`${at}/edit`);
  await page.fill('[name=body]', '全部手写，没有脚本。截止十二月一日。');
  await press(page, '保存为新版本');
  await press(page, '送审');
  await close();

  ({ page, close } = await as('reviewer'));
  await page.goto(at);
  await press(page, '通过');
  assert.match(await page.textContent('.steps [aria-current]'), /签发/);
  await close();

  ({ page, close } = await as('publisher'));
  await page.getByRole('link', { name: '无脚本的通知' }).click();
  await press(page, '签发（发布）');
  assert.match(await page.textContent('h1'), /已发布/);
  await page.getByRole('link', { name: '查看公开页面' }).click();
  assert.match(await page.textContent('main'), /截止十二月一日/);
  await close();
});

for (const scripts of [true, false]) {
  test('A grave act says what comes of it and is done in a second step, '
    + `scripts ${scripts ? 'on' : 'off'}.`, async () => {
    const login = `leaves-${scripts}`;
    await p.account({ login, name: '离岗', roles: [[COUNTY, 'clerk']] });
    const { page, close } = await b.open(
      `${portal}/console/people/${login}`, { scripts,
                                             person: people.manager });

    // without the last role they are nobody to the manager
    for (const [name, said, then] of [
      ['停用', /停用后他立即退出/, /已停用/],
      ['收回', /收回后立即不能用/, /没有/],
    ]) {
      const button = page.getByRole('button', { name, exact: true });
      assert.equal(await button.isVisible(), false, name);
      await page.locator('summary', { hasText: name }).click();
      assert.match(await page.locator('details[open]', { has: button })
        .textContent(), said);
      await button.click();
      await page.locator('h1', { hasText: then }).waitFor();
    }
    await close();
  });
}

for (const scripts of [true, false]) {
  test('What a withdrawal comes to is said before it is done, '
    + `scripts ${scripts ? 'on' : 'off'}.`, async () => {
    const { doc: out } = await p.run('doc.create', {
      site: CITY, column: 'xxgk/tzgg', title: '要撤回的通知', body: '正文',
      publish: 'true' });
    const login = `citysign-${scripts}`;
    await p.account({ login, roles: [[CITY, 'publisher']] });
    const { page, faults, close } = await b.open(
      `${portal}/console/doc/${out}`, { scripts,
                                        person: await p.signIn(login) });

    const act = page.locator('details.act', {
      has: page.locator('[action$="doc.withdraw"]') });
    assert.equal(await act.locator('button').isVisible(), false);
    await act.locator('summary').click();
    assert.match(await act.locator('p').first().textContent(),
                 /撤回后公众看不到正文/);
    if (scripts) {
      assert.deepEqual(await axe(page), []);
    }
    await act.locator('[name=reason]').fill('内容有误。');
    await act.locator('button').click();
    await page.locator('h1', { hasText: '已撤回' }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  });
}
