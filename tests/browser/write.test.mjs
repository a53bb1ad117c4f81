// The editor on the console's own pages: a clerk writes, with scripts and
// without.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { Client } from 'undici';

import { png } from '../lib/files.mjs';
import { encoded } from '../lib/people.mjs';
import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY } from '../lib/sites.mjs';
import { axe, browser } from './browser.mjs';

const p = await platform({ sites: true });
const b = await browser();
const home = `http://city.test:${p.port}`;

await p.run('site.live', { site: CITY });
await p.account({ login: 'wang', roles: [[CITY, 'clerk']] });
const wang = await p.signIn('wang');

/** A page of the console as wang sees it. */
async function opened(path, options) {
  const { page, faults, close } = await b.open('about:blank', options);

  await page.context().addCookies([{
    name: wang.cookieName, value: wang.cookie, url: home,
  }]);
  await page.goto(`${home}${path}`);
  if (options?.scripts !== false) {
    await page.waitForSelector('form[data-ready]');
  }
  return {
    page, faults,
    async end() {
      assert.deepEqual(faults, []);
      await close();
    },
  };
}

const write = async (form, body) => (await p.run('doc.create', {
  site: CITY, column: 'xxgk/tzgg', title: '关于供暖的通知', form, body,
})).doc;

/** A file of the city that is in no public document; where it is seen. */
async function filed() {
  const bytes = Buffer.from('内部');
  const ctl = new Client('http://govd', {
    socketPath: join(p.dir, 'run/ctl.sock'),
  });
  const kept = await ctl.request({
    method: 'PUT', path: '/api/v1/blobs', body: bytes,
  });
  const { digest } = await kept.body.json();
  await ctl.close();
  await p.run('file.add', { site: CITY, name: 'note.txt', digest,
                            size: bytes.length });
  return `/console/site/${CITY}/file/${digest}/note.txt`;
}

test('A clerk writes a new document in rich text.', async () => {
  const { page, end } = await opened(`/console/site/${CITY}/docs/new`);

  await page.locator('[name=title]').fill('新的通知');
  await page.getByLabel('富文本').check();
  await page.locator('.jodit-wysiwyg').click();
  await page.keyboard.type('各有关单位');
  assert.deepEqual(await axe(page), []);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);

  const doc = Number(/doc\/(\d+)/.exec(page.url())[1]);
  const { form, body } = await wang.query('doc.get', { doc })
    .then((answer) => answer.body);
  assert.deepEqual({ form, body }, { form: 'html', body: '<p>各有关单位</p>' });
  await end();
});

const save = (page) =>
  page.locator('main form button[type=submit]').first().click();

test('What was saved is not offered as if it had been lost.', async () => {
  const { page, end } = await opened(`/console/site/${CITY}/docs/new`);
  const offered = async (path) => {
    await page.goto(`${home}${path}`);
    await page.waitForSelector('form[data-ready]');
    return page.locator('[data-restore]').count();
  };

  await page.locator('[name=title]').fill('已经保存的通知');
  await page.locator('[name=body]').fill('甲');
  await save(page);
  await page.waitForURL(/\/console\/doc\/\d+\?done=/);
  const [path] = /\/console\/doc\/\d+/.exec(page.url());
  assert.equal(await offered(`/console/site/${CITY}/docs/new`), 0);

  assert.equal(await offered(`${path}/edit`), 0);
  await page.locator('[name=note]').fill('改了一处');
  await save(page);
  await page.waitForURL(/\?done=/);
  assert.equal(await offered(`${path}/edit`), 0);
  await end();
});

test('What is changed after a sending whose answer was lost is saved.',
     async () => {
  const { page, end } = await opened(`/console/site/${CITY}/docs/new`);
  const documents = async () => (await wang.query('doc.list', {
    site: CITY, text: '答复丢失' })).body.rows.map((row) => row.title);
  const lost = async () => {
    const gone = page.waitForResponse((r) => r.status() === 204);
    await save(page);
    await gone;
  };

  await page.route('**/console/do/doc.create', async (route) => {
    const url = new URL(route.request().url());
    const host = url.host;
    url.hostname = '127.0.0.1';
    await route.fetch({
      url: String(url), maxRedirects: 0,
      headers: { ...await route.request().allHeaders(), host },
    });
    await route.fulfill({ status: 204 });
  });
  await page.locator('[name=title]').fill('答复丢失');
  await page.locator('[name=body]').fill('甲');
  await lost();
  await lost();
  assert.deepEqual(await documents(), ['答复丢失']);

  await page.unroute('**/console/do/doc.create');
  await page.locator('[name=title]').fill('答复丢失之后');
  await save(page);
  await page.waitForURL(/\/console\/doc\/\d+\?done=/);
  assert.deepEqual((await documents()).sort(), ['答复丢失', '答复丢失之后']);
  await end();
});

