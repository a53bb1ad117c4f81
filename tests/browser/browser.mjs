// Chromium for the tests of what a person sees.
//
//     const b = await browser(p);
//     const { page, faults } = await b.open(url, { width: 390 });
//     await b.look(page, 'home-390');
//
// Every host name leads to the platform under test; nothing else can be
// reached.  `faults` gathers what the browser refused or could not load.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

import { root } from '../lib/platform.mjs';

const shots = join(root, 'build/screenshots');
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How a page may be asked for; print is the same page on paper. */
export const MODES = ['normal', 'elder', 'contrast', 'dark', 'print'];
export const WIDTHS = [390, 1280];

const SERIOUS = ['serious', 'critical'];

export async function browser() {
  const chrome = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--host-resolver-rules=MAP * 127.0.0.1',
    ],
  });
  after(() => chrome.close());
  mkdirSync(shots, { recursive: true });

  return {
    /** A page in a context of its own: no cookie but a person's, no cache. */
    async open(url, { width = 1280, mode = 'normal', scripts = true,
                      person } = {}) {
      const context = await chrome.newContext({
        viewport: { width, height: 900 },
        javaScriptEnabled: scripts,
        locale: 'zh-CN',
        colorScheme: mode === 'dark' ? 'dark' : 'light',
        forcedColors: mode === 'contrast' ? 'active' : 'none',
      });
      if (person) {
        await context.addCookies([{ name: person.cookieName,
                                    value: person.cookie,
                                    url: new URL(url).origin }]);
      }
      const page = await context.newPage();
      const faults = watch(page);

      await page.goto(url);
      if (mode === 'elder') {
        await page.click('.tools-end a');
      }
      if (mode === 'print') {
        await page.emulateMedia({ media: 'print' });
      }
      return { page, faults, close: () => context.close() };
    },

    /** What a person looks at before a change of the theme lands. */
    look(page, name) {
      return page.screenshot({ path: join(shots, `${name}.png`),
                               fullPage: true });
    },
  };
}

function watch(page) {
  const faults = [];

  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) {
      faults.push(message.text());
    }
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400
        && response.request().resourceType() !== 'document')
    {
      faults.push(`${response.status()} ${response.url()}`);
    }
  });
  return faults;
}

/** The serious faults axe-core finds, a line each. */
export async function axe(page, { enhanced = false } = {}) {
  await page.evaluate(axeSource);
  const found = await page.evaluate((rules) => window.axe.run({ rules }),
    enhanced ? { 'color-contrast-enhanced': { enabled: true } } : {});

  return found.violations.filter((v) => SERIOUS.includes(v.impact))
    .flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html}`));
}
