// govd: what a program that speaks to its sockets may rely on.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, chmodSync,
         cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync }
  from 'node:fs';
import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';

import { capture } from '../lib/process.mjs';
import { daemon, root, someSites } from '../lib/daemon.mjs';

const d = await daemon();
await someSites(d);

const sites = async () => (await d.query('site.list')).body.rows;
const head = async () => (await d.query('store.stats')).body.journal;


test('A command\'s verdict comes after its commit: the next question sees it.',
     async () => {
  const set = await d.command('site.set', { site: '610402', about: '甲' });
  assert.equal(set.status, 200, set.text);
  assert.equal(set.headers['cache-control'], 'no-store');
  assert.match(set.headers['gov-operation'], /^[0-9a-f-]{36}$/);
  assert.equal(Number(set.headers['gov-entry']), await head());

  const got = await d.query('site.get', { site: '610402' });
  assert.equal(got.body.about, '甲');
  assert.equal(got.body.parent, '610400000000');
});


test('The same operation id gives the first verdict again and is done once.',
     async () => {
  const op = randomUUID();
  const input = { code: 'once', name: '一次', level: 'department',
                  parent: '610400' };
  const first = await d.command('site.create', input, { op });
  assert.equal(first.status, 200, first.text);
  const before = await head();

  const again = await d.command('site.create', input, { op });
  assert.deepEqual(again.body, first.body);
  assert.equal(again.headers['gov-entry'], first.headers['gov-entry']);
  assert.equal(await head(), before);

  const told = await d.query('operation.get', { op });
  assert.equal(told.body.seq, before);
  assert.deepEqual(told.body.verdict, first.body);
});


test('A dry run tells the verdict and changes nothing.', async () => {
  const before = await head();
  const dry = await d.command('site.create', {
    code: 'dry', name: '试', level: 'department', parent: '610400',
  }, { dry: true });
  assert.equal(dry.status, 200, dry.text);
  assert.equal(dry.body.code, 'dry');
  assert.equal(await head(), before);
  assert.equal((await d.query('site.get', { site: 'dry' })).status, 404);
});


test('A refused command says why as problem details and leaves nothing.',
     async () => {
  const before = await head();
  const bad = await d.command('site.create', {
    code: '610499', name: 'x', level: 'galaxy', parent: '610400',
  });
  assert.equal(bad.status, 422);
  assert.equal(bad.headers['content-type'], 'application/problem+json');
  assert.equal(bad.body.code, 'invalid');
  assert.equal(bad.body.status, 422);
  assert.equal(bad.body.field, 'level');
  assert.ok(bad.body.detail.length > 3);
  assert.equal(await head(), before);

  const rows = [
    ['site.get', { site: 'nobody' }, 404, 'not_found'],
    ['site.list', { colour: 'red' }, 422, 'invalid'],
    ['site.list', { limit: 'many' }, 422, 'invalid'],
    ['no.such', {}, 404, 'not_found'],
  ];
  for (const [name, input, status, code] of rows) {
    const answer = await d.query(name, input);
    assert.equal(answer.status, status, `${name} ${answer.text}`);
    assert.equal(answer.body.code, code);
  }
});


test('Bad requests get a short answer of the right status.', async () => {
  const op = { 'gov-operation': 'not-a-uuid' };
  const rows = [
    ['POST', 'commands/no.such', '{}', {}, 404],
    ['POST', 'commands/site.set', '{"site": ', {}, 422],
    ['POST', 'commands/site.set', '[1]', {}, 422],
    ['POST', 'commands/site.set', '{"site":"610402"}', op, 422],
    ['GET', 'commands/site.set', undefined, {}, 405],
    ['POST', 'queries/site.list', '{}', {}, 405],
    ['GET', 'nothing', undefined, {}, 404],
    ['GET', '../../etc/passwd', undefined, {}, 404],
    ['POST', 'works/no.such', '{}', {}, 404],
  ];
  for (const [method, path, body, headers, status] of rows) {
    const answer = await d.call('ctl', method, path, { body, headers });
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    assert.equal(answer.body.status, status);
  }

  const wrong = await d.call('ctl', 'GET', 'commands/site.set');
  assert.equal(wrong.headers.allow, 'POST');
});


