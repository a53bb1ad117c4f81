// govctl: what an operator types and what scripts rely on.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync,
         statSync, writeFileSync, cpSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import test from 'node:test';

import { buildFolder, capture } from '../lib/process.mjs';
import { daemon, root, someSites } from '../lib/daemon.mjs';

const d = await daemon();
await someSites(d);

const files = join(d.dir, 'files');
mkdirSync(files);

function file(name, content) {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
}

const out = (...args) => d.ctlOut(...args);
const json = async (...args) => JSON.parse(await out('--format=json',
                                                     ...args));


test('help of one noun lists its verbs, and no others.', async () => {
  const lines = (await out('help', 'site')).trim().split('\n');

  assert.ok(lines.length > 10, lines.join('\n'));
  assert.ok(lines.every((line) => /^ *site /.test(line)), lines.join('\n'));
});

test('A limit that is no number is refused, not overlooked.', async () => {
  const done = await d.govctl(['site', 'list', '--limit', 'x']);

  assert.notEqual(done.code, 0);
  assert.match(done.output, /limit/);
});

test('--version and --help answer without a platform.', async () => {
  for (const args of [['--version'], ['--help'], ['help'],
                      ['help', 'site', 'create'], ['site', 'list', '--help']]) {
    const done = await d.govctl(['--run', '/nonexistent', ...args]);
    assert.equal(done.code, 0, args.join(' '));
    assert.ok(done.stdout.length > 8);
    assert.equal(done.stderr, '');
  }
});


test('Every verb that the interface names is there.', async () => {
  const help = (await out('help')).split('\n').map((line) => line.trim());
  for (const verb of [
    'site create', 'site import-csv', 'site list', 'site get',
    'site archive', 'site move', 'site mode', 'site export', 'site restore',
    'column list', 'column create', 'doc create', 'doc import', 'doc get',
    'doc list', 'doc publish', 'doc withdraw', 'doc schedule',
    'release create', 'journal list', 'journal verify', 'store check',
    'store backup', 'store stats', 'explain', 'run', 'batch',
  ]) {
    assert.equal(help.filter((line) => line.startsWith(`${verb} `)).length, 1,
                 verb);
  }
});


test('A list is a table, JSON, CSV or ids.', async () => {
  const table = (await out('site', 'list')).trimEnd().split('\n');
  assert.match(table[0], /^code +name +level/);
  assert.match(table[1], /^610400000000 +示例市 +city/);
  assert.equal(table.length, 3);

  const rows = await json('site', 'list');
  assert.equal(rows[1].parent, '610400000000');

  const csv = await out('--format=csv', 'site', 'list', '--level', 'county');
  assert.match(csv, /^code,name,.*\r\n610402000000,示例县,/);

  assert.equal(await out('--format', 'ids', 'site', 'list'),
               '610400000000\n610402000000\n');
  assert.equal(await out('--show', 'name,code', 'site', 'list', '--limit=1'),
               'name    code\n示例市  610400000000\n');
});


const full = (...args) => capture('sh', [
  '-c', 'exec stdbuf -o0 "$@" >/dev/full', 'sh',
  join(root, buildFolder(), 'govctl'), '--run', d.dir, ...args,
], { env: {
  ...d.env, LC_ALL: 'C',
  ASAN_OPTIONS: `${d.env.ASAN_OPTIONS}:verify_asan_link_order=0`,
} });

test('What could not be written is no success.', async () => {
  const done = await full('site', 'list');
  assert.equal(done.code, 1, done.output);
});


test('An export that cannot be written says that and no more.', async () => {
  const done = await full('site', 'export', '610402', '-');
  assert.equal(done.code, 1);
  assert.match(done.stderr, /^govctl: - cannot be written: [^\n]*\n$/);
});


test('CSV quotes what would break it.', async () => {
  await out('--quiet', 'site', 'set', '610402', '--about', '甲,"乙"');
  const csv = await out('--format=csv', '--show=code,about', 'site', 'get',
                        '610402');
  assert.equal(csv, 'code,about\r\n610402000000,"甲,""乙"""\r\n');
});


