// nginx -t: what is wrong is named with its file and line, and neither a
// store nor a lock comes of it.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync,
         rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { root, sanitizerLibraries } from '../lib/platform.mjs';
import { buildFolder, capture } from '../lib/process.mjs';

const work = mkdtempSync(join(tmpdir(), 'gov-conf-'));
after(() => rmSync(work, { recursive: true, force: true }));

const LUA = join(root, 'lua');
const GOOD = {
  zone: 'gov_zone zone=copies:4m;',
  bundles: `gov_bundles ${LUA} ${join(root, 'sites')};`,
  http: '', server: 'gov on;',
};

let count = 0;

/** nginx -t of a configuration in a folder of its own. */
async function check(parts, { prepare } = {}) {
  const c = { ...GOOD, ...parts };
  const dir = join(work, String(++count));
  mkdirSync(join(dir, 'log'), { recursive: true });
  mkdirSync(join(dir, 'run'));
  prepare?.(dir);
  const text = [
    `load_module ${join(root, buildFolder())}/ngx_http_gov_module.so;`,
    'pid run/nginx.pid;',
    'events {', '}',
    'http {',
    c.zone, c.bundles, c.http,
    'server {',
    `listen unix:${join(dir, 'test.sock')};`,
    c.server,
    '}', '}', ''].join('\n');
  writeFileSync(join(dir, 'nginx.conf'), text);
  const done = await capture('/usr/sbin/nginx', [
    '-t', '-p', dir, '-c', 'nginx.conf', '-e', 'log/error.log'], {
    cwd: dir,
    env: { LD_PRELOAD: sanitizerLibraries(), ASAN_OPTIONS: 'detect_leaks=0' },
  });
  const lines = text.split('\n');
  return {
    ...done, dir,
    line: (part) => 1 + lines.findIndex((line) => line.includes(part)),
  };
}

/** A copy of the base bundle that edit() may spoil. */
function bundle(edit) {
  const folder = join(work, `bundle-${++count}`);
  cpSync(LUA, folder, { recursive: true });
  edit(folder);
  return folder;
}

/** The first line of the text in which nginx complains. */
const emerg = (done) => done.output.split('\n')
  .find((line) => line.includes('[emerg]')) ?? done.output;


test('The configuration that the others spoil is good.', async () => {
  const done = await check({});
  assert.equal(done.code, 0, done.output);
  assert.match(done.output, /test is successful/);
});

