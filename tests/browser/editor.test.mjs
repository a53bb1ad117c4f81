// The editor in a page of the console's markup: what goes into the form, what
// is kept, and what a person is told.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { root } from '../lib/platform.mjs';
import { axe, browser } from './browser.mjs';
import { desk } from './desk.mjs';

const d = await desk();
const b = await browser();
const first = { ...d.state };
const answers = { ...d.answers };

/** The page opened with that state, in a clock of its own. */
async function opened(state = {}, { clock = true } = {}) {
  Object.assign(d.state, first, state);
  Object.assign(d.answers, answers);
  d.asked.length = 0;
  const { page, faults, close } = await b.open('about:blank');
  if (clock) {
    await page.clock.install({ time: new Date('2026-11-20T08:00:00+08:00') });
  }
  await page.goto(d.url);
  await page.waitForSelector('form[data-ready]');
  return {
    page, faults,
    async end() {
      assert.deepEqual(faults, []);
      await close();
    },
  };
}

const sent = (page) => page.evaluate(() => Object.fromEntries(
  [...new FormData(document.querySelector('form'))]));

const rich = (page) => page.locator('.jodit-wysiwyg');

/** Clipboard content arrives as if it were pasted. */
const paste = (page, html) => page.evaluate((text) => {
  const data = new DataTransfer();
  data.setData('text/html', text);
  data.setData('text/plain', 'x');
  document.querySelector('.jodit-wysiwyg').dispatchEvent(
    new ClipboardEvent('paste', {
      clipboardData: data, bubbles: true, cancelable: true,
    }));
}, html);

test('Rich text is Chinese, asks nobody else, and has no serious fault.',
     async () => {
  const { page, end } = await opened({ form: 'html', body: '<p>甲</p>' });
  const foreign = [];
  page.on('request', (r) => foreign.push(r.url()));

  await rich(page).click();
  await page.keyboard.type('乙');
  assert.match((await sent(page)).body, /^<p>[甲乙]+<\/p>$/);
  assert.equal((await sent(page)).form, 'html');
  assert.equal(await page.locator(
    '.jodit-toolbar-button_bold button').getAttribute('aria-label'), '粗体');
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(foreign.filter((u) => !u.startsWith(new URL(d.url).origin)),
                   []);
  await end();
});

test('Images stand in the form by their own address.', async () => {
  const digest = 'd'.repeat(64);
  const body = `<p><img src="/files/${digest}/a.png" alt="甲"></p>`;
  const { page, end } = await opened({ form: 'html', body });

  assert.equal(await rich(page).locator('img').getAttribute('src'),
               `/console/files/610400/${digest}/a.png`);
  assert.equal((await sent(page)).body, body);
  await end();
});

test('Cells of a table are merged.', async () => {
  const { page, end } = await opened({
    form: 'html',
    body: '<table><tbody><tr><td>一</td><td>二</td></tr>'
      + '<tr><td>三</td><td>四</td></tr></tbody></table>',
  }, { clock: false });
  const cells = rich(page).locator('td');

  const from = await cells.nth(0).boundingBox();
  const to = await cells.nth(1).boundingBox();
  await page.mouse.move(from.x + 20, from.y + 5);
  await page.mouse.down();
  // not every move is heard; which cells are chosen is said by a style
  for (let i = 0, both = false; i < 50 && !both; i++) {
    await page.mouse.move(to.x + 20 + i % 2, to.y + 5);
    both = await page.evaluate(() => [...document.querySelectorAll('style')]
      .some((style) => /td.*,.*td/s.test(style.textContent)));
  }
  await page.mouse.up();
  await page.locator('.jodit-toolbar-button_merge button').click();
  assert.match((await sent(page)).body, /<td[^>]* colspan="2"/);
  await end();
});

