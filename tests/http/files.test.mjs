// Attachments: bytes by digest, whole or in ranges, shown or saved, never run.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { CITY, COUNTY, TOWNSHIP, links, place, write, writeWith }
  from './visitor.mjs';

const p = await platform({ sites: true, conf: {
  server: 'add_header X-Variable $gov_copy always;',
} });

const bytes = Buffer.from(Array.from({ length: 200_000 },
                                     (_, i) => (i * 7919 + (i >> 8)) & 255));
const digest = (data) => createHash('sha256').update(data).digest('hex');
const args = (title) => ['--site', COUNTY, '--column', 'xxgk/tzgg',
                         '--title', title];

const FILES = {
  '附件 1（表）.pdf': bytes,
  'page.html': '<script>alert(1)</script>',
  'image.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'photo.png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  'notes.txt': '说明',
  'table.xlsx': 'PK',
  'run.exe': 'MZ',
  'script.js': 'alert(1)',
};
const doc = await writeWith(p, FILES, args('许多附件'));
const page = (await p.get('county.test', `/xxgk/tzgg/${doc}.html`)).text;
const urls = Object.fromEntries(links(page)
  .filter((url) => url.startsWith('/files/'))
  .map((url) => [decodeURIComponent(url.split('/').at(-1)), url]));
const PDF = urls['附件 1（表）.pdf'];

const get = (url, headers) => p.get('county.test', url, headers);

/** The parts of multipart/byteranges: [[range, bytes]]. */
function parts(answer) {
  const [, mark] = /boundary=(.+)$/.exec(answer.headers['content-type']);
  return answer.body.toString('latin1').split(`--${mark}`).slice(1, -1)
    .map((part) => {
      const at = part.indexOf('\r\n\r\n');
      return [/content-range: bytes ([^\r]*)/i.exec(part)[1],
              Buffer.from(part.slice(at + 4, -2), 'latin1')];
    });
}


test('A document links each of its attachments under digest and name.',
     async () => {
  assert.deepEqual(Object.keys(urls).sort(), Object.keys(FILES).sort());
  for (const [name, data] of Object.entries(FILES)) {
    assert.equal(urls[name].split('/')[2], digest(data));
    assert.deepEqual((await get(urls[name])).body, Buffer.from(data), name);
  }
});

test('An attachment says its length, its tag and that it takes ranges.',
     async () => {
  const { status, headers, body } = await get(PDF, {
    'accept-encoding': 'gzip, br' });

  assert.equal(status, 200);
  assert.deepEqual(body, bytes);
  assert.equal(headers['content-length'], String(bytes.length));
  assert.equal(headers.etag, `"${digest(bytes)}"`);
  assert.equal(headers['accept-ranges'], 'bytes');
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers['cache-control'], 'no-cache');
});

test('HEAD of an attachment has its headers and no bytes.', async () => {
  const answer = await p.head('county.test', PDF);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-length'], String(bytes.length));
  assert.equal(answer.body.length, 0);
});

for (const [range, from, to] of [
  ['bytes=0-0', 0, 0], ['bytes=0-99', 0, 99], ['bytes=100-', 100, 199_999],
  ['bytes=-1', 199_999, 199_999], ['bytes=-500', 199_500, 199_999],
  ['bytes=199999-', 199_999, 199_999], ['bytes=10-999999', 10, 199_999],
  ['bytes=-999999', 0, 199_999],
]) {
  test(`Range ${range} gets those bytes with 206.`, async () => {
    const answer = await get(PDF, { range });

    assert.equal(answer.status, 206);
    assert.equal(answer.headers['content-range'],
                 `bytes ${from}-${to}/${bytes.length}`);
    assert.deepEqual(answer.body, bytes.subarray(from, to + 1));
  });
}

test('Several ranges come as several parts.', async () => {
  const answer = await get(PDF, { range: 'bytes=0-9,100-199,-5' });

  assert.equal(answer.status, 206);
  assert.match(answer.headers['content-type'], /^multipart\/byteranges/);
  assert.deepEqual(parts(answer), [
    [`0-9/${bytes.length}`, bytes.subarray(0, 10)],
    [`100-199/${bytes.length}`, bytes.subarray(100, 200)],
    [`199995-199999/${bytes.length}`, bytes.subarray(199_995)],
  ]);
});

for (const range of ['bytes=200000-', 'bytes=999999-9999999', 'bytes=-0',
                     'bytes=5-4', 'bytes=a-b', 'bytes=-',
                     'bytes=99999999999999999999-']) {
  test(`Range ${range} gets 416 and the length.`, async () => {
    const answer = await get(PDF, { range });

    assert.equal(answer.status, 416);
    assert.equal(answer.headers['content-range'], `bytes */${bytes.length}`);
    assert.ok(answer.body.length < 8000);
  });
}