test('What a colleague wrote opens in its form, safe, with its page.',
     async () => {
  const doc = await write('html', '<p>甲</p><img src=x onerror=ran=1>');
  const { page, faults, end } = await opened(`/console/doc/${doc}/edit`);

  assert.equal(await page.locator('.jodit-wysiwyg').innerHTML(), '<p>甲</p>');
  assert.equal(await page.evaluate(() => window.ran), undefined);
  // the policy remarks on handlers in a document that is only read, too
  faults.splice(0, Infinity, ...faults.filter(
    (text) => !/inline event handler/.test(text)));
  await end();
});

test('What is typed becomes a version of the draft by itself.', async () => {
  const doc = await write('md', '甲');
  const { page, end } = await opened(`/console/doc/${doc}/edit`);

  await page.locator('[name=body]').fill('甲乙');
  await page.getByText('已保存为第 2 版').waitFor();
  const { body } = await wang.query('doc.get', { doc, version: 2 });
  assert.equal(body.body, '甲乙');
  await end();
});

test('Markdown becomes rich text as the server reads it.', async () => {
  const doc = await write('md', '# 一\n\n见[二](gov:doc/1)');
  const { page, end } = await opened(`/console/doc/${doc}/edit`);

  await page.getByLabel('富文本').check();
  await page.locator('.jodit-wysiwyg h2').waitFor();
  assert.match(await page.locator('.jodit-wysiwyg').innerHTML(),
               /<a href="gov:doc\/1">二<\/a>/);
  await end();
});

test('The preview is the last version on the theme, then what is typed.',
     async () => {
  const doc = await write('md', '第一版');
  const { page, end } = await opened(`/console/doc/${doc}/edit`);
  const inside = page.frameLocator('iframe');

  await page.getByRole('button', { name: '预览' }).click();
  await inside.locator('.prose').getByText('第一版').waitFor();
  assert.equal(await inside.locator('header.top').count(), 1);
  await page.locator('[name=body]').fill('**正在写**');
  await inside.locator('.prose strong').waitFor();
  assert.equal(await inside.locator('.prose').innerText(), '正在写');

  await page.getByRole('button', { name: '手机' }).click();
  assert.equal(await page.evaluate(() => window.frames[0].innerWidth), 390);
  await end();
});

test('A preview and a file are for who may see them, and kept by nobody.',
     async () => {
  const doc = await write('md', '甲');
  await p.account({ login: 'li', roles: [[COUNTY, 'clerk']] });
  const li = await p.signIn('li');
  const ways = [`/console/preview/${doc}`, await filed()];

  for (const path of ways) {
    const answer = await wang.get(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers['cache-control'], /no-store/);
    assert.equal((await li.get(path)).status, 404, path);
    assert.equal((await p.get('city.test', path)).status, 303, path);
  }
  assert.match((await wang.get(ways[0])).headers['content-security-policy'],
               /frame-ancestors 'self'/);
  assert.match((await wang.get(ways[1])).headers['content-security-policy'],
               /sandbox/);
  assert.equal((await wang.get(ways[1].replace(/[0-9a-f]{64}/,
                                               '0'.repeat(64)))).status, 404);
});

test('A text is shown safe to who is signed in, and to nobody else.',
     async () => {
  const form = { form: 'html', body: '<p onclick=a>甲<script>b</script></p>' };

  assert.deepEqual((await wang.form('/console/text', form)).body,
                   { html: '<p>甲</p>' });
  assert.equal((await p.request('city.test', '/console/text', {
    method: 'POST', body: 'form=md&body=a', headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
  })).status, 401);
  assert.equal((await wang.form('/console/text', { ...form, _csrf: 'a' }))
    .status, 403);
  assert.equal((await wang.form('/console/text', { ...form, form: 'x' }))
    .status, 422);
});

