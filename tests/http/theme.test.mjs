// A reload with another theme or another store: no copy made before is served.

import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync,
         readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { platform, root } from '../lib/platform.mjs';
import { COUNTY, reloaded, title, until } from './visitor.mjs';

const p = await platform({ sites: true });

const lua = join(p.dir, 'lua');
const conf = join(p.dir, 'nginx.conf');

/** nginx starts again with the theme in a folder of this test's own. */
async function again() {
  writeFileSync(conf, readFileSync(conf, 'utf8').replace(
    `gov_bundles ${join(root, 'lua')} `, `gov_bundles ${lua} `));
  await reloaded(p);
}

cpSync(join(root, 'lua'), lua, { recursive: true });
await again();

test('New styles under a new name are what the next page names.',
     async () => {
  const dist = join(lua, 'assets/dist');
  const old = readdirSync(dist).find((name) => /^gov-.*css$/.test(name));

  await p.get('county.test', '/');
  assert.equal((await p.get('county.test', '/')).headers['x-gov-copy'], 'hit');

  renameSync(join(dist, old), join(dist, 'gov-00000000.css'));
  await again();

  const page = await p.get('county.test', '/');
  assert.match(page.text, /\/_gov\/assets\/gov-00000000\.css/);
  assert.equal(page.text.includes(old), false);
  assert.equal((await p.get('county.test', '/_gov/assets/gov-00000000.css'))
    .status, 200);
});

test('A store put back from a backup is what the next page shows.',
     async () => {
  const data = join(p.dir, 'store/data.mdb');
  const kept = join(p.dir, 'kept.mdb');

  await p.run('site.set', { site: COUNTY, legal_name: '备份时的名称' });
  copyFileSync(data, kept);
  await p.run('site.set', { site: COUNTY, legal_name: '备份后的名称' });
  assert.match(title(await p.get('county.test', '/')), /备份后的名称/);

  const govd = p.pid('govd');
  process.kill(govd, 'SIGTERM');
  await until(() => !existsSync(`/proc/${govd}`));
  renameSync(join(p.dir, 'store'), join(p.dir, 'aside'));
  mkdirSync(join(p.dir, 'store'));
  copyFileSync(kept, data);
  await p.start();
  await again();

  assert.match(title(await p.get('county.test', '/')), /备份时的名称/);
});
