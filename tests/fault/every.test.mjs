// No command is left out where the n-th call fails: each stands in a table of
// tests/unit/desk/t_*_fault.c, those that govd gives itself too.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { root } from '../lib/daemon.mjs';
import { commands, inner } from '../lib/lists.mjs';

test('Every command has a row where its calls fail.', () => {
  const folder = join(root, 'tests/unit/desk');
  const tables = readdirSync(folder).filter((name) => /_fault\.c$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const missing = [...commands, ...inner].map((row) => row.name)
    .filter((name) => !tables.includes(`"${name}",`));

  assert.ok(commands.length > 60);
  assert.deepEqual(missing, []);
});