test('The page of a 416 has its own headers, each once, and is no download.',
     async () => {
  const none = await get('/files/none');
  const answer = await get(urls['run.exe'], { range: 'bytes=99-' });
  const { 'content-range': range, ...headers } = answer.headers;

  assert.equal(answer.status, 416);
  assert.equal(range, 'bytes */2');
  assert.deepEqual(Object.keys(headers).sort(),
                   Object.keys(none.headers).sort());
  for (const name of ['content-security-policy', 'cache-control', 'vary',
                      'x-content-type-options', 'x-variable']) {
    assert.equal(headers[name], none.headers[name], name);
  }
});

test('An attachment is an answer of which no copy is kept.', async () => {
  for (const headers of [{}, { range: 'bytes=0-1' }]) {
    assert.equal((await get(PDF, headers)).headers['x-variable'], 'pass');
  }
});

test('A unit that is not bytes is not looked at.', async () => {
  const answer = await get(PDF, { range: 'lines=1-2' });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, bytes.length);
});

test('Ranges that add up to more than the file get the whole file.',
     async () => {
  const answer = await get(PDF, {
    range: `bytes=${Array.from({ length: 200 }, () => '0-').join(',')}` });

  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, bytes.length);
});

test('If-Range gets the range for its tag and the whole for another.',
     async () => {
  const range = 'bytes=0-9';

  assert.equal((await get(PDF, { range, 'if-range': `"${digest(bytes)}"` }))
    .status, 206);
  assert.equal((await get(PDF, { range, 'if-range': '"x"' })).status, 200);
});

test('The tag of an attachment gets 304, and goes before a date.',
     async () => {
  const tag = `"${digest(bytes)}"`;
  const old = 'Thu, 01 Jan 1970 00:00:00 GMT';

  for (const [headers, status] of [
    [{ 'if-none-match': tag }, 304], [{ 'if-none-match': `W/${tag}` }, 304],
    [{ 'if-none-match': '"x"' }, 200],
    [{ 'if-none-match': tag, 'if-modified-since': old }, 304],
  ]) {
    assert.equal((await get(PDF, headers)).status, status);
  }
});

for (const [name, type, how] of [
  ['附件 1（表）.pdf', 'application/pdf', 'inline'],
  ['photo.png', 'image/png', 'inline'],
  ['notes.txt', 'text/plain; charset=utf-8$', 'inline'],
  ['table.xlsx', /spreadsheetml/, 'attachment'],
  ['page.html', 'application/octet-stream', 'attachment'],
  ['image.svg', 'application/octet-stream', 'attachment'],
  ['run.exe', 'application/octet-stream', 'attachment'],
  ['script.js', 'application/octet-stream', 'attachment'],
]) {
  test(`${name} is ${how === 'inline' ? 'shown' : 'saved'}, never run.`,
       async () => {
    const { headers } = await get(urls[name]);

    assert.match(headers['content-type'], type instanceof RegExp ? type
      : new RegExp(`^${type}`));
    assert.match(headers['content-disposition'], new RegExp(`^${how};`));
    const [, coded] = /filename\*=UTF-8''(\S+)$/.exec(
      headers['content-disposition']);
    assert.equal(decodeURIComponent(coded), name);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['content-security-policy'],
                 /default-src 'none'.*sandbox/);
  });
}

test('Another name, another digest or no name: 404.', async () => {
  const [, , hex, name] = PDF.split('/');

  for (const path of [
    `/files/${hex}/other.pdf`, `/files/${hex}/`, `/files/${hex}`,
    `/files/${hex.slice(1)}/${name}`, `/files/${hex}0/${name}`,
    `/files/${'0'.repeat(64)}/${name}`, `/files/${hex}/${name}/x`,
    `/files/../files/${hex}/x`, '/files/', `/files/${'z'.repeat(64)}/${name}`,
    `/files/${hex}/%2e%2e%2f${name}`, `/files/${hex.toUpperCase()}/${name}`,
    `/files/${doc}/${hex}/${name}`, `/files/999999/${hex}/${name}`,
  ]) {
    assert.equal((await get(path)).status, 404, path);
  }
  assert.equal((await get(PDF)).status, 200);
});

test("Another site does not give out a site's attachment.", async () => {
  assert.equal((await p.get('city.test', PDF)).status, 404);
});