/** A request that node would not make up by itself. */
function raw(options, write) {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      socketPath: join(d.dir, 'run/ctl.sock'), ...options,
    }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer));
    });
    request.on('error', reject);
    write(request);
  });
}

test('Too large a body is refused, by its length at once or as it comes.',
     async () => {
  const path = '/api/v1/commands/site.set';
  const told = await raw({
    path, method: 'POST', headers: { 'content-length': 9 * 1024 * 1024 },
  }, (request) => request.flushHeaders());
  assert.equal(told.statusCode, 413);

  const piece = Buffer.alloc(1024 * 1024, 32);
  const grown = await raw({
    path, method: 'POST', headers: { 'transfer-encoding': 'chunked' },
  }, (request) => {
    for (let i = 0; i < 9; i++) {
      request.write(piece);
    }
    request.end();
  });
  assert.equal(grown.statusCode, 413);

  assert.equal((await d.query('store.stats')).status, 200);
});


test('web.sock shows the API and asks who wants more to sign in.',
     async () => {
  const api = await d.call('web', 'GET', 'openapi.json');
  assert.equal(api.status, 200);
  assert.equal(api.body.openapi, '3.1.0');

  for (const path of Object.keys(api.body.paths)) {
    for (const method of Object.keys(api.body.paths[path])) {
      if (path === '/openapi.json') {
        continue;
      }
      const answer = await d.call('web', method.toUpperCase(), path.slice(1),
                                  { body: method === 'get' ? undefined
                                                           : '{}' });
      const web = /^.(commands|queries)/.test(path);
      assert.equal(answer.status, web ? 401 : 403, `${method} ${path}`);
      assert.equal(answer.body.code, web ? 'session' : 'denied');
    }
  }
});


test('The OpenAPI document describes every command with its fields.',
     async () => {
  const { body } = await d.call('ctl', 'GET', 'openapi.json');
  const ids = new Set();
  for (const methods of Object.values(body.paths)) {
    for (const operation of Object.values(methods)) {
      assert.ok(!ids.has(operation.operationId), operation.operationId);
      ids.add(operation.operationId);
      assert.ok(operation.summary && operation.description);
      assert.ok(operation.responses['200'] && operation.responses.default);
    }
  }

  const { schema } = body.paths['/commands/site.create'].post.requestBody
    .content['application/json'];
  assert.deepEqual(schema.required, ['code', 'name', 'level']);
  assert.equal(schema.properties.host.type, 'array');

  const refs = JSON.stringify(body).match(/"#\/[^"]+"/g);
  for (const ref of new Set(refs)) {
    const found = JSON.parse(ref).slice(2).split('/')
      .reduce((at, name) => at?.[name], body);
    assert.ok(found, ref);
  }
});


test('docs/commands.md and docs/openapi.json are what the lists say.',
     async () => {
  for (const [option, file] of [['--commands-md', 'docs/commands.md'],
                                ['--openapi', 'docs/openapi.json']]) {
    const made = await d.govd([option]);
    assert.equal(made.stdout, readFileSync(join(root, file), 'utf8'),
                 `${file} is old: make docs`);
  }
});


