// The n-th call of a kind fails in a worker that starts and makes its first
// pages: visitors get the page, or 503 for a moment, and then the page.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Client } from 'undici';

import { platform } from '../lib/platform.mjs';
import { until } from '../http/visitor.mjs';
import { calls, chance, Failing, KINDS } from './fault.mjs';

const failing = new Failing();
const p = await platform({ sites: true, env: {
  WORKERS: '1', PRELOAD: failing.preload, FAIL: failing.file, FAIL_FORKED: '1',
} });
p.tolerate(/\[(alert|emerg|crit)\]/);

// made anew each time, of the site's frame: no copy is kept of it
const PATH = '/nix';
const { body: right } = await p.get('county.test', PATH);

/** A status, 0 for a connection that was cut. */
async function ask() {
  // while no worker is left a connection waits for one: asked again then
  const client = new Client(`http://127.0.0.1:${p.port}`,
                            { headersTimeout: 1000 });
  try {
    const answer = await client.request({
      method: 'GET', path: PATH, headers: { host: 'county.test' } });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode === 404) {
      assert.deepEqual(bytes, right);
    }
    return answer.statusCode;
  } catch (error) {
    assert.match(error.code, /SOCKET|HEADERS_TIMEOUT|ECONNRESET/, error);
    return 0;
  } finally {
    await client.destroy();
  }
}

/** False when the worker had no such call left to fail. */
async function round(kind, errno, n) {
  const where = `${kind} ${n} ${errno}`;
  const fatal = p.log().split('fatal code 2').length;
  const [old] = p.workers();

  failing.arm(kind, n, errno);
  process.kill(old, 'SIGKILL');
  await until(() => !failing.armed);
  await until(async () => {
    // nginx does not try a worker again that had no memory for its own start
    if (p.workers().length === 0
        && p.log().split('fatal code 2').length > fatal) {
      p.reload();
      await until(() => p.workers().length > 0);
    }
    const status = await ask();
    assert.ok([0, 404, 500, 503].includes(status), `${where}: ${status}`);
    return status === 404;
  });
  return failing.fired;
}

for (const [kind, errno] of KINDS.filter(([name]) => name !== 'sync'
                                                   && name !== 'name'
                                                   && name !== 'size')) {
  test(`Whichever ${kind} of a worker's start fails with ${errno}.`,
       async () => {
    const master = p.pid('nginx');
    let rounds = 0;
    for (const n of calls(chance())) {
      if (!await round(kind, errno, n)) {
        break;
      }
      rounds++;
    }
    assert.ok(rounds > 0 || kind === 'write', 'the library failed nothing');
    assert.equal(p.pid('nginx'), master);
  });
}
