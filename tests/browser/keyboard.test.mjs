// Without a mouse, and without scripts.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { browser } from './browser.mjs';
import { fill } from './city.mjs';

const p = await platform({ sites: true });
const pages = await fill(p);
const b = await browser();

const urlOf = (name) => pages.find((page) => page.name === name).url;

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  return {
    skip: e.matches('.skip'),
    nav: e.matches('.nav a'),
    row: e.matches('.row-title'),
    main: e.matches('main'),
    ground: style.backgroundColor,
    left: e.getBoundingClientRect().left,
  };
});

/** Tabs until the wanted thing has the focus; how many it took. */
async function tabTo(page, want, most) {
  for (let n = 1; n <= most; n++) {
    await page.keyboard.press('Tab');
    if ((await focused(page))[want]) {
      return n;
    }
  }
  return assert.fail(`${want} was not reached in ${most} tabs`);
}

test('The first Tab shows the way past the header.', async () => {
  const { page, close } = await b.open(urlOf('home of a city'));

  await page.keyboard.press('Tab');
  const link = await focused(page);
  assert.ok(link.skip && link.left >= 0);

  await page.keyboard.press('Enter');
  assert.ok((await focused(page)).main);
  assert.ok(await tabTo(page, 'row', 4) <= 4);
  await close();
});

test('Tab alone reaches the navigation and the first row.', async () => {
  const { page, close } = await b.open(urlOf('home of a city'),
                                       { width: 390 });

  await tabTo(page, 'nav', 6);
  assert.equal((await focused(page)).ground, 'rgb(255, 191, 71)');
  await tabTo(page, 'row', 12);
  assert.equal((await focused(page)).ground, 'rgb(255, 191, 71)');
  await close();
});

test('Enter opens what has the focus.', async () => {
  const { page, close } = await b.open(urlOf('home of a city'));

  await tabTo(page, 'row', 20);
  await Promise.all([page.waitForURL(/\/\d+\.html$/),
                     page.keyboard.press('Enter')]);
  assert.equal(await page.locator('article h1').count(), 1);
  await close();
});

test('Without scripts every page has the same words.', async () => {
  for (const { url } of pages) {
    const said = [];
    for (const scripts of [true, false]) {
      const { page, close } = await b.open(url, { scripts });
      said.push((await page.locator('body').innerText())
        .replace(/打印本页/, '').replace(/\s+/g, ' '));
      await close();
    }
    assert.equal(said[1], said[0], url);
  }
});

test('Without scripts large type goes on and off again.', async () => {
  const url = urlOf('official document');
  const { page, close } = await b.open(url, { mode: 'elder',
                                              scripts: false });

  assert.equal(page.url(), url);
  assert.equal(await page.getAttribute('html', 'class'), 'elder');
  await page.click('.tools-end a');
  assert.equal(page.url(), url);
  assert.equal(await page.getAttribute('html', 'class'), 'normal');
  await close();
});

test('Without scripts the fold of a document opens on a phone.', async () => {
  const { page, close } = await b.open(urlOf('official document'),
                                       { width: 390, scripts: false });
  const number = page.locator('.meta dd').first();

  assert.equal(await number.isVisible(), false);
  await page.click('.meta summary');
  assert.equal(await number.isVisible(), true);
  await close();
});

test('On a desk the facts of a document stand open.', async () => {
  const { page, close } = await b.open(urlOf('official document'),
                                       { scripts: false });

  assert.equal(await page.locator('.meta dd').first().isVisible(), true);
  assert.equal(await page.locator('.meta summary').isVisible(), false);
  await close();
});