test('The sockets are closed to others, by mode and by who asks.',
     async (t) => {
  const mode = (name) => statSync(join(d.dir, 'run', name)).mode & 0o777;
  assert.equal(mode('ctl.sock'), 0o600);
  assert.equal(mode('web.sock'), 0o660);
  assert.equal(mode('views.sock'), 0o660);

  if (process.getuid() !== 0) {
    t.diagnostic('only root can be somebody else');
    return;
  }

  for (const path of ['', 'run']) {
    chmodSync(join(d.dir, path), 0o755);
  }
  chmodSync(join(d.dir, 'run/ctl.sock'), 0o666);

  const done = await capture('setpriv', [
    '--reuid=65534', '--regid=65534', '--clear-groups', '--',
    'curl', '-s', '--unix-socket', join(d.dir, 'run/ctl.sock'),
    'http://govd/api/v1/queries/site.list',
  ]);
  chmodSync(join(d.dir, 'run/ctl.sock'), 0o600);
  assert.equal(JSON.parse(done.stdout).status, 403, done.output);
});


test('The journal names the command, who gave it and from where.',
     async () => {
  await d.command('site.set', { site: '610402', about: '乙' });
  const { rows } = (await d.query('journal.list', {
    site: '610402', limit: 1 })).body;
  assert.equal(rows[0].command, 'site.set');
  assert.equal(rows[0].origin, 'ctl');
  assert.ok(rows[0].actor.length > 0);
  assert.equal(rows[0].time, '2026-11-20T08:00:00+08:00');

  const entry = await d.query('journal.get', { seq: rows[0].seq });
  assert.deepEqual(entry.body.input, { about: '乙', site: '610402' });
});


test('A list comes in pages that together are the whole list.', async () => {
  for (const title of ['一', '二', '三']) {
    const made = await d.command('doc.create', {
      site: '610402', column: 'news', title, body: '文' });
    assert.equal(made.status, 200, made.text);
  }

  for (const [name, input, id] of [
    ['site.list', {}, 'code'],
    ['doc.list', { site: '610402' }, 'doc'],
    ['journal.list', {}, 'seq'],
    ['journal.list', { site: '610402' }, 'seq'],
  ]) {
    const whole = (await d.query(name, input)).body.rows;
    assert.ok(whole.length >= 3, name);

    const paged = [];
    let after = '0';
    while (after !== undefined && paged.length <= whole.length) {
      const { body } = await d.query(name, { ...input, limit: '1', after });
      assert.ok(body.rows.length <= 1, name);
      paged.push(...body.rows);
      after = body.next;
    }
    assert.deepEqual(paged.map((row) => row[id]),
                     whole.map((row) => row[id]), name);
  }
});


test('An attachment\'s bytes are kept under their digest, whole or not at all.',
     async () => {
  const bytes = Buffer.from('附件的内容\n'.repeat(5000));
  const put = await d.call('ctl', 'PUT', 'blobs', { body: bytes });
  assert.equal(put.status, 200, put.text);

  const digest = createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(put.body, { digest, size: bytes.length });

  const path = join(d.dir, 'blobs', digest.slice(0, 2), digest.slice(2));
  assert.deepEqual(readFileSync(path), bytes);

  const again = await d.call('ctl', 'PUT', 'blobs', { body: bytes });
  assert.deepEqual(again.body, put.body);
  assert.equal(readdirSync(join(d.dir, 'blobs')).length, 1);

  const none = await d.call('ctl', 'PUT', 'blobs', { body: '' });
  assert.equal(none.status, 200, none.text);
  assert.equal(none.body.size, 0);
});


test('Long work answers line by line and says when it is complete.',
     async () => {
  const check = await d.work('store.check');
  assert.equal(check.at(-1).end.ok, true);
  assert.equal(check.at(-1).end.faults, 0);
  assert.ok(check.at(-1).end.values > 10);

  const verify = await d.work('journal.verify', { site: '610402' });
  assert.equal(verify.at(-1).end.ok, true);
  assert.ok(verify.at(-1).end.entries >= 2);

  const none = await d.work('journal.verify', { site: 'nobody' });
  assert.equal(none.at(-1).end.ok, false);
  assert.equal(none.at(-1).end.problem.code, 'not_found');

  const dump = await d.work('store.dump');
  assert.equal(dump.at(-1).end.lines, dump.length - 1);
  assert.ok(dump.every((line) => line.end || line.table));

  const site = await d.work('site.export', { site: '610400' });
  assert.equal(site[0].table, 'SITES');
  assert.equal(site.at(-1).end.ok, true);

  const bad = await d.work('site.export', {});
  assert.equal(bad.at(-1).end.problem.code, 'invalid');
});


