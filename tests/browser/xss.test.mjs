// The sanitiser judged by a browser: every vector of tests/data/xss.jsonl is
// written as a document, and what the server made of it opened in Chromium,
// many at a time, as visitors get it and once more with no policy at all.
// Nothing may run, nothing may be asked of another host, and what Chromium
// makes of the bodies holds nothing of the kind.  A third of the vectors, as
// they are and each in a frame of its own, shows that they do run.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { Client } from 'undici';

import { platform, root } from '../lib/platform.mjs';
import { CITY } from '../lib/sites.mjs';
import { browser } from './browser.mjs';

const CHUNK = 400;                      // lines of a batch
const GROUP = 25;                       // bodies of a page

const vectors = readFileSync(join(root, 'tests/data/xss.jsonl'), 'utf8')
  .trim().split('\n').map((line) => JSON.parse(line));

const p = await platform({ sites: true });
const b = await browser();
const ctl = new Client('http://govd', {
  socketPath: join(p.dir, 'run/ctl.sock'),
});
after(() => ctl.close());
await p.run('site.live', { site: CITY });

/** The texts as documents, with what the server made of them. */
async function written(texts) {
  const rows = [];

  for (let i = 0; i < texts.length; i += CHUNK) {
    const lines = texts.slice(i, i + CHUNK).map(({ form, text }) =>
      JSON.stringify({
        command: 'doc.create',
        input: { site: CITY, column: 'xxgk/tzgg', title: '甲', form,
                 body: text, publish: true },
      }));
    const answer = await ctl.request({
      method: 'POST', path: '/api/v1/batch', body: lines.join('\n'),
    });
    rows.push(...(await answer.body.text()).trim().split('\n').map(
      (line) => JSON.parse(line)));
  }
  for (const row of rows.filter(({ status }) => status === 200)) {
    const answer = await ctl.request({
      method: 'GET',
      path: `/api/v1/queries/doc.get?doc=${row.body.doc}&html=1`,
    });
    row.html = (await answer.body.json()).html;
  }
  return rows;
}

const grouped = (list) => Array.from(
  { length: Math.ceil(list.length / GROUP) },
  (_, i) => list.slice(i * GROUP, i * GROUP + GROUP));

const made = await written(vectors);
const good = made.flatMap(({ status }, n) => status === 200 ? [n] : []);
const groups = grouped(good);
const raw = grouped(good.filter((n) => vectors[n].form === 'html')
  .filter((_, i) => i % 3 === 0));
const whole = groups.map((numbers) => numbers.map((n) => made[n].html)
  .join('<hr>'));

/** Pages without a policy: /safe/GROUP, /frames/GROUP, /raw/NUMBER. */
const bare = createServer(({ url }, response) => {
  const [, which, n] = url.split('/');
  const body = which === 'safe' ? whole[n]
    : which === 'raw' ? vectors[n]?.text
      : which === 'frames'
        ? raw[n].map((k) => `<iframe src="/raw/${k}"></iframe>`).join('')
        : '';

  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end('<!DOCTYPE html><meta charset="utf-8"><title>甲</title>'
    + `<link rel="icon" href="data:,"><div class="prose">${body}</div>`);
});
await new Promise((done) => bare.listen(0, '127.0.0.1', done));
after(() => bare.close());
const BARE = `http://bare.test:${bare.address().port}`;

/** What Chromium's own parser and resolver make of the bodies. */
function judge(schemes) {
  const names = new Set(['alt', 'class', 'colspan', 'datetime', 'dir',
    'height', 'href', 'lang', 'open', 'reversed', 'role', 'rowspan', 'scope',
    'span', 'src', 'start', 'title', 'type', 'value', 'width']);
  const never = 'script, style, iframe, object, embed, form, input, button, '
    + 'meta, base, link, template, svg, math';
  const found = [];

  for (const e of document.querySelectorAll('.prose *')) {
    if (e.matches(never)
        || e.namespaceURI !== 'http://www.w3.org/1999/xhtml')
    {
      found.push(e.localName);
    }
    for (const { name } of e.attributes) {
      if (!names.has(name)) {
        found.push(`${e.localName} ${name}`);
      }
    }
    for (const url of [e.href, e.src].filter(Boolean)) {
      if (!schemes.includes(new URL(url, location.href).protocol)) {
        found.push(url);
      }
    }
    if (e.src && new URL(e.src).host !== location.host) {
      found.push(e.src);
    }
  }
  return found;
}

/** Opens the pages: what ran, was refused, or stood in a body. */
async function look(urls, schemes) {
  const { page, faults, close } = await b.open('about:blank');
  const bad = [];
  let home = '';

  await page.exposeBinding('xss', ({ frame }) => {
    bad.push(`ran in ${frame.url()}`);
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^http/.test(protocol) && host !== new URL(home).host) {
      bad.push(`asked ${request.url()} on ${home}`);
    }
  });
  for (home of urls) {
    await page.goto(home);
    if (schemes) {
      bad.push(...(await page.evaluate(judge, schemes)).map(
        (what) => `${what} on ${home}`));
    }
  }
  bad.push(...faults.filter((text) => /Content Security/.test(text)));
  await close();
  return bad;
}

const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:'];

test('Nearly all of them become documents; no other reason to refuse.', () => {
  const refused = made.filter(({ status }) => status !== 200);

  assert.ok(vectors.length >= 400, `${vectors.length}`);
  assert.equal(made.length, vectors.length);
  assert.ok(refused.length <= vectors.length / 20, `${refused.length}`);
  assert.deepEqual(refused.filter(({ body }) => body.field !== 'body'), []);
});

test('As visitors get them nothing runs, and the policy has no work.',
     async () => {
  const pages = await written(whole.map((text) => ({ form: 'html', text })));

  assert.deepEqual(pages.map(({ html }) => html), whole);
  assert.deepEqual(await look(pages.map(
    ({ body }) => `http://city.test:${p.port}/xxgk/tzgg/${body.doc}.html`),
  SCHEMES), []);
});

test('Without any policy nothing runs.', async () => {
  assert.deepEqual(await look(whole.map((_, n) => `${BARE}/safe/${n}`),
                              [...SCHEMES, 'gov:']), []);
});

test('As they are, they run: the marker is seen, of every kind.',
     async () => {
  const ran = await look(raw.map((_, n) => `${BARE}/frames/${n}`));
  const numbers = new Set(ran.flatMap(
    (line) => /^ran in .*\/raw\/(\d+)$/.exec(line)?.[1] ?? []));
  const kinds = new Set([...numbers].map((n) => vectors[n].family));

  assert.ok(numbers.size >= 50, `${numbers.size}`);
  for (const kind of ['script', 'event', 'attribute syntax', 'two parsers',
                      'address elsewhere', 'image', 'style', 'page']) {
    assert.ok(kinds.has(kind), kind);
  }
});
