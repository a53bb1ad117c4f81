// What a page weighs, and that both languages have every word.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { platform, root } from '../lib/platform.mjs';
import { fill } from './city.mjs';

const p = await platform({ sites: true });
const pages = await fill(p);

const KB = 1024;

async function fetched(url) {
  const { host, pathname } = new URL(url);
  const answer = await p.get(host, pathname);
  assert.equal(answer.status, 200, url);
  return answer;
}

test('A home page weighs at most 12 KB.', async () => {
  for (const { url } of pages.filter(({ name }) => /^home/.test(name))) {
    const weight = gzipSync((await fetched(url)).body).length;
    assert.ok(weight <= 12 * KB, `${url}: ${weight}`);
  }
});

test('One style sheet and one script, both named by content.', async () => {
  const page = await fetched(pages[0].url);
  const files = [...page.text.matchAll(
    /(?:<link rel="stylesheet" href|<script src)="([^"]+)"/g)]
    .map(([, path]) => path).filter((path) => !path.includes('/brand/'));

  assert.deepEqual(files.map((f) => /-[0-9a-f]{8}\.(css|js)$/.exec(f)?.[1]),
                   ['css', 'js']);
  for (const [file, most] of [[files[0], 16 * KB], [files[1], 12 * KB]]) {
    const answer = await fetched(new URL(file, pages[0].url).href);
    assert.match(answer.headers['cache-control'], /immutable/);
    assert.ok(gzipSync(answer.body).length <= most, file);
  }
});

test('What the console loads keeps its budget.', async () => {
  const manifest = JSON.parse(readFileSync(
    join(root, 'lua/assets/dist/manifest.json'), 'utf8'));
  const weight = async (...names) => {
    let sum = 0;
    for (const name of names) {
      const answer = await p.get('city.test', `/_gov/assets/${manifest[name]}`);
      assert.equal(answer.status, 200, name);
      sum += gzipSync(answer.body).length;
    }
    return sum;
  };

  const bare = await weight('console.css', 'console.js');
  const edit = bare + await weight('editor.css', 'editor.js');
  assert.ok(bare <= 80 * KB, `console: ${bare}`);
  assert.ok(edit <= 350 * KB, `edit page: ${edit}`);
});

test('A site of another colour brings its own sheet.', async () => {
  const county = pages.find(({ name }) => name === 'home of a county');
  const page = await fetched(county.url);
  const [, path] = /href="(\/_gov\/brand\/[0-9a-f]{6}\.css)"/.exec(page.text);
  const sheet = await fetched(new URL(path, county.url).href);

  assert.match(sheet.headers['content-type'], /^text\/css/);
  assert.match(sheet.text, /:root\s*\{\s*--brand:\s*#0b4f8a/);
});

test('Chinese and English have the same words.', () => {
  const keys = (file) => [...readFileSync(join(root, 'lua/words', file),
                                          'utf8')
    .matchAll(/^ {4}(?:(\w+)|\["(.+?)"\])/gm)].map((m) => m[1] ?? m[2]);

  assert.ok(keys('zh.lua').length > 50);
  assert.deepEqual(keys('en.lua'), keys('zh.lua'));
});
