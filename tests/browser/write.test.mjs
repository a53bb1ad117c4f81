// The editor on the console's own pages: a clerk writes, with scripts and
// without.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { Client } from 'undici';

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