for (const [where, directive, says] of [
  ['server', 'gov maybe;', /it must be "on" or "off"/],
  ['server', 'gov on off;', /invalid number of arguments/],
  ['server', 'gov_early maybe;', /it must be "on" or "off"/],
  ['server', 'gov_scheme ftp;', /"auto", "http" or "https"/],
  ['server', 'gov_scheme;', /invalid number of arguments/],
  ['server', 'gov_port 0;', /gov_port/],
  ['server', 'gov_port 65536;', /gov_port/],
  ['server', 'gov_port eighty;', /gov_port/],
  ['server', 'gov_port -1;', /gov_port/],
  ['server', 'gov_submit /a /b;', /invalid number of arguments/],
  ['server', 'gov_submit;', /invalid number of arguments/],
  ['server', 'gov_submit submit;', /begins with "\/"/],
  ['server', 'location /up { gov_upload upload; }', /"@NAME"/],
  ['server', 'location /up { gov_upload @; }', /"@NAME"/],
  ['zone', 'gov_zone copies:4m;', /zone=NAME:SIZE/],
  ['zone', 'gov_zone zone=copies;', /no size/],
  ['zone', 'gov_zone zone=:4m;', /invalid zone/],
  ['zone', 'gov_zone zone=copies:1m;', /at least 2m/],
  ['zone', 'gov_zone zone=copies:much;', /invalid zone size/],
  ['zone', 'gov_zone zone=copies:-4m;', /invalid zone size/],
  ['http', 'gov_zone zone=other:4m;', /is duplicate/],
  ['http', 'gov_store;', /invalid number of arguments/],
  ['http', 'gov_store a b;', /invalid number of arguments/],
  ['http', 'gov_map_size much;', /invalid value/],
  ['http', 'gov_max_readers many;', /invalid number/],
  ['http', 'gov_max_readers -1;', /invalid number/],
  ['http', 'gov_blobs;', /invalid number of arguments/],
  ['http', 'gov_views;', /invalid number of arguments/],
  ['http', `gov_views ${'v'.repeat(108)};`, /fits a socket's name/],
  ['http', 'gov_bundles a b c;', /invalid number of arguments/],
  ['http', `gov_bundles ${LUA};`, /is duplicate/],
  ['http', 'gov_lua_memory much;', /invalid value/],
  ['http', 'gov_lua_instructions many;', /invalid number/],
  ['http', 'gov_lua_time long;', /invalid value/],
  ['http', 'gov_fence;', /invalid number of arguments/],
  ['http', 'gov_fence 5%;', /invalid parameter "5%"/],
  ['http', 'gov_fence time=5;', /invalid parameter "time=5"/],
  ['http', 'gov_fence time=0%;', /invalid parameter/],
  ['http', 'gov_fence time=101%;', /invalid parameter/],
  ['http', 'gov_fence time=%;', /invalid parameter/],
  ['http', 'gov_fence requests=100;', /invalid parameter/],
  ['http', 'gov_fence requests=r/s;', /invalid parameter/],
  ['http', 'gov_fence time=5% requests=0r/s;', /invalid parameter/],
  ['http', 'gov_fence copies=101%;', /invalid parameter/],
  ['http', 'gov_fence copies=;', /invalid parameter/],
  ['http', 'gov_fence off time=5%;', /invalid parameter "off"/],
  ['server', 'gov_store store;', /not allowed here/],
  ['server', 'gov_zone zone=x:4m;', /not allowed here/],
  ['server', 'gov_lua_time 1s;', /not allowed here/],
  ['server', 'gov_unheard_of on;', /unknown directive/],
]) {
  test(`"${directive}" in ${where} is refused with file and line.`,
       async () => {
    const done = await check({
      [where]: where === 'server' ? `${directive}` : directive });

    assert.equal(done.code, 1, done.output);
    assert.match(emerg(done), says);
    assert.ok(emerg(done).endsWith(
      ` in ${done.dir}/nginx.conf:${done.line(directive)}`), emerg(done));
  });
}

for (const [directive, says] of [
  ['gov_lua_time 0;', /gov_lua_time/],
  ['gov_lua_instructions 0;', /gov_lua_instructions/],
  ['gov_lua_memory 512k;', /gov_lua_memory/],
]) {
  test(`"${directive}" is refused, and the file is named.`, async () => {
    const done = await check({ http: directive });

    assert.equal(done.code, 1);
    assert.match(emerg(done), says);
    assert.match(emerg(done), new RegExp(`${done.dir}/nginx\\.conf:\\d+$`));
  });
}

for (const [part, name] of [['zone', 'gov_zone'], ['bundles', 'gov_bundles']]) {
  test(`"gov on" without ${name} is refused by its name.`, async () => {
    const done = await check({ [part]: '' });

    assert.equal(done.code, 1);
    assert.match(emerg(done), new RegExp(`needs "${name}"`));
    assert.match(emerg(done), new RegExp(`${done.dir}/nginx\\.conf:\\d+$`));
  });
}

test('nginx with the module and no "gov on" needs none of its directives.',
     async () => {
  const done = await check({ zone: '', bundles: '', server: '' });
  assert.equal(done.code, 0, done.output);
});

test('A bundle folder that is not there is refused with its name.',
     async () => {
  for (const bundles of ['gov_bundles /nowhere/lua;',
                         `gov_bundles ${LUA} /nowhere/sites;`]) {
    const done = await check({ bundles });

    assert.equal(done.code, 1, bundles);
    assert.match(emerg(done), /\/nowhere\/(lua|sites)/);
    assert.match(emerg(done), /nginx\.conf:\d+$/);
  }
});

test('A theme without its built files is refused, with what to do.',
     async () => {
  const folder = bundle((dir) => rmSync(join(dir, 'assets'),
                                        { recursive: true }));
  const done = await check({ bundles: `gov_bundles ${folder};` });

  assert.equal(done.code, 1);
  assert.match(emerg(done), /make assets/);
});

for (const [what, file, spoil, says] of [
  ['An open block', 'views/column.html',
   (lines) => [...lines.slice(0, 2), '{% if true then %}', ...lines.slice(2)],
   /end/],
  ['Code that is no Lua', 'views/notice.html',
   (lines) => [...lines.slice(0, 4), '{% local = 1 %}', ...lines.slice(4)],
   /notice\.html:5/],
  ['An expression that is none', 'parts/footer.html',
   (lines) => [...lines.slice(0, 2), '{{ 1 + }}', ...lines.slice(2)],
   /footer\.html:3/],
  ['A mark without its end', 'views/home.html',
   (lines) => ['{{ site.name', ...lines], /home\.html:/],
  ['A part that is not there', 'views/document.html',
   (lines) => [lines[0], '{( parts/nowhere )}', ...lines.slice(1)],
   /document\.html:2.*nowhere/],
  ['A library with an error', 'gov/list.lua',
   (lines) => ['local function (', ...lines], /list\.lua:1/],
]) {
  test(`${what} is refused with the template's own file and line.`,
       async () => {
    const folder = bundle((dir) => {
      const path = join(dir, file);
      writeFileSync(path, spoil(readFileSync(path, 'utf8').split('\n'))
        .join('\n'));
    });
    const done = await check({ bundles: `gov_bundles ${folder};` });

    assert.equal(done.code, 1, done.output);
    assert.match(emerg(done), new RegExp(
      `${file.split('/').at(-1).replace('.', '\\.')}:\\d+`));
    assert.match(emerg(done), says);
  });
}

test("A site's bundle with an error is refused with its own file and line.",
     async () => {
  const sites = join(work, 'sites');
  mkdirSync(join(sites, 'own/views'), { recursive: true });
  writeFileSync(join(sites, 'own/views/home.html'),
                '<p>\n{% local = 1 %}\n</p>\n');
  const done = await check({ bundles: `gov_bundles ${LUA} ${sites};` });

  assert.equal(done.code, 1);
  assert.match(emerg(done), /own\/views\/home\.html:2/);

  // what begins with "_" is no bundle
  mkdirSync(join(sites, '_draft/views'), { recursive: true });
  cpSync(join(sites, 'own/views/home.html'),
         join(sites, '_draft/views/home.html'));
  rmSync(join(sites, 'own'), { recursive: true });
  const again = await check({ bundles: `gov_bundles ${LUA} ${sites};` });
  assert.equal(again.code, 0, again.output);
});

test('nginx -t makes no store, good configuration or bad.', async () => {
  for (const server of ['gov on;', 'gov maybe;']) {
    const { dir } = await check({ server });
    assert.deepEqual(readdirSync(dir).filter((name) => !['log', 'run',
      'nginx.conf', 'test.sock'].includes(name) && !/_temp$/.test(name)), []);
  }
});

test('nginx -t neither opens nor locks the store that is there.', async () => {
  const shown = {};
  const done = await check({}, {
    prepare(dir) {
      mkdirSync(join(dir, 'store'));
      // a store that could not be opened: -t must not find out
      writeFileSync(join(dir, 'store/data.mdb'), 'no store at all');
      shown.before = statSync(join(dir, 'store/data.mdb'));
    },
  });
  const file = join(done.dir, 'store/data.mdb');

  assert.equal(done.code, 0, done.output);
  assert.deepEqual(readdirSync(join(done.dir, 'store')), ['data.mdb']);
  assert.equal(readFileSync(file, 'utf8'), 'no store at all');
  assert.equal(statSync(file).mtimeMs, shown.before.mtimeMs);
  assert.ok(!existsSync(join(done.dir, 'store/lock.mdb')));
});
