// The manual against the console: every numbered step of docs/manual is walked
// and every word it quotes, 「…」, must stand on the screen at that step.
//
//     const walk = task('clerk', '写一份通知并送审');
//     await walk.step(page, () => page.click(...));     step 1
//     await walk.step(page);                            step 2
//     await walk.picture(page, 'clerk-doc');
//     walk.end();
//
// A step's words are looked for before what it does and after.  Pictures are
// written with MANUAL=1 only.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../lib/platform.mjs';

const folder = join(root, 'docs/manual');
const pictures = join(folder, 'img');
const EDGE = 16;
const ENDING = '.zh-CN.md';

/** A picture of more bytes than these is one too many for a repository. */
export const MOST_BYTES = 120 * 1024;

const quoted = (text) => [...text.matchAll(/「([^」]+)」/g)]
  .map(([, word]) => word);

/** A file's sections: { title, steps: [[word, ...], ...], words }. */
function sections(text) {
  return text.split(/^##+ /m).slice(1).map((part) => {
    const [title, ...lines] = part.split('\n');
    const steps = [];
    const words = [];
    let inside = false;

    for (const line of lines) {
      const begins = /^\d+\. /.test(line);
      inside = begins || (inside && /^( {2,}|$)/.test(line));
      if (begins) {
        steps.push([]);
      }
      (inside ? steps.at(-1) : words).push(...quoted(line));
    }
    return { title: title.trim(), steps, words };
  });
}

export const books = Object.fromEntries(readdirSync(folder)
  .filter((name) => name.endsWith(ENDING)).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [name.slice(0, -ENDING.length), {
      text, sections: sections(text),
      pictures: [...text.matchAll(/!\[([^\]]*)\]\(img\/([^)]+)\.png\)/g)]
        .map(([, words, picture]) => ({ words, picture })),
    }];
  }));

/** What was walked, "book: title", and what was looked at. */
export const walked = new Set();
export const taken = new Set();

/** What a person reads on a page: texts, labels, and what is in lists. */
async function wordsOf(page) {
  // a click waits until the next page begins, not until it is there
  await page.waitForLoadState();
  return new Set(await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body,
                                             NodeFilter.SHOW_TEXT);

    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.parentElement.closest('select, :not(option)')
          ?.checkVisibility())
      {
        found.push(text.data);
      }
    }
    for (const e of document.querySelectorAll('[placeholder], [aria-label]')) {
      if (e.checkVisibility()) {
        found.push(e.getAttribute('placeholder') ?? '',
                   e.getAttribute('aria-label') ?? '');
      }
    }
    return found.map((text) => text.replace(/\s+/g, ' ').trim());
  }));
}

class Walk {
  #at = 0;

  constructor(book, section) {
    Object.assign(this, { book, section });
  }

  /** The next step: what is done may lead to another page, given back. */
  async step(page, act) {
    const words = this.section.steps[this.#at++];
    assert.ok(words, `${this.name}: the manual has no step ${this.#at}`);

    const seen = await wordsOf(page);
    const next = await act?.() ?? page;
    const now = next?.evaluate ? next : page;
    const later = act ? await wordsOf(now) : seen;

    assert.deepEqual(words.filter((w) => !seen.has(w) && !later.has(w)), [],
                     `${this.name}, step ${this.#at}: not on the screen`);
  }

  get name() {
    return `${this.book}: ${this.section.title}`;
  }

  /** Keeps what a person sees; `cover`: texts that differ from run to run. */
  async picture(page, name, { from = 'main', height = 900, cover = {} } = {}) {
    assert.ok(!taken.has(name), `${name} is taken already`);
    taken.add(name);
    if (!process.env.MANUAL) {
      return;
    }

    mkdirSync(pictures, { recursive: true });
    for (const [selector, text] of Object.entries(cover)) {
      await page.locator(selector).evaluateAll(
        (all, words) => all.forEach((e) => { e.textContent = words; }), text);
    }
    // as a browser in Chinese writes it; Debian's has but one language
    const days = page.locator('input[type=datetime-local]');
    const set = await days.evaluateAll((all) => all.map((e) => {
      const { value } = e;
      e.type = 'text';
      e.className += ' day';
      e.value = value ? value.replaceAll('-', '/').replace('T', ' ')
        : '年/月/日 --:--';
      return value;
    }));
    await page.evaluate(() => {
      document.activeElement?.blur();
      scrollTo(0, 0);
    });
    const box = await page.locator(from).first().boundingBox();
    await page.screenshot({
      path: join(pictures, `${name}.png`), fullPage: true,
      clip: {
        x: box.x - EDGE, y: box.y - (from === 'main' ? 0 : EDGE),
        width: box.width + 2 * EDGE,
        height: Math.min(box.height, height),
      },
    });
    await page.locator('input.day').evaluateAll((all, values) => all.forEach(
      (e, i) => {
        e.type = 'datetime-local';
        e.classList.remove('day');
        e.value = values[i];
      }), set);
  }

  end() {
    assert.equal(this.#at, this.section.steps.length,
                 `${this.name}: the manual has more steps`);
    walked.add(this.name);
  }
}

export function task(book, title) {
  const section = books[book]?.sections.find((s) => s.title === title);
  assert.ok(section, `docs/manual/${book}${ENDING} has no “${title}”`);
  return new Walk(book, section);
}

export const pictureFile = (name) => join(pictures, `${name}.png`);

/** Every sentence that the platform can say: of the pages and of the C. */
export function sentences() {
  const words = ['lua/words/console/zh.lua', 'lua/assets/console/words.js']
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const rooms = join(root, 'ngx_gov_module');

  for (const name of readdirSync(rooms, { recursive: true })) {
    if (/\.[ch]$/.test(name)) {
      words.push(readFileSync(join(rooms, name), 'utf8'));
    }
  }
  return words.join('\n').replace(/"\s*(\.\.)?\s*"|'\s*\+\s*'/g, '');
}