test('Exit codes: 1 failed, 2 usage, 3 not found, 4 refused by policy.',
     async () => {
  const md = file('a.md', '文');
  const id = (await out('doc', 'create', '--site', '610400', '--column',
                        'news', '--title', '一', '--md', md)).trim();
  const rows = [
    [1, ['site', 'create', '--code', '610400', '--name', 'x', '--level',
         'city', '--host', 'other.test']],
    [1, ['site', 'set', '610402', '--brand', 'red']],
    [2, ['site', 'create']],
    [2, ['site', 'list', '--colour', 'red']],
    [2, ['site', 'list', 'extra']],
    [2, ['site', 'get']],
    [2, ['site', 'set', '610402', '--name', 'a', '--name', 'b']],
    [2, ['site', 'set', '610402', '--name']],
    [2, ['--format=xml', 'site', 'list']],
    [2, ['run', 'site.set', '{broken']],
    [2, ['doc', 'create', '--site', '610400', '--column', 'news', '--title',
         'x']],
    [2, []],
    [3, ['site', 'get', 'nobody']],
    [3, ['doc', 'get', '999']],
    [3, ['run', 'no.such', '{}']],
    [3, ['site', 'export', 'nobody', join(files, 'none')]],
    [4, ['doc', 'schedule', id, '--at', '2020-01-01 08:00']],
  ];
  for (const [code, args] of rows) {
    const done = await d.govctl(args);
    assert.equal(done.code, code, `${args.join(' ')}\n${done.output}`);
    assert.ok(done.stderr.length > 5 || args.length === 0, args.join(' '));
  }
  assert.ok(!existsSync(join(files, 'none')));
});


test('An unknown verb is answered with the nearest one.', async () => {
  const done = await d.govctl(['sites', 'list']);
  assert.equal(done.code, 2);
  assert.match(done.stderr, /did you mean "site list"\?/);

  const far = await d.govctl(['make', 'coffee']);
  assert.equal(far.code, 2);
  assert.doesNotMatch(far.stderr, /did you mean/);
  assert.match(far.stderr, /see govctl help\n$/);
});


test('A verb typed wrongly leads to its own help.', async () => {
  for (const [typed, said] of [
    ['doc create', /doc create needs --site\nsee govctl help doc create\n$/],
    ['doc create --titel x', /no option --titel\ndid you mean "--title"\?\n/],
    ['site host add --zzzz', /no option --zzzz\nsee govctl help site host add/],
    ['run doc.get x', /^see govctl help run\n$/m],
    ['--sock x doc list', /govctl has no option --sock\nsee govctl help\n$/],
    ['--run', /--run needs a value\nsee govctl help\n$/],
  ]) {
    const done = await d.govctl(typed.split(' '));
    assert.equal(done.code, 2);
    assert.match(done.stderr, said);
  }
});


test('A noun alone leads to its verbs.', async () => {
  for (const typed of ['site', 'sites']) {
    const done = await d.govctl([typed]);
    assert.equal(done.code, 2);
    assert.match(done.stderr, /see govctl help site\n$/);
    assert.doesNotMatch(done.stderr, /did you mean/);
  }
});


