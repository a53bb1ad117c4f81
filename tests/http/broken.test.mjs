// A daemon that ends in the middle of its answer: nothing half is passed on.

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

const sockets = new Set();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', (data) => {
    const name = /\/api\/fake\/(\w+)/.exec(data.toString())?.[1];
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
