// The n-th call of a kind fails while a command is carried out, for n = 1, 2,
// 3 ... until none is left to fail.  Every time: what was acknowledged stands,
// the store and both chains hold, the state is the old or the new one, and the
// same operation asked again is done once.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { daemon } from '../lib/daemon.mjs';
import { calls, chance, Failing, KINDS, lines } from './fault.mjs';

const OP = '01890000-0000-7000-8000-000000000001';
const BYTES = Buffer.from(`%PDF-1.4\n${'x'.repeat(9000)}`);

const failing = new Failing();
const d = await daemon({ start: false });
const base = join(d.dir, 'base');

const say = (...requests) => requests.map((r) => `${JSON.stringify(r)}\n`)
  .join('');
const blob = Buffer.concat([Buffer.from(say({ blob: BYTES.length })), BYTES]);
const command = say({ command: 'doc.create', op: OP, input: {
  site: '610402', column: 'news', title: '写入途中的通知', publish: true,
  body: '正文。'.repeat(900),
} });

/** Where there is a sanitizer, it says what is lost in memory at the end. */
async function once(input, env = {}) {
  const done = await d.govd(['--run', d.dir, '--once'], {
    input, timeout: 60_000,
    env: { ...d.env, ASAN_OPTIONS: 'detect_leaks=1', ...env },
  });
  assert.doesNotMatch(done.stderr, /Sanitizer|runtime error:/);
  return done;
}

const checks = say({ work: 'store.check' }, { work: 'journal.verify' });

/** The ends of check and verification; both must be well. */
function sound(list, where) {
  const ends = list.filter((line) => line.end).map((line) => line.end);
  for (const end of ends) {
    assert.ok(end.ok, `${where}: ${JSON.stringify(list)}`);
  }
  return ends.filter((end) => end.entries !== undefined)
    .map((end) => end.entries);
}

function lay() {
  for (const name of ['store', 'blobs', 'run']) {
    rmSync(join(d.dir, name), { recursive: true, force: true });
  }
  cpSync(base, d.dir, { recursive: true });
  mkdirSync(join(d.dir, 'run'));
}

const begun = await (async () => {
  const columns = [{ id: 1, slug: 'news', name: '要闻', kind: 'news' }];
  const done = await once(say(
    { command: 'blueprint.put', input: { name: 'city', title: '市', columns } },
    { command: 'blueprint.put',
      input: { name: 'county', title: '县', columns } },
    { command: 'site.create', input: { code: '610400', name: '示例市',
      level: 'city', slug: 'city', host: ['city.test'] } },
    { command: 'site.create', input: { code: '610402', name: '示例县',
      level: 'county', parent: '610400', slug: 'county' } },
  ) + checks);
  const list = lines(done.stdout);
  assert.deepEqual(list.slice(0, 4).map((a) => a.status), [200, 200, 200, 200],
                   done.output);
  mkdirSync(base);
  for (const name of ['store', 'blobs']) {
    cpSync(join(d.dir, name), join(base, name), { recursive: true });
  }
  return sound(list, 'laid')[0];
})();

/** One call fails; false when there was none left to fail. */
async function round(kind, errno, n) {
  const where = `${kind} ${n} ${errno}`;
  lay();
  failing.arm(kind, n, errno);
  const done = await once(Buffer.concat([blob, Buffer.from(command)]),
                          failing.env);
  const said = lines(done.stdout);
  const acked = said.length === 2 && said[1].status === 200;

  assert.ok(!failing.armed, `${where}: ${done.how} ${done.output}`);
  assert.doesNotMatch(done.how, /SIG(SEGV|BUS|ILL|FPE|KILL)/,
                      `${where}: ${done.how} ${done.output}`);
  if (!failing.fired) {
    assert.ok(acked, `${where}: ${done.output}`);
    return false;
  }
  for (const answer of said) {
    assert.ok(answer.status === 200 || answer.body.detail.length > 0, where);
  }
  if (!acked) {
    assert.ok(said.some((a) => a.status >= 400) || done.stderr.length > 0,
              `${where}: nothing was said, ${done.how}`);
  }

  const after = await once(Buffer.concat([
    Buffer.from(checks), blob, Buffer.from(command + checks)]));
  const list = lines(after.stdout);
  const [before, now] = sound(list, where);
  assert.ok(before === begun + (acked ? 1 : 0)
            || (!acked && before === begun + 1), `${where}: ${before}`);
  assert.equal(now, begun + 1, `${where}: ${after.output}`);

  const [kept, again] = list.filter((line) => line.status);
  assert.equal(again.status, 200, `${where}: ${after.output}`);
  if (acked) {
    assert.deepEqual(again.body, said[1].body, where);
  }
  const { digest } = kept.body;
  assert.deepEqual(readFileSync(join(d.dir, 'blobs', digest.slice(0, 2),
                                     digest.slice(2))), BYTES, where);
  return true;
}

for (const [kind, errno] of KINDS) {
  test(`Whichever ${kind} fails with ${errno}, old or new, never half.`,
       async () => {
    let rounds = 0;
    for (const n of calls(chance())) {
      if (!await round(kind, errno, n)) {
        break;
      }
      rounds++;
    }
    assert.ok(rounds > 0 || kind === 'size', 'the library failed nothing');
  });
}

test('Whichever name of an attachment cannot be read, no backup is whole.',
     async () => {
  const dir = join(d.dir, 'kept');
  lay();
  await once(blob);

  for (let n = 1; ; n++) {
    failing.arm('list', n, 'EIO');
    const done = await d.govd(
      ['--run', d.dir, '--task', 'store.backup', JSON.stringify({ dir })],
      { env: { ...d.env, ...failing.env } });
    const { end } = lines(done.stdout).at(-1);
    assert.equal(end.ok, !failing.fired, `${n}: ${done.output}`);
    assert.equal(existsSync(dir), end.ok);
    if (end.ok) {
      assert.equal(end.attachments, 1);
      assert.ok(n > 8, 'two folders were read, to their ends');
      break;
    }
  }
});