test('Messages are Chinese in a Chinese locale, English otherwise.',
     async () => {
  const say = async (env) => (await d.govctl(['sit', 'list'], { env })).stderr;
  assert.match(await say({ LC_ALL: 'zh_CN.UTF-8' }), /没有命令“sit list”/);
  assert.match(await say({ LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN' }),
               /没有命令/);
  assert.match(await say({ LC_ALL: 'C', LANG: 'zh_CN' }), /there is no/);
});


test('A dry run says so and changes nothing.', async () => {
  const done = await d.govctl(['--dry-run', 'site', 'create', '--code', 'dry',
                               '--name', '试', '--level', 'department',
                               '--parent', '610400']);
  assert.equal(done.code, 0, done.output);
  assert.match(done.stderr, /nothing was changed/);
  assert.equal((await d.govctl(['site', 'get', 'dry'])).code, 3);
});


test('A new document prints its number; its fields and file are there.',
     async () => {
  const md = file('b.md', '# 标题\n\n正文\n');
  const attachment = file('附 件.txt', '内容');
  const old = file('旧表.csv', Buffer.from([0xc4, 0xda, 0xc8, 0xdd, 0x0a]));
  const long = file('长文.txt', '长'.repeat(30_000));
  const id = await out('doc', 'create', '--site', '610400', '--column',
                       'papers', '--title', '关于示例的通知', '--md', md,
                       '--field', 'number=咸政发〔2026〕1号',
                       '--field', 'pages=3', '--issuer', '示例市人民政府',
                       '--attach', attachment, '--attach', old,
                       '--attach', long, '--publish');
  assert.match(id, /^[0-9]+\n$/);

  const doc = await json('doc', 'get', id.trim());
  assert.equal(doc.number, '咸政发〔2026〕1号');
  assert.equal(doc.issuer, '示例市人民政府');
  assert.deepEqual(doc.fields, { pages: '3' });
  assert.equal(doc.state, 'public');
  assert.equal(doc.form, 'md');
  assert.equal(doc.body, '# 标题\n\n正文\n');
  assert.equal(doc.files[0].name, '附 件.txt');
  assert.equal(doc.files[0].size, 6);
  assert.equal(doc.files[0].type, 'text/plain; charset=utf-8');
  assert.equal(doc.files[1].type, 'text/csv; charset=gb18030');
  assert.equal(doc.files[2].type, 'text/plain; charset=utf-8');

  const listed = await out('--format=ids', 'doc', 'list', '--site', '610400',
                           '--column', 'papers');
  assert.equal(listed, id);
});


test('A body comes from a file, a packed one, or stdin; HTML says so.',
     async () => {
  const packed = file('c.html.gz', gzipSync('<p>正文</p>'));
  const one = (await out('doc', 'create', '--site', '610400', '--column',
                         'news', '--title', '甲', '--html', packed)).trim();
  const doc = await json('doc', 'get', one, '--html');
  assert.equal(doc.form, 'html');
  assert.match(doc.html, /<p>正文<\/p>/);

  const done = await d.govctl(['doc', 'create', '--site', '610400',
                               '--column', 'news', '--title', '乙', '--md',
                               '-'], { input: '来自管道' });
  assert.equal(done.code, 0, done.output);
  assert.equal((await json('doc', 'get', done.stdout.trim())).body,
               '来自管道');

  const none = await d.govctl(['doc', 'create', '--site', '610400',
                               '--column', 'news', '--title', '丙', '--md',
                               join(files, 'missing')]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /missing/);
});


test('publish, edit, schedule, withdraw and release follow one another.',
     async () => {
  const md = file('d.md', '第一版');
  const id = (await out('doc', 'create', '--site', '610402', '--column',
                        'news', '--title', '进程', '--md', md)).trim();
  const state = async () => (await json('doc', 'get', id)).state;
  assert.equal(await state(), 'draft');

  await out('doc', 'schedule', id, '--at', '2026-11-20 09:00');
  assert.equal(await state(), 'scheduled');
  d.at('2026-11-20T09:00:00+08:00');
  assert.equal(await state(), 'public');

  file('d.md', '第二版');
  await out('doc', 'edit', id, '--base', '1', '--md', md, '--publish');
  const versions = await json('doc', 'versions', id);
  assert.deepEqual(versions.map((v) => [v.version, v.live]),
                   [[2, true], [1, false]]);

  const late = await d.govctl(['doc', 'edit', id, '--base', '1', '--title',
                               'x']);
  assert.equal(late.code, 1);

  const release = await json('release', 'create', '--doc', id, '--to',
                             '610400/news', '--to', '610400/papers');
  assert.equal(release.urls.length, 2);
  assert.deepEqual((await json('doc', 'get', id)).shown_in.sort(),
                   ['610400000000/news', '610400000000/papers']);

  await out('doc', 'withdraw', id, '--reason', '内容有误');
  assert.equal(await state(), 'withdrawn');
});


const CSV = `code,level,name,parent_code,slug,village_count
620000000000,1,"示例,省",,province,
620100000000,2,示例二市,620000000000,second,1
620101000000,3,自己,620101000000,self,
620102000000,3,无上级,629900000000,lost,
620103000000,3,示例三县,620100000000,third,
`;

test('A CSV of sites goes in, bad rows are told, the rest stays.',
     async () => {
  const path = file('sites.csv', CSV);
  const args = ['site', 'import-csv', path, '--host-pattern',
                '{slug}.import.test'];
  const first = await d.govctl(args);
  assert.equal(first.code, 0, first.output);
  assert.match(first.stderr, /^govctl: row 4: 620101000000: .+$/m);
  assert.match(first.stderr, /^govctl: row 5: 620102000000: .+$/m);
  assert.match(first.stderr,
               /3 created, 0 updated, 0 unchanged, 2 refused/);
  assert.match(first.stderr, /the column "village_count" is not taken$/m);
  assert.doesNotMatch(first.stderr, /the column "slug"/);

  const again = await d.govctl(args);
  assert.match(again.stderr,
               /0 created, 0 updated, 3 unchanged, 2 refused/);

  const site = await json('site', 'get', '620103');
  assert.equal(site.name, '示例三县');
  assert.equal(site.url, '//third.import.test/');
  assert.equal((await json('site', 'get', '62')).name, '示例,省');

  const strict = await d.govctl([...args, '--strict']);
  assert.equal(strict.code, 1);
});


test('A flag of an import is true or false, however that is said.',
     async () => {
  const path = file('flags.csv', 'code,level,name,parent_code\n' +
    '620000000000,1,示例省,\n620104000000,3,示例四县,620100000001\n');
  const code = async (...flags) => {
    const done = await d.govctl(['site', 'import-csv', path, ...flags]);
    return [done.code, /\d rows$/m.test(done.stderr)];
  };
  assert.deepEqual(await code('--strict=0', '--progress=false'), [0, false]);
  assert.deepEqual(await code('--strict=1', '--progress=1'), [1, true]);
  for (const flag of ['--strict=yes', '--progress=']) {
    const done = await d.govctl(['site', 'import-csv', path, flag]);
    assert.equal(done.code, 2, done.output);
    assert.match(done.stderr, /--(strict|progress) is true or false/);
  }
});


test('The CSV may begin with a BOM, be GB18030, or be packed.', async () => {
  const rows = (n) => `code,level,name,parent_code\n` +
    `6201${n}000000,3,示例${n}县,620100000000\n`;
  const bom = file('bom.csv', `\ufeff${rows(11)}`);
  const packed = file('packed.csv.gz', gzipSync(rows(12)));
  const plain = file('plain.csv', rows(13));
  const gb = join(files, 'gb.csv');
  const iconv = await capture('iconv', ['-f', 'UTF-8', '-t', 'GB18030',
                                        '-o', gb, plain]);
  assert.equal(iconv.code, 0, iconv.output);

  for (const path of [bom, packed, gb]) {
    const done = await d.govctl(['site', 'import-csv', path]);
    assert.equal(done.code, 0, done.output);
    assert.match(done.stderr, /1 created/, path);
    assert.equal(/GB18030/.test(done.stderr), path === gb, path);
  }
  assert.equal((await json('site', 'get', '620113')).name, '示例13县');
});


test('A broken CSV says where and leaves nothing.', async () => {
  for (const [text, told] of [
    ['', /row 1/],
    ['code,name\n1,x\n', /level/],
    ['code,level,name\n"62,3,x\n', /row 2/],
  ]) {
    const done = await d.govctl(['site', 'import-csv',
                                 file('bad.csv', text)]);
    assert.equal(done.code, 1, text);
    assert.match(done.stderr, told);
  }
});


test('What stands before a broken row of a CSV goes in.', async () => {
  const done = await d.govctl(['site', 'import-csv', file('half.csv',
    'code,level,name,parent_code\n610498000000,3,示例前县,610400000000\n' +
    '"610499,3,x\n')]);
  assert.equal(done.code, 1, done.output);
  assert.match(done.stderr, /row 3: /);
  assert.match(done.stderr, /1 created, 0 updated, 0 unchanged, 1 refused/);
  assert.equal((await json('site', 'get', '610498')).name, '示例前县');
});


test('Documents come from JSON lines, again and again.', async () => {
  const line = (id, title, body) =>
    `${JSON.stringify({ id, title, body_md: body, number: `第${id}号` })}\n`;
  const path = file('docs.jsonl', line('a', '甲', '一') + line('b', '乙', '二')
    + '{"id": "c", "title": \n' + '\n' + line('d', '', '无题'));
  const args = ['doc', 'import', '--site', '610402', '--column', 'papers',
                path];

  const first = await d.govctl(args);
  assert.equal(first.code, 0, first.output);
  assert.match(first.stderr, /row 3: /);
  assert.match(first.stderr, /row 5: d: /);
  assert.match(first.stderr, /2 created, 0 updated, 0 unchanged, 2 refused/);

  writeFileSync(path, line('a', '甲', '[一](../旧.html)') +
    line('b', '乙', '二'));
  const again = await d.govctl([...args, '--strict']);
  assert.equal(again.code, 0, again.output);
  assert.match(again.stderr, /0 created, 1 updated, 1 unchanged, 0 refused/);
  assert.match(again.stderr, /1 links lead nowhere/);

  writeFileSync(`${path}.gz`, gzipSync(line('e', '戊', '五')));
  assert.deepEqual(await json('doc', 'import', '--site', '610402',
                              '--column', 'papers', `${path}.gz`),
                   { created: 1, updated: 0, unchanged: 0, refused: 0 });
});


test('A long row does not take the rows before it with it.', async () => {
  const row = (i, size) => JSON.stringify({
    id: `long${i}`, title: `第 ${i} 件`, body_md: 'a'.repeat(size),
  });
  const path = file('long.jsonl', [
    ...Array.from({ length: 19 }, (_, i) => row(i, 100_000)),
    row(19, 3_000_000),
    ...Array.from({ length: 5 }, (_, i) => row(20 + i, 10)),
  ].join('\n'));
  const done = await d.govctl(['doc', 'import', '--site', '610402',
                               '--column', 'papers', path]);
  assert.match(done.stderr,
               /(25 created, .* 0 refused|24 created, .* 1 refused)/);
  assert.equal(done.code, 0);
});


test('An import goes on over the death of govd, no row twice.', async () => {
  const n = 1500;
  const path = file('many.jsonl', Array.from({ length: n }, (_, i) =>
    JSON.stringify({ id: `m${i}`, title: `第 ${i} 件`,
                     body_md: '正文'.repeat(2000) })).join('\n'));
  const importing = d.govctl(['doc', 'import', '--site', '610402',
                              '--column', 'news', path]);
  const seen = async () => {
    try {
      return (await d.query('doc.list', { site: '610402', column: 'news',
                                          limit: '1000' })).body.rows.length;
    } catch {
      return 0;
    }
  };
  while (await seen() < 100) {
    await new Promise((next) => setImmediate(next));
  }
  process.kill(d.child(), 'SIGKILL');

  const done = await importing;
  assert.equal(done.code, 0, done.output);
  const ids = (await out('--format=ids', 'doc', 'list', '--site', '610402',
                         '--column', 'news', '--state', 'public'))
    .trim().split('\n');
  assert.equal(ids.length, n);
  assert.match(d.log(), /ended by signal 9/);
});


test('A command whose connection breaks is asked again with the same id.',
     async () => {
  const e = await daemon({ start: false });
  const ids = [];
  const govd = createServer((request, answer) => {
    ids.push(request.headers['gov-operation']);
    if (ids.length < 3) {
      request.socket.destroy();
    } else if (ids.length === 3) {
      answer.writeHead(503, { 'content-type': 'application/problem+json' });
      answer.end('{"status": 503, "code": "busy", "detail": "满"}');
    } else {
      answer.setHeader('content-type', 'application/json');
      answer.end('{"code": "a"}');
    }
  });
  await new Promise((ready) => govd.listen(join(e.dir, 'run/ctl.sock'),
                                           ready));
  const done = await e.govctl(['--format=json', 'site', 'set', 'a']);
  await new Promise((closed) => {
    govd.close(closed);
    govd.closeAllConnections();
  });

  assert.equal(done.code, 0, done.output);
  assert.equal(JSON.parse(done.stdout).code, 'a');
  assert.equal(ids.length, 4);
  assert.match(ids[0], /^[0-9a-f]{32}$/);
  assert.equal(new Set(ids).size, 1);
});


test('A batch does its lines in order and names those that failed.',
     async () => {
  const lines = [
    { command: 'site.create', input: { code: 'b1', name: '批一',
      level: 'department', parent: '610400' } },
    { command: 'site.set', input: { site: 'b1', about: '跟在后面' } },
    { command: 'site.set', input: { site: 'b2', about: '没有' } },
    { command: 'no.such' },
  ];
  const path = file('batch.jsonl.gz', gzipSync(
    lines.map((line) => JSON.stringify(line)).join('\n')));
  const done = await d.govctl(['batch', path]);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /line 3: site\.set: /);
  assert.match(done.stderr, /line 4: no\.such: /);
  assert.match(done.stderr, /2 done, 2 failed/);
  assert.equal((await json('site', 'get', 'b1')).about, '跟在后面');

  const good = await d.govctl(['--quiet', 'batch', file('one.jsonl',
    JSON.stringify(lines[1]))]);
  assert.equal(good.code, 0);
  assert.equal(good.stderr, '');
});


test('A batch done again does what names its operation once.', async () => {
  const path = file('once.jsonl', JSON.stringify({
    command: 'site.create', op: '0192f0c1-5b7a-4c1e-9d21-6f0e8a4b7c35',
    input: { code: 'once', name: '一次', level: 'department',
             parent: '610400' },
  }));
  for (const round of ['first', 'again']) {
    const done = await d.govctl(['batch', path]);
    assert.equal(done.code, 0, `${round}: ${done.output}`);
    assert.match(done.stderr, /1 done, 0 failed/);
  }
});


test('run takes a command with JSON; --quiet says nothing but failures.',
     async () => {
  const verdict = await json('run', 'site.set',
                             '{"site": "610402", "about": "直接"}');
  assert.equal(verdict.code, '610402000000');

  const quiet = await d.govctl(['--quiet', 'run', 'site.set', '-'],
                               { input: '{"site": "610402"}' });
  assert.equal(quiet.code, 0, quiet.output);
  assert.equal(quiet.output, '');
});


test('The journal is listed, verified and kept in chains by site.',
     async () => {
  const rows = await json('journal', 'list', '--site', '610402', '--limit',
                          '3');
  assert.equal(rows.length, 3);
  assert.ok(rows[0].seq > rows[1].seq);

  const whole = await json('journal', 'verify');
  const site = await json('journal', 'verify', '--site', '610402');
  assert.ok(whole.entries > site.entries && site.entries > 3);

  // a head that was noted is still in it, or was never
  assert.match(whole.head, new RegExp(`^${whole.entries}:[0-9a-f]{64}$`));
  const again = (head) => d.govctl(['journal', 'verify', '--head', head]);
  assert.equal((await again(whole.head)).code, 0);
  const other = await again(whole.head.replace(/.$/,
    (c) => (c === '0' ? '1' : '0')));
  assert.notEqual(other.code, 0);
  assert.match(other.output, /改写过/);
  const cut = await again(`9${whole.head}`);
  assert.match(cut.output, /截短过/);
});


test('A site\'s export restores it as it was, in another platform too.',
     async () => {
  const path = join(files, 'site.jsonl');
  await out('--quiet', 'site', 'export', '610400', path);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.equal(JSON.parse(lines[0]).table, 'SITES');

  const before = await json('doc', 'list', '--site', '610400');
  const md = file('e.md', '后来的');
  await out('doc', 'create', '--site', '610400', '--column', 'news',
            '--title', '后来', '--md', md);
  await out('--yes', 'site', 'restore', path);
  assert.deepEqual(await json('doc', 'list', '--site', '610400'), before);

  const other = await daemon();
  await someSites(other);
  const restored = await other.govctl(['--yes', 'site', 'restore', path,
                                       '--code', '610400']);
  assert.equal(restored.code, 0, restored.output);
  const docs = JSON.parse(await other.ctlOut('--format=json', 'doc', 'list',
                                             '--site', '610400'));
  assert.deepEqual(docs.map((doc) => doc.title),
                   before.map((doc) => doc.title));

  const wrong = await other.govctl(['--yes', 'site', 'restore', path,
                                    '--code', '610402']);
  assert.equal(wrong.code, 1);
  const garbage = await other.govctl(['--yes', 'site', 'restore',
                                      file('garbage', 'x\n')]);
  assert.equal(garbage.code, 1);
});


test('store check, stats and backup; a backup opens as a store.',
     async () => {
  assert.equal((await json('store', 'check')).faults, 0);
  assert.ok((await json('store', 'stats')).sites > 3);

  const done = await d.govctl(['store', 'backup', 'kept'], { cwd: files });
  assert.equal(done.code, 0, done.output);
  assert.match(done.stderr, /copying the store/);
  const kept = join(files, 'kept');
  assert.ok(existsSync(join(kept, 'data.mdb')));

  const other = await daemon({ start: false });
  rmSync(join(other.dir, 'store'), { recursive: true });
  rmSync(join(other.dir, 'blobs'), { recursive: true });
  mkdirSync(join(other.dir, 'store'));
  cpSync(join(kept, 'data.mdb'), join(other.dir, 'store/data.mdb'));
  cpSync(join(kept, 'blobs'), join(other.dir, 'blobs'), { recursive: true });
  await other.start();
  assert.deepEqual(
    JSON.parse(await other.ctlOut('--format=json', 'site', 'list')),
    await json('site', 'list'));

  const taken = await d.govctl(['store', 'backup', kept]);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /kept/);

  const dated = await json('store', 'backup');
  assert.match(dated.dir, /^backup\/20261120-/);
});


