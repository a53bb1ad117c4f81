// The manual by role, walked as it says (tests/browser/manual.mjs).  With
// MANUAL=1 the pictures of docs/manual/img are made anew; the clock stands
// still, so that one that did not change keeps its bytes.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import test from 'node:test';

import { PASSWORD, digits } from '../lib/people.mjs';
import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP } from '../lib/sites.mjs';
import { browser } from './browser.mjs';
import { MOST_BYTES, books, pictureFile, sentences, taken, task, walked }
  from './manual.mjs';

const p = await platform({ sites: true });
const b = await browser();
const portal = `http://city.test:${p.port}`;

await p.run('site.set', {
  site: COUNTY, legal_name: '示例县人民政府', reviews: '1', apart: 'true',
});

const people = {};
for (const [login, name, site, role] of [
  ['wangping', '王平', '', 'operator'], ['zhoushen', '周审', '', 'auditor'],
  ['chenan', '陈安', '', 'security'], ['zhaoguan', '赵管', COUNTY, 'manager'],
  ['lisi', '李思', TOWNSHIP, 'clerk'], ['sunwen', '孙文', TOWNSHIP, 'clerk'],
  ['wuhe', '吴核', COUNTY, 'reviewer'],
  ['zhengqian', '郑签', COUNTY, 'publisher'],
]) {
  await p.account({ login, name, roles: [[site, role]] });
  people[login] = await p.signIn(login);
}

const COLUMN = 'xxgk/tzgg';
const BODY = `各村民委员会：

秋播工作已经开始，现将有关事项通知如下。

## 播种时间

小麦 10 月 1 日至 10 月 20 日，油菜 9 月 15 日至 10 月 5 日。

## 补贴领取

带身份证和土地承包合同，到镇便民服务中心 3 号窗口领取。
`;

// -- what people do

/** A person's browser at a page; `end` closes it. */
async function at(login, path, options = {}) {
  const { page, close } = await b.open(portal + path, {
    person: people[login], ...options });
  return { page, end: close };
}

const button = (page, name) => page.getByRole('button', { name, exact: true });
const press = (page, name) => button(page, name).click();
const follow = (page, name) => page.getByRole('link', { name, exact: true })
  .first().click();
const unfold = (page, name) => page.locator('summary')
  .getByText(name, { exact: true }).click();

/** The open act of a document's page. */
const act = (page, name) => page.locator('details.act').filter({
  has: page.locator('summary').getByText(name, { exact: true }) });

const sees = (page, selector, text) => page.locator(selector).first()
  .filter({ hasText: text }).waitFor();

/** A document of the township, as far as `steps` say. */
async function document(title, ...steps) {
  const { doc } = (await people.lisi.post('doc.create', {
    site: TOWNSHIP, column: COLUMN, title, body: BODY, openness: 'active',
    summary: '什么时候种、怎么领补贴。',
  })).body.verdict;
  const done = {
    submit: () => people.lisi.post('doc.submit', { doc }),
    pass: () => people.wuhe.post('doc.pass', { doc, version: 1 }),
    sign: () => people.zhengqian.post('doc.sign', { doc, version: 1 }),
    reject: () => people.wuhe.post('doc.reject', {
      doc, version: 1, to: 'edit', reason: '请写明补贴截止日期。' }),
    urgent: () => people.zhengqian.post('doc.urgent', {
      doc, version: 1, reason: '今夜有暴雨，来不及审核。' }),
  };
  for (const step of steps) {
    const { status, text } = await done[step]();
    assert.equal(status, 200, `${step}: ${text}`);
  }
  return doc;
}

// -- signing in

test('Manual: the first sign-in, a second factor, a lost telephone.',
     async () => {
  const made = await p.run('user.create', { login: 'maxin', name: '马新',
                                            role: 'operator' });
  const code = (step) => digits(secret, Math.floor(p.clock.now / 30000) + step);
  const { page, end } = await at(null, made.link);

  let walk = task('README', '第一次登录');
  await walk.step(page);
  await page.fill('[name=password]', PASSWORD);
  await walk.step(page, () => page.fill('[name=again]', PASSWORD));
  await walk.picture(page, 'invite');
  await walk.step(page, () => press(page, '保存密码'));


  walk.end();

  walk = task('README', '设置第二因素');
  const secret = await page.locator('p .code').textContent();
  const recovery = await page.locator('.codes li').allTextContents();
  await walk.step(page);
  await walk.step(page, () => assert.equal(recovery.length, 10));
  await walk.picture(page, 'factor', { cover: {
    '.qr': '（二维码）', 'p .code': 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    '.codes li': '0000-0000-0000',
  } });
  await page.fill('[name=code]', code(0));
  await walk.step(page, () => press(page, '继续'));
  walk.end();

  walk = task('README', '登录');
  await press(page, '退出');
  await page.fill('[name=login]', 'maxin');
  await page.fill('[name=password]', PASSWORD);
  await walk.picture(page, 'sign-in');
  await walk.step(page, () => press(page, '登录'));
  await page.fill('[name=code]', code(1));
  await walk.step(page, () => press(page, '继续'));
  await walk.step(page);
  walk.end();

  walk = task('README', '手机丢了，用恢复码登录');
  await press(page, '退出');
  await page.fill('[name=login]', 'maxin');
  await page.fill('[name=password]', PASSWORD);
  await press(page, '登录');
  await page.fill('[name=code]', recovery[0]);
  await walk.step(page, () => press(page, '继续'));
  await walk.step(page);
  walk.end();
  await end();
});