test('A backup has its name only when its attachments are there too.',
     async () => {
  const dir = join(d.dir, 'whole');
  const put = await d.call('ctl', 'PUT', 'blobs', { body: '附件' });
  const digest = createHash('sha256').update('附件').digest('hex');
  assert.equal(put.status, 200, put.text);

  // no such thing can be linked nor copied
  const folder = join(d.dir, 'blobs', digest.slice(0, 2));
  const odd = join(folder, 'x'.repeat(62));
  mkdirSync(odd);
  const cut = await d.work('store.backup', { dir });
  assert.equal(cut.at(-1).end.ok, false, JSON.stringify(cut));
  assert.ok(!existsSync(dir));
  assert.ok(!existsSync(`${dir}.part`));
  rmSync(odd, { recursive: true });

  // nor is a folder that cannot be read left out unsaid
  const loop = join(d.dir, 'blobs', 'zz');
  symlinkSync('zz', loop);
  const unread = await d.work('store.backup', { dir });
  assert.equal(unread.at(-1).end.ok, false, JSON.stringify(unread));
  assert.ok(!existsSync(dir));
  rmSync(loop);

  // what a killed one left is not taken for a part of this one
  cpSync(folder, join(`${dir}.part`, 'blobs', 'zz'), { recursive: true });
  writeFileSync(join(`${dir}.part`, 'data.mdb'), 'half');
  const whole = await d.work('store.backup', { dir });
  assert.equal(whole.at(-1).end.ok, true, JSON.stringify(whole));
  assert.deepEqual(readdirSync(dir).sort(), ['blobs', 'data.mdb']);
  assert.ok(existsSync(join(dir, 'blobs', digest.slice(0, 2),
                            digest.slice(2))));
  assert.ok(!existsSync(join(dir, 'blobs', 'zz')));
  assert.ok(!existsSync(`${dir}.part`));
});


test('A third work at once is asked to come later.', async () => {
  const three = await Promise.all([1, 2, 3, 4, 5, 6].map(
    () => d.call('ctl', 'POST', 'works/store.dump', { body: '{}' })));
  for (const answer of three) {
    assert.ok([200, 503].includes(answer.status), answer.text);
    if (answer.status === 503) {
      assert.equal(answer.headers['retry-after'], '1');
    } else {
      assert.match(answer.text, /"end"/);
    }
  }
  assert.ok(three.some((answer) => answer.status === 200));
});


test('Two govd do not share a data folder.', async () => {
  const second = await d.govd(['--run', d.dir]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /govd/);
  assert.equal((await d.query('store.stats')).status, 200);
});


test('Many commands at once are all done, each once.', async () => {
  const before = await head();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    d.command('site.set', i % 10 === 0 ? { site: 'nobody' }
      : { site: '610402', about: `第 ${i} 次` })));
  const done = answers.filter((answer) => answer.status === 200);
  const refused = answers.filter((answer) => answer.status === 404);
  assert.equal(done.length, 180);
  assert.equal(refused.length, 20);
  assert.equal(await head(), before + 180);

  const entries = done.map((answer) => Number(answer.headers['gov-entry']));
  assert.equal(new Set(entries).size, 180);
});


