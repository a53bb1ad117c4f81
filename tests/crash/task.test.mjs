// The processes that govd gives long work to, killed: who asked is told, govd
// goes on writing, and the same work done again is whole.

import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { daemon, someSites } from '../lib/daemon.mjs';
import { arm, armed, pointFolder } from './load.mjs';

const points = pointFolder();
after(() => rmSync(points, { recursive: true }));

process.env.GOV_POINTS = points;
const d = await daemon();
await someSites(d);

const WORKS = [
  ['journal.verify', {}], ['store.check', {}], ['store.backup', {}],
  ['store.dump', {}], ['site.export', { site: '610402' }],
];

for (const [name, input] of WORKS) {
  test(`${name}, its process killed: said, and whole the next time.`,
       async () => {
    const child = d.child();
    const kept = () => readdirSync(join(d.dir, 'backup'));
    const before = kept();

    arm(points, 'task');
    const cut = await d.work(name, input);
    assert.ok(!armed(points, 'task'));
    assert.equal(cut.at(-1).end.ok, false, JSON.stringify(cut.at(-1)));
    assert.match(cut.at(-1).end.problem.detail, /意外结束/);
    assert.deepEqual(kept(), before);

    const set = await d.command('site.set', { site: '610402', about: name });
    assert.equal(set.status, 200, set.text);
    assert.equal(d.child(), child);

    const whole = await d.work(name, input);
    assert.equal(whole.at(-1).end.ok, true, JSON.stringify(whole.at(-1)));
  });
}