test('Manual: what is typed outlives the sign-in.', async () => {
  const doc = await document('关于秋播机具检修的通知');
  const { page, end } = await at('lisi', `/console/doc/${doc}/edit`,
                                 { scripts: false });
  const walk = task('README', '写到一半，登录失效了');

  await page.fill('[name=title]', '关于秋播机具检修和安全的通知');
  await p.run('user.sessions_end', { user: 'lisi' });
  await walk.step(page, () => press(page, '保存为新版本'));
  await walk.picture(page, 'again');

  await walk.step(page, async () => {
    people.lisi = await p.signIn('lisi');
    await page.context().addCookies([{
      name: people.lisi.cookieName, value: people.lisi.cookie, url: portal }]);
  });
  await walk.step(page, () => press(page, '取回填写的内容'));
  await walk.step(page, () => press(page, '保存为新版本'));
  await sees(page, 'h1', /机具检修和安全/);
  walk.end();
  await end();
});

// -- the clerk

test('Manual: a clerk writes a notice and sends it on.', async () => {
  const { page, end } = await at('lisi', '/console/');
  const walk = task('clerk', '写一份通知并送审');

  await walk.step(page, async () => {
    await page.fill('[name=q]', '示例镇');
    await press(page, '查找');
    await follow(page, '示例镇');
    await follow(page, '文档');
  });
  await walk.step(page, () => follow(page, '新建文档'));
  await page.selectOption('[name=column]', COLUMN);
  await page.fill('[name=title]', '关于秋播工作的通知');
  await walk.step(page, () => page.fill('[name=summary]',
                                        '什么时候种、怎么领补贴。'));
  await walk.step(page, () => page.fill('[name=body]', BODY));
  await unfold(page, '更多项目（文号、日期、来源……）');
  await walk.step(page, () => page.selectOption('[name=openness]', 'active'));
  await walk.picture(page, 'clerk-new', { height: 1000 });
  await walk.step(page, async () => {
    await press(page, '保存');
    await page.waitForURL(/\/console\/doc\/\d+/);
  });
  await walk.picture(page, 'clerk-doc', { height: 760 });
  await walk.step(page, () => press(page, '送审'));
  await sees(page, '.steps [aria-current]', /一审/);
  walk.end();
  await end();
});

test('Manual: a clerk pastes from Word.', async () => {
  const { page, end } = await at('lisi',
    `/console/site/${TOWNSHIP}/docs/new`);
  const walk = task('clerk', '从 Word 粘贴，插图片');

  await walk.step(page, () => page.getByLabel('富文本').check());
  await page.locator('.jodit-wysiwyg').waitFor();
  await walk.step(page);
  walk.end();
  await end();
});

test('Manual: a clerk mends what came back, and withdraws what went.',
     async () => {
  const doc = await document('关于秋播补贴的通知', 'submit', 'reject');
  const { page, end } = await at('lisi', '/console/');

  let walk = task('clerk', '被退回后修改再送审');
  await walk.step(page, () => follow(page, '关于秋播补贴的通知'));
  await walk.step(page);
  await walk.picture(page, 'clerk-back', { height: 900 });
  await walk.step(page, async () => {
    await follow(page, '修改');
    await page.fill('[name=body]', `${BODY}\n截止 12 月 1 日。\n`);
    await page.fill('[name=note]', '写明截止日期');
    const seen = await page.locator('label').allTextContents();
    assert.ok(seen.some((text) => text.startsWith('修改说明')));
    return page;
  });
  await press(page, '保存为新版本');
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);
  await walk.step(page, () => press(page, '送审'));
  walk.end();

  walk = task('clerk', '看两个版本改了什么');
  await walk.step(page, () => follow(page, '版本'));
  await walk.step(page, () => press(page, '对比'));
  await walk.step(page);
  await walk.picture(page, 'clerk-diff', { height: 700 });
  walk.end();

  walk = task('clerk', '撤回送审');
  await page.goto(`${portal}/console/doc/${doc}`);
  await walk.step(page, () => unfold(page, '撤回送审'));
  await walk.step(page, () => press(page, '撤回送审'));
  await sees(page, '.steps [aria-current]', /编辑/);
  walk.end();

  walk = task('clerk', '给同事留言');
  await walk.step(page, () => page.getByLabel('给同事留言').fill('已改好。'));
  await walk.step(page, () => press(page, '留言'));
  await sees(page, 'main', /lisi.*已改好/s);
  walk.end();
  await end();
});

test('Manual: a clerk edits what is public, and takes over an edit.',
     async () => {
  const doc = await document('关于集市开放时间的通知', 'submit', 'pass',
                             'sign');
  const { page, end } = await at('lisi', `/console/doc/${doc}`);

  let walk = task('clerk', '修改已经发布的文档');
  await walk.step(page);
  await follow(page, '修改');
  await page.fill('[name=body]', `${BODY}\n雨天顺延。\n`);
  await walk.step(page, async () => {
    await page.fill('[name=note]', '雨天安排');
    await press(page, '保存为新版本');
    await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);
  });
  await walk.step(page, () => press(page, '送审'));
  walk.end();

  walk = task('clerk', '同事正在修改同一份文档');
  const mine = await document('关于道路施工的通知');
  await people.sunwen.post('doc.lock', { doc: mine });
  await page.goto(`${portal}/console/doc/${mine}`);
  await walk.step(page, () => sees(page, '.note', /sunwen 正在修改/));
  await walk.step(page, async () => {
    await unfold(page, '接过修改');
    await press(page, '接过修改');
  });
  await walk.step(page);
  walk.end();
  await end();
});