test('A batch keeps its order, shares commits and goes on past a failure.',
     async () => {
  const before = await head();
  const lines = [
    { command: 'site.create', input: { code: 'bt', name: '批',
      level: 'department', parent: '610400' } },
    { command: 'site.set', input: { site: 'bt', about: '后' } },
    { command: 'site.set', input: { site: 'nobody' } },
    { broken: true },
    { command: 'no.such', input: {} },
    { command: 'site.set', input: { site: 'bt', brand: '#123456' } },
    { command: 'site.set', input: { site: 'bt', brand: '#654321' },
      dry_run: true },
  ].map((line) => ({ op: randomUUID(), ...line }));
  const body = lines.map((line) => JSON.stringify(line)
    .replace(/.*broken.*/, '{"broken')).join('\n\n');

  const ask = async () => {
    const answer = await d.call('ctl', 'POST', 'batch', { body });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/x-ndjson');
    return answer.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  };

  const answers = await ask();
  assert.deepEqual(answers.map((answer) => answer.status),
                   [200, 200, 404, 422, 422, 200, 200]);
  assert.deepEqual(answers.filter((answer) => answer.seq)
    .map((answer) => answer.seq), [before + 1, before + 2, before + 3]);
  assert.equal(answers[0].op, lines[0].op);

  const site = await d.query('site.get', { site: 'bt' });
  assert.equal(site.body.about, '后');
  assert.equal(site.body.brand, '#123456');

  const again = await ask();
  assert.deepEqual(again.slice(0, 2), answers.slice(0, 2));
  assert.equal(await head(), before + 3);

  const none = await d.call('ctl', 'POST', 'batch', { body: '\n' });
  assert.equal(none.status, 200);
  assert.equal(none.text, '');

  const many = await d.call('ctl', 'POST', 'batch', {
    body: '{"command":"no.such"}\n'.repeat(501) });
  assert.equal(many.status, 422);
});


test('A killed child is replaced; what was acknowledged is there, once.',
     async () => {
  const before = await head();
  let killed = 0;
  const kill = () => {
    const pid = d.child();
    if (pid) {
      process.kill(pid, 'SIGKILL');
      killed++;
    }
  };

  let asked = 0;
  const asker = async () => {
    const acks = [];
    while (asked < 600) {
      const i = asked++;
      if (i === 150 || i === 400) {
        kill();
      }
      acks.push(await d.surely('site.set', { site: '610402',
                                             about: `${i}` }));
    }
    return acks;
  };
  const acks = (await Promise.all(Array.from({ length: 16 }, asker))).flat();

  assert.equal(killed, 2);
  assert.ok(acks.every((ack) => ack.status === 200));
  assert.ok(acks.some((ack) => ack.tries > 0), 'no connection was broken');
  assert.equal(await head(), before + acks.length);

  for (const ack of acks.slice(0, 50)) {
    const told = await d.query('operation.get', { op: ack.op });
    assert.equal(String(told.body.seq), ack.headers['gov-entry']);
  }
  assert.equal((await d.work('journal.verify')).at(-1).end.ok, true);
  assert.match(d.log(), /the child ended by signal 9/);
});


test('A journal replayed into an empty store gives the same store.',
     async () => {
  const md = '# 题\n\n正文';
  const made = await d.command('doc.create', {
    site: '610400', column: 'news', title: '一', body: md, publish: true });
  assert.equal(made.status, 200, made.text);
  const rows = [{ id: 'a', title: '甲', body_md: '一段' },
                { id: 'b', title: '', body_md: '无题' }];
  const imported = await d.command('doc.import', {
    site: '610402', column: 'papers', rows });
  assert.equal(imported.body.refused.length, 1, imported.text);
  await d.command('doc.withdraw', { doc: made.body.doc, reason: '有误' });
  await d.command('release.create', {
    doc: made.body.doc + 1, to: ['610400/news'] });

  const copy = join(d.dir, 'copy');
  const backup = await d.work('store.backup', { dir: copy });
  assert.equal(backup.at(-1).end.ok, true, JSON.stringify(backup));

  for (const side of ['one', 'two']) {
    mkdirSync(join(d.dir, side));
  }
  mkdirSync(join(d.dir, 'one/store'));
  cpSync(join(copy, 'data.mdb'), join(d.dir, 'one/store/data.mdb'));
  cpSync(join(d.dir, 'store/lock.mdb'), join(d.dir, 'one/store/lock.mdb'));

  const replay = await d.govd(['--run', d.dir, '--replay', 'one/store',
                               'two/store']);
  assert.equal(replay.code, 0, replay.output);
  assert.equal(JSON.parse(replay.stdout).entries, await head());

  const dumps = [];
  for (const side of ['one', 'two']) {
    const dump = await d.govd(['--run', join(d.dir, side), '--dump']);
    assert.equal(dump.code, 0, dump.output);
    dumps.push(dump.stdout.split('\n')
      .filter((line) => !line.includes('"table":"VIEWS"')));
  }
  assert.ok(dumps[0].length > 30);
  assert.deepEqual(dumps[0], dumps[1]);

  const twice = await d.govd(['--run', d.dir, '--replay', 'one/store',
                              'two/store']);
  assert.notEqual(twice.code, 0);
});


