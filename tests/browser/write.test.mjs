// The editor on the console's own pages: a clerk writes, with scripts and
// without.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY } from '../lib/sites.mjs';
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

test('A clerk writes a new document in rich text.', async () => {
  const { page, end } = await opened(`/console/site/${CITY}/docs/new`);

  await page.locator('[name=title]').fill('新的通知');
  await page.getByLabel('富文本').check();
  await page.locator('.jodit-wysiwyg').click();
  await page.keyboard.type('各有关单位');
  assert.deepEqual(await axe(page), []);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+$/);

  const doc = Number(/\d+$/.exec(page.url())[0]);
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

test('Without scripts the same pages do it.', async () => {
  const doc = await write('md', '甲');
  const { page, end } = await opened(`/console/doc/${doc}/edit`,
                                     { scripts: false });

  await page.locator('[name=body]').fill('没有脚本');
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(/\/console\/doc\/\d+$/);
  const { body } = await wang.query('doc.get', { doc, version: 2 });
  assert.equal(body.body, '没有脚本');
  await end();
});
