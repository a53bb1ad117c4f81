// govd away: reading goes on, writing says that it waits.  govd there: until
// there are accounts the web may send no command.  No store: 503 until it is.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Client } from 'undici';

import { platform, root } from '../lib/platform.mjs';
import { CITY, COUNTY, everyWorker, links, reloaded, sayWorker, title, until,
         write, writeWith } from './visitor.mjs';

const p = await platform({ sites: true, conf: sayWorker });

const doc = await writeWith(p, { 'a.pdf': '%PDF-1.4\n' }, [
  '--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '停机前的通知']);
const later = await write(p, CITY, 'xxgk/tzgg', '市里的通知');
const path = `/xxgk/tzgg/${doc}.html`;
const file = links((await p.get('county.test', path)).text)
  .find((url) => url.startsWith('/files/'));

const post = (to, headers = {}) => p.request('county.test', to, {
  method: 'POST', body: '{}',
  headers: { 'content-type': 'application/json', ...headers },
});

const daemon = async () => JSON.parse(
  (await p.get('city.test', '/_gov/health')).text).daemon;

/** The commands of the one list that everything is made from, and those that
 *  govd gives itself. */
const rows = [...readFileSync(
  join(root, 'ngx_gov_module/desk/gov_commands.h'), 'utf8')
  .matchAll(/^ +C\((\w+), "([\w.]+)", "[\w.]*", (\w+),/gm)];
const commands = rows.map((m) => m[2]);
const inner = rows.filter((m) => m[3] === 'INNER').map((m) => m[2]);


test('Every command is refused on the web, whoever asks.', async () => {
  assert.ok(commands.length > 30);
  const before = JSON.parse((await p.get('city.test', '/_gov/health')).text);

  for (const name of commands) {
    const answer = await post(`/api/v1/commands/${name}`, {
      cookie: 'session=x', 'x-real-ip': '127.0.0.1',
      'gov-operation': '01890000-0000-7000-8000-000000000000' });
    assert.equal(answer.status, 401, name);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    const problem = JSON.parse(answer.text);
    assert.equal(problem.status, 401);
    assert.ok(problem.detail.length > 0);
  }
  const now = JSON.parse((await p.get('city.test', '/_gov/health')).text);
  assert.equal(now.journal, before.journal);
});

test('Every command is refused on web.sock itself, in any way it is asked.',
     async () => {
  const client = new Client('http://localhost', {
    socketPath: join(p.dir, 'run/web.sock') });
  const ask = async (method, at, body) => {
    const answer = await client.request({ method, path: at, body });
    await answer.body.dump();
    return answer.statusCode;
  };

  for (const name of commands) {
    assert.equal(await ask('POST', `/api/v1/commands/${name}`, '{}'), 401);
    assert.equal(await ask('POST', `/api/v1/commands/${name}?dry_run=1`,
                           '{}'), 401);
  }
  for (const [method, at] of [
    ['GET', '/api/v1/queries/site.list'], ['POST', '/api/v1/works/store.check'],
    ['PUT', '/api/v1/blobs'], ['POST', '/api/v1/commands/'],
    ['POST', '/api/v1/batch'], ['POST', '/api/v1/commands/no.such'],
  ]) {
    assert.ok([401, 403, 404].includes(await ask(method, at, 'x')), at);
  }
  assert.equal(await ask('GET', '/api/v1/openapi.json'), 200);
  await client.close();
});

test('The API that is described has every command.', async () => {
  const api = JSON.parse((await p.get('city.test', '/api/v1/openapi.json'))
    .text);
  assert.ok(inner.length > 3);
  for (const name of commands) {
    const at = Object.keys(api.paths).find((path) => path.endsWith(`/${name}`));
    assert.equal(at !== undefined, !inner.includes(name), name);
  }
});

test('A method that the API does not take is told which one it does.',
     async () => {
  for (const method of ['POST', 'DELETE']) {
    const answer = await p.request('county.test', '/api/v1/openapi.json', {
      method });
    assert.equal(answer.status, 405, answer.text);
    assert.equal(answer.headers.allow, 'GET, HEAD');
  }
});

test('govd killed and back: no post is lost on the way.', async () => {
  const parent = p.pid('govd');
  const child = () => Number(readFileSync(
    `/proc/${parent}/task/${parent}/children`, 'utf8').split(' ')[0]);

  for (let i = 0; i < 3; i++) {
    await until(() => child() > 0);
    const old = child();
    process.kill(old, 'SIGKILL');
    const list = await Promise.all(Array.from({ length: 10 }, () =>
      post('/api/v1/commands/doc.create')));
    assert.deepEqual([...new Set(list.map((a) => a.status))], [401]);
    assert.notEqual(child(), old);
  }
  assert.equal(p.pid('govd'), parent);
});

test('govd away: pages, files, feeds and absences are as before.',
     async () => {
  const seen = new Map();
  const asked = [['county.test', path], ['county.test', file],
                 ['county.test', '/feed.xml'], ['county.test', '/town/'],
                 ['county.test', '/nix'], ['nobody.test', '/'],
                 ['county.test', '/town']];
  for (const at of asked) {
    seen.set(at, await p.get(...at));
  }
  const pid = p.pid('govd');
  process.kill(pid, 'SIGTERM');
  await until(async () => !existsSync(`/proc/${pid}`)
    && await daemon() === 'unavailable');

  for (const [at, old] of seen) {
    const now = await p.get(...at);
    assert.equal(now.status, old.status, at.join(''));
    assert.deepEqual(now.body, old.body);
  }
  const first = await p.get('city.test', `/xxgk/tzgg/${later}.html`);
  assert.equal(first.headers['x-gov-copy'], 'miss');
  assert.match(title(first), /^市里的通知/);
});

test('govd away: health says so, and that the pages are there.', async () => {
  const answer = await p.get('city.test', '/_gov/health');
  const health = JSON.parse(answer.text);

  assert.equal(answer.status, 200);
  assert.deepEqual([health.status, health.store, health.daemon],
                   ['ok', 'ok', 'unavailable']);
});

test('govd away: a program that posts gets 503, when to come back, why.',
     async () => {
  for (const name of commands.slice(0, 5)) {
    const answer = await post(`/api/v1/commands/${name}`);

    assert.equal(answer.status, 503);
    assert.match(answer.headers['retry-after'], /^\d+$/);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const problem = JSON.parse(answer.text);
    assert.equal(problem.status, 503);
    assert.match(problem.detail, /浏览不受影响/);
  }
});

test("govd away: a browser that posts gets the site's page saying so.",
     async () => {
  const answer = await post('/api/v1/commands/doc.create', {
    accept: 'text/html,application/xhtml+xml;q=0.9' });

  assert.equal(answer.status, 503);
  assert.match(answer.headers['retry-after'], /^\d+$/);
  assert.match(answer.headers['content-type'], /^text\/html/);
  assert.equal(title(answer), '服务暂时不可用_示例县');
  assert.match(answer.text, /<html lang="zh-Hans"/);
});

test('govd away: a page that takes no post still says that and no more.',
     async () => {
  const answer = await post('/xxgk/tzgg/');
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD');
});

test('govd back: it writes again, and the same workers show it.',
     async () => {
  const workers = p.workers();
  await p.pool.close();
  await p.start();

  assert.equal(await daemon(), 'ok');
  assert.equal((await post('/api/v1/commands/doc.create')).status, 401);
  const fresh = await write(p, COUNTY, 'xxgk/tzgg', '恢复后的通知');
  assert.match((await p.get('county.test', '/xxgk/tzgg/')).text,
               /恢复后的通知/);
  assert.ok(fresh > doc);
  assert.deepEqual(p.workers(), workers);
});

test('nginx before its store: 503 that asks to come back, then 200 untouched.',
     async () => {
  const conf = join(p.dir, 'nginx.conf');
  writeFileSync(conf, readFileSync(conf, 'utf8')
    .replace('gov_store store;', 'gov_store later;'));
  await reloaded(p);

  for (let i = 0; i < 20; i++) {
    for (const at of ['/', path, '/nix']) {
      const answer = await p.get('county.test', at);
      assert.equal(answer.status, 503, at);
      assert.match(answer.headers['retry-after'], /^\d+$/);
      assert.match(title(answer), /^服务暂时不可用/);
    }
  }
  const health = await p.get('county.test', '/_gov/health');
  assert.equal(health.status, 503);
  assert.equal(JSON.parse(health.text).store, 'unavailable');

  const now = p.workers();
  const ask = await everyWorker(p);
  symlinkSync('store', join(p.dir, 'later'));
  await until(async () => (await ask('county.test', path))
    .every((answer) => answer.status === 200));
  assert.match(title(await p.get('county.test', path)), /^停机前的通知/);
  assert.deepEqual(p.workers(), now);
});