test('The styles that the editor sets are allowed on its pages alone.',
     async () => {
  const doc = await write('md', '甲');
  const policy = async (path) =>
    (await wang.get(path)).headers['content-security-policy'];

  for (const path of [`/console/doc/${doc}/edit`,
                      `/console/site/${CITY}/docs/new`]) {
    assert.match(await policy(path), /style-src 'self' 'unsafe-inline'/);
    assert.doesNotMatch(await policy(path), /script-src[^;]*unsafe/);
  }
  for (const path of ['/console/', `/console/doc/${doc}`]) {
    assert.doesNotMatch(await policy(path), /unsafe/);
  }
});

test('The pages keep their budgets, and have no script in them.', async () => {
  const doc = await write('md', '甲');

  for (const [path, most] of [
    ['/console/', 80], [`/console/doc/${doc}/edit`, 350],
    [`/console/site/${CITY}/docs/new`, 350],
  ]) {
    const { text } = await wang.get(path);
    const files = [...text.matchAll(
      /(?:<link rel="stylesheet" href|<script type="module" src)="([^"]+)"/g)]
      .map(([, file]) => file);
    let weight = gzipSync(text).length;

    assert.equal(files.length, most === 80 ? 2 : 4, path);
    for (const file of files) {
      weight += gzipSync((await p.get('city.test', file)).body).length;
    }
    assert.ok(weight <= most * 1024, `${path}: ${weight}`);
    assert.doesNotMatch(text,
      /<script(?! type="module" src=)|\son[a-z]+=|<style/);
  }
});

/** A file of the city's library; its digest. */
async function brought(name, bytes) {
  const { body } = await wang.upload({ [name]: bytes }, { site: CITY });
  return body.verdict.files[0].digest;
}

const attached = async (doc) => ((await wang.query('doc.get', { doc }))
  .body.files ?? []).map((f) => f.name);

test('Attachments are chosen from the library, moved and left out.',
     async () => {
  const one = await brought('附一.txt', '附件一');
  await brought('附二.txt', '附件二');
  await brought('附三.txt', '附件三');
  const { doc } = await p.run('doc.create', {
    site: CITY, column: 'xxgk/tzgg', title: '带附件', body: '正文',
    attachments: [`${one}/附一.txt`] });
  const { page, end } = await opened(`/console/doc/${doc}/edit`);
  const box = page.locator('dialog');
  const slots = page.locator('[data-attach] select');
  const names = () => slots.evaluateAll((all) => all.map(
    (one) => one.selectedOptions[0].text));
  const choose = async (name) => {
    await page.getByRole('button', { name: '从文件库选附件' }).click();
    await box.getByRole('searchbox').fill(name);
    await box.getByRole('button', { name: '搜索' }).click();
    await box.locator('.found li').first().waitFor();
    await box.locator('.found button', { hasText: name }).click();
    await box.waitFor({ state: 'detached' });
  };

  assert.deepEqual(await names(), ['附一.txt']);
  await choose('附二');
  await choose('附三');
  await choose('附三');
  await page.getByText('“附三.txt”已经是附件。').waitFor();
  assert.deepEqual(await names(), ['附一.txt', '附二.txt', '附三.txt']);

  await page.getByRole('button', { name: '上移 附三.txt' }).click();
  await page.getByText('“附三.txt”现在是第 2 个。').waitFor();
  assert.equal(await page.evaluate(
    () => document.activeElement.getAttribute('aria-label')),
  '上移 附三.txt');
  await page.keyboard.press('Enter');
  assert.deepEqual(await names(), ['附三.txt', '附一.txt', '附二.txt']);
  await page.getByRole('button', { name: '下移 附一.txt' }).click();
  await page.getByRole('button', { name: '去掉 附一.txt' }).click();
  assert.deepEqual(await axe(page), []);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);
  assert.deepEqual(await attached(doc), ['附三.txt', '附二.txt']);

  // none at all is none
  await page.goto(`${home}/console/doc/${doc}/edit`);
  await page.waitForSelector('form[data-ready]');
  for (const name of ['附三', '附二']) {
    await page.getByRole('button', { name: `去掉 ${name}.txt` }).click();
  }
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);
  assert.deepEqual(await attached(doc), []);
  await end();
});