test("A draft's attachment is not public before the draft is.", async () => {
  const file = Buffer.from('%PDF-1.4 draft\n');
  const other = await writeWith(p, { 'draft.pdf': file },
                                args('先发布再改'));
  const path = `/files/${digest(file)}/draft.pdf`;
  assert.equal((await get(path)).status, 200);
  await p.run('doc.withdraw', { doc: other, reason: '未定稿' });

  const answer = await get(path);
  assert.equal(answer.status, 410);
  assert.doesNotMatch(answer.text, /%PDF/);
  assert.equal((await get(path, { range: 'bytes=0-3' })).status, 410);
  assert.equal((await get(path, {
    'if-none-match': `"${digest(file)}"` })).status, 410);
  await p.run('doc.publish', { doc: other }).catch(() => {});
});

test('An attachment of two documents stays while one of them is public.',
     async () => {
  const file = Buffer.from('%PDF-1.4 shared\n');
  const one = await writeWith(p, { 'both.pdf': file }, args('第一件'));
  const two = await write(p, COUNTY, 'xxgk/tzgg', '第二件', {
    attachments: [`${digest(file)}/both.pdf`] });
  const path = `/files/${digest(file)}/both.pdf`;

  await p.run('doc.withdraw', { doc: one, reason: '重复' });
  assert.equal((await get(path)).status, 200);
  await p.run('doc.withdraw', { doc: two, reason: '有误' });
  assert.equal((await get(path)).status, 410);
});

test('An attachment appears and goes with its document, by the clock.',
     async () => {
  const file = Buffer.from('%PDF-1.4 timed\n');
  const at = (seconds) => new Date(p.clock.now.getTime() + seconds * 1000)
    .toISOString().replace(/\.\d+Z/, 'Z');
  const timed = await writeWith(p, { 'timed.pdf': file }, [
    ...args('限时'), '--expires', at(60)]);
  const path = `/files/${digest(file)}/timed.pdf`;

  assert.ok(timed);
  p.clock.advance(59);
  assert.equal((await get(path)).status, 200);
  p.clock.advance(1);
  assert.equal((await get(path)).status, 410);
});

test("A reference serves its source's attachments, and no others, itself.",
     async () => {
  await p.run('doc.refer', { doc, to: [`${TOWNSHIP}/xxgk/tzgg`] });
  assert.equal((await p.get('city.test', PDF.replace(
    '/files/', `/files/${doc}/`))).status, 404);
  await p.run('doc.refer', { doc, to: [`${CITY}/xxgk/tzgg`] });
  const { text } = await p.get('city.test', `/xxgk/tzgg/${doc}.html`);
  const there = links(text).filter((url) => url.includes('/files/'));

  assert.equal(there.length, Object.keys(FILES).length);
  for (const url of there) {
    assert.equal((await p.get('city.test', url)).status, 200, url);
  }
  const other = await write(p, COUNTY, 'xxgk/tzgg', '不引用');
  assert.equal((await p.get('city.test', PDF.replace(
    '/files/', `/files/${other}/`))).status, 404);

  await p.run('doc.unrefer', { doc, from: `${CITY}/xxgk/tzgg` });
  assert.equal((await p.get('city.test', there[0])).status, 404);
});

test('An image of a text is served by whoever shows the text.', async () => {
  const png = Buffer.from('\x89PNG\r\n\x1a\nimage', 'latin1');
  const at = `/files/${digest(png)}/image.png`;
  const first = await writeWith(p, { 'image.png': png }, [
    '--site', TOWNSHIP, '--column', 'xxgk/tzgg', '--title', '放图片']);
  const text = await write(p, TOWNSHIP, 'xxgk/tzgg', '图文', {
    body: `![示意图](${at})\n\n[原图](${at})\n`,
  });
  await p.run('doc.refer', { doc: text, to: [`${CITY}/xxgk/tzgg`] });
  await p.run('doc.withdraw', { doc: first, reason: '只为上传' });
  const shows = async (host, path) => {
    const page = await p.get(host, path);
    assert.equal(page.status, 200);
    const [, src] = /<img src="([^"]*)"/.exec(page.text);
    const [, href] = /<a href="([^"]*)"[^>]*>原图/.exec(page.text);
    assert.equal(src, href);
    const image = await p.get(...place(new URL(src, `http://${host}${path}`)));
    assert.equal(image.status, 200, src);
    assert.deepEqual(image.body, png);
    assert.ok(src.startsWith('/'), 'the policy allows own images only');
  };

  await shows('county.test', `/town/xxgk/tzgg/${text}.html`);
  await shows('city.test', `/xxgk/tzgg/${text}.html`);
  await p.run('site.mode', {
    site: TOWNSHIP, mode: 'subsite', host: 'town.test' });
  await shows('town.test', `/xxgk/tzgg/${text}.html`);
  await shows('city.test', `/xxgk/tzgg/${text}.html`);
});

test('Only GET and HEAD reach an attachment.', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const answer = await p.request('county.test', PDF, { method });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, 'GET, HEAD');
  }
});
