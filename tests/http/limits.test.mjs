// The limits that are shipped: slow and silent clients are let go, what is too
// large is refused by its door, who asks too often gets 429.  What a copy
// answers early is asked for none of it, unless "gov_early off".

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, answers, metrics, talk, until, write } from './visitor.mjs';

const H = 'Host: county.test\r\n';

// two platforms alike, but for the word; addresses of the loopback net are
// clients of their own
const TIMES = 'client_header_timeout 300ms;\nclient_body_timeout 300ms;\n'
  + 'send_timeout 300ms;';
const SKIPPED = 'deny 127.0.0.3;\nif ($arg_stop) { return 451; }';
const p = await platform({ sites: true, conf: {
  server: `${TIMES}\n${SKIPPED}` } });
const late = await platform({ sites: true, conf: {
  server: `gov_early off;\n${SKIPPED}` } });

for (const one of [p, late]) {
  assert.equal((await one.get('county.test', '/')).status, 200);
}

/** Requests from an address, all at once: how many of each status. */
async function from(platform, address, paths) {
  const bytes = Buffer.from(paths.map((path) =>
    `GET ${path} HTTP/1.1\r\n${H}\r\n`).join(''));
  const list = await talk({ port: platform.port, localAddress: address },
                          bytes, paths.length);
  const sum = {};
  for (const { status } of list) {
    sum[status] = (sum[status] ?? 0) + 1;
  }
  return { sum, last: list.at(-1) };
}

const many = (n, path) => Array.from({ length: n }, (_, i) => path(i));

/** Waits for the server's end of a connection: what it sent. */
function closed(bytes) {
  return new Promise((resolve) => {
    const got = [];
    const socket = connect(p.port, '127.0.0.1');
    socket.on('data', (data) => got.push(data));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(got).toString('latin1')));
    socket.write(bytes);
  });
}


test('A client that is silent, or stops half-way, is let go without a word.',
     async () => {
  for (const bytes of ['GET / HTT', `GET / HTTP/1.1\r\n${H}`,
                       `GET / HTTP/1.1\r\n${H}X: ${'a'.repeat(9000)}`.slice(
                         0, 5000)]) {
    const [answer] = answers(await closed(bytes));
    assert.ok(answer === undefined || answer.status === 408);
  }
});

test('A body that does not come is not waited for.', async () => {
  const [answer] = answers(await closed(
    `POST /api/v1/commands/x HTTP/1.1\r\n${H}Content-Length: 10\r\n\r\nabc`));
  assert.ok(answer === undefined || answer.status === 408);
});

test('A reader who takes nothing is let go.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/zcwj', '很长的文件', {
    body: Array.from({ length: 60_000 }, (_, i) => `第${i}段。`).join('\n\n'),
  });
  const path = `/xxgk/zcwj/${doc}.html`;
  assert.ok((await p.get('county.test', path)).body.length > 1e6);
  const socket = connect(p.port, '127.0.0.1').pause();
  let ended = false;

  socket.on('error', () => { ended = true; });
  socket.write(`GET ${path} HTTP/1.1\r\n${H}\r\n`.repeat(40));
  // who only listens does not hear of it: what is sent then is refused
  await until(() => {
    socket.write('\r\n');
    return ended;
  });
});

test('A body is as large as its door allows.', async () => {
  for (const [path, size, status] of [
    ['/', 64 * 1024, 405], ['/', 64 * 1024 + 1, 413],
    ['/api/v1/commands/doc.create', 64 * 1024 + 1, 401],
    ['/api/v1/commands/doc.create', 8 * 1024 * 1024 + 1, 413],
  ]) {
    const body = size > 1e6 ? '' : 'x'.repeat(size);
    const [answer] = await talk(p, Buffer.from(
      `POST ${path} HTTP/1.1\r\n${H}Content-Length: ${size}\r\n\r\n${body}`));
    assert.equal(answer.status, status, `${path} ${size}`);
  }
});

test('Too many requests that no copy answers get 429, in plain words.',
     async () => {
  const { sum, last } = await from(p, '127.0.0.2',
                                   many(700, (i) => `/nix/${i}`));

  assert.ok(sum[404] >= 500 && sum[404] < 700, JSON.stringify(sum));
  assert.equal(sum[404] + sum[429], 700);
  assert.equal(last.status, 429);
  assert.match(last.body, /<title>请求过于频繁</);
  assert.equal((await metrics(p))['gov_responses_total{status="429"}'],
               sum[429]);
  assert.doesNotMatch(p.log(), /limiting requests/);
});

test('Copies are answered all the same, and so is every other address.',
     async () => {
  assert.deepEqual((await from(p, '127.0.0.2', many(300, () => '/'))).sum,
                   { 200: 300 });
  assert.deepEqual((await from(p, '127.0.0.4', ['/nix'])).sum, { 404: 1 });
});

test('A gateway on this machine is not counted.', async () => {
  const { sum } = await from(p, '127.0.0.1', many(700, (i) => `/nix/${i}`));
  assert.deepEqual(sum, { 404: 700 });
});

test('A copy that answers early is not denied; with "gov_early off" it is.',
     async () => {
  assert.deepEqual((await from(p, '127.0.0.1', ['/?stop=1'])).sum, { 200: 1 });
  assert.deepEqual((await from(late, '127.0.0.1', ['/?stop=1'])).sum,
                   { 451: 1 });
  assert.deepEqual((await from(p, '127.0.0.3', ['/'])).sum, { 200: 1 });
  assert.deepEqual((await from(p, '127.0.0.3', ['/nix'])).sum, { 403: 1 });
  assert.deepEqual((await from(p, '127.0.0.1', ['/nix?stop=1'])).sum,
                   { 451: 1 });

  assert.deepEqual((await from(late, '127.0.0.3', ['/'])).sum, { 403: 1 });
  assert.deepEqual((await from(late, '127.0.0.2', ['/'])).sum, { 200: 1 });
});

test('With "gov_early off" copies count as requests too.', async () => {
  const { sum } = await from(late, '127.0.0.5', many(700, () => '/'));

  assert.ok(sum[200] >= 500 && sum[200] < 700, JSON.stringify(sum));
  assert.equal(sum[200] + sum[429], 700);
});
