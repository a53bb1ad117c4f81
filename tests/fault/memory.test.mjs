// A machine without memory ends workers, whatever page they make: that is no
// site's fault, and none is put in quarantine for it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, until, write } from '../http/visitor.mjs';
import { Failing } from './fault.mjs';

test('Workers that end for want of memory count against no site.', {
  skip: process.env.SANITIZE && "malloc is the sanitizer's",
}, async () => {
  const failing = new Failing();
  const p = await platform({ sites: true, env: {
    WORKERS: '1', PRELOAD: failing.preload, FAIL_EMPTY: failing.empty } });
  p.tolerate(/\[alert\].*exited on signal 6/);

  for (let i = 1; i <= 4; i++) {
    // a page larger than what a worker has at hand
    const doc = await write(p, COUNTY, 'xxgk/tzgg', `长通知 ${i}`, {
      body: '长'.repeat(60_000) });
    const path = `/xxgk/tzgg/${doc}.html`;
    await p.get('city.test', '/_gov/health');
    const [old] = p.workers();

    // whoever is cut off asks again
    writeFileSync(failing.empty, '');
    await p.get('county.test', path).catch(() => {});
    await until(() => p.workers().some((pid) => pid !== old));

    const answer = await p.get('county.test', path);
    assert.equal(answer.status, 200, `after ${i}`);
    assert.match(answer.text, new RegExp(`长通知 ${i}`));
  }

  const { text } = await p.get('city.test', '/_gov/metrics');
  assert.match(text, /^gov_worker_crashes_total 4$/m);
  assert.doesNotMatch(text, /^gov_crashes\{/m);
  assert.match(p.log(), /crashed \(signal 6\) for want of memory/);
});
