// Every template, on a phone and on a desk, in each way it may be asked for.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY } from '../lib/sites.mjs';
import { MODES, WIDTHS, axe, browser } from './browser.mjs';
import { fill } from './city.mjs';

const p = await platform({ sites: true });
const pages = await fill(p);
const b = await browser();

// What stands alone must be large enough for a finger.
const TARGETS = '.tools a, .nav a, .crumbs a, .row-title, .more, .tiles a, '
  + '.subs a, .pager a, .ways a, .sites a, .foot-links a, .map a, summary';

for (const { name, url, status = 200 } of pages) {
  for (const width of WIDTHS) {
    // an unknown host has no site, so no link to large type; dark is colours
    // alone, which one width shows
    const modes = MODES.filter((m) => !(m === 'elder' && status === 421)
      && !(m === 'dark' && width !== 390));

    for (const mode of modes) {
      test(`The ${name} is sound at ${width} px, ${mode}.`, async () => {
        const { page, faults, close } = await b.open(url, { width, mode });

        try {
          await b.look(page, `${name.replaceAll(' ', '-')}-${width}-${mode}`);
          assert.equal(page.url(), url, 'it came back to the same address');
          assert.deepEqual(faults, []);
          await fits(page);
          if (mode !== 'print') {
            assert.deepEqual(
              await axe(page, { enhanced: mode === 'elder' }), []);
          }
          if (mode === 'normal' || mode === 'elder') {
            await isWellMade(page);
            await standsStill(page);
            await reads(page, width);
          }
          if (width === 390 && mode !== 'print') {
            await fitsFingers(page, mode === 'elder' ? 56 : 44);
          }
          if (mode === 'elder') {
            assert.equal(await page.evaluate(
              () => getComputedStyle(document.body).fontSize), '22px');
          }
          if (mode === 'print') {
            assert.equal(await page.locator('.nav:visible').count(), 0);
          }
        } finally {
          await close();
        }
      });
    }
  }
}

test('A word that nothing breaks makes no page wider.', async () => {
  const long = (n) => 'https://www.example.gov.cn/zhengce/content/'
    .repeat(9).slice(0, n);
  const column = 'xxgk/changming';
  await p.run('column.create', {
    site: CITY, parent: 'xxgk', slug: 'changming', kind: 'normative',
    name: 'W'.repeat(30) });
  const { doc } = await p.run('doc.create', {
    site: CITY, column, title: long(190), publish: true, summary: long(190),
    body: long(300), source: long(60), author: long(40), number: long(60) });

  for (const path of ['xxgk/', `${column}/`, `${column}/${doc}.html`]) {
    const { page, close } = await b.open(
      `http://city.test:${p.port}/${path}`, { width: 360 });
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
    lang: document.documentElement.lang,
    h1: document.querySelectorAll('h1').length,
    main: document.querySelectorAll('main').length,
    levels: [...document.querySelectorAll('h1, h2, h3, h4')]
      .map((h) => Number(h.tagName[1])),
    inline: document.querySelectorAll('[style], style, script:not([src])'
      + ':not([type="application/ld+json"])').length,
    empty: [...document.querySelectorAll('ul, ol, dl, section, nav')]
      .filter((e) => e.textContent.trim() === '').map((e) => e.outerHTML),
  }));

  assert.equal(found.lang, 'zh-Hans');
  assert.equal(found.h1, 1);
  assert.equal(found.main, 1);
  assert.equal(found.inline, 0);
  assert.deepEqual(found.empty, []);
  found.levels.forEach((level, i) => {
    assert.ok(level <= (found.levels[i - 1] ?? 1) + 1,
              `a gap in the headings: ${found.levels}`);
  });
}

async function standsStill(page) {
  assert.equal(await page.evaluate(() => document.getAnimations().length
    + document.querySelectorAll('marquee, blink, [autoplay]').length), 0);
}

/** Down the page, the text comes in the order of the document. */
async function reads(page, width) {
  const tops = await page.evaluate((narrow) => [...document.querySelectorAll(
    narrow ? '.tools, .brand, .nav, .crumbs, h1, h2, h3, .row, footer'
           : '.tools, .brand, .nav, .crumbs, main, .sites, footer')]
    .filter((e) => !e.closest('.brand') || e.matches('.brand'))
    .map((e) => Math.round(e.getBoundingClientRect().top)), width < 640);

  assert.deepEqual(tops, [...tops].sort((x, y) => x - y));
}

async function fitsFingers(page, least) {
  const small = await page.evaluate(([targets, px]) =>
    [...document.querySelectorAll(targets)]
      .filter((e) => e.getClientRects().length > 0
                  && e.getBoundingClientRect().height < px - 0.5)
      .map((e) => `${e.getBoundingClientRect().height} ${e.outerHTML}`),
    [TARGETS, least]);
  assert.deepEqual(small, []);
}
