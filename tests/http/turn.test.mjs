// More pages to be made than a round of the event loop has time for: who
// still needs one waits its turn.  Nobody is lost by it, at a reload neither,
// nobody with a copy waits, and who leaves is forgotten.
//
// So that many ask in the same round, the worker sleeps while they write.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connect2, constants } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { Client } from 'undici';

import { platform } from '../lib/platform.mjs';
import { COUNTY, answers, metrics, reloaded, until } from './visitor.mjs';

const MANY = 100;

const folder = mkdtempSync(join(tmpdir(), 'gov-h2-'));
const socket2 = join(folder, 'socket');
chmodSync(folder, 0o755);

const p = await platform({
  sites: true,
  env: { WORKERS: '1' },
  conf: {
    http: 'log_format turns "$status $request_method $uri";',
    server: `listen unix:${socket2} http2;
access_log log/turns.log turns;
location = /stub { gov off; access_log off; stub_status; }
location = /_gov/metrics { access_log off; }
location = /frame {
    gov off;
    default_type text/html;
    add_before_body /t0/;
    add_after_body /t1/;
    return 200 "<hr>";
}`,
  },
});

// nginx takes its socket away when it ends
after(() => rmSync(folder, { recursive: true }));

const path = (i) => `/t${i}/`;
const name = (i) => `第${i}镇`;
const all = Array.from({ length: MANY }, (_, i) => i);

/** Townships below the county: a home page each. */
async function layTownships() {
  const client = new Client('http://govd', {
    socketPath: join(p.dir, 'run/ctl.sock') });
  for (const i of all) {
    const answer = await client.request({
      method: 'POST', path: '/api/v1/commands/site.create',
      body: JSON.stringify({
        code: `${COUNTY}${200 + i}`, name: name(i), level: 'township',
        parent: COUNTY, slug: `t${i}`, mode: 'page', blueprint: 'township',
      }),
    });
    assert.equal(answer.statusCode, 200, await answer.body.text());
  }
  await client.close();
}

await layTownships();

let banners = 0;

/** No copy is fresh any more, of any page. */
const cold = () => p.run('banner.set', { title: `第${++banners}次通知` });

const get = (i, more = '', method = 'GET') =>
  `${method} ${path(i)} HTTP/1.1\r\nHost: county.test\r\n`
  + `Connection: close\r\n${more}\r\n`;

const title = (body) => /<title>([^<]*)<\/title>/.exec(body)?.[1];

const log = () => readFileSync(join(p.dir, 'log/turns.log'), 'utf8')
  .trim().split('\n');