test('Attachments that were chosen come back after a crash.', async () => {
  await brought('断电.txt', '断电');
  const doc = await write('md', '甲');
  await p.run('doc.submit', { doc });
  const { page, end } = await opened(`/console/doc/${doc}/edit`);

  await page.getByRole('button', { name: '从文件库选附件' }).click();
  await page.locator('dialog .found button', { hasText: '断电' }).click();
  await page.getByText('已保存在本机').waitFor();
  await page.evaluate(() => window.addEventListener('beforeunload',
    (event) => event.stopImmediatePropagation(), true));
  await page.goto('about:blank');
  await page.goto(`${home}/console/doc/${doc}/edit`);
  await page.getByRole('button', { name: '恢复' }).click();
  assert.deepEqual(await page.locator('[data-attach] select').evaluateAll(
    (all) => all.map((one) => one.selectedOptions[0].text)), ['断电.txt']);
  await page.evaluate(() => window.addEventListener('beforeunload',
    (event) => event.stopImmediatePropagation(), true));
  await end();
});

test('An image of the library and a document are named by what stays.',
     async () => {
  const digest = await brought('会场.png', png(1600, 900));
  const aim = (await p.run('doc.create', {
    site: CITY, column: 'xxgk/tzgg', title: '供热管理办法', body: '文',
    publish: true })).doc;
  const doc = await write('md', '甲');
  const { page, end } = await opened(`/console/doc/${doc}/edit`);
  const box = page.locator('dialog');

  await page.locator('[name=body]').fill('');
  await page.locator('[data-tool=picture]').click();
  await box.locator('.found button', { hasText: '会场' }).click();
  assert.ok(await box.locator('.found img').first().evaluate(
    (img) => img.decode().then(() => img.naturalWidth <= 320)));
  await box.getByLabel('替代文字').fill('会场全景');
  await box.getByRole('button', { name: '选用' }).click();
  await box.waitFor({ state: 'detached' });

  await page.locator('[data-tool=link]').click();
  await box.getByRole('searchbox').fill('供热');
  await box.getByRole('button', { name: '搜索' }).click();
  await box.locator('.found button', { hasText: `供热管理办法（${aim}）` })
    .click();
  await box.getByRole('button', { name: '选用' }).click();
  await box.waitFor({ state: 'detached' });
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);

  const { body } = (await wang.query('doc.get', { doc })).body;
  assert.match(body, new RegExp(`!\\[会场全景\\]\\(/files/${digest}/`));
  assert.match(body, new RegExp(`\\[供热管理办法\\]\\(gov:doc/${aim}\\)`));
  await end();
});

test('A file is replaced where it stands, and comes back out of the bin.',
     async () => {
  const old = await brought('表.txt', '旧表');
  const { doc } = await p.run('doc.create', {
    site: CITY, column: 'xxgk/tzgg', title: '带表', body: '文',
    attachments: [`${old}/表.txt`] });
  const at = `/console/site/${CITY}/files/`;
  const { page, end } = await opened(`/console/doc/${doc}/edit`);
  await page.goto(`${home}${at}${old}`);

  await page.locator('summary', { hasText: '替换' }).click();
  await page.locator('form[action^="/console/upload"] input[type=file]')
    .setInputFiles({ name: '新表.txt', mimeType: 'text/plain',
                     buffer: Buffer.from('新表') });
  await page.locator('form[action^="/console/upload"] button').click();
  await page.getByText('已经被替换').waitFor();
  await page.locator('main .note a').click();
  await page.getByRole('heading', { name: '新表.txt' }).waitFor();
  assert.match(await page.locator('main').innerText(), /带表/);

  const spare = await brought('多余.txt', '多余');
  await page.goto(`${home}${at}${spare}`);
  await page.locator('summary', { hasText: '删除' }).click();
  await page.locator('form[action="/console/do/file.remove"] button').click();
  await page.getByRole('button', { name: '还原' }).waitFor();
  await page.goto(`${home}/console/site/${CITY}/files?state=bin`);
  await page.getByRole('link', { name: '多余.txt' }).click();
  await page.getByRole('button', { name: '还原' }).click();
  await page.goto(`${home}/console/site/${CITY}/files?state=bin`);
  assert.equal(await page.getByRole('link', { name: '多余.txt' }).count(), 0);
  await page.goto(`${home}/console/site/${CITY}/files`);
  await page.getByRole('link', { name: '多余.txt' }).waitFor();
  await end();
});

