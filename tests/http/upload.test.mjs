// Files that people bring: what is taken, what is made of it, what is not.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { existsSync, readdirSync, readFileSync, readlinkSync, utimesSync,
         writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as turn } from 'node:timers/promises';
import test, { after } from 'node:test';
import { Client } from 'undici';

import { Clamd, EICAR } from '../lib/clamd.mjs';
import { form, jpeg, png, zip } from '../lib/files.mjs';
import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, write } from './visitor.mjs';

const p = await platform({ sites: true, govd: 'clamd run/clamd.sock\n' });
const clamd = await new Clamd(join(p.dir, 'run/clamd.sock')).start();
const door = new Client('http://govd', {
  socketPath: join(p.dir, 'run/ctl.sock') });

after(async () => {
  await door.close();
  await clamd.stop();
});

const digest = (data) => createHash('sha256').update(data).digest('hex');
const PDF = (text) => Buffer.from(`%PDF-1.4\n${text}\n%%EOF\n`);

/** { status, ...answer } of a form with files and fields before them. */
async function upload(files, fields = {}) {
  const answer = await door.request({
    method: 'POST', path: '/console/upload',
    ...form([['site', COUNTY], ...Object.entries(fields),
             ...files.map(([name, bytes]) => ['file', name, bytes])]),
  });
  const { verdict, ...problem } = await answer.body.json();
  return { status: answer.statusCode, ...problem, ...verdict };
}

/** The same, of a form whose fields may come again: [[name, value]...]. */
async function uploadParts(parts) {
  const answer = await door.request({
    method: 'POST', path: '/console/upload', ...form(parts) });
  return { status: answer.statusCode, ...await answer.body.json() };
}

async function taken(name, bytes, fields) {
  const answer = await upload([[name, bytes]], fields);
  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.equal(answer.files.length, 1, JSON.stringify(answer));
  return answer.files[0];
}

async function refused(name, bytes, why) {
  const answer = await upload([[name, bytes]]);
  assert.equal(answer.status, 422, JSON.stringify(answer));
  assert.match(answer.refused[0].why, why);
}

/** The public bytes at a file's address. */
const get = (file) => p.get('county.test', new URL(
  file.url, 'http://county.test').pathname);

const blobs = () => readdirSync(join(p.dir, 'blobs'), { recursive: true })
  .sort();

/** Looks, 10 ms apart, until it holds. */
async function until(holds) {
  for (let looks = 0; !await holds(); looks++) {
    assert.ok(looks < 1000, `never: ${holds}`);
    await turn(10);
  }
}


test('A file is taken, and public until a document carries it.', async () => {
  const file = await taken('通知（附件）.pdf', PDF('一'));

  assert.equal(file.name, '通知（附件）.pdf');
  assert.equal(file.state, 'ok');
  assert.equal(file.digest, digest(PDF('一')));
  assert.deepEqual((await get(file)).body, PDF('一'));
  assert.deepEqual(clamd.asked.at(-1), PDF('一'));
});

test('Several files of one form are one entry of the journal.', async () => {
  const answer = await upload([['a.txt', '甲'], ['b.txt', '乙'],
                               ['c.exe', 'MZ']]);

  assert.equal(answer.status, 200);
  assert.deepEqual(answer.files.map((f) => f.name), ['a.txt', 'b.txt']);
  assert.deepEqual(answer.refused.map((f) => f.name), ['c.exe']);
  assert.match(answer.refused[0].why, /不接受这种类型/);
});

test('A file whose first piece is short is one file.', async () => {
  const bytes = PDF('分两次来');
  const { body, headers } = form([['site', COUNTY], ['file', '分.pdf', bytes],
                                  ['file', '空.pdf', ''], ['alt', '图'],
                                  ['file', '空.pdf', PDF('不空')]]);
  const cut = body.indexOf(bytes) + 1;
  const answer = await door.request({
    method: 'POST', path: '/console/upload', headers,
    body: Readable.from([body.subarray(0, cut), body.subarray(cut)]) });
  const { verdict } = await answer.body.json();

  assert.deepEqual(verdict.files.map(({ name }) => name),
                   ['分.pdf', '空.pdf']);
  assert.equal(verdict.files[0].digest, digest(bytes));
  assert.deepEqual(verdict.refused.map(({ name }) => name), ['空.pdf']);
});