test('explain asks nginx on the port the platform wrote down.', async () => {
  const asked = [];
  const nginx = createServer((request, answer) => {
    asked.push(request.url);
    answer.setHeader('content-type', 'application/json');
    answer.end('{"site": "610400000000", "view": "home"}');
  });
  await new Promise((ready) => nginx.listen(0, '127.0.0.1', ready));
  const { port } = nginx.address();
  writeFileSync(join(d.dir, 'nginx.conf'),
                `server {\n  listen 127.0.0.1:${port} default_server;\n}\n`);

  const text = await out('explain', 'http://city.test/news/?a=b');
  assert.match(text, /^view +home$/m);
  assert.deepEqual(asked, ['/_gov/explain?url=' + encodeURIComponent(
    'http://city.test/news/?a=b')]);

  await new Promise((closed) => nginx.close(closed));
  const gone = await d.govctl(['explain', 'http://city.test/']);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, new RegExp(`${port}`));
});


test('Without a folder there is one clear sentence.', async () => {
  const done = await d.govctl(['--run', join(files, 'nowhere'), 'site',
                               'list']);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /there is no platform in/);
});


test('When no govd runs, govctl runs one for itself.', async () => {
  const before = await json('site', 'list');
  await d.stop();

  assert.deepEqual(await json('site', 'list'), before);
  const md = file('f.md', '停机时写的');
  const id = (await out('doc', 'create', '--site', '610400', '--column',
                        'news', '--title', '停机', '--md', md, '--attach',
                        md, '--publish')).trim();
  assert.equal((await json('doc', 'get', id)).body, '停机时写的');
  assert.equal((await json('store', 'check')).faults, 0);
  assert.equal((await d.govctl(['site', 'get', 'nobody'])).code, 3);
  assert.equal((await d.govctl(['run', 'no.such', '{}'])).code, 3);

  const path = join(files, 'once.jsonl');
  await out('--quiet', 'site', 'export', '610400', path);
  assert.ok(readFileSync(path, 'utf8').includes('停机时写的'));
  await out('--yes', 'site', 'restore', path);

  const line = JSON.stringify({ id: 'z1', title: '停', body_md: '机' });
  assert.equal((await json('doc', 'import', '--site', '610400', '--column',
                           'papers', file('g.jsonl', line))).created, 1);

  const entry = (await json('journal', 'list', '--limit', '1'))[0];
  assert.equal(entry.origin, 'once');
  assert.equal((await json('journal', 'verify')).entries, entry.seq);

  await d.start();
  assert.equal((await json('doc', 'get', id)).title, '停机');
});


