// Accounts, roles and who may what where, from the command line and over the
// web.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { daemon, someSites } from '../lib/daemon.mjs';

const d = await daemon();
await someSites(d);

const made = await d.command('site.create', {
  code: '610403', name: '邻县', level: 'county', parent: '610400',
  slug: 'other', host: ['other.test'], mode: 'subsite' });
assert.equal(made.status, 200);

const out = (...args) => d.ctlOut(...args);
const json = async (...args) => JSON.parse(await out('--format=json',
                                                     ...args));

test('An account is made on the command line, with a link for its owner.',
     async () => {
  const verdict = await json('user', 'create', '--login', 'li', '--name',
                             '李', '--site', '610402', '--role', 'clerk');
  assert.equal(verdict.state, 'invited');
  assert.match(verdict.link, /^\/console\/invite\?token=[\w.-]{43,}$/);
  assert.equal(verdict.invite, undefined);

  const token = verdict.link.split('=')[1].split('.').pop();
  const made = (await json('journal', 'list')).find(
    (row) => row.command === 'user.create');
  const entry = await json('journal', 'get', String(made.seq));
  assert.equal(entry.command, 'user.create');
  assert.match(entry.input.invite, /^[0-9a-f]{64}$/);
  const dump = await out('store', 'dump', '--journal');
  assert.match(dump, /"login":"li"/);
  assert.ok(!dump.includes(token));

  const again = await json('user', 'invite', 'li');
  assert.notEqual(again.link, verdict.link);
  const dry = await json('--dry-run', 'user', 'invite', 'li');
  assert.equal(dry.link, undefined);

  const rows = await json('user', 'list', '--site', '610402');
  assert.deepEqual(rows.map((row) => row.user), ['li']);
  assert.equal(rows[0].grants[0].role, 'clerk');
});

test('What govd gives itself nobody else gives.', async () => {
  const help = await out('help');
  assert.ok(!/session (open|close|seen)|attempt/.test(help));
  const done = await d.govctl(['run', 'session.sweep', '{}']);
  assert.equal(done.code, 4, done.output);
  const openapi = readFileSync(new URL('../../docs/openapi.json',
                                       import.meta.url), 'utf8');
  assert.ok(!openapi.includes('session.open'));
});

test('A county works in the county and finds no other (B03).', async () => {
  await out('role', 'create', 'county', '--title', '县级管理',
            '--rights', 'site.read', '--rights', 'site.manage',
            '--rights', 'people.manage', '--rights', 'site.edit');
  await d.people.account({ login: 'county',
                           roles: [['610402', 'county']] });
  const county = await d.people.signIn('county');

  const town = await county.command('site.create', {
    code: '610402001', name: '一镇', level: 'township', parent: '610402',
    slug: 'town' });
  assert.equal(town.status, 200, town.text);
  assert.equal((await county.command('user.create', {
    login: 'town', name: '镇', site: '610402001', role: 'clerk' })).status,
               200);

  const ask = (site) => county.query('site.get', { site });
  assert.equal((await ask('610402001')).status, 200);
  const [other, absent] = [await ask('610403'), await ask('610499')];
  assert.equal(other.status, 404);
  assert.equal(other.text.replaceAll('610403', 'X'),
               absent.text.replaceAll('610499', 'X'));

  const set = (site) => county.command('site.set', { site, abbr: '改' });
  assert.equal((await set('610402')).status, 200);
  assert.equal((await set('610403')).status, 404);
  assert.equal((await county.command('site.create', {
    code: '610403001', name: '邻镇', level: 'township', parent: '610403',
    slug: 'theirs' })).status, 404);
  const list = (await county.query('site.list')).body.rows;
  assert.deepEqual(list.map((row) => row.name), ['示例县', '一镇']);

  const bundle = await county.command('blueprint.put', {
    name: 'x', title: 'x', columns: [{ id: 1 }] });
  assert.equal(bundle.status, 403);
  assert.match(bundle.body.detail, /platform\.manage/);
});

test('One account is one of three administrators (G27).', async () => {
  await out('user', 'create', '--login', 'ops', '--name', '系统',
            '--role', 'operator');
  const done = await d.govctl(['user', 'grant', 'ops', '--role', 'auditor']);
  assert.equal(done.code, 4, done.output);
  assert.match(done.output, /须由不同的人担任|different persons/);
  const role = await d.govctl(['role', 'create', 'both', '--title', '两员',
                               '--rights', 'audit.read', '--rights',
                               'security.manage']);
  assert.equal(role.code, 4, role.output);
});

test('The last editor of a site is missed, and listed.', async () => {
  const gaps = async () => (await json('people', 'gaps'))
    .find((row) => row.site === '610402000000');
  assert.equal((await gaps()).editor, true);

  const verdict = await json('user', 'suspend', 'li');
  assert.match(verdict.warnings.join(), /“示例县”.*没有采编人员了/);
  assert.equal((await gaps()).editor, false);

  await out('user', 'resume', 'li');
  assert.equal((await gaps()).editor, true);
});

test('An export carries who works there, and a restore gives it again.',
     async () => {
  const file = join(d.dir, 'county.jsonl');
  await out('site', 'export', '610402', file);
  assert.match(readFileSync(file, 'utf8'),
               /"login":"li","role":"clerk","site":0,"table":"GRANTS"/);
  await out('user', 'revoke', 'li', '--role', 'clerk', '--site', '610402');
  assert.equal((await json('user', 'get', 'li')).grants.length, 0);
  await out('--yes', 'site', 'restore', file);
  assert.equal((await json('user', 'get', 'li')).grants[0].site,
               '610402000000');
});

test('A verdict is told again to who gave the operation, to nobody else.',
     async () => {
  await d.people.account({ login: 'chief', roles: [['', 'operator']] });
  await d.people.account({ login: 'audit', roles: [['', 'auditor']] });
  await d.command('user.create', { login: 'newcomer', name: '新人',
                                   site: '610402', role: 'publisher' });
  const chief = await d.people.signIn('chief');
  const audit = await d.people.signIn('audit');

  const first = await chief.command('user.invite', { user: 'newcomer' });
  assert.match(first.body.link, /token=/, first.text);
  const { rows } = (await audit.query('journal.list', { limit: 3 })).body;
  const { op } = rows.find((row) => row.command === 'user.invite');
  const same = { 'gov-operation': op };

  const again = await chief.command('user.invite', { user: 'newcomer' }, same);
  assert.deepEqual(again.body, first.body);

  const other = await chief.command('user.suspend', { user: 'newcomer' },
                                    same);
  assert.equal(other.status, 409, other.text);

  for (const asked of [
    await audit.command('user.invite', { user: 'newcomer' }, same),
    await audit.post('user.invite', { user: 'newcomer' }, { op }),
  ]) {
    assert.equal(asked.status, 409, asked.text);
    assert.equal(asked.body.field, 'op');
    assert.equal(asked.headers['gov-entry'], undefined);
    assert.ok(!asked.text.includes('token='));
  }
});

test('What the machine\'s operator did is not told to an account so named.',
     async () => {
  const op = randomUUID();
  const made = await d.command('user.invite', { user: 'newcomer' }, { op });
  const { actor } = (await d.query('journal.get', {
    seq: made.headers['gov-entry'] })).body;
  await d.people.account({ login: actor });
  const named = await d.people.signIn(actor);
  const asked = await named.command('user.invite', { user: 'newcomer' },
                                    { 'gov-operation': op });
  assert.equal(asked.status, 409, asked.text);
});