test('Fields are counted also when they have one name.', async () => {
  const words = (n) => Array.from({ length: n }, (_, i) => ['alt', `图${i}`]);
  const many = await uploadParts([['site', COUNTY], ...words(200),
                                  ['file', 'a.pdf', PDF('a')]]);
  assert.equal(many.status, 422, JSON.stringify(many));
  assert.match(many.detail, /内容过大/);

  // as many as the files of one form may need
  const files = Array.from({ length: 20 }, (_, i) => [
    ['alt', `图${i}`], ['decorative', ''], ['unpack', ''],
    ['file', `f${i}.pdf`, PDF(`f${i}`)]]);
  const all = await uploadParts([['site', COUNTY], ...files.flat()]);
  assert.equal(all.status, 200, JSON.stringify(all));
  assert.equal(all.verdict.files.length, 20);
});

test('The same form sent twice acts once.', async () => {
  const _op = '01890000-0000-7000-8000-00000000000a';
  const one = await upload([['twice.txt', '再次']], { _op });
  const two = await upload([['twice.txt', '再次']], { _op });

  assert.equal(one.status, 200);
  assert.deepEqual(two, one);
});

test('A name in GB18030, a path before it, quotes: kept as a name.',
     async () => {
  const gb = Buffer.from([0xb9, 0xab, 0xb8, 0xe6]);         // 公告
  assert.equal((await taken(Buffer.concat([gb, Buffer.from('.txt')]), 'x1'))
    .name, '公告.txt');
  assert.equal((await taken('C:\\文件\\报表.txt', 'x2')).name, '报表.txt');
  assert.equal((await taken('../../etc/说明.txt', 'x3')).name, '说明.txt');
});

test('Text in GB18030 is sent as such.', async () => {
  const file = await taken('旧文本.txt',
                           Buffer.from([0xb9, 0xab, 0xb8, 0xe6, 0x0a]));
  assert.equal((await get(file)).headers['content-type'],
               'text/plain; charset=gb18030');
});

for (const [what, name, bytes, why] of [
  ['a program', 'run.exe', 'MZ', /不接受/],
  ['a page', 'page.html', '<script>alert(1)</script>', /不接受/],
  ['a drawing with scripts', 'x.svg', '<svg onload="alert(1)"/>', /不接受/],
  ['a name without an ending', 'README', 'text', /不接受/],
  ['an empty file', 'empty.txt', '', /空的/],
  ['a page called a photo', 'photo.jpg', '<html><script>1</script></html>',
    /与它的后缀不符/],
  ['a page called text', 'page.txt', '<!DOCTYPE html><html><body>x</body>',
    /与它的后缀不符/],
  ['a page before a PDF', 'both.pdf',
    `<html><script>1</script></html>${PDF('x')}`, /与它的后缀不符/],
  ['a PNG called JPEG', 'a.jpg', png(10, 10), /与它的后缀不符/],
  ['a program called PDF', 'a.pdf', Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(200)]),
    /与它的后缀不符/],
  ['an image that breaks off', 'cut.png', png(100, 100).subarray(0, 80),
    /损坏/],
  ['an image of too many pixels', 'bomb.png',
    png(10, 10, { says: [60000, 60000] }), /像素太多/],
]) {
  test(`Refused is ${what}.`, async () => {
    const before = blobs();
    await refused(name, bytes, why);
    assert.deepEqual(blobs(), before);
  });
}

test('A file larger than its type may be is refused.', async () => {
  await p.run('policy.put', { name: 'upload', rules: [
    { from: '2020-01-01', types: [{ ending: '.txt', size: 1000 }] }] });
  await refused('big.txt', 'x'.repeat(1001), /最大 1 MB/);
  await refused('a.pdf', PDF('not in the list'), /不接受/);
  assert.equal((await taken('fits.txt', 'x'.repeat(1000))).size, 1000);
  await p.run('policy.put', { name: 'upload', rules: [
    { from: '2020-01-01' }] });
});

