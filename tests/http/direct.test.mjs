// A direct answer (a hit's head and body in one piece) beside the one that
// nginx's own writer of headers makes: nobody can tell them apart.

import assert from 'node:assert/strict';
import { connect as connect2 } from 'node:http2';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { platform } from '../lib/platform.mjs';

const LONG = 'x'.repeat(1000);

const folder = mkdtempSync(join(tmpdir(), 'gov-h2-'));
const socket = join(folder, 'socket');
chmodSync(folder, 0o755);

const plain = await platform({ sites: true });
const added = await platform({ sites: true, conf: {
  server: 'add_header X-Added "of $request_method" always;',
} });
const long = await platform({ sites: true, conf: {
  server: `add_header X-Long "${LONG}" always;`,
} });
const trailer = await platform({ sites: true, conf: {
  server: 'add_trailer X-Trailer "at the end";',
} });
const spoken = await platform({ sites: true, conf: {
  server: 'server_tokens on;',
} });
const timed = await platform({ sites: true, conf: {
  server: 'keepalive_timeout 65s 60s;',
} });
const late = await platform({ sites: true, conf: {
  server: 'gov_early off;',
} });
const second = await platform({ sites: true, conf: {
  server: `listen unix:${socket} http2;`,
} });
// nginx takes its socket away when it ends
after(() => rmSync(folder, { recursive: true }));

const all = [plain, added, long, trailer, spoken, timed, late];

const request = (more = '', { method = 'GET', version = '1.1' } = {}) =>
  `${method} / HTTP/${version}\r\nHost: county.test\r\n`
  + `Accept-Encoding: gzip\r\n${more}\r\n`;

/** Head and body of the one answer in these bytes. */
function split(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  const [status, ...lines] = bytes.subarray(0, end).toString().split('\r\n');
  return { status, lines, body: bytes.subarray(end + 4),
           headers: new Map(lines.map((l) => [
             l.slice(0, l.indexOf(':')).toLowerCase(),
             l.slice(l.indexOf(':') + 2)])) };
}

const send = async (p, text) => Buffer.from(await p.raw(text), 'latin1');
const ask = async (p, ...args) => split(await send(p, request(...args)));

/** Headers of a copy, sorted, without those that tell the time or the site. */
const told = (answer) => answer.lines
  .filter((l) => !/^(Date|ETag|Last-Modified|Content-Length):/.test(l))
  .sort();

before(async () => {
  for (const p of all) {
    for (let i = 0; i < 3; i++) {
      await p.get('county.test', '/', { 'accept-encoding': 'gzip' });
    }
  }
});

for (const [what, more, how] of [
  ['GET', 'Connection: close\r\n', {}],
  ['HEAD', 'Connection: close\r\n', { method: 'HEAD' }],
  ['HTTP/1.0', '', { version: '1.0' }],
]) {
  test(`${what}: the same lines as without the early phase.`, async () => {
    const direct = await ask(plain, more, how);
    const other = await ask(late, more, how);

    assert.equal(direct.status, 'HTTP/1.1 200 OK');
    assert.equal(other.status, direct.status);
    assert.deepEqual(told(direct), told(other));
    assert.equal(direct.headers.get('x-gov-copy'), 'hit');
    assert.equal(direct.headers.get('connection'), 'close');
    for (const name of ['date', 'etag', 'last-modified', 'content-length']) {
      assert.ok(direct.headers.get(name), name);
    }
    if (how.method === 'HEAD') {
      assert.equal(direct.body.length, 0);
    } else {
      assert.equal(direct.body.length,
                   Number(direct.headers.get('content-length')));
      assert.match(gunzipSync(direct.body).toString(), /<\/html>\s*$/);
    }
  });
}

test('HTTP/1.0 may keep the connection, and is told so.', async () => {
  const bytes = await send(plain,
    request('Connection: keep-alive\r\n', { version: '1.0' })
    + request('', { version: '1.0' }));
  const text = bytes.toString('latin1');

  assert.equal(text.split('HTTP/1.1 200 OK').length, 3);
  assert.match(text, /Connection: keep-alive[^]*Connection: close/);
});

test('Requests that come in one packet are answered one after the other.',
     async () => {
  const bytes = await send(plain, request() + request()
                                + request('Connection: close\r\n'));
  const one = split(bytes);
  const length = bytes.indexOf('\r\n\r\n') + 4
                 + Number(one.headers.get('content-length'));

  assert.ok(bytes.subarray(length).toString('latin1')
    .startsWith('HTTP/1.1 200 OK'));
  assert.equal(bytes.toString('latin1').split('X-Gov-Copy: hit').length, 4);
});

test('What add_header says stands in a direct answer.', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await ask(added, 'Connection: close\r\n', { method });
    assert.equal(answer.headers.get('x-added'), `of ${method}`);
    assert.equal(answer.headers.get('x-gov-copy'), 'hit');
  }
});

for (const [what, p, check] of [
  ['More headers than there is room for', long, (answer) => {
    assert.equal(answer.headers.get('x-long'), LONG);
  }],
  ['A server that names its version', spoken, (answer) => {
    assert.match(answer.headers.get('server'), /^nginx\/\d/);
  }],
]) {
  test(`${what}: whole, and a hit all the same.`, async () => {
    const answer = await ask(p, 'Connection: close\r\n');
    check(answer);
    assert.equal(answer.headers.get('x-gov-copy'), 'hit');
    assert.match(gunzipSync(answer.body).toString(), /<\/html>\s*$/);
  });
}

test('A server that says how long it waits says so of a hit.', async () => {
  const text = await timed.raw(request() + request('Connection: close\r\n'));

  assert.match(text, /X-Gov-Copy: hit[^]*Connection: close/);
  assert.match(text, /Keep-Alive: timeout=60/);
});

test('Trailers come behind the body, in chunks.', async () => {
  const answer = await ask(trailer, 'Connection: close\r\n');
  const text = answer.body.toString('latin1');

  assert.equal(answer.headers.get('transfer-encoding'), 'chunked');
  assert.equal(answer.headers.get('content-length'), undefined);
  assert.match(text, /\r\n0\r\nX-Trailer: at the end\r\n\r\n$/);
});

/** Headers and body of one request over HTTP/2. */
function ask2(session) {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/',
                                     ':authority': 'county.test',
                                     'accept-encoding': 'gzip' });
    const got = [];
    stream.on('response', (headers) => { got.headers = headers; });
    stream.on('data', (data) => got.push(data));
    stream.on('end', () => resolve({ headers: got.headers,
                                     body: Buffer.concat(got) }));
    stream.on('error', reject);
  });
}

test('Over HTTP/2 a hit has the same headers, each in its own line.',
     async () => {
  const session = connect2('http://county.test', {
    createConnection: () => connect(socket),
  });
  const miss = await ask2(session);
  const hit = await ask2(session);
  session.close();

  const one = await ask(plain, 'Connection: close\r\n');
  const names = [...one.headers.keys()].filter((n) => n !== 'connection');

  assert.equal(hit.headers[':status'], 200);
  assert.deepEqual(Object.keys(hit.headers).filter((n) => n[0] !== ':').sort(),
                   names.sort());
  assert.equal(hit.headers['x-gov-copy'], 'hit');
  for (const name of ['content-security-policy', 'vary', 'content-type']) {
    assert.equal(hit.headers[name], one.headers.get(name));
  }
  assert.deepEqual(hit.body, miss.body);
  assert.match(gunzipSync(hit.body).toString(), /<\/html>\s*$/);
});