test('What comes from Word leaves its dress at the door.', async () => {
  const { page, end } = await opened(
    { form: 'html', body: '<p>甲</p>', policy: '' }, { clock: false });

  await rich(page).click();
  await paste(page, `<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta name="Generator" content="Microsoft Word 15"><style>p.MsoNormal
{color:red}</style></head><body><!--StartFragment-->
<p class="MsoNormal" align="right" style="mso-margin-top-alt:auto;
text-align:right"><span style="font-family:仿宋_GB2312">咸阳市人民政府<o:p>
</o:p></span></p><p class="MsoListParagraph" style="mso-list:l0 level1 lfo1">
<![if !supportLists]><span style="mso-list:Ignore">·<span> </span></span>
<![endif]>甲项</p><p class="MsoNormal">一、总则<img src="file:///C:/a.png"
onerror="window.ran=1"></p><script>window.ran=1</script>
<!--EndFragment--></body></html>`);
  await page.locator('.jodit-dialog button', { hasText: '保留源格式' }).click();

  const { body } = await sent(page);
  assert.match(body,
    /<p style="text-align: right;?">咸阳市人民政府\s*<\/p>/);
  assert.match(body, /<ul>\s*<li>\s*甲项<\/li>\s*<\/ul>/);
  assert.match(body, /一、总则/);
  assert.doesNotMatch(body, /Mso|mso|<span|<o:p|file:|onerror|script/);
  assert.match(await page.locator('[role=status]').allTextContents()
    .then((all) => all.join()), /1 张图片没有粘贴/);
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await end();
});

test('A text that another left with a script in it opens without.',
     async () => {
  const { page, end } = await opened({
    form: 'html', policy: '',
    body: '<p class="gov-right">署名</p><img src=x onerror="window.ran=1">'
      + '<svg onload="window.ran=1"></svg><p onclick="window.ran=1">乙</p>',
  });

  assert.equal((await sent(page)).body,
    '<p style="text-align: right;">署名</p><p>乙</p>');
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await end();
});

test('An image that is pasted as data is uploaded, not inlined.', async () => {
  const { page, end } = await opened({ form: 'html', body: '<p>甲</p>' },
                                     { clock: false });

  await rich(page).click();
  await paste(page, '<p>图<img src="data:image/png;base64,iVBORw0KGgo='
    + '" alt="现场"></p>');
  await page.locator('.jodit-dialog button', { hasText: '保留源格式' }).click();
  await page.waitForFunction(() => /c{64}/.test(
    document.querySelector('.jodit-wysiwyg').innerHTML));

  const { body } = await sent(page);
  assert.match(body, /<img src="\/files\/c{64}\/image\.png" alt="现场">/);
  assert.equal(d.of('upload').length, 1);
  await end();
});

test('An image is chosen with its words, or is called decoration.',
     async () => {
  const { page, end } = await opened({ form: 'html', body: '<p>甲</p>' },
                                     { clock: false });
  const box = page.locator('dialog');

  for (const [words, want] of [
    ['抢修现场', /alt="抢修现场">/], ['', /alt="" role="presentation">/],
  ]) {
    await rich(page).click();
    await page.locator('.jodit-toolbar-button_picture button').click();
    await box.locator('.found button', { hasText: '现场.png' }).click();
    await box.getByRole('button', { name: '选用' }).click();
    assert.match(await box.locator('.fault:visible').textContent(),
                 /替代文字/);
    if (words) {
      await box.getByLabel('替代文字').fill(words);
    } else {
      await box.getByLabel('装饰图片').check();
    }
    assert.deepEqual(await axe(page), []);
    await box.getByRole('button', { name: '选用' }).click();
    await box.waitFor({ state: 'detached' });
    assert.match((await sent(page)).body, want);
  }
  assert.match((await sent(page)).body, new RegExp(
    `<img src="/files/a{64}/${encodeURIComponent('现场.png')}" `));
  await end();
});

test('A document is linked by its number, in either form.', async () => {
  for (const [form, want] of [
    ['html', /<a href="gov:doc\/42">供热管理办法<\/a>/],
    ['md', /\[供热管理办法\]\(gov:doc\/42\)/],
  ]) {
    const { page, end } = await opened(
      { form, body: form === 'md' ? '甲' : '<p>甲</p>' }, { clock: false });
    const box = page.locator('dialog');

    if (form === 'html') {
      await rich(page).click();
      await page.locator('.jodit-toolbar-button_chain button').click();
    } else {
      await page.locator('[data-tool=link]').click();
    }
    await box.locator('.found button', { hasText: '供热' }).click();
    await box.getByRole('button', { name: '选用' }).click();
    await box.waitFor({ state: 'detached' });
    assert.match((await sent(page)).body, want);
    await end();
  }
});

test('An address that would run a script is not taken.', async () => {
  const { page, end } = await opened({}, { clock: false });
  const box = page.locator('dialog');

  await page.locator('[data-tool=link]').click();
  await box.getByLabel('网址').fill('javascript:alert(1)');
  await box.getByRole('button', { name: '选用' }).click();
  assert.match(await box.locator('.fault:visible').textContent(), /http/);
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
  assert.equal((await sent(page)).body, first.body);
  await end();
});