test('A photo says no more where and by whom it was taken, and stands up.',
     async () => {
  const photo = jpeg(1600, 800, { owner: '示例人' });
  assert.ok(photo.includes('Exif') && photo.includes('示例人'));
  const file = await taken('照片.jpg', photo, { alt: '会场' });

  assert.deepEqual([file.width, file.height], [800, 1600]);
  const { body, headers } = await get(file);
  assert.equal(headers['content-type'], 'image/jpeg');
  assert.ok(!body.includes('Exif') && !body.includes('示例人'));

  assert.deepEqual(file.variants.map((v) => [v.width, v.height]),
                   [[640, 1280], [160, 320]]);
  for (const small of file.variants) {
    const answer = await p.get('county.test',
      `/files/${small.digest}/${encodeURIComponent('照片.jpg')}`);
    assert.equal(answer.status, 200);
    assert.equal(digest(answer.body), small.digest);
    assert.ok(!answer.body.includes('Exif'));
  }
});

test('What stands behind an image is gone.', async () => {
  const both = Buffer.concat([png(64, 64),
                              Buffer.from('<script>alert(1)</script>')]);
  const { body } = await get(await taken('both.png', both));
  assert.ok(!body.includes('script'));
});

test('What the scanner finds is refused, and its record stays.', async () => {
  const bytes = PDF(EICAR);
  const file = await taken('virus.pdf', bytes);

  assert.equal(file.state, 'refused');
  assert.match(file.why, /EICAR/);
  assert.equal(file.digest, digest(bytes));
  assert.equal((await get(file)).status, 404);
  assert.ok(!blobs().some((name) => name.endsWith(digest(bytes).slice(2))));
  const error = await p.govctl(['run', 'doc.create', JSON.stringify({
    site: COUNTY, column: 'xxgk/tzgg', title: 'x', body: 'x',
    attachments: [file.digest] })]);
  assert.notEqual(error.code, 0);
});

test('While the scanner is away files are held, then they are public.',
     async () => {
  await clamd.stop();
  const good = await taken('held.pdf', PDF('held'));
  const bad = await taken('held-virus.pdf', PDF(`held ${EICAR}`));
  assert.deepEqual([good.state, bad.state], ['held', 'held']);
  assert.equal((await get(good)).status, 404);

  const doc = await write(p, COUNTY, 'xxgk/tzgg', '带待检附件', {
    attachments: [good.digest] });
  const page = `/xxgk/tzgg/${doc}.html`;
  assert.doesNotMatch((await p.get('county.test', page)).text, /held\.pdf/);

  await clamd.start();
  p.clock.advance(61);
  await until(async () => (await get(good)).status === 200);
  assert.match((await p.get('county.test', page)).text, /held\.pdf/);

  p.clock.advance(61);
  assert.equal((await get(bad)).status, 404);
  const again = await taken('held-virus.pdf', PDF(`held ${EICAR}`));
  assert.equal(again.state, 'refused');
});

for (const [what, answer] of [
  ['an error', 'INSTREAM size limit exceeded. ERROR\0'],
  ['nothing', ''], ['no end', 'stream: OK'],
  ['something else', 'HTTP/1.1 200 OK\r\n\r\n\0'],
]) {
  test(`A scanner that says ${what} has not said it is clean.`, async () => {
    clamd.answer = answer || '\0';
    const file = await taken(`${what.replace(' ', '-')}.txt`, what);
    clamd.answer = undefined;
    assert.equal(file.state, 'held');
    assert.equal((await get(file)).status, 404);
  });
}