/** Connections that the worker knows, nothing being asked on them yet. */
async function crowd(n) {
  const client = new Client(`http://127.0.0.1:${p.port}`);
  const accepted = async () => {
    const answer = await client.request({ method: 'GET', path: '/stub' });
    return Number(/^ (\d+)/m.exec(await answer.body.text())[1]);
  };
  const before = await accepted();
  const sockets = Array.from({ length: n }, () => {
    const socket = connect(p.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.got = '';
    socket.on('data', (data) => { socket.got += data.toString('latin1'); });
    socket.ended = once(socket, 'close');
    return socket;
  });
  await until(async () => await accepted() === before + n);
  await client.close();
  return sockets;
}

/** While the worker sleeps, so that it finds all of it in one round. */
async function asleep(work) {
  const [worker] = p.workers();
  const state = () => readFileSync(`/proc/${worker}/stat`, 'latin1')
    .split(') ')[1][0];

  process.kill(worker, 'SIGSTOP');
  try {
    await until(() => state() === 'T');
    await work(worker);
  } finally {
    process.kill(worker, 'SIGCONT');
  }
}

const write = (socket, bytes) => new Promise(
  (done) => socket.write(bytes, done));

async function writeAll(sockets, requests) {
  for (const [i, request] of requests.entries()) {
    await write(sockets[i], request);
  }
}

/** The one answer each has, by when the server closes. */
const heard = (sockets) => Promise.all(sockets.map(async (socket) => {
  await socket.ended;
  const list = answers(socket.got);
  assert.equal(list.length, 1, 'a request was lost');
  assert.ok(list[0].whole);
  assert.equal(list[0].status, 200);
  return list[0];
}));

/** How much was made, was waited for and was a copy meanwhile. */
async function counted(work) {
  const before = await metrics(p);
  await work();
  const now = await metrics(p);
  const of = (what) => now[what] - before[what];
  return {
    made: of('gov_renders_total'), waited: of('gov_waits_total'),
    hits: of('gov_requests_total{copy="hit"}'),
    misses: of('gov_requests_total{copy="miss"}'),
  };
}

/** All townships, cold, at once; what else is done while the worker sleeps. */
async function allAtOnce(more = () => {}) {
  await cold();
  const sockets = await crowd(MANY);
  await asleep(async (worker) => {
    await writeAll(sockets, all.map((i) => get(i)));
    await more(worker);
  });
  const got = await heard(sockets);
  assert.deepEqual(got.map(({ body }) => title(body)), all.map(name));
}


test(`${2 * MANY} ask at once for ${MANY} pages: each gets its own, made once.`,
     async () => {
  const sockets = await crowd(2 * MANY);
  const sum = await counted(async () => {
    await asleep(() => writeAll(sockets, [...all, ...all].map((i) => get(i))));
    const got = await heard(sockets);
    assert.deepEqual(got.map(({ body }) => title(body)),
                     [...all, ...all].map(name));
  });

  assert.ok(sum.waited > MANY, `${sum.waited} waited`);
  assert.ok(sum.waited < 2 * MANY, 'the first does not');
  assert.deepEqual({ ...sum, waited: 0 },
                   { made: MANY, waited: 0, hits: MANY, misses: MANY });
});

test('Who waits is served in order, who has a copy before them.', async () => {
  await cold();
  await p.get('city.test', '/');
  const seen = log().length;

  const sockets = await crowd(MANY + 1);
  const [first, second] = [sockets.slice(1, MANY / 2 + 1),
                           sockets.slice(MANY / 2 + 1)];
  await asleep(() => writeAll([...first, sockets[0]], [
    ...all.slice(0, MANY / 2).map((i) => get(i)),
    get(0).replace(path(0), '/').replace('county.test', 'city.test')]));

  // others come when those have begun to be served
  await first[0].ended;
  await asleep(() => writeAll(second, all.slice(MANY / 2).map((i) => get(i))));
  await heard(sockets);

  const lines = log().slice(seen);
  const pages = lines.filter((line) => line !== '200 GET /');
  assert.deepEqual(pages, all.map((i) => `200 GET ${path(i)}`));
  assert.ok(lines.indexOf('200 GET /') < MANY / 4, lines.join('\n'));
});

test('Who leaves while it waits is forgotten, its page is not made.',
     async () => {
  await cold();
  const sockets = await crowd(MANY);
  const [stay, leave] = [sockets.slice(0, MANY / 2), sockets.slice(MANY / 2)];
  const seen = log().length;

  const sum = await counted(async () => {
    await asleep(async () => {
      await writeAll(sockets, all.map((i) => get(i)));
      leave.forEach((socket) => socket.destroy());
      await Promise.all(leave.map((socket) => socket.ended));
    });
    await heard(stay);
    await until(() => log().length - seen === MANY);
  });

  assert.equal(log().slice(seen).filter((line) => /^499/.test(line)).length,
               MANY / 2);
  assert.equal(sum.made, MANY / 2);

  // and all of them, so that nobody is left in line
  await cold();
  const others = await crowd(MANY);
  await asleep(async () => {
    await writeAll(others, all.map((i) => get(i)));
    others.forEach((socket) => socket.destroy());
    await Promise.all(others.map((socket) => socket.ended));
  });
  await reloaded(p);
});

test('A worker that is told to end serves first who waits.', async () => {
  const old = p.workers();
  await allAtOnce((worker) => process.kill(worker, 'SIGQUIT'));
  await until(() => p.workers().length === 1 && p.workers()[0] !== old[0]);
});

test('A reload loses nobody who waits.', async () => {
  const old = p.workers();
  const reopened = () => p.log().split('reopening logs').length;
  const before = reopened();

  await allAtOnce(async () => {
    // the master comes to it when it has told the worker to end
    p.reload();
    process.kill(p.pid('nginx'), 'SIGUSR1');
    await until(() => reopened() > before);
  });
  await until(() => p.workers().length === 1 && p.workers()[0] !== old[0]);
});

test('HEAD, bodies that are not read, and pages in pages wait as well.',
     async () => {
  await cold();
  const sockets = await crowd(MANY);
  const requests = all.map((i) => get(i));
  const keep = (i, more) => get(i, more).replace('close', 'keep-alive');
  requests[MANY - 4] = get(MANY - 4, '', 'HEAD');
  requests[MANY - 3] = get(MANY - 3, 'Content-Length: 5\r\n') + 'hello';
  requests[MANY - 2] = keep(MANY - 2, 'Content-Length: 5\r\n') + 'he';
  requests[MANY - 1] = get(0).replace(path(0), '/frame');

  // pages in pages are those of the first two, unless they are asked before
  requests[0] = get(2);
  requests[1] = get(3);
  await asleep(() => writeAll(sockets, requests));
  await write(sockets[MANY - 2], `llo${get(MANY - 2)}`);
  await Promise.all(sockets.map((socket) => socket.ended));

  const got = sockets.map((socket) => socket.got);
  assert.match(got[MANY - 4], /^HTTP\/1.1 200 [^]*\r\n\r\n$/);
  assert.deepEqual(answers(got[MANY - 3]).map((a) => title(a.body)),
                   [name(MANY - 3)]);
  assert.deepEqual(answers(got[MANY - 2]).map((a) => title(a.body)),
                   [name(MANY - 2), name(MANY - 2)]);
  const frame = Buffer.from(got[MANY - 1], 'latin1').toString();
  assert.ok(frame.startsWith('HTTP/1.1 200 ') && frame.endsWith('0\r\n\r\n'));
  assert.deepEqual([...frame.matchAll(/<title>[^<]*|<hr>/g)].map(String),
                   [`<title>${name(0)}`, '<hr>', `<title>${name(1)}`]);
});

test('Streams of HTTP/2 wait, and those that are given up are forgotten.',
     async () => {
  const session = connect2('http://county.test', {
    createConnection: () => connect(socket2) });
  const ask = (i) => {
    const stream = session.request({ ':path': path(i) });
    stream.on('error', () => {});
    stream.got = '';
    stream.setEncoding('utf8').on('data', (data) => { stream.got += data; });
    stream.ended = once(stream, 'close');
    return stream;
  };
  await ask(0).ended;
  await cold();

  const sum = await counted(async () => {
    let stay;
    await asleep(async () => {
      const streams = all.slice(0, 40).map(ask);
      stay = streams.slice(0, 20);
      await Promise.all(streams.map((s) => s.pending && once(s, 'ready')));
      const leave = streams.slice(20);
      leave.forEach((s) => s.close(constants.NGHTTP2_CANCEL));
      await Promise.all(leave.map((s) => s.ended));
    });
    await Promise.all(stay.map((s) => s.ended));
    assert.deepEqual(stay.map((s) => title(s.got)), all.slice(0, 20).map(name));
  });
  assert.equal(sum.made, 20);
  assert.ok(sum.waited > 20, `${sum.waited} waited`);

  // the whole connection
  await asleep(async () => {
    const streams = all.slice(40, 80).map(ask);
    await Promise.all(streams.map((s) => s.pending && once(s, 'ready')));
    await new Promise((done) => { setImmediate(done); });
    session.destroy();
    await Promise.all(streams.map((s) => s.ended));
  });
  await reloaded(p);
});