test('--check tells a damaged store by its exit code.', async () => {
  const good = await d.govd(['--run', join(d.dir, 'one'), '--check']);
  assert.equal(good.code, 0, good.output);
  assert.match(good.stdout, /"ok":true/);

  const none = await d.govd(['--run', join(d.dir, 'backup'), '--check']);
  assert.notEqual(none.code, 0);
});


test('Options that are none are refused with exit 2.', async () => {
  for (const args of [['--colour'], ['--run'], ['extra'],
                      ['--map-size', 'big'], ['--check', '--dump'],
                      ['--digest', 'md5']]) {
    const done = await d.govd(args);
    assert.equal(done.code, 2, args.join(' '));
  }
  for (const option of ['--version', '--help']) {
    const done = await d.govd([option]);
    assert.equal(done.code, 0);
    assert.match(done.stdout, /govd/);
  }
});


test('govd.conf holds for the daemon and for every process beside it.',
     async () => {
  const e = await daemon({ start: false });
  const conf = join(e.dir, 'govd.conf');
  const check = () => e.govd(['--run', e.dir, '--once'], { input:
    '{"query": "store.stats"}\n' });

  writeFileSync(conf, '# figures\nmap-size 64M   # small\n\nreaders 77\n');
  const { body } = JSON.parse((await check()).stdout);
  assert.equal(body.map_size, 64 * 1024 * 1024);
  assert.equal(body.max_readers, 77);

  const over = await e.govd(['--run', e.dir, '--map-size', '128M', '--once'],
                            { input: '{"query": "store.stats"}\n' });
  assert.equal(JSON.parse(over.stdout).body.map_size, 128 * 1024 * 1024);

  for (const [text, told] of [['colour red\n', /第 1 行/],
                              ['\nquota\n', /第 2 行/],
                              ['quota 1 G\n', /第 1 行/],
                              ['quota many\n', /quota/],
                              ['digest md5\n', /digest/]]) {
    writeFileSync(conf, text);
    const bad = await check();
    assert.equal(bad.code, 2, text);
    assert.match(bad.stderr, told);
  }

  writeFileSync(conf, 'digest sm3\n');
  await e.start();
  await someSites(e);
  assert.equal((await e.work('journal.verify')).at(-1).end.ok, true);
});


test('SIGTERM ends it in order: every command gets its answer.', async () => {
  const before = await head();
  let stopping;
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => {
    if (i === 40) {
      stopping = d.stop();
    }
    return d.command('site.set', { site: '610402', about: `末 ${i}` })
      .then((answer) => answer.status, () => 0);
  }));
  assert.equal(await stopping, 0);
  assert.ok(!existsSync(join(d.dir, 'run/ctl.sock')));
  assert.ok(!existsSync(join(d.dir, 'run/govd.pid')));
  assert.match(d.log(), /stopped/);

  await d.start();
  const done = answers.filter((status) => status === 200).length;
  assert.ok(await head() - before >= done);
});