test('As root it works as the store\'s owner; the journal names root.',
     { skip: process.getuid() === 0 ? false : 'only root becomes others' },
     async () => {
  const e = await daemon({ start: false });
  const own = await capture('chown', ['-R', '65534:65534', e.dir]);
  assert.equal(own.code, 0, own.output);
  chmodSync(e.dir, 0o755);

  await e.ctlOut('--quiet', 'run', 'blueprint.put', JSON.stringify({
    name: 'city', title: '市', columns: [
      { id: 1, slug: 'news', name: '要闻', kind: 'news' }] }));
  const list = JSON.parse(await e.ctlOut('--format=json', 'journal', 'list'));
  assert.equal(list[0].actor, 'root');
  assert.equal(list[0].origin, 'once');
  assert.equal(statSync(join(e.dir, 'store/data.mdb')).uid, 65534);

  const closed = join(files, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  await e.ctlOut('--quiet', 'store', 'backup', join(closed, 'copy'));
  assert.ok(existsSync(join(closed, 'copy/data.mdb')));
});


test('A held data folder is not taken a second time.', async () => {
  await d.stop();
  const first = d.govd(['--run', d.dir, '--once'], {
    input: '{"query": "site.list", "input": {}}\n' });
  assert.equal((await first).code, 0);
  assert.match((await first).stdout, /"status":200/);
  await d.start();
  const second = await d.govd(['--run', d.dir, '--once'], { input: '' });
  assert.equal(second.code, 1);
});