test('A Word file comes in with its headings, its images are uploaded.',
     async () => {
  const { page, end } = await opened({ form: 'html', body: '<p>甲</p>' },
                                     { clock: false });

  await rich(page).click();
  const choosing = page.waitForEvent('filechooser');
  await page.locator('.jodit-toolbar-button_docx button').click();
  await (await choosing).setFiles(join(root, 'tests/data/notice.docx'));
  await page.waitForFunction(() => /第一章/.test(
    document.querySelector('.jodit-wysiwyg').textContent));

  const { body } = await sent(page);
  assert.match(body, /<h2>第一章 总则<\/h2>/);
  assert.match(body, /<table>/);
  assert.match(body, /<img [^>]*src="\/files\/c{64}\/image\.png"/);
  assert.match(body, /<img [^>]*alt="示意图"/);
  assert.doesNotMatch(body, /data:/);
  assert.equal(d.of('upload').length, 1);
  await end();
});

test('Markdown becomes rich text as the server says, and not back.',
     async () => {
  const { page, end } = await opened({ body: '见[乙](gov:doc/5)' },
                                     { clock: false });

  await page.getByLabel('富文本').check();
  await rich(page).waitFor();
  assert.equal((await sent(page)).body, '<p>见[乙](gov:doc/5)</p>');

  await page.getByLabel('Markdown').click();
  assert.equal((await sent(page)).form, 'html');
  assert.match((await page.locator('[role=status]').allTextContents())
    .join(), /不能无损/);
  await end();
});

test('The preview stands beside the text, as wide as a phone too.',
     async () => {
  const { page, end } = await opened({}, { clock: false });
  const inside = page.frameLocator('iframe');

  await page.getByRole('button', { name: '预览' }).click();
  await inside.getByText('各有关单位：').waitFor();
  assert.equal(await inside.locator('h1').textContent(), first.title);
  await page.locator('#body').fill('各县：');
  await inside.getByText('各县：').waitFor();

  await page.getByRole('button', { name: '手机' }).click();
  assert.equal(await page.evaluate(() => window.frames[0].innerWidth), 390);
  await end();
});

test('What is typed becomes a version, once a minute.', async () => {
  const { page, end } = await opened();

  await page.locator('#body').fill('各有关单位：一');
  await page.clock.runFor(5_000);
  await page.getByText('已保存为第 4 版').waitFor();
  await page.locator('#body').fill('各有关单位：二');
  await page.clock.runFor(30_000);
  await page.getByText('已保存在本机').waitFor();
  assert.equal(d.of('doc.edit').length, 1);
  await page.clock.runFor(40_000);
  await page.getByText('已保存为第 5 版').waitFor();

  const [one, two] = d.of('doc.edit');
  assert.equal(one.get('base'), '3');
  assert.equal(two.get('base'), '4');
  assert.equal(two.get('body'), '各有关单位：二');
  assert.match(two.get('_op'),
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(await page.locator('[name=base]').inputValue(), '5');
  await end();
});

test('A document that is reviewed gets no versions behind its back.',
     async () => {
  const { page, end } = await opened({ draft: 'local' });

  await page.locator('#body').fill('各有关单位：一');
  await page.clock.runFor(200_000);
  await page.getByText('已保存在本机').waitFor();
  assert.equal(d.of('doc.edit').length, 0);
  await end();
});

test('After a crash the text is offered, and comes back as it was.',
     async () => {
  const { page, end } = await opened({ draft: 'local' });

  await page.locator('#title').fill('新标题');
  await page.locator('#body').fill('打了一半的文字');
  await page.clock.runFor(3_000);
  // nothing is asked when a page that crashed is opened again
  await page.evaluate(() => window.addEventListener('beforeunload',
    (event) => event.stopImmediatePropagation(), true));
  await page.goto('about:blank');
  await page.goto(d.url);
  await page.getByRole('button', { name: '恢复' }).click();

  const { title, body } = await sent(page);
  assert.deepEqual({ title, body },
                   { title: '新标题', body: '打了一半的文字' });
  await end();
});

test('A conflict keeps the text and names the way to the latest version.',
     async () => {
  const { page, faults, end } = await opened();
  d.answers['doc.edit'] = () => [409, { code: 'conflict', detail: '冲突' }];

  await page.locator('#body').fill('我的文字');
  await page.clock.runFor(5_000);
  await page.getByText('别人已保存了新的版本').waitFor();
  await page.locator('#body').fill('我的文字，又写了一些');
  await page.clock.runFor(200_000);
  assert.equal(d.of('doc.edit').length, 1);
  assert.equal((await sent(page)).body, '我的文字，又写了一些');
  // and it stays in sight however long the text is
  await page.evaluate(() => window.scrollTo(0, 0));
  const said = page.getByText('别人已保存了新的版本');
  assert.ok(await said.evaluate((e) => e.getBoundingClientRect().bottom
                                       <= window.innerHeight));
  assert.match(faults.splice(0).join(), /^409 /);
  await end();
});

test('What the server would not take is told, and sent again once mended.',
     async () => {
  const { page, faults, end } = await opened();
  d.answers['doc.edit'] = (form) => form.get('title')
    ? [200, { verdict: { version: 4 } }] : [422, { field: 'title',
                                                   detail: '缺少标题' }];

  await page.locator('#title').fill('');
  await page.clock.runFor(5_000);
  await page.getByText('缺少标题').waitFor();
  await page.locator('#title').fill('补上的标题');
  await page.clock.runFor(65_000);
  await page.getByText('已保存为第 4 版').waitFor();
  assert.match(faults.splice(0).join(), /^422 /);
  await end();
});

test('Who is signed out signs in elsewhere and goes on.', async () => {
  const { page, faults, end } = await opened();
  d.answers['doc.edit'] = () => [401, { code: 'session' }];

  await page.locator('#body').fill('没有丢的文字');
  await page.clock.runFor(5_000);
  await page.getByText('登录已过期').waitFor();
  assert.match(faults.splice(0).join(), /^401 /);

  Object.assign(d.answers, answers);
  d.state.csrf = 'second';
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.getByText('已重新登录').waitFor();
  assert.equal(await page.locator('[name=_csrf]').inputValue(), 'second');

  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/doc\.edit$/);
  const last = d.of('doc.edit').pop();
  assert.equal(last.get('body'), '没有丢的文字');
  assert.equal(last.get('_csrf'), 'second');
  await end();
});