test('A store that cannot be opened ends it with a sentence.', async () => {
  const e = await daemon({ start: false });
  renameSync(join(e.dir, 'store'), join(e.dir, 'was'));
  const file = await e.govd(['--run', e.dir, '--map-size', '1']);
  assert.equal(file.code, 1);
  assert.ok(file.stderr.length > 10);
  assert.ok(!existsSync(join(e.dir, 'run/ctl.sock')));
});

test('A refusal is told in English to who prefers it, else in Chinese.',
     async () => {
  const ask = (language) => d.call('ctl', 'POST', 'commands/site.set', {
    body: '{"site":"610402","nix":1}',
    headers: language ? { 'accept-language': language } : {} });

  for (const language of [undefined, '', 'zh-CN', 'zh-CN,zh;q=0.9,en;q=0.8',
                          'fr', '*', 'en;q=0.5,*', 'en;q=0', 'en;q=x']) {
    const { status, body } = await ask(language);
    assert.equal(status, 422);
    assert.equal(body.title, '输入有误', language);
    assert.equal(body.detail, '没有“nix”这一项', language);
  }
  for (const language of ['en', 'en-GB', 'fr, en;q=0.7, zh;q=0.3',
                          'en,*;q=0.1']) {
    const { status, body } = await ask(language);
    assert.equal(status, 422);
    assert.equal(body.title, 'bad input', language);
    assert.equal(body.detail, 'there is no field "nix"', language);
  }
  const none = await d.call('ctl', 'GET', 'nix', {
    headers: { 'accept-language': 'en' } });
  assert.equal(none.body.detail, 'there is no such interface');

  const args = ['site', 'get', 'nix'];
  const said = async (LC_ALL) => (await d.govctl(args, { env: { LC_ALL } }))
    .stderr;
  assert.match(await said('en_GB.UTF-8'), /no site with the code/);
  assert.match(await said('zh_CN.UTF-8'), /没有代码为/);
  assert.match(await said('C'), /没有代码为/);
});

test('Warnings and refused rows are told in the language of who hears them.',
     async () => {
  const op = randomUUID();
  const input = JSON.stringify({ code: 'alone', name: '孤', slug: 'gu',
                                 level: 'department' });
  const told = async (path, language, body) => (await d.call(
    'ctl', body ? 'POST' : 'GET', path, { body, headers: {
      ...body ? { 'gov-operation': op } : {},
      'accept-language': language } })).body;
  const make = (language) => told('commands/site.create', language, input);
  const chinese = '“孤”（alone）没有上级站点，门户上找不到它；'
    + '要挂靠门户，请用 site move';
  const english = '"孤" (alone) has no site above it and is not found on a '
    + 'portal; site move hangs it below one';

  // whoever made it, the verdict is kept in both
  const made = await make('zh');
  assert.deepEqual(made.warnings, [chinese]);
  assert.deepEqual(await make('en'), { ...made, warnings: [english] });
  for (const [language, text] of [['zh', chinese], ['en', english]]) {
    const { verdict } = await told(`queries/operation.get?op=${op}`, language);
    assert.deepEqual(verdict, { ...made, warnings: [text] });
    const { text: line } = await d.call('ctl', 'POST', 'batch', {
      body: JSON.stringify({ op, command: 'site.create',
                             input: JSON.parse(input) }),
      headers: { 'accept-language': language } });
    assert.deepEqual(JSON.parse(line).body.warnings, [text]);
  }

  const rows = JSON.stringify({ rows: [{ code: 'x', name: '甲' }] });
  for (const [LC_ALL, text] of [['C', '缺少“level”'],
                                ['en_GB.UTF-8', '"level" is missing']]) {
    const done = await d.govctl(['--format=json', 'run', 'site.import', rows],
                                { env: { LC_ALL } });
    const { refused } = JSON.parse(done.stdout);
    assert.deepEqual(refused.map((row) => row.reason), [text]);
    assert.equal(refused[0].reason_en, undefined);
  }
});
