// Long work asked for in the console: it goes on without anybody, its result
// stays, and what was done to the journal is found.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, until } from './visitor.mjs';

const p = await platform({ sites: true });
const HTML = { accept: 'text/html,application/xhtml+xml' };

const people = {};
for (const [login, site, role] of [
  ['audit', '', 'auditor'], ['local', COUNTY, 'auditor'],
  ['clerk', COUNTY, 'clerk'],
]) {
  await p.account({ login, roles: [[site, role]] });
  people[login] = await p.signIn(login);
}

const page = (who, path) => people[who].get(path, HTML);
const begin = (who, fields, from) => people[who].form(
  '/console/do/work.begin', { _op: crypto.randomUUID(), _to: from,
                              _from: from, _new: '1',
                              work: 'journal.verify', ...fields }, HTML);
const works = async (who, input = {}) => (await people[who].query(
  'work.list', input)).body.rows;
const ended = (who) => until(async () => (await works(who))
  .every((one) => one.ended));

test('The auditor verifies the journal and notes its end.', async () => {
  const [, head, seq, hash] = /<code class="code">((\d+):([0-9a-f]{64}))</
    .exec((await page('audit', '/console/journal')).text);
  assert.match((await page('audit', `/console/journal/${seq}`)).text,
               new RegExp(hash));

  const led = await begin('audit', { head }, '/console/journal');
  assert.equal(led.status, 303, led.text);
  await ended('audit');

  const [one] = await works('audit');
  assert.equal(one.ok, true, JSON.stringify(one));
  assert.equal(one.actor, 'audit');
  assert.ok(one.result.entries > Number(seq));
  assert.match(one.result.head, new RegExp(`^${one.result.entries}:`));

  const after = await page('audit', '/console/journal');
  assert.match(after.text, /完整[^]*核对了 \d+ 条/);
  assert.match(after.text, new RegExp(one.result.head));
  assert.doesNotMatch(after.text, /data-hx-get/);

  // a head that is not found in it any more
  await begin('audit', { head: `${seq}:${'0'.repeat(64)}` },
              '/console/journal');
  await ended('audit');
  assert.match((await page('audit', '/console/journal')).text,
               new RegExp(`有问题[^]*日志第 ${seq} 条的散列值与记下的不同`));
});

test('Of a site its auditor verifies that site alone.', async () => {
  const at = `/console/site/${COUNTY}/journal`;
  assert.equal((await begin('local', { site: COUNTY }, at)).status, 303);
  await ended('local');
  assert.match((await page('local', at)).text, /完整/);
  assert.equal((await works('local')).length, 1);
  assert.equal((await works('audit')).length, 3);

  assert.equal((await begin('local', {}, at)).status, 403);
  assert.equal((await begin('local', { site: '610400' }, at)).status, 404);
  assert.equal((await begin('clerk', { site: COUNTY },
                            '/console/')).status, 403);
  assert.deepEqual(await works('clerk'), []);
  const [one] = await works('audit', { site: COUNTY });
  assert.equal((await people.clerk.query('work.get', { work: one.work }))
    .status, 404);
  assert.equal((await begin('audit', { work: 'store.dump' },
                            '/console/journal')).status, 422);
});

test('It outlives the stop of govd, and nobody has to wait for it.',
     async () => {
  const before = (await works('audit')).length;
  assert.equal((await begin('audit', {}, '/console/journal')).status, 303);
  await p.stop();
  await p.start();
  await ended('audit');
  const after = await works('audit');
  assert.equal(after.length, before + 1);
  assert.equal(after[0].ok, true, JSON.stringify(after[0]));
});

test('A journal that was rewritten in a place is found to be at fault.',
     async () => {
  await p.run('doc.create', { site: COUNTY, column: 'xxgk/tzgg',
                              title: '拨款一百万元', body: '正文' });
  await p.stop();
  const file = join(p.dir, 'store/data.mdb');
  const bytes = readFileSync(file);
  const other = Buffer.from('拨款九百万元');
  let n = 0;
  for (let at = bytes.indexOf('拨款一百万元'); at >= 0;
       at = bytes.indexOf('拨款一百万元', at + 1)) {
    other.copy(bytes, at);
    n++;
  }
  assert.ok(n > 0);
  writeFileSync(file, bytes);
  await p.start();

  assert.equal((await begin('audit', {}, '/console/journal')).status, 303);
  await ended('audit');
  const [one] = await works('audit');
  assert.equal(one.ok, false, JSON.stringify(one));
  assert.match((await page('audit', '/console/journal')).text,
               /有问题<\/span>\s*<span class="sub">日志第 \d+ 条/);
});

test('What is no more among the newest is a page further on.', async () => {
  while ((await works('audit')).length <= 20) {
    await begin('audit', {}, '/console/journal');
    await ended('audit');
  }

  const { head } = (await works('audit')).at(-1).result;
  for (const [from, link] of [
    ['/console/works', /\/console\/works\?after=\d+/],
    ['/console/journal',
     /\/console\/works\?work=journal.verify&amp;after=\d+/],
  ]) {
    const { text } = await page('audit', from);
    assert.ok(!text.includes(head), from);
    const [on] = link.exec(text);
    assert.ok((await page('audit', on.replaceAll('&amp;', '&'))).text
      .includes(head), on);
  }
});