test('Without scripts what is typed is shown on the theme, and kept by nobody.',
     async () => {
  const doc = await write('md', '已存的文字');
  const { page, end } = await opened(`/console/doc/${doc}/edit`,
                                     { scripts: false });

  await page.locator('[name=title]').fill('还没保存的标题');
  await page.locator('[name=body]').fill(
    '# 一\n\n没有保存 <script>ran = 1</script>');
  const [shown] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: '预览' }).click(),
  ]);
  await shown.waitForLoadState();
  assert.equal(await shown.locator('header.top').count(), 1);
  assert.equal(await shown.locator('h1').innerText(), '还没保存的标题');
  assert.equal(await shown.locator('.prose h2').innerText(), '一');
  assert.equal(await shown.locator('.prose script').count(), 0);
  assert.equal(await shown.locator('.prose').getByText('没有保存').count(), 1);
  await shown.close();

  // the text is still in the form, and nowhere else
  assert.match(await page.locator('[name=body]').inputValue(), /没有保存/);
  const { body } = await wang.query('doc.get', { doc });
  assert.equal(body.last, 1);
  assert.equal(body.title, '关于供暖的通知');
  await end();
});

test('A document that was never saved is shown before it is.', async () => {
  for (const scripts of [false, true]) {
    const { page, end } = await opened(`/console/site/${CITY}/docs/new`,
                                       { scripts });

    await page.locator('[name=title]').fill('新稿');
    await page.locator('[name=column]').selectOption('xxgk/tzgg');
    await page.locator('[name=body]').fill('第一段');
    const [shown] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: '预览' }).click(),
    ]);
    await shown.waitForLoadState();
    assert.equal(await shown.locator('h1').innerText(), '新稿');
    assert.equal(await shown.locator('.prose').innerText(), '第一段');
    if (scripts) {
      assert.deepEqual(await axe(shown), []);
    }
    await shown.close();
    assert.equal(await page.locator('[name=title]').inputValue(), '新稿');
    await end();
  }
});

test('What is typed is shown to who may write it, with every guard.',
     async () => {
  const doc = await write('md', '甲');
  const typed = { doc, form: 'html', title: '试',
                  body: '<p onclick=a>甲<script>b</script></p>',
                  attachments: `${'0'.repeat(64)}/无.pdf` };
  const HTML = { accept: 'text/html' };
  await p.account({ login: 'zhao', roles: [[COUNTY, 'clerk']] });
  const zhao = await p.signIn('zhao');

  const head = (await wang.query('journal.list')).text;
  const shown = await wang.form('/console/preview', typed, HTML);
  assert.equal(shown.status, 200, shown.text);
  assert.match(shown.headers['cache-control'], /no-store/);
  assert.match(shown.headers['content-security-policy'],
               /frame-ancestors 'self'/);
  assert.doesNotMatch(shown.headers['content-security-policy'],
                      /script-src[^;]*unsafe/);
  assert.match(shown.text, /<p>甲<\/p>/);
  assert.doesNotMatch(shown.text, /onclick|<script>b/);
  assert.equal((await wang.query('journal.list')).text, head);

  assert.equal((await zhao.form('/console/preview', typed, HTML)).status, 404);
  assert.equal((await zhao.form('/console/preview', {
    ...typed, doc: '', site: CITY, column: 'xxgk/tzgg' }, HTML)).status, 404);
  const other = await wang.form('/console/preview', { ...typed, _csrf: 'x',
    _from: `/console/doc/${doc}/edit` }, HTML);
  assert.equal(other.status, 403);
  assert.match(other.text, /value="试"/);
  const nobody = await p.request('city.test', '/console/preview', {
    method: 'POST', body: encoded(typed), headers: {
      ...HTML, 'content-type': 'application/x-www-form-urlencoded',
    },
  });
  assert.equal(nobody.status, 401);
  assert.match(nobody.text, /name="title" value="试"/);
});

test('Without scripts the same pages do it.', async () => {
  const doc = await write('md', '甲');
  const { page, end } = await opened(`/console/doc/${doc}/edit`,
                                     { scripts: false });

  await page.locator('[name=body]').fill('没有脚本');
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+(\?|$)/);
  const { body } = await wang.query('doc.get', { doc, version: 2 });
  assert.equal(body.body, '没有脚本');
  await end();
});
