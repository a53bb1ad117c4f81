// A daemon that ends in the middle of its answer, or leads where nobody may go:
// nothing of that is passed on.  A worker that can make no page: it says so.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';

// what comes back is what the path says, and then the connection ends

const answers = {
  whole: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' +
         'Content-Length: 11\r\nConnection: close\r\n\r\n{"done":1}\n',
  half: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' +
        'Content-Length: 1000\r\nConnection: close\r\n\r\n{"done":',
  chunk: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' +
         'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
         '8\r\n{"done":\r\n',
  empty: '',
};

for (const [name, to] of [['here', '/console/tasks'],
                          ['line', '/console/\nSet-Cookie: evil=1'],
                          ['deleted', '/console/\x7f']]) {
  const body = JSON.stringify({ to });
  answers[name] = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}

const sockets = new Set();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', (data) => {
    const name = /\/(?:api|console)\/fake\/(\w+)/.exec(data.toString())?.[1];
    socket.end(answers[name] ?? '');
  });
});

server.listen(0, '127.0.0.1');
await once(server, 'listening');

const p = await platform({
  sites: true,
  conf: {
    server: `
        location /api/fake/ { gov_submit /_fake; }
        location /console/fake/ { gov_submit /_fake; }
        location /_fake/ {
            internal;
            gov off;
            proxy_pass http://127.0.0.1:${server.address().port};
        }`,
  },
});

test.after(() => {
  sockets.forEach((socket) => socket.destroy());
  server.close();
});

test('What is whole is passed on.', async () => {
  const answer = await p.get('county.test', '/api/fake/whole');
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.text), { done: 1 });

  const head = await p.request('county.test', '/api/fake/whole',
                               { method: 'HEAD' });
  assert.equal(head.status, 200);
});

for (const name of ['half', 'chunk', 'empty']) {
  test(`What is ${name} is not.`, async () => {
    const answer = await p.get('county.test', `/api/fake/${name}`);
    assert.equal(answer.status, 503);
    assert.match(answer.headers['content-type'], /problem\+json/);
  });
}

test('Where it leads is gone to, but for what would end a header\'s line.',
     async () => {
  const sent = (name) => p.request('city.test', `/console/fake/${name}`, {
    method: 'POST', headers: { accept: 'text/html' } });

  const here = await sent('here');
  assert.equal(here.status, 303);
  assert.equal(here.headers.location, '/console/tasks');

  for (const name of ['line', 'deleted']) {
    const answer = await sent(name);
    assert.equal(answer.headers['set-cookie'], undefined, name);
    assert.equal(answer.status, 303, name);
    assert.equal(answer.headers.location, '/console/', name);
  }
});

test('A console\'s page that cannot be made is an error.', async () => {
  // more than there are addresses
  const mute = await platform({ sites: true, conf: {
    http: 'gov_lua_memory 900000000m;' } });
  const html = { accept: 'text/html' };

  const form = await mute.get('city.test', '/console/sign-in', html);
  assert.equal(form.status, 500);
  assert.match(form.text, /<h1>页面暂时无法显示</);
  assert.equal(form.headers['cache-control'], 'no-store');

  // what was an error before is the same one
  const large = await mute.request('city.test', '/console/sign-in', {
    method: 'POST', headers: html, body: 'x'.repeat(100_000) });
  assert.equal(large.status, 413);
  assert.match(large.text, /<h1>提交的内容过大</);
});