test('An upload that breaks off leaves nothing.', async () => {
  const before = blobs();
  const { body, headers } = form([['site', COUNTY],
                                  ['file', 'half.pdf', PDF('x'.repeat(3e6))]]);
  const govd = readFileSync(`/proc/${p.pid('govd')}/task/${p.pid('govd')}` +
                            '/children', 'utf8').split(' ')[0];
  const open = () => readdirSync(`/proc/${govd}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${govd}/fd/${fd}`).includes('(deleted)');
    } catch {
      return false;
    }
  }).length;
  const kept = open();

  const socket = connect(join(p.dir, 'run/ctl.sock'));
  socket.write(`POST /console/upload HTTP/1.1\r\nHost: x\r\nContent-Type: ${
    headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body.subarray(0, 2e6));
  await until(() => open() > kept);
  socket.destroy();
  await until(() => open() === kept);
  assert.deepEqual(blobs(), before);
});

test('A ZIP becomes the files in it, each with a line of the report.',
     async () => {
  const gb = Buffer.from([0xb9, 0xab, 0xb8, 0xe6, ...Buffer.from('.txt')]);
  const answer = await upload([['many.zip', zip([
    { name: '目录/通知.txt', data: '通知' },
    { name: gb, data: '公告' },
    { name: '图/图.png', data: png(40, 40) },
    { name: '../../../etc/passwd.txt', data: 'x' },
    { name: '/tmp/abs.txt', data: 'y' },
    { name: 'C:\\windows\\z.txt', data: 'z' },
    { name: 'link.txt', data: '/etc/passwd', mode: 0o120777 },
    { name: 'page.html', data: '<html>' },
    { name: 'dense.txt', data: 'lzma', method: 14 },
    { name: 'virus.txt', data: EICAR },
    { name: '__MACOSX/._通知.txt', data: 'm' },
    { name: '.DS_Store', data: 'm' },
    { name: 'inner.zip', data: zip([{ name: 'a.txt', data: 'a' }]) },
  ])]], { unpack: '1' });

  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.deepEqual(answer.files.map((f) => [f.name, f.state]), [
    ['通知.txt', 'ok'], ['公告.txt', 'ok'], ['图.png', 'ok'],
    ['virus.txt', 'refused'], ['inner.zip', 'ok']]);
  assert.deepEqual(answer.refused.map((f) => f.name), [
    'passwd.txt', 'abs.txt', 'z.txt', 'link.txt', 'page.html',
    'dense.txt']);
  assert.match(answer.refused[0].why, /指向别处/);
  assert.match(answer.refused[3].why, /链接/);
  assert.match(answer.refused[5].why, /压缩方法/);
});

for (const [what, bytes, why] of [
  ['that grows a thousandfold', zip([
    { name: 'bomb.txt', data: Buffer.alloc(30e6) }]), /压缩率/],
  ['of too many files', zip(Array.from({ length: 300 }, (_, i) => ({
    name: `${i}.txt`, data: `${i}` }))), /文件太多/],
  ['that is none', Buffer.from('PK\x03\x04 no more'), /损坏|检查|不符/],
]) {
  test(`A ZIP ${what} is not unpacked.`, async () => {
    const before = blobs();
    const answer = await upload([['bad.zip', bytes]], { unpack: '1' });
    assert.equal(answer.status, 422, JSON.stringify(answer));
    assert.match(answer.refused[0].why, why);
    assert.deepEqual(blobs(), before);
  });
}

test('A file in whose place another stands leads there, documents show it.',
     async () => {
  const old = await taken('规划.pdf', PDF('old'));
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '规划', {
    attachments: [old.digest],
    body: `[原文](/files/${old.digest}/规划.pdf)\n` });
  const page = () => p.get('county.test', `/xxgk/tzgg/${doc}.html`)
    .then((answer) => answer.text);
  assert.match(await page(), new RegExp(old.digest));

  const fresh = await taken('规划（修订）.pdf', PDF('new'),
                            { replace: old.digest });
  const text = await page();
  assert.doesNotMatch(text, new RegExp(old.digest));
  assert.equal(text.split(fresh.digest).length - 1, 2);
  assert.match(text, />规划（修订）</);

  const answer = await get(old);
  assert.equal(answer.status, 301);
  const to = new URL(answer.headers.location);
  assert.deepEqual((await p.get('county.test', to.pathname)).body,
                   PDF('new'));

  const newest = await taken('规划三.pdf', PDF('newest'),
                             { replace: fresh.digest });
  for (const gone of [old, fresh]) {
    assert.match((await get(gone)).headers.location,
                 new RegExp(newest.digest));
  }
  await p.run('doc.withdraw', { doc, reason: '有误' });
  assert.equal((await get(newest)).status, 410);
});

test('A file in use is not removed; one that is not goes and comes back.',
     async () => {
  const file = await taken('删.pdf', PDF('remove'));
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '用', {
    attachments: [file.digest] });
  const input = { site: COUNTY, digest: file.digest };
  const refuse = async (command) => (await p.govctl(
    ['run', command, JSON.stringify(input)])).output;

  assert.match(await refuse('file.remove'), new RegExp(`${doc}`));
  await p.run('doc.edit', { doc, base: 1, attachments: [], publish: true });
  await p.run('file.remove', input);
  assert.equal((await get(file)).status, 410);
  await p.run('file.restore', input);
  await p.run('file.remove', input);

  const other = await taken('清.pdf', PDF('purge'));
  await p.run('file.remove', { site: COUNTY, digest: other.digest });
  p.clock.advance(31 * 24 * 3600);
  await until(async () => (await get(other)).status === 404);
});

test('The bytes of a file that was purged go, unless a backup is made.',
     async () => {
  const kept = (file) => existsSync(join(p.dir, 'blobs',
    file.digest.slice(0, 2), file.digest.slice(2)));
  const MONTH = 31 * 24 * 3600;
  const bin = async (name) => {
    const file = await taken(name, PDF(name));
    await p.run('file.remove', { site: COUNTY, digest: file.digest });
    return file;
  };
  const purged = async (file) => {
    p.clock.advance(MONTH);
    await until(async () => (await get(file)).status === 404);
  };

  // who holds the folder's lock, as a backup does, holds the bytes
  const backup = spawn('flock', ['-s', join(p.dir, 'blobs'), 'sh', '-c',
                                 'echo held; cat'],
                       { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(backup.stdout, 'data');

  const one = await bin('一月.pdf');
  await purged(one);
  const two = await bin('二月.pdf');
  await purged(two);                    // so the first round is over
  assert.ok(kept(one));

  backup.stdin.end();
  await once(backup, 'exit');
  const shared = await taken('共用.pdf', PDF('二月.pdf'));
  assert.equal(shared.digest, two.digest);
  p.clock.advance(7200);
  await until(() => !kept(one));
  assert.ok(kept(two));
  assert.deepEqual((await get(shared)).body, PDF('二月.pdf'));
});

test('The bytes of a command that was refused, or never came, go.',
     async () => {
  const path = (bytes) => join(p.dir, 'blobs', digest(bytes).slice(0, 2),
                               digest(bytes).slice(2));
  const kept = await taken('留.pdf', PDF('kept'));
  const answer = await upload([['退.pdf', PDF('refused')]],
                              { site: '999999' });
  assert.equal(answer.status, 404);

  const folder = dirname(path(PDF('kept')));
  const broken = join(folder, '.new.broken');
  const aside = join(folder, `.old.${basename(folder)}${'c'.repeat(62)}`);
  writeFileSync(broken, 'half');
  writeFileSync(aside, 'gone');
  const old = [path(PDF('refused')), broken, aside];
  for (const file of [path(PDF('kept')), ...old]) {
    assert.ok(existsSync(file));
    utimesSync(file, 1, 1);
  }

  p.clock.advance(61);
  await until(() => !old.some((file) => existsSync(file)));
  assert.deepEqual((await get(kept)).body, PDF('kept'));
  assert.ok(!(await p.ctl('journal', 'list')).includes('file.gather'));
});

test('A new name and words are kept, the old address leads on.', async () => {
  const file = await taken('旧名.png', png(30, 30));
  await p.run('file.set', { site: COUNTY, digest: file.digest,
                            name: '新名.png', alt: '示意图' });
  const answer = await get(file);
  assert.equal(answer.status, 301);
  assert.match(decodeURIComponent(answer.headers.location), /新名\.png$/);
  const error = await p.govctl(['run', 'file.set', JSON.stringify({
    site: COUNTY, digest: file.digest, name: '新名.pdf' })]);
  assert.match(error.output, /后缀/);
});


// -- through nginx, by who is signed in

const web = new Client('http://govd', {
  socketPath: join(p.dir, 'run/web.sock') });
after(() => web.close());

/** Files go through nginx; the rest goes to the socket it forwards to. */
p.people.send = async (method, path, options) => {
  if (path === '/console/upload') {
    return p.request('city.test', path, { method, ...options });
  }
  const answer = await web.request({ method, path, ...options });
  return { status: answer.statusCode, headers: answer.headers,
           text: await answer.body.text() };
};

let clerk;

test('A clerk brings files to her site, by name.', async () => {
  await p.account({ login: 'clerk', roles: [[COUNTY, 'clerk']] });
  clerk = await p.signIn('clerk');
  const answer = await clerk.upload({ '网页.pdf': PDF('web') },
                                    { site: COUNTY });
  assert.equal(answer.status, 200, answer.text);
  const [file] = answer.body.verdict.files;
  assert.equal(file.state, 'ok');
  const got = await p.govctl(['--format=json', 'file', 'get', file.digest,
                              '--site', COUNTY]);
  assert.match(got.stdout, /"by": ?"clerk"/, got.output);
});

for (const [what, fields, headers, status] of [
  ['to a site that is not hers', { site: CITY }, {}, 404],
  ['to a site that is not there', { site: '999999' }, {}, 404],
  ['without the form\'s token', { site: COUNTY, _csrf: 'x' }, {}, 403],
  ['from another site\'s page', { site: COUNTY },
    { 'sec-fetch-site': 'cross-site' }, 403],
  ['from another host', { site: COUNTY }, { origin: 'http://evil.test' }, 403],
  ['with a forged session', { site: COUNTY },
    { cookie: `gov_sid=${'A'.repeat(43)}` }, 401],
]) {
  test(`Nothing is taken ${what}.`, async () => {
    const before = blobs();
    const answer = await clerk.upload({ 'no.pdf': PDF(what) }, fields,
                                      headers);
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(blobs(), before);
  });
}

/** The head of an upload of 50 MB, and what is answered to it alone. */
async function told(query, { cookie, accept = 'application/json' } = {}) {
  const socket = connect(p.port, '127.0.0.1');
  socket.write(`POST /console/upload${query} HTTP/1.1\r\nHost: city.test\r\n` +
    `${cookie ? `Cookie: gov_sid=${cookie}\r\n` : ''}Accept: ${accept}\r\n` +
    'Content-Type: multipart/form-data; boundary=x\r\n' +
    'Content-Length: 50000000\r\n\r\n');
  let text = '';
  for await (const piece of socket) {
    text += piece;
    if (/\r\n\r\n[^]*[}>]/.test(text)) {
      break;
    }
  }
  socket.destroy();
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)[1]), text };
}

test('Who may bring no file is told before one byte of it is read.',
     async () => {
  const { cookie } = clerk;

  for (const [query, options, status, says] of [
    [`?site=${COUNTY}`, {}, 401, /请先登录/],
    ['', {}, 401, /请先登录/],
    [`?site=${CITY}`, { cookie }, 404, /没有/],
    ['?site=999999', { cookie }, 404, /没有/],
    [`?site=${CITY}`, { cookie, accept: 'text/html' }, 404,
      /role="alert"[^]*没有[^]*<h1>我的任务/],
  ]) {
    const answer = await told(query, options);
    assert.equal(answer.status, status, `${query} ${answer.text}`);
    assert.match(answer.text, says);
  }
  const alike = await Promise.all([CITY, '999999'].map(
    async (site) => (await told(`?site=${site}`, { cookie })).text
      .split('\r\n\r\n')[1].replace(site, '')));
  assert.equal(alike[0].split('}')[0], alike[1].split('}')[0]);
});

test('A file that comes before its site is not kept.', async () => {
  const before = blobs();
  const made = form([['_csrf', clerk.csrf], ['file', 'a.pdf', PDF('early')],
                     ['site', COUNTY]]);
  const answer = await clerk.ask('POST', '/console/upload', {
    headers: { accept: 'application/json', ...made.headers },
    body: made.body });
  assert.equal(answer.status, 422, answer.text);
  assert.match(answer.body.detail, /写在文件的前面/);
  assert.deepEqual(blobs(), before);
});

test('The address that the pages send files to takes them.', async () => {
  const made = form([['_csrf', clerk.csrf], ['site', COUNTY],
                     ['file', 'q.pdf', PDF('query')]]);
  const answer = await clerk.ask('POST', `/console/upload?site=${COUNTY}`, {
    headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin',
               ...made.headers }, body: made.body });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.verdict.files[0].name, 'q.pdf');
});

test('Who was told that a site is not there is told the same as ever.',
     async () => {
  const one = await clerk.upload({ 'no.pdf': PDF('n') }, { site: CITY });
  const two = await clerk.upload({ 'no.pdf': PDF('n') }, { site: '999999' });
  assert.equal(one.body.detail.replace(CITY, ''),
               two.body.detail.replace('999999', ''));
});

test('Bytes that were not looked at are no file, whoever names them.',
     async () => {
  const answer = await clerk.command('file.add', {
    site: COUNTY, name: 'v.pdf', size: 1, digest: digest(PDF('web')) });
  assert.equal(answer.status, 403, answer.text);
  assert.match(answer.text, /上传/);
});

test('What the public reads is replaced by who publishes, not by who writes.',
     async () => {
  await p.account({ login: 'boss', roles: [[COUNTY, 'publisher'],
                                           [COUNTY, 'clerk']] });
  const boss = await p.signIn('boss');
  const old = (await clerk.upload({ 'r.pdf': PDF('r1') }, { site: COUNTY }))
    .body.verdict.files[0];
  await write(p, COUNTY, 'xxgk/tzgg', '已发布', {
    attachments: [old.digest] });
  const fields = { site: COUNTY, replace: old.digest };

  assert.equal((await clerk.upload({ 'r2.pdf': PDF('r2') }, fields)).status,
               403);
  assert.equal((await get(old)).status, 200);
  assert.equal((await boss.upload({ 'r2.pdf': PDF('r2') }, fields)).status,
               200);
  assert.equal((await get(old)).status, 301);
});

test('A page without scripts is led on, and told what was refused.',
     async () => {
  const headers = { accept: 'text/html,application/xhtml+xml' };
  const good = await clerk.upload({ 'led.pdf': PDF('led') }, {
    site: COUNTY, _to: '/console/files?site=610402' }, headers);
  assert.equal(good.status, 303, good.text);
  assert.equal(new URL(good.headers.location, 'http://x').pathname,
               '/console/files');

  const bad = await clerk.upload({ 'a.exe': 'MZ' }, {
    site: COUNTY, _to: '/console/files' }, headers);
  assert.equal(bad.status, 422);
  assert.match(bad.text, /role="alert"[^]*a\.exe：不接受/);
});

test('The library lists by kind, state and name, and says where used.',
     async () => {
  p.clock.advance(1);
  const file = (await clerk.upload({ '清单.png': png(50, 50) },
                                   { site: COUNTY })).body.verdict.files[0];
  const ask = async (name, input) => {
    const { status, body } = await clerk.query(name, input);
    return { ...body, status };
  };

  const images = await ask('file.list', { site: COUNTY, kind: 'image',
                                          limit: 1 });
  assert.deepEqual(images.rows.map((f) => f.name), ['清单.png']);
  const next = await ask('file.list', { site: COUNTY, kind: 'image',
                                        after: images.next });
  assert.ok(next.rows.length > 1);
  assert.ok(next.rows.every((f) => f.kind === 'image'
                                   && f.name !== '清单.png'));
  const refusedOnes = await ask('file.list', { site: COUNTY,
                                               state: 'refused' });
  assert.ok(refusedOnes.rows.every((f) => /EICAR/.test(f.why)));
  assert.ok(refusedOnes.rows.length >= 2);
  assert.equal((await ask('file.list', { site: CITY })).status, 404);
  assert.equal((await ask('file.list', { site: COUNTY, after: 'x' })).status,
               422);

  const doc = await write(p, COUNTY, 'xxgk/tzgg', '用清单', {
    body: `![图](/files/${file.digest}/清单.png)\n` });
  const got = await ask('file.get', { site: COUNTY, digest: file.digest });
  assert.deepEqual(got.used, [{ doc, title: '用清单', state: 'public',
                                now: true }]);
});

test('A clock that was set back holds no scan up.', async () => {
  for (const seconds of [61, -24 * 3600]) {
    await clamd.stop();
    const file = await taken('back.pdf', PDF(`back ${seconds}`));
    assert.equal(file.state, 'held');
    await clamd.start();
    p.clock.advance(seconds);
    await until(async () => (await get(file)).status === 200);
  }
});
