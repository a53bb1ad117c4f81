// The demo city as `make run` fills it: whole, linked, and marked as what it
// is.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import test, { before } from 'node:test';
import { join } from 'node:path';

import { platform, root } from '../lib/platform.mjs';
import { capture } from '../lib/process.mjs';

const PORTAL = 'www.xianyang.localhost';
const p = await platform({ portal: PORTAL });
const sites = [];

async function script(name, ...args) {
  const done = await capture(join(root, 'scripts', name), args, {
    cwd: root, timeout: 300_000,
    env: { RUN: p.dir, BUILD: p.build, PORT: String(p.port),
           GOV_TEST_CLOCK_FILE: p.clock.file,
           ASAN_OPTIONS: 'detect_leaks=0' },
  });
  assert.equal(done.code, 0, done.output);
  return done.output;
}

async function rows(...args) {
  return JSON.parse(await p.ctl('--format=json', ...args));
}

before(async () => {
  await script('demo');
  sites.push(...await rows('site', 'list', '--limit', '1000'));
});


test('The city has its counties, townships and departments.', () => {
  const of = (level) => sites.filter((site) => site.level === level).length;

  assert.deepEqual(['city', 'county', 'township'].map(of), [1, 14, 142]);
  assert.ok(of('department') + of('institution') >= 30);
});

test('Every link inside the city leads to a page.', async () => {
  const seen = new Set();
  const wrong = [];
  let next = [[PORTAL, '/']];
  let pages = 0;

  const visit = async ([host, path]) => {
    const answer = await p.get(host, path, { 'accept-encoding': '' });
    const found = [];

    pages++;
    if (answer.status !== 200) {
      wrong.push(`${answer.status} ${host}${path}`);
    }
    if (!/html/.test(answer.headers['content-type'])) {
      return found;
    }
    for (const [, url] of answer.text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const to = new URL(url.replaceAll('&amp;', '&'),
                         `http://${host}:${p.port}${path}`);
      const key = to.host + to.pathname;
      if (to.hostname.endsWith('.localhost') && !seen.has(key)
          && !/^\/(_gov\/view$|s\/)|\/s\/\d+$/.test(to.pathname)) {
        seen.add(key);
        found.push([to.hostname, to.pathname]);
      }
    }
    return found;
  };

  while (next.length > 0) {
    const found = [];
    for (let i = 0; i < next.length; i += 16) {
      found.push(...await Promise.all(next.slice(i, i + 16).map(visit)));
    }
    next = found.flat();
  }

  assert.deepEqual(wrong, []);
  assert.ok(pages > 10_000, `${pages} pages`);
  for (const { url } of sites) {
    assert.ok(seen.has(`${url.slice(2).replace('/', `:${p.port}/`)}`), url);
  }
});

test('The law library is whole, and departments refer to it.', async () => {
  const { text } = await p.get(PORTAL, '/xxgk/flk/');
  assert.match(text, /1 ?520/);

  const flk = await rows('column', 'list', '--site', '610400');
  assert.equal(flk.find(({ column }) => column === 'xxgk/flk').documents, 1520);

  const fgw = await p.get('fgw.xianyang.localhost', '/xxgk/zcfg/');
  const [, path] = /class="row-title" href="([^"]+)"/.exec(fgw.text)
    ?? /href="(\/xxgk\/zcfg\/\d+\.html)"/.exec(fgw.text);
  const law = await p.get('fgw.xianyang.localhost', path);
  assert.match(law.text, new RegExp(
    `rel="canonical" href="http://${PORTAL}:\\d+/xxgk/flk/\\d+\\.html"`));
});

test('What was written for the demo says so in its title.', async () => {
  for (const site of sites.filter(({ level }) => level !== 'city')) {
    const docs = await rows('doc', 'list', '--site', site.code);
    assert.ok(docs.length > 0, `${site.name} is empty`);
    for (const { title } of docs) {
      assert.match(title, /（示例）$/);
    }
  }
});

test('Filling it again changes nothing.', async () => {
  const head = async () => (await rows('store', 'stats'));
  const before = await head();
  await script('demo');
  const after = await head();

  assert.equal(after.sites, before.sites);
  assert.equal((await rows('column', 'list', '--site', '610400'))
    .find(({ column }) => column === 'xxgk/flk').documents, 1520);
});


test('The first start prints one link, which makes the operator, once.',
     async () => {
  const said = await script('accounts', 'first');
  const [, token] = /console\/invite\?token=(\S+)/.exec(said);
  assert.equal(await script('accounts', 'first'), '');

  const admin = p.people.person();
  const password = 'kuangye-denglong-92';
  const take = () => admin.form('/console/invite',
                                { token, password, again: password });
  const taken = await take();
  assert.equal(taken.body.to, '/console/sign-in/factor', taken.text);
  const done = await p.people.setUp('admin', admin);
  assert.equal(done.body.to, '/console/', done.text);
  assert.equal((await admin.query('site.list')).status, 200);
  assert.equal((await take()).status, 403);
});


test('The demo has an account a role, whose password works.', async () => {
  await script('accounts', 'demo');
  const file = join(p.dir, 'demo-accounts.txt');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!existsSync(join(p.dir, 'demo-accounts.jsonl')));

  const text = readFileSync(file, 'utf8');
  await script('accounts', 'demo');
  assert.equal(readFileSync(file, 'utf8'), text);

  const people = text.trim().split('\n').map((line) => line.trim()
    .split(/ +/));
  assert.deepEqual(people.map(([login]) => login), [
    'operator', 'security', 'auditor', 'manager', 'reviewer', 'publisher',
    'clerk', 'contractor']);
  for (const [login, password] of people) {
    const person = await p.signIn(login, { password });
    const me = await person.query('me.get');
    assert.equal(me.body.user, login, me.text);
    assert.equal(me.body.grants.length, 1);
  }
});

test('Who works in the demo finds work at first sight.', async () => {
  const text = readFileSync(join(p.dir, 'demo-accounts.txt'), 'utf8');
  const password = (login) => new RegExp(` ${login} +(\\S+)`).exec(text)[1];
  const waits = async () => {
    const found = {};
    for (const login of ['clerk', 'contractor', 'reviewer', 'publisher']) {
      const person = await p.signIn(login, { password: password(login) });
      const { steps } = (await person.query('task.count')).body;
      found[login] = Object.fromEntries(
        Object.entries(steps).filter(([, n]) => n > 0));
    }
    return found;
  };

  await script('demo-work');
  const first = await waits();
  assert.deepEqual(first, {
    clerk: { edit: 2 }, contractor: { edit: 2 },
    reviewer: { review1: 3, later: 1 }, publisher: { sign: 2 },
  });
  await script('demo-work');
  assert.deepEqual(await waits(), first);

  const street = (...more) => rows('doc', 'list', '--site', '610402001',
                                   '--maker', 'clerk', ...more);
  assert.equal((await street('--state', 'scheduled')).length, 1);
  assert.equal((await street('--step', 'collect')).length, 1);
  for (const { title } of await street()) {
    assert.match(title, /（示例）$/);
  }
});
