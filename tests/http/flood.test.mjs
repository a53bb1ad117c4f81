// Hosts and paths as no honest client makes them, thousands of each: every
// answer is a clear refusal, short, of no other site, and the workers stay.
//
//   HOSTILE=n      how many of each (5000); SEED=n another set

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { answers, metrics, title } from './visitor.mjs';

const COUNT = Number(process.env.HOSTILE ?? 5000);
const LANES = 8;

const p = await platform({ sites: true });
const workers = p.workers();


// -- a generator that says the same every time

let seed = Number(process.env.SEED ?? 20261120);

/** A number below n (mulberry32). */
function below(n) {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

const pick = (list) => list[below(list.length)];
const times = (n, make) => Array.from({ length: n }, make).join('');
const letters = (n) => times(n, () => pick('abcdefghijklmnopqrstuvwxyz0123'));

/** Bytes, one a character, that do not end the line. */
const bytes = (n) => times(n, () => {
  const c = below(256);
  return String.fromCharCode(c === 10 || c === 13 ? 0 : c);
});

const percent = (n) => times(n, () =>
  `%${below(256).toString(16).padStart(2, '0')}`);
const utf8 = (text) => Buffer.from(text).toString('latin1');
const BAD_UTF8 = ['\xff\xfe', '\xc0\xaf', '\xe0\x80\xaf', '\xed\xa0\x80',
                  '\xf8\x88\x80\x80\x80', '\x80', '\xc3', '\xf4\x90\x80\x80'];
const NAMES = ['county.test', 'city.test', 'nobody.test', letters(8)];

const HOSTS = [
  () => bytes(1 + below(60)),
  () => letters(1 + below(400)),
  () => `${times(1 + below(120), () => `${letters(1 + below(5))}.`)}test`,
  () => `${pick(NAMES)}${pick(BAD_UTF8)}`,
  () => `${pick(BAD_UTF8)}.${pick(NAMES)}`,
  () => `${pick(['county', 'city'])}${pick('\x00\x01\t\x7f /\\@%?#;,"<>{}')}` +
    '.test',
  () => `[${times(below(9), () => `${letters(below(5))}:`)}${below(99999)}]`,
  () => `[::ffff:127.0.0.1]:${below(99999)}`,
  () => `${below(300)}.${below(300)}.${below(300)}.${below(300)}`,
  () => `${pick(NAMES)}:${pick(['', '0', '-1', '99999999999', 'http', ':80'])}`,
  () => `${pick(NAMES)}${'.'.repeat(1 + below(4))}`,
  () => `${'.'.repeat(1 + below(4))}${pick(NAMES)}`,
  () => utf8(`${pick(['示例县', '咸阳', 'ünïcode', '县\u200b', 'ｃｏｕｎｔｙ'])}.test`),
  () => `xn--${letters(1 + below(70))}.test`,
  () => `user:${letters(4)}@${pick(NAMES)}`,
  () => `${pick(NAMES)}, ${pick(NAMES)}`,
  () => `-${letters(below(70))}-.test`,
];

const SEGMENTS = [
  () => letters(1 + below(20)), () => percent(1 + below(12)),
  () => pick(BAD_UTF8), () => '..', () => '.', () => '',
  () => pick(['%2e%2e', '%2E.', '%252e%252e', '..%00', '..%2f', '..%5c',
              '%c0%ae%c0%ae', '%e0%80%af', '%ff%fe', '%u002e', '..;']),
  () => pick(['%00', '%0a', '%0d%0aX:1', '%7f', '%', '%z', '%1']),
  () => utf8(pick(['信息公开', '\u202e', '\ufeff', '😀'])),
  () => pick(['xxgk', 'town', 's', 'files', '_gov', '_govd', 'api', 'feed.xml',
              'index.html', '9'.repeat(below(40)), '0.html', '-1.html']),
  () => pick(['<script>', '"', "'", '{{7*7}}', '${7}', '|id', ';ls', '\\']),
  () => bytes(1 + below(6)).replace(/ /g, '+'),
];

const PATHS = [
  () => `/${letters(1 + below(7000))}`,
  () => `/${'a/'.repeat(1 + below(2000))}`,
  () => `/${'../'.repeat(1 + below(60))}etc/passwd`,
  () => `http://${pick(HOSTS)().replace(/[ \x00]/g, '')}/`,
  () => `//${pick(NAMES)}/${letters(5)}`,
  ...Array.from({ length: 8 }, () => () =>
    `/${Array.from({ length: 1 + below(8) }, () => pick(SEGMENTS)()).join('/')}`
    + pick(['', '/', '?', `?${percent(20)}`, '#', '.html'])),
];


// -- clients that ask and go on, over a new connection where one ends

function ask(request) {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(p.port, '127.0.0.1');
    socket.on('data', (data) => { got += data.toString('latin1'); });
    socket.on('error', (error) => (['ECONNRESET', 'EPIPE'].includes(error.code)
      ? 0 : reject(error)));
    socket.on('close', () => resolve(answers(got)));
    socket.write(Buffer.from(request, 'latin1'));
  });
}

/** Statuses and how often; every answer is looked at. */
async function flood(make, look) {
  const rest = Array.from({ length: COUNT }, make);
  const sum = {};
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (rest.length > 0) {
      const what = rest.pop();
      const list = await ask(look.request(what));
      assert.equal(list.length, 1, JSON.stringify(what));
      const [answer] = list;
      sum[answer.status] = (sum[answer.status] ?? 0) + 1;
      assert.ok(look.statuses.includes(answer.status),
                `${answer.status} for ${JSON.stringify(what)}`);
      assert.ok(answer.whole && answer.body.length < 40_000);
      assert.equal(answer.headers['x'], undefined, JSON.stringify(what));
      if (answer.status !== 200 && answer.status !== 301) {
        assert.ok(!look.strange.test(answer.body), JSON.stringify(what));
      }
    }
  }));
  return sum;
}

test(`${COUNT} hosts: the site, 400, or 421 without a byte of any site.`,
     async () => {
  const sum = await flood(() => pick(HOSTS)(), {
    request: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n`
      + 'Connection: close\r\n\r\n',
    // 200: a known host with a port or one dot behind it
    statuses: [200, 400, 421],
    strange: /示例(市|县|镇)/,
  });

  for (const status of [200, 400, 421]) {
    assert.ok(sum[status] > COUNT / 100, JSON.stringify(sum));
  }
});

test(`${COUNT} paths: 404, 400, 414 or a redirect, and nobody else's page.`,
     async () => {
  const sum = await flood(() => pick(PATHS)(), {
    request: (path) => `GET ${path} HTTP/1.1\r\nHost: county.test\r\n`
      + 'Connection: close\r\n\r\n',
    // 200: what only looks odd; 403: a door that is closed; 421: the host of
    // an absolute address
    statuses: [200, 301, 400, 403, 404, 405, 414, 421],
    strange: /<title>示例(市|镇)|root:|\b49\b.*\{\{/,
  });

  for (const status of [400, 404]) {
    assert.ok(sum[status] > COUNT / 20, JSON.stringify(sum));
  }
  if (process.env.SHOW) {
    console.error(JSON.stringify(sum));
  }
});

test('The workers are the same, nothing failed, the pages stand.',
     async () => {
  assert.deepEqual(p.workers(), workers);
  const all = await metrics(p);
  assert.deepEqual(Object.keys(all).filter((name) =>
    /gov_responses_total\{status="5/.test(name)), []);
  assert.equal(all.gov_worker_crashes_total, 0);
  assert.equal(title(await p.get('county.test', '/')), '示例县');
});
