// The manual by role, walked as it says (tests/browser/manual.mjs).  With
// MANUAL=1 the pictures of docs/manual/img are made anew; the clock stands
// still, so that one that did not change keeps its bytes.  One file although it
// is long: each role takes up what the one before it has left.

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
const own = (page) => page.locator('a[href="/console/account"]').click();
const unfold = (page, name) => page.locator('summary')
  .getByText(name, { exact: true }).click();

/** A grave act: its name unfolds what comes of it, and the button. */
const grave = async (scope, name) => {
  await scope.locator('summary').filter({ hasText: name }).first().click();
  await button(scope, name).click();
};
const revoke = (page, role) => grave(page.locator('tr', { hasText: role }),
                                     '收回');

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

  walk = task('README', '更换第二因素和恢复码');
  await own(page);
  await walk.step(page, () => follow(page, '更换第二因素和恢复码'));
  await walk.step(page);
  const fresh = await page.locator('p .code').textContent();
  await page.fill('[name=code]', digits(fresh, Math.floor(p.clock.now
    / 30000)));
  await walk.step(page, () => page.fill('[name=now]', recovery[1]));
  await page.fill('[name=old]', PASSWORD);
  await walk.step(page, () => press(page, '继续'));
  walk.end();
  await end();
});

test('Manual: a new password, and the sign-ins elsewhere.', async () => {
  await p.account({ login: 'tianyu', name: '田雨',
                    roles: [[TOWNSHIP, 'clerk']] });
  people.tianyu = await p.signIn('tianyu');
  const { page, end } = await at('tianyu', '/console/', { scripts: false });
  const better = 'kuangye-denglong-92';

  let walk = task('README', '修改密码');
  await walk.step(page, async () => {
    await own(page);
    await page.fill('[name=old] >> nth=0', PASSWORD);
    await page.fill('[name=password]', better);
    await page.fill('[name=again]', better);
  });
  await walk.step(page, () => press(page, '修改密码'));
  walk.end();

  walk = task('README', '更改邮箱地址');
  const mail = page.locator('form[action$="account/mail"]');
  await walk.step(page, async () => {
    await mail.locator('[name=mail]').fill('tianyu@example.test');
    await mail.locator('[name=old]').fill(better);
  });
  await walk.step(page, () => press(page, '更改邮箱地址'));
  walk.end();

  await p.signIn('tianyu', { password: better });
  await p.signIn('tianyu', { password: better });
  walk = task('README', '看自己的权限和登录');
  await page.goto(`${portal}/console/`);
  await walk.step(page, () => own(page));
  await walk.step(page);
  await walk.picture(page, 'account', { height: 1300 });
  await walk.step(page, async () => {
    await page.getByRole('button', { name: /^结束登录/ }).first().click();
    await press(page, '结束其他所有登录');
  });
  assert.equal(await page.getByRole('button', { name: /^结束/ }).count(), 0);
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

for (const scripts of [true, false]) {
  test('Manual: a clerk writes a notice and sends it on, scripts '
    + `${scripts ? 'on' : 'off'}.`, () => writes(scripts));
}

async function writes(scripts) {
  const { page, end } = await at('lisi', '/console/', { scripts });
  const walk = task('clerk', '写一份通知并送审');

  await walk.step(page, () => page.getByRole('link', {
    name: /^文档.*示例镇$/ }).click());
  await walk.step(page, () => follow(page, '新建文档'));
  await page.selectOption('[name=column]', COLUMN);
  await page.fill('[name=title]', '关于秋播工作的通知');
  await walk.step(page, () => page.fill('[name=summary]',
                                        '什么时候种、怎么领补贴。'));
  await walk.step(page, () => page.fill('[name=body]', BODY));
  await unfold(page, '更多项目（文号、日期、来源……）');
  await walk.step(page, () => page.selectOption('[name=openness]', 'active'));
  if (scripts) {
    await walk.picture(page, 'clerk-new', { height: 1000 });
  }
  await walk.step(page, async () => {
    await press(page, '保存');
    await page.waitForURL(/\/console\/doc\/\d+/);
  });
  if (scripts) {
    await walk.picture(page, 'clerk-doc', { height: 760 });
  }
  await walk.step(page, () => press(page, '送审'));
  await sees(page, '.steps [aria-current]', /一审/);
  walk.end();
  await end();
}

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

test('Manual: a clerk uploads, and lends a look.', async () => {
  const doc = await document('关于秋播技术培训的通知');
  const { page, end } = await at('lisi', `/console/site/${TOWNSHIP}`);

  let walk = task('clerk', '上传附件和图片');
  await walk.step(page, async () => {
    await follow(page, '文件库');
    await unfold(page, '上传文件');
  });
  await page.locator('[type=file]').setInputFiles({
    name: '秋播安排.txt', mimeType: 'text/plain',
    buffer: Buffer.from('小麦十月一日起播种。\n') });
  await walk.step(page, () => press(page, '上传文件'));
  await walk.step(page, () => sees(page, 'tbody', /秋播安排\.txt/));
  walk.end();

  walk = task('clerk', '给没有账号的人看一眼');
  await page.goto(`${portal}/console/doc/${doc}`);
  await walk.step(page, () => unfold(page, '生成预览链接'));
  await walk.step(page, () => press(page, '生成预览链接'));
  await walk.step(page);
  await walk.picture(page, 'clerk-preview', { height: 560, cover: {
    '#link a': 'http://门户网址/_gov/preview/（到期失效）' } });
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
    await page.fill('[name=body]', `${BODY.replace('3 号窗口', '5 号窗口')}
截止 12 月 1 日。\n`);
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
  await sees(page, '.diff > ins', /截止 12 月 1 日/);
  // words of a line are told without colour, and aloud
  for (const [tag, line, said] of [['del', 'line-through', '［删去：3］'],
                                   ['ins', 'underline', '［新加：5］']]) {
    const part = page.locator(`.diff > .changed > ${tag}`);
    assert.equal(await part.textContent(), said);
    assert.equal(await part.evaluate(
      (e) => getComputedStyle(e).textDecorationLine), line);
  }
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
  await sees(page, 'main', /李思.*已改好/s);
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
  await walk.step(page, () => sees(page, '.note', /孙文 正在修改/));
  await walk.step(page, async () => {
    await unfold(page, '接过修改');
    await press(page, '接过修改');
  });
  await walk.step(page);
  walk.end();
  await end();
});

// -- the reviewer

test('Manual: a reviewer passes, rejects, stamps.', async () => {
  const doc = await document('关于冬季供暖补贴的通知', 'submit');
  await document('关于农机检验的通知', 'submit');
  const { page, end } = await at('wuhe', '/console/');

  let walk = task('reviewer', '审核一份文档并通过');
  await walk.picture(page, 'reviewer-tasks', { height: 620 });
  await walk.step(page, () => sees(page, 'tbody', /农机检验/));
  await walk.step(page, () => follow(page, '关于农机检验的通知'));
  await walk.step(page, async () => {
    await act(page, '通过').locator('[name=reason]').fill('请尽快签发。');
    await press(page, '通过');
  });
  await sees(page, '.steps [aria-current]', /签发/);
  walk.end();

  walk = task('reviewer', '退回并说明理由');
  await page.goto(`${portal}/console/doc/${doc}`);
  await walk.step(page, () => act(page, '退回').locator('[name=reason]')
    .fill('第二段请写明补贴截止日期。'));
  await walk.step(page, () => page.getByLabel('退回到').selectOption('edit'));
  await walk.picture(page, 'reviewer-reject', { from: '.aside' });
  await walk.step(page, () => press(page, '退回'));
  await sees(page, '.steps [aria-current]', /编辑/);
  walk.end();

  walk = task('reviewer', '保密审查');
  await p.run('column.set', { site: TOWNSHIP, column: COLUMN,
                              secrecy: 'true' });
  const secret = await document('关于防汛值守的通知', 'submit');
  await page.goto(`${portal}/console/doc/${secret}`);
  await walk.step(page, () => unfold(page, '保密审查通过'));
  await walk.step(page, () => press(page, '保密审查通过'));
  walk.end();
  await p.run('column.set', { site: TOWNSHIP, column: COLUMN,
                              secrecy: 'inherit' });
  await end();
});

test('Manual: a reviewer does many at once, and what is owed.', async () => {
  const owed = await document('关于暴雨避险的紧急通知', 'urgent');
  for (const title of ['关于打谷场防火的通知', '关于冬修水利的通知']) {
    await document(title, 'submit');
  }
  const { page, end } = await at('wuhe', `/console/site/${TOWNSHIP}/docs`);

  let walk = task('reviewer', '一次办理多份');
  await page.getByLabel('环节').selectOption('review1');
  await walk.step(page, () => press(page, '筛选'));
  for (const title of ['关于打谷场防火的通知', '关于冬修水利的通知']) {
    await page.getByLabel(`选择：${title}`).check();
  }
  await walk.step(page, () => unfold(page, '批量办理选中的文档'));
  await page.locator('.act select[name=act]').selectOption('pass');
  await walk.picture(page, 'reviewer-bulk');
  await walk.step(page, () => press(page, '办理'));
  await walk.step(page, () => sees(page, '.done', /已办理 2，退回 0/));
  walk.end();

  walk = task('reviewer', '补审紧急发布的文档');
  await page.goto(`${portal}/console/?step=later`);
  await walk.step(page, () => follow(page, '关于暴雨避险的紧急通知'));
  await walk.step(page, async () => {
    await unfold(page, '补审通过');
    await press(page, '补审通过');
  });
  assert.equal((await p.ctl('--format=json', 'doc', 'get', String(owed)))
    .includes('"urgent"'), false);
  walk.end();
  await end();
});

// -- the publisher

test('Manual: a publisher signs, at once and at a set time.', async () => {
  const doc = await document('关于医保缴费的通知', 'submit', 'pass');
  const later = await document('关于元旦放假的通知', 'submit', 'pass');
  const { page, end } = await at('zhengqian', '/console/');

  let walk = task('publisher', '签发一份文档');
  await walk.step(page, () => follow(page, '关于医保缴费的通知'));
  await walk.step(page);
  await walk.picture(page, 'publisher-sign', { from: '.aside', height: 760 });
  await walk.step(page, () => press(page, '签发（发布）'));
  await walk.step(page, () => follow(page, '查看公开页面'));
  await sees(page, 'h1', /关于医保缴费的通知/);
  walk.end();

  walk = task('publisher', '定时签发');
  await page.goto(`${portal}/console/doc/${later}`);
  await walk.step(page, () => page.getByLabel('发布时间')
    .fill('2026-12-30T09:00'));
  await walk.step(page, () => press(page, '签发（发布）'));
  await walk.step(page, async () => {
    await page.goto(`${portal}/console/site/${TOWNSHIP}/schedule`);
    await sees(page, 'tbody', /关于元旦放假的通知/);
  });
  await walk.picture(page, 'publisher-schedule');
  walk.end();

  walk = task('publisher', '置顶');
  await page.goto(`${portal}/console/doc/${doc}`);
  await walk.step(page, async () => {
    await unfold(page, '置顶');
    await page.getByLabel('截止时间').fill('2026-12-20T18:00');
    await sees(page, 'label', /./);
  });
  await walk.step(page, () => press(page, '置顶'));
  walk.end();

  walk = task('publisher', '定一个下线时间');
  await walk.step(page, async () => {
    await unfold(page, '定时下线');
    await act(page, '定时下线').locator('[name=at]').fill('2027-01-31T18:00');
  });
  await walk.step(page, () => press(page, '定时下线'));
  walk.end();

  walk = task('publisher', '登记更正');
  await walk.step(page, () => unfold(page, '登记更正'));
  await walk.step(page, async () => {
    await act(page, '登记更正').locator('[name=what]').fill('缴费截止日期');
    await act(page, '登记更正').locator('[name=why]').fill('原文有误');
  });
  await walk.step(page, () => press(page, '登记更正'));
  walk.end();

  walk = task('publisher', '撤回一份文档');
  const url = await page.getByRole('link', { name: '查看公开页面' })
    .getAttribute('href');
  await walk.step(page, () => unfold(page, '撤回'));
  await walk.step(page, () => act(page, '撤回').locator('[name=reason]')
    .fill('缴费标准调整，新通知另行发布。'));
  await walk.step(page, async () => {
    await press(page, '撤回');
    await sees(page, 'h1', /已撤回/);
  });
  walk.end();
  const gone = await b.open(url);
  await walk.picture(gone.page, 'publisher-gone', { height: 500 });
  await gone.close();
  await end();
});

test('Manual: a publisher does not wait, and sends back.', async () => {
  const doc = await document('关于道路塌方绕行的紧急通知');
  const back = await document('关于春节值班的通知', 'submit', 'pass');
  const { page, end } = await at('zhengqian', `/console/doc/${doc}`);

  let walk = task('publisher', '紧急发布');
  await walk.step(page, () => unfold(page, '紧急发布'));
  await walk.step(page, async () => {
    await act(page, '紧急发布').locator('[name=reason]')
      .fill('道路塌方，须立即告知绕行。');
    await press(page, '紧急发布');
  });
  await walk.step(page);
  await walk.picture(page, 'publisher-urgent', { height: 420 });
  walk.end();

  walk = task('publisher', '退回');
  await page.goto(`${portal}/console/doc/${back}`);
  await walk.step(page, async () => {
    if (!await button(page, '退回').isVisible()) {
      await unfold(page, '退回');
    }
    await act(page, '退回').locator('[name=reason]').fill('请补值班电话。');
  });
  await walk.step(page, () => press(page, '退回'));
  await sees(page, '.steps [aria-current]', /编辑/);
  walk.end();
  await end();
});

// -- the library and links

test('Manual: a clerk puts files in order, and another in the place of one.',
     async () => {
  const { files } = (await people.lisi.upload({
    '名单.txt': '甲', '申请表.txt': '表', '旧表.txt': '旧',
  }, { site: TOWNSHIP })).body.verdict;
  const [list, form, old] = files;
  const doc = await document('关于领取补贴的通知');
  await people.lisi.post('doc.edit', {
    doc, base: 1,
    attachments: [list, form].map((f) => `${f.digest}/${f.name}`) });
  const { page, end } = await at('lisi', `/console/doc/${doc}`);

  let walk = task('clerk', '调整附件的顺序');
  await walk.step(page, () => follow(page, '修改'));
  const slot = (n) => page.locator('[name=attachments]').nth(n);
  await walk.step(page, async () => {
    await slot(0).selectOption({ label: '申请表.txt' });
    await slot(1).selectOption({ label: '名单.txt' });
  });
  await walk.picture(page, 'clerk-attach', { from: '#f-attachments' });
  await walk.step(page, () => press(page, '保存为新版本'));
  await sees(page, '.steps-list li', /申请表/);
  walk.end();

  walk = task('clerk', '换掉一个文件');
  await follow(page, '文件库');
  await walk.step(page, () => follow(page, '申请表.txt'));
  await unfold(page, '原位替换');
  await walk.step(page, async () => {
    await page.setInputFiles('details[open] [name=file]', {
      name: '申请表.txt', mimeType: 'text/plain', buffer: Buffer.from('新') });
    await press(page, '原位替换');
  });
  await sees(page, 'tbody', /关于领取补贴的通知/);
  await walk.step(page);
  walk.end();

  walk = task('clerk', '删除文件，找回文件');
  await page.goto(`${portal}/console/site/${TOWNSHIP}/files/${old.digest}`);
  await walk.step(page, async () => {
    await unfold(page, '删除');
    await press(page, '删除');
  });
  await page.goto(`${portal}/console/site/${TOWNSHIP}/files`);
  await walk.step(page, async () => {
    await page.selectOption('[name=state]', { label: '在回收站' });
    await press(page, '筛选');
    await follow(page, '旧表.txt');
  });
  await walk.step(page, () => press(page, '还原'));
  await sees(page, '.done', /操作已完成/);
  walk.end();
  await end();
});

test('Manual: a clerk mends links that lead nowhere.', async () => {
  const gone = await document('关于补贴标准的通知', 'submit', 'pass', 'sign');
  const { doc } = (await people.lisi.post('doc.create', {
    site: TOWNSHIP, column: COLUMN, title: '补贴怎样领', openness: 'active',
    body: `标准见[通知](gov:doc/${gone})。` })).body.verdict;
  await people.lisi.post('doc.submit', { doc });
  await people.wuhe.post('doc.pass', { doc, version: 1 });
  await people.zhengqian.post('doc.sign', { doc, version: 1 });
  await people.zhengqian.post('doc.withdraw', { doc: gone, reason: '有误' });

  const { page, end } = await at('lisi', `/console/site/${TOWNSHIP}`);
  const walk = task('clerk', '改好打不开的链接');
  await walk.step(page, async () => {
    await follow(page, '失效链接');
    await follow(page, '我写的');
  });
  await walk.picture(page, 'clerk-links', { height: 420 });
  await follow(page, '补贴怎样领');
  await walk.step(page, () => follow(page, '修改'));
  await page.fill('textarea[name=body]', '标准以镇政府公告为准。');
  await walk.step(page, () => press(page, '保存为新版本'));
  assert.equal(await page.getByText('有链接打不开').count(), 0);
  await walk.step(page, () => press(page, '送审'));
  walk.end();
  await end();
});

// -- the operator

const CSV = ['code,name,level,parent_code,slug,legal_name',
  ...Array.from({ length: 200 }, (_, i) => {
    const n = String(101 + i);
    return `610402${n},示例${i + 1}镇,township,610402,town${n},`
      + `示例县示例${i + 1}镇人民政府`;
  }),
  '610499101,无主镇,township,610499,wuzhu,无主镇人民政府'].join('\n');

test('Manual: an operator opens a department and 200 townships.', async () => {
  const { page, end } = await at('wangping', '/console/');

  let walk = task('operator', '查找站点');
  await page.fill('[name=q]', '示例县');
  await walk.step(page, () => press(page, '查找'));
  await walk.step(page);
  walk.end();

  walk = task('operator', '新建一个部门站点');
  await page.goto(`${portal}/console/sites`);
  await walk.step(page, () => follow(page, '新建站点'));
  await page.fill('[name=parent]', CITY);
  await page.fill('[name=name]', '市水利局');
  await page.fill('[name=code]', 'SLJ');
  await walk.picture(page, 'operator-new');
  await walk.step(page);
  await press(page, '继续');
  await page.fill('[name=legal_name]', '示例市水利局');
  await walk.step(page);
  await press(page, '继续');
  await walk.step(page, () => sees(page, 'main', /示例市水利局/));
  await press(page, '新建站点');
  await walk.step(page, () => sees(page, 'h1', /人员和权限/));
  walk.end();

  walk = task('operator', '批量新建 200 个乡镇');
  await page.goto(`${portal}/console/sites`);
  await walk.step(page, () => follow(page, '批量新建'));
  await walk.step(page, () => page.fill('textarea[name=csv]', CSV));
  await walk.step(page, async () => {
    await press(page, '新建这些站点');
    await sees(page, 'h1', /后台任务/);
  });
  await walk.step(page, () => sees(page, 'main', /新建 200，.*退回 1/s));
  await walk.picture(page, 'operator-import', { height: 520 });
  walk.end();
  await end();
});

test('Manual: an operator fills in, brings live, suspends.', async () => {
  await p.ctl('--quiet', 'site', 'create', '--code', 'JYJ',
              '--name', '市教育局', '--level', 'department',
              '--parent', CITY, '--host', 'jyj.shili.gov.cn');
  const { page, end } = await at('wangping', '/console/site/SLJ');

  let walk = task('operator', '填写责任人和开办五步');
  await walk.step(page, () => follow(page, '站点设置'));
  await page.fill('[name=head]', '赵主管');
  await walk.step(page, () => page.fill('[name=keeper]', '钱运行'));
  await page.fill('[name=approval]', '示编办〔2026〕9号');
  await page.fill('[name=party_mark]', 'CA00000000000000000000001');
  await walk.step(page, () => page.fill('[name=icp]',
                                        '陕ICP备05000000号'));
  await walk.step(page, () => press(page, '保存'));
  await sees(page, '.done', /操作已完成/);
  await walk.step(page, async () => {
    await page.goto(`${portal}/console/board?below=${CITY}`);
  });
  await walk.picture(page, 'operator-board', { height: 560 });
  walk.end();

  walk = task('operator', '更改网址、模式和上级');
  await page.goto(`${portal}/console/site/SLJ`);
  await walk.step(page, async () => {
    await follow(page, '站点设置');
    await unfold(page, '更改网址、模式和上级');
  });
  await walk.picture(page, 'operator-address', {
    from: 'details:has([action$="site.move"])' });
  const change = async (field, value, name) => {
    const box = page.locator(`details [name=${field}]`);
    await (field === 'mode' ? box.selectOption(value) : box.fill(value));
    await press(page, name);
    await sees(page, '.done, .summary', /./);
  };
  await walk.step(page, () => change('mode', 'subsite', '切换模式'));
  await walk.step(page, () => change('slug', 'shuili', '更改地址名'));
  await walk.step(page, () => change('parent', COUNTY, '调整上级'));
  walk.end();

  walk = task('operator', '管理域名');
  const line = (host) => page.locator('tr', { hasText: host });
  const main = (host) => sees(page, `tr:has-text("${host}")`, '主域名');
  await page.goto(`${portal}/console/site/SLJ`);
  await follow(page, '站点设置');
  const host = await line('主域名').locator('td').first().textContent();
  await page.fill('[name=host]:visible', 'www.shuili.test');
  await press(page, '增加域名');
  await page.fill('[name=host]:visible', 'shuili.test');
  await page.check('[name=main]:visible');
  await press(page, '增加域名');
  await main('shuili.test');
  await walk.step(page);
  await walk.picture(page, 'operator-hosts', { from: '#hosts + table' });
  await page.fill('[name=host]:visible', 'slj.test');
  await walk.step(page, () => press(page, '增加域名'));
  await walk.step(page, async () => {
    await line('slj.test').locator('button.second').click();
    await main('slj.test');
  });
  await walk.step(page, () => grave(line('www.shuili.test'), '撤下'));
  await walk.step(page, () => grave(line(host), '放弃'));
  await line(host).waitFor({ state: 'detached' });
  walk.end();

  walk = task('operator', '上线');
  await page.goto(`${portal}/console/site/JYJ`);
  await walk.step(page);
  await walk.step(page, () => press(page, '上线'));
  walk.end();

  walk = task('operator', '暂停和恢复');
  await page.goto(`${portal}/console/site/SLJ`);
  await walk.step(page, () => page.fill('[name=notice]',
                                        '网站改版，12 月 1 日恢复。'));
  await walk.step(page, () => press(page, '暂停'));
  await walk.step(page, () => press(page, '恢复'));
  walk.end();
  await end();
});

test('Manual: an operator makes accounts, and ends them.', async () => {
  const { page, end } = await at('wangping', '/console/people');

  let walk = task('operator', '新建账号');
  await walk.step(page, () => follow(page, '新建账号'));
  await page.fill('[name=login]', 'heguang');
  await page.fill('[name=name]', '何光');
  await walk.step(page, () => page.fill('[name=unit]', '示例市水利局'));
  await page.selectOption('[name=role]', 'clerk');
  await walk.step(page, () => page.fill('[name=site]', 'SLJ'));
  await walk.step(page, () => press(page, '新建账号'));
  await walk.step(page, () => sees(page, '.note .code', /invite\?token=/));
  await walk.picture(page, 'operator-invite', { height: 640, cover: {
    '.note .code': 'https://门户网址/console/invite?token=（只能用一次）',
  } });
  walk.end();

  walk = task('operator', '停用离岗人员');
  await page.goto(`${portal}/console/people`);
  await walk.step(page, () => follow(page, '何光'));
  await walk.step(page, () => grave(page, '停用'));
  await sees(page, '.done', /没有采编人员了/);
  await walk.picture(page, 'operator-suspended', { height: 520 });
  await walk.step(page, () => press(page, '恢复'));
  walk.end();

  walk = task('operator', '收回一个角色');
  await walk.step(page);
  await walk.step(page, () => revoke(page, '信息员'));
  await sees(page, 'main', /还没有角色/);
  walk.end();
  await end();
});

// -- the manager of a site

test('Manual: a manager looks after people and columns.', async () => {
  const { page, end } = await at('zhaoguan', `/console/site/${COUNTY}`);

  let walk = task('manager', '给本站加一名信息员');
  await walk.step(page, async () => {
    await follow(page, '人员和权限');
    await sees(page, 'h1', /人员和权限/);
  });
  await follow(page, '新建账号');
  await page.fill('[name=login]', 'fangyuan');
  await walk.step(page, () => page.fill('[name=name]', '方圆'));
  await walk.step(page, () => press(page, '新建账号'));
  walk.end();

  walk = task('manager', '给已有的人加一个角色');
  await page.goto(`${portal}/console/site/${COUNTY}/people`);
  await page.fill('[name=user]', 'fangyuan');
  await walk.step(page, () => page.selectOption('[name=role]', 'reviewer'));
  await walk.step(page);
  await walk.picture(page, 'manager-people');
  await walk.step(page, () => press(page, '授予'));
  walk.end();

  walk = task('manager', '有人忘记了密码');
  await page.goto(`${portal}/console/people`);
  await walk.step(page, () => follow(page, '方圆'));
  await walk.step(page, () => press(page, '重发邀请链接'));
  walk.end();

  walk = task('manager', '停用离岗人员');
  await page.goto(`${portal}/console/people`);
  await walk.step(page, () => follow(page, '方圆'));
  await walk.step(page, () => grave(page, '停用'));
  walk.end();

  walk = task('manager', '看哪个站点缺人');
  await page.goto(`${portal}/console/`);
  await walk.step(page, () => follow(page, '缺岗站点'));
  await walk.picture(page, 'manager-gaps', { height: 480 });
  await walk.step(page);
  walk.end();

  walk = task('manager', '新建一个栏目');
  await page.goto(`${portal}/console/site/${COUNTY}/columns`);
  await walk.step(page, () => follow(page, '新建栏目'));
  await page.fill('[name=name]', '防汛抗旱');
  await walk.step(page, () => page.fill('[name=slug]', 'fxkh'));
  await walk.step(page, () => page.fill('[name=days]', '30'));
  await walk.picture(page, 'manager-column');
  await walk.step(page, () => press(page, '新建'));
  await sees(page, '.done', /操作已完成/);
  walk.end();

  walk = task('manager', '改站点的名称、责任人、页脚');
  await walk.step(page, async () => {
    await follow(page, '站点设置');
    await page.fill('[name=contact]', '029-00000000');
  });
  await walk.step(page, () => press(page, '保存'));
  await sees(page, '.done', /操作已完成/);
  walk.end();
  await end();
});

test('Manual: a manager says how many review.', async () => {
  const { page, end } = await at('zhaoguan',
    `/console/site/${COUNTY}/settings`);
  const walk = task('manager', '规定要审核几道');

  await walk.step(page, () => page.selectOption('[name=reviews]', '2'));
  await walk.step(page);
  await walk.picture(page, 'manager-flow', { from: '#f-reviews' });
  await walk.step(page, () => press(page, '保存'));
  await sees(page, '.done', /操作已完成/);
  walk.end();
  await end();
});

test('Manual: who works reads what they are told.', async () => {
  const { page, end } = await at('lisi', '/console/');
  const walk = task('README', '看通知，收邮件');

  await walk.step(page, () => page.locator('.bar-bell').click());
  await walk.picture(page, 'notices', { height: 560 });
  await walk.step(page, () => press(page, '全部标为已读'));
  await walk.step(page, () => press(page, '保存'));
  walk.end();
  await end();
});

// -- security and audit

test('Manual: a security administrator makes an auditor.', async () => {
  await p.account({ login: 'qinshen', name: '秦慎' });
  const { page, end } = await at('chenan', '/console/');

  let walk = task('security', '授予一名审计管理员');
  await follow(page, '人员');
  await walk.step(page, () => follow(page, '秦慎'));
  await unfold(page, '授予角色');
  await walk.step(page, () => page.selectOption('[name=role]', 'auditor'));
  await walk.picture(page, 'security-grant', { height: 860 });
  await walk.step(page, () => press(page, '授予'));
  walk.end();

  walk = task('security', '让一个账号立即退出');
  await follow(page, '人员');
  await walk.step(page, () => follow(page, '秦慎'));
  await walk.step(page, () => press(page, '强制退出登录'));
  await walk.step(page, async () => {
    await grave(page, '停用');
    await sees(page, 'h1', /已停用/);
  });
  walk.end();

  walk = task('security', '收回管理员角色');
  await follow(page, '人员');
  await walk.step(page, () => follow(page, '秦慎'));
  await walk.step(page, () => revoke(page, '审计管理员'));
  await sees(page, 'main', /还没有角色/);
  walk.end();

  walk = task('security', '新建一个角色');
  await follow(page, '角色');
  await walk.step(page);
  await walk.picture(page, 'security-roles', { height: 620 });
  await page.locator('main [name=role]').fill('proofreader');
  await walk.step(page, () => page.fill('[name=title]', '校对'));
  await page.getByLabel('查看站点后台').check();
  await walk.step(page, () => page.getByLabel('查看未发布的文档').check());
  await walk.step(page, () => press(page, '新建'));
  await sees(page, 'tbody', /校对/);
  walk.end();
  await end();
});

test('Manual: an auditor reads the journal, on a telephone too.', async () => {
  const { page, end } = await at('zhoushen', '/console/');

  let walk = task('audit', '查全平台的操作日志');
  await walk.step(page, () => follow(page, '操作日志'));
  await walk.step(page);
  await walk.step(page, async () => {
    await sees(page, 'tbody', /新建角色/);
    await walk.picture(page, 'audit-journal', { height: 560 });
    await follow(page, '下一页');
  });
  walk.end();

  walk = task('audit', '核验操作日志');
  await page.goto(`${portal}/console/journal`);
  await walk.step(page);
  await walk.step(page, () => press(page, '开始核验'));
  await sees(page, '#works', /完整/);
  await walk.step(page);
  await walk.picture(page, 'audit-verify', { height: 560, cover: {
    'p .code': '（序号:校验值）', '#works .code': '（序号:校验值）' } });
  await walk.step(page);
  walk.end();

  walk = task('audit', '看一条日志的详情');
  await page.goto(`${portal}/console/journal`);
  await walk.step(page, () => page.locator('tbody a').nth(8).click());
  await walk.step(page);
  await walk.picture(page, 'audit-entry', { cover: {
    'dd.code': '（64 位校验值）' } });
  await walk.step(page);
  walk.end();

  walk = task('audit', '发现可疑的操作');
  await page.goto(`${portal}/console/journal`);
  await walk.step(page);
  await walk.step(page);
  await walk.step(page);
  walk.end();

  walk = task('audit', '查一个站点的日志');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.fill('[name=q]', '示例镇');
  await walk.step(page, async () => {
    await press(page, '查找');
    await follow(page, '示例镇');
  });
  await walk.step(page, () => follow(page, '本站日志'));
  await walk.picture(page, 'audit-phone', { height: 700 });
  walk.end();
  await end();
});

// -- the manual itself

test('Manual: every step was walked, every picture is there.', () => {
  const pictures = [];
  const said = sentences();

  for (const [book, { sections, pictures: shown }] of Object.entries(books)) {
    for (const { title, steps } of sections) {
      assert.ok(steps.length === 0 || walked.has(`${book}: ${title}`),
                `nobody walked “${title}” of ${book}`);
    }
    // what is quoted beside the steps is a sentence of the platform
    for (const word of sections.flatMap((section) => section.words)) {
      const exact = word.split('…').map(
        (part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').trim());
      assert.match(said, new RegExp(exact.join(' ?(?:%[-.*0-9a-z]+|…+) ?')),
                   `${book}: nothing says 「${word}」`);
    }
    for (const { words, picture } of shown) {
      assert.notEqual(words, '', `${picture} has no words`);
      pictures.push(picture);
    }
  }

  assert.deepEqual(pictures.sort(), [...taken].sort());
  const folder = dirname(pictureFile('x'));
  assert.deepEqual(readdirSync(folder).sort(),
                   pictures.map((name) => `${name}.png`).sort());
  for (const name of pictures) {
    assert.ok(existsSync(pictureFile(name)));
    assert.ok(statSync(pictureFile(name)).size <= MOST_BYTES,
              `${name} is too large`);
  }
});