test('While the server is away nothing is lost, and it is tried again.',
     async () => {
  const { page, faults, end } = await opened();
  d.answers['doc.edit'] = () => [503, {}];

  await page.locator('#body').fill('断线时的文字');
  await page.clock.runFor(5_000);
  await page.getByText('暂时连不上').waitFor();
  assert.match(faults.splice(0).join(), /^503 /);
  Object.assign(d.answers, answers);
  await page.clock.runFor(61_000);
  await page.getByText('已保存为第').waitFor();
  assert.equal(d.of('doc.edit').pop().get('body'), '断线时的文字');
  await end();
});

test('The lock is renewed while somebody types, and given back.',
     async () => {
  const { page, end } = await opened({ draft: 'local' });

  await d.came('doc.lock', 1);
  await page.clock.runFor(9 * 60_000);
  await page.locator('#body').fill('又写了');
  await page.clock.runFor(5 * 60_000);
  await d.came('doc.lock', 2);
  assert.equal(d.of('doc.lock').length, 2);
  await end();
});

test('Who is taken over is told, and keeps the text.', async () => {
  const { page, faults, end } = await opened({ draft: 'local' });
  d.answers['doc.lock'] = () => [409, { detail: '李四正在编辑' }];

  await page.locator('#body').fill('还在');
  await page.clock.runFor(5 * 60_000);
  const alert = page.getByRole('alert');
  await alert.getByText('李四正在编辑').waitFor();
  assert.equal(await alert.locator('p').count(), 2);
  assert.equal(await alert.getByText('您的文字仍在这里').count(), 1);
  assert.equal(await alert.getByRole('link').getAttribute('target'), '_blank');
  assert.equal((await sent(page)).body, '还在');
  assert.match(faults.splice(0).join(), /^409 /);
  await end();
});

test('Leaving with text that is not saved is asked about.', async () => {
  const { page, end } = await opened({ draft: 'local' }, { clock: false });

  await page.locator('#body').pressSequentially('甲');
  const asked = page.waitForEvent('dialog');
  const left = page.reload().catch(() => {});
  const question = await asked;
  assert.equal(question.type(), 'beforeunload');
  await question.accept();
  await left;
  await end();
});

test('Without scripts the form is a form.', async () => {
  Object.assign(d.state, first);
  d.asked.length = 0;
  const { page, close } = await b.open(d.url, { scripts: false });

  await page.locator('#body').fill('没有脚本');
  await page.getByRole('button', { name: '保存' }).click();
  assert.equal(d.of('doc.edit')[0].get('body'), '没有脚本');
  await close();
});
