// What the tests of this folder share: an editor who writes, a visitor who
// asks every worker, a reader of machines' pages.

import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
  from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as turn } from 'node:timers/promises';
import { Client } from 'undici';

import { root } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP } from '../lib/sites.mjs';

export { CITY, COUNTY, TOWNSHIP };

/** nginx says which worker answered, and keeps to it; platform({ conf }). */
export const sayWorker = {
  server: 'add_header X-Worker $pid always;\nkeepalive_requests 1000000;',
};

/** A village below the township, so that a path is three sites deep. */
export const VILLAGE = '610402100001';

export async function layVillage(p) {
  await p.run('site.create', {
    code: VILLAGE, name: '示例村', level: 'village', parent: TOWNSHIP,
    slug: 'village', mode: 'page', blueprint: 'village',
  });
}

/** Writes and publishes a document: its number. */
export async function write(p, site, column, title, more = {}) {
  const done = await p.govctl(['--format=json', 'run', 'doc.create', '-'], {
    input: JSON.stringify({
      site, column, title, body: `${title}的正文。`, publish: true, ...more,
    }),
  });
  assert.equal(done.code, 0, done.output);
  return JSON.parse(done.stdout).doc;
}

/** A document with attachments { name: bytes }: number and addresses. */
export async function writeWith(p, files, args) {
  const folder = mkdtempSync(join(p.dir, 'files-'));
  const body = join(folder, 'body.md');
  writeFileSync(body, '见附件。\n');
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes);
  }
  const out = await p.ctl('--format=json', 'doc', 'create', '--md', body,
                          '--publish', ...args,
                          ...Object.keys(files).flatMap((name) => [
                            '--attach', join(folder, name)]));
  rmSync(folder, { recursive: true });
  return JSON.parse(out).doc;
}

/** A command that must be refused: what govctl said. */
export async function refused(p, command, input) {
  const done = await p.govctl(['run', command, JSON.stringify(input)]);
  assert.notEqual(done.code, 0, `${command} was not refused`);
  return done;
}

/** The page's text, whatever it was packed with. */
export function plain(answer) {
  switch (answer.headers['content-encoding']) {
  case undefined: return answer.body.toString();
  case 'gzip': return gunzipSync(answer.body).toString();
  case 'br': return brotliDecompressSync(answer.body).toString();
  default: throw new Error(answer.headers['content-encoding']);
  }
}

/** The page without what names the time or the copy. */
export function title(answer) {
  return /<title>([^<]*)<\/title>/.exec(plain(answer))?.[1];
}

export function links(text) {
  return [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map((m) => m[1]
    .replaceAll('&amp;', '&'));
}

/** Host and path of an address of the platform. */
export function place(url) {
  const u = new URL(url);
  return [u.hostname, u.pathname + u.search];
}

/**
 * A connection to each worker, kept: ask(host, path) gives every worker's
 * answer.  Needs sayWorker.
 */
export async function everyWorker(p) {
  const found = new Map();
  const all = p.workers();

  for (let round = 0; found.size < all.length && round < 200; round++) {
    const crowd = Array.from({ length: 16 }, () => new Client(
      `http://127.0.0.1:${p.port}`, { keepAliveTimeout: 60_000 }));
    await Promise.all(crowd.map(async (client) => {
      const a = await client.request({
        method: 'GET', path: '/_gov/health', headers: { host: 'city.test' },
      });
      await a.body.dump();
      const pid = Number(a.headers['x-worker']);
      if (found.has(pid)) {
        await client.close();
      } else {
        found.set(pid, client);
      }
    }));
  }
  assert.deepEqual([...found.keys()].sort(), all.map(Number).sort());
  after(() => Promise.all([...found.values()].map((c) => c.destroy())));

  return async (host, path, headers = {}) => {
    const answers = [];
    for (const [pid, client] of found) {
      const a = await client.request({
        method: 'GET', path, headers: { host, ...headers },
      });
      const body = Buffer.from(await a.body.arrayBuffer());
      assert.equal(Number(a.headers['x-worker']), pid);
      answers.push({
        status: a.statusCode, headers: a.headers, body,
        text: body.toString(),
      });
    }
    return answers;
  };
}

/** Looks until it is so; what is waited for always comes. */
export async function until(check) {
  for (let i = 0; i < 3000; i++) {
    if (await check()) {
      return;
    }
    await turn(10);
  }
  assert.fail('it never came');
}

/**
 * nginx reads its configuration again and the last old worker is gone.  Kept
 * connections end with the workers they led to: there are new ones after it.
 */
export async function reloaded(p) {
  const old = p.workers();

  await p.pool.close();
  p.reload();
  await until(() => p.workers().length === old.length
    && p.workers().every((pid) => !old.includes(pid)));
  await p.start();
}

/** The bundle "own" has these files and no other. */
export async function ownBundle(p, files) {
  const sites = join(p.dir, 'bundles');
  rmSync(sites, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(sites, 'own', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const conf = join(p.dir, 'nginx.conf');
  writeFileSync(conf, readFileSync(conf, 'utf8').replace(
    `${join(root, 'lua')} ${join(root, 'sites')};`,
    `${join(root, 'lua')} ${sites};`));
  await reloaded(p);
}

/** Prometheus text: { 'name{labels}': value }. */
export async function metrics(p) {
  const answer = await p.get('city.test', '/_gov/metrics');
  assert.equal(answer.status, 200);
  return Object.fromEntries(answer.text.split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.lastIndexOf(' ')),
                    Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** How many copies were hit, missed and passed by while work went on. */
export async function counted(p, work) {
  const of = (all, copy) => all[`gov_requests_total{copy="${copy}"}`];
  const before = await metrics(p);
  await work();
  const now = await metrics(p);
  return Object.fromEntries(['hit', 'miss'].map(
    (copy) => [copy, of(now, copy) - of(before, copy)]));
}

/** Answers in raw bytes, one after another, the last perhaps cut short. */
export function answers(bytes) {
  const list = [];
  let rest = bytes;
  while (rest.startsWith('HTTP/1.')) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) {
      break;
    }
    const [first, ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim()]));
    const status = Number(first.split(' ')[1]);
    const length = status === 304 ? 0 : Number(headers['content-length'] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    list.push({
      status, headers, whole: body.length === length,
      body: Buffer.from(body, 'latin1').toString(),
    });
    rest = rest.slice(end + 4 + length);
  }
  if (rest) {
    list.push({ status: 0, headers: {}, whole: false, body: rest });
  }
  return list;
}

/**
 * Bytes as no client would send them, on a connection that stays open until
 * so many whole answers are there or the server closes it: the answers.
 */
export function talk(p, bytes, expected = 1) {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect({ port: p.port, host: '127.0.0.1',
                             localAddress: p.localAddress });
    const enough = () => answers(got)
      .filter((answer) => answer.whole).length >= expected;

    socket.on('data', (data) => {
      got += data.toString('latin1');
      if (enough()) {
        socket.destroy();
      }
    });
    socket.on('error', (error) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code)) {
        reject(error);
      }
    });
    socket.on('close', () => resolve(answers(got)));
    socket.write(bytes);
  });
}
