// Readers who take nothing hold a connection and some memory, but no snapshot:
// the store grows as it does without them.  The same commands go into two
// stores, a commit each; beside one of them the readers stand.
//
//   CLIENTS=n COMMITS=n    how many (200, 2,000); the promise is 1,000 over
//                          20,000, which takes some two minutes

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { Client } from 'undici';

import { platform } from '../lib/platform.mjs';
import { COUNTY, links, until, write, writeWith } from './visitor.mjs';

const CLIENTS = Number(process.env.CLIENTS ?? 200);
const COMMITS = Number(process.env.COMMITS ?? 2000);
const LUCK = 64;        // pages; 2,000 commits write some 10,000

// the limits that would let such readers go are not what is tested here
const conf = {
  server: `send_timeout 1h;
location = /stub { gov off; stub_status; }`,
};
const quiet = await platform({ sites: true, conf });
const stalled = await platform({ sites: true, conf });

const PAGE = {
  body: Array.from({ length: 12_000 }, (_, i) => `第${i}段。`).join('\n\n'),
};
const id = (i) => `019aa000-0000-7000-8000-${String(i).padStart(12, '0')}`;

/** One command after the other: each is a commit of its own. */
async function commits(p, n) {
  const client = new Client('http://govd', {
    socketPath: join(p.dir, 'run/ctl.sock') });
  for (let i = 0; i < n; i++) {
    const answer = await client.request({
      method: 'POST', path: '/api/v1/commands/site.set',
      headers: { 'gov-operation': id(i) },
      body: JSON.stringify({ site: COUNTY, contact: `029-${10_000_000 + i}` }),
    });
    const text = await answer.body.text();
    assert.equal(answer.statusCode, 200, text);
  }
  await client.close();
}

const size = (p) => statSync(join(p.dir, 'store/data.mdb')).size;

/** Connections that nginx has something for and cannot hand over. */
async function writing(p) {
  const { text } = await p.get('county.test', '/stub');
  return Number(/Writing: (\d+)/.exec(text)[1]);
}


test(`${CLIENTS} readers take nothing over ${COMMITS} commits, the store `
     + 'grows as without them.', async () => {
  const sockets = [];
  after(() => sockets.forEach((socket) => socket.destroy()));

  // a page, which its copy answers, and an attachment, which is looked up
  let paths;
  for (const p of [quiet, stalled]) {
    const doc = await write(p, COUNTY, 'xxgk/zcwj', '很长的文件', PAGE);
    const file = await writeWith(p, { 'long.pdf': Buffer.alloc(1 << 20, 'x') },
                                 ['--site', COUNTY, '--column', 'xxgk/tzgg',
                                  '--title', '附件']);
    const { text } = await p.get('county.test', `/xxgk/tzgg/${file}.html`);
    paths = [`/xxgk/zcwj/${doc}.html`,
             links(text).find((url) => url.endsWith('.pdf'))];
    for (const path of paths) {
      assert.ok((await p.get('county.test', path)).body.length > 200_000);
    }
  }

  // more of it than the kernel takes off nginx's hands
  for (let i = 0; i < CLIENTS; i++) {
    const socket = connect(stalled.port, '127.0.0.1').pause();
    socket.on('error', () => {});
    socket.write(`GET ${paths[i % 2]} HTTP/1.1\r\nHost: county.test\r\n\r\n`
      .repeat(40));
    sockets.push(socket);
  }
  await until(async () => await writing(stalled) > CLIENTS);

  const before = [size(quiet), size(stalled)];
  await Promise.all([commits(quiet, COMMITS), commits(stalled, COMMITS)]);
  const [without, beside] = [size(quiet) - before[0],
                             size(stalled) - before[1]];

  assert.ok(await writing(stalled) > CLIENTS, 'they are still there');
  console.error(`       ${COMMITS} commits: the store grew by ${without} `
                + `bytes, by ${beside} beside ${CLIENTS} stalled readers`);
  assert.ok(without > 0 && without < COMMITS * 4096, 'a snapshot is held');
  // a snapshot that is held costs pages with every commit; a commit that meets
  // one of govd's own short readers, or random keys, some pages once
  assert.ok(beside <= without * 1.01 + LUCK * 4096, `${without}, ${beside}`);
});
