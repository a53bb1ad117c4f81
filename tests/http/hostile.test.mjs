// What no honest client sends: a short correct answer, never another site's
// bytes, nothing at alert in the log, and the same workers at the end.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, answers, talk, title, write } from './visitor.mjs';

const p = await platform({ sites: true, conf: { server: `
    location /api/none/ { gov_submit ""; }
    location /shut/ { deny all; }` } });
const workers = p.workers();
const doc = await write(p, COUNTY, 'xxgk/tzgg', '县里的通知');
const before = (await p.get('county.test', '/')).headers.etag;

const H = 'Host: county.test\r\n';
const NAMES = /示例(市|县|镇)/;

/** Bytes of a string, one each. */
const raw = (text) => Buffer.from(text, 'latin1');
const get = (path, more = '') => `GET ${path} HTTP/1.1\r\n${H}${more}\r\n`;
const host = (value) => Buffer.concat([
  raw('GET / HTTP/1.1\r\nHost: '), Buffer.from(value), raw('\r\n\r\n')]);

/** One answer, short, and the city's name nowhere in what is not its own. */
async function one(bytes, expected = 1) {
  const list = await talk(p, typeof bytes === 'string' ? raw(bytes) : bytes,
                          expected);
  for (const answer of list) {
    assert.ok(answer.body.length < 8192, `${answer.body.length} bytes`);
  }
  return list;
}

async function status(bytes) {
  const [answer] = await one(bytes);
  assert.ok(answer, 'no answer at all');
  return answer.status;
}


// -- hosts

for (const [what, bytes, expected] of [
  ['No Host at all', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['No Host from HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 421],
  ['An empty Host', host(''), 400],
  ['A Host of spaces', host('   '), 400],
  ['A Host with a control character', host('county\x01.test'), 400],
  ['A Host with a NUL', host('county.test\x00'), 400],
  ['A Host with a NUL inside', host('county.test\x00.city.test'), 400],
  ['A Host with a slash', host('county.test/../city.test'), 400],
  ['A Host with a space', host('county.test city.test'), 400],
  ['A Host with two dots', host('county..test'), 400],
  ['A Host with a user', host('county.test@nobody.test'), 421],
  ['A Host of 300 labels', host(`${'a.'.repeat(300)}test`), 421],
  ['A Host of 5,000 letters', host('a'.repeat(5000)), 421],
  ['A Host with a percent sign', host('county%2etest'), 421],
  ['A Host in another script', host('示例县.test'), 421],
  ['A Host that is not UTF-8', Buffer.concat([
    raw('GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n')]), 421],
  ['An address as Host', host('192.0.2.1'), 421],
  ['An IPv6 address as Host', host('[2001:db8::1]:80'), 421],
  ['A broken IPv6 address as Host', host('[2001:db8::1'), 421],
  ['A quote and a tag as Host', host('"><script>alert(1)</script>'), 400],
  ['A Lua mark as Host', host('{{7*7}}'), 421],
]) {
  test(`${what} gets ${expected} and no byte of any site.`, async () => {
    const [answer] = await one(bytes);

    assert.equal(answer.status, expected);
    assert.doesNotMatch(answer.body, NAMES);
    assert.doesNotMatch(answer.body, /alert\(1\)|49/);
  });
}

test('Two Hosts are refused.', async () => {
  assert.equal(await status(
    'GET / HTTP/1.1\r\nHost: county.test\r\nHost: city.test\r\n\r\n'), 400);
});

test("An absolute address goes before the Host, and gets that host's page.",
     async () => {
  const ask = async (url) => (await talk(p, get(url)))[0];

  assert.match((await ask('http://city.test/')).body, /<title>示例市</);
  const unknown = await ask('http://nobody.test/');
  assert.equal(unknown.status, 421);
  assert.doesNotMatch(unknown.body, NAMES);
  assert.equal((await ask('http:///')).status, 400);
  assert.equal((await ask('http://county.test:99999999/')).status, 200);
});


// -- paths

for (const [what, path, expected] of [
  ['above the root', '/../../etc/passwd', 400],
  ['above the root, coded', '/xxgk/..%2f..%2f..%2fetc/passwd', 400],
  ['above the root, coded twice', '/%252e%252e/%252e%252e/etc/passwd', 404],
  ["above the theme's files", '/_gov/assets/../../lua/parts/head.html', 404],
  ["above the theme's files, coded", '/_gov/assets/..%2f..%2fhead.html', 404],
  ['above the attachments', '/files/../../store/data.mdb', 400],
  ['above the attachments, coded', '/files/%2e%2e%2f%2e%2e%2fstore', 400],
  ['with a NUL', '/xxgk/%00/', 400],
  ['with overlong UTF-8', '/%c0%ae%c0%ae/%c0%afetc', 404],
  ['that is not UTF-8', '/\xff\xfe\x80', 404],
  ['with a broken escape', '/%zz', 400],
  ['that ends in a percent sign', '/xxgk/%', 400],
  ['with a line of its own', '/xxgk%0d%0aX-Evil:%201/', 404],
  ['with a backslash', '/xxgk\\tzgg\\', 404],
  ['with a mark of a template', '/{{7*7}}/{%25%20os.exit()%20%25}', 404],
  ['with a tag', '/%3Cscript%3Ealert(1)%3C/script%3E', 404],
  ['with a semicolon', '/xxgk/;jsessionid=1', 404],
  ['of a number too large', `/xxgk/tzgg/${'9'.repeat(400)}.html`, 404],
  ['of many segments', `/${'a/'.repeat(1000)}`, 404],
  ['of 7,000 letters', `/${'a'.repeat(7000)}`, 404],
  ['of 7,000 coded bytes', `/${'%e5%8e%bf'.repeat(780)}`, 404],
  ['of 40,000 letters', `/${'a'.repeat(40_000)}`, 414],
  ['that is a star', '*', 400],
  ['that is not one', 'xxgk', 400],
  ['inside the platform', '/_govd/api/v1/commands/doc.create', 404],
  ['inside the platform, coded', '/%5fgovd/api/v1/commands/doc.create', 404],
  ['inside the platform, with slashes', '//_govd//api/', 404],
]) {
  test(`A path ${what} gets ${expected}.`, async () => {
    const [answer] = await one(get(path));

    assert.equal(answer.status, expected);
    assert.doesNotMatch(answer.body, /<script>alert|root:|示例市的/);
    assert.equal(answer.headers['x-evil'], undefined);
  });
}

test('A path that only looks odd is the page it means.', async () => {
  for (const path of ['//xxgk/./tzgg//', '/xxgk/tzgg/../tzgg/',
                      '/nothing/../xxgk/tzgg/', '/xxgk/tzgg/#/../../']) {
    const [answer] = await talk(p, get(path));
    assert.equal(answer.status, 200, path);
    assert.match(answer.body, /<title>通知公告_示例县</);
  }
});


// -- methods and versions

for (const [what, bytes, expected] of [
  ['A method in small letters', `get / HTTP/1.1\r\n${H}\r\n`, 400],
  ['A method of its own', `FOO-BAR / HTTP/1.1\r\n${H}\r\n`, 405],
  ['A method of 5,000 letters', `${'A'.repeat(5000)} / HTTP/1.1\r\n${H}\r\n`,
   405],
  ['TRACE', `TRACE / HTTP/1.1\r\n${H}\r\n`, 405],
  ['CONNECT', `CONNECT city.test:80 HTTP/1.1\r\n${H}\r\n`, 400],
  ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${H}\r\n`, 400],
  ['A TLS greeting', raw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'), 400],
  ['An HTTP/2 greeting', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['A version to come', `GET / HTTP/2.0\r\n${H}\r\n`, 505],
  ['A version that is none', `GET / HTXP/1.1\r\n${H}\r\n`, 400],
  ['Only a line feed', '\n\n', undefined],
  ['Nothing but noise', raw('\x00\x01\x02\x03\r\n\r\n'), 400],
]) {
  test(`${what} gets ${expected ?? 'no answer'}.`, async () => {
    if (expected === undefined) {
      const [answer] = await talk(p, bytes + get('/'));
      assert.ok([200, 400].includes(answer.status));
      return;
    }
    assert.equal(await status(bytes), expected);
  });
}


// -- headers

for (const [what, more, expected] of [
  ['One header of 40,000 letters', `X: ${'a'.repeat(40_000)}\r\n`, 400],
  ['8,000 headers', 'X: a\r\n'.repeat(8000), 400],
  ['A folded header', 'X: a\r\n b\r\n', 400],
  ['A lone carriage return', 'X: a\rY: b\r\n', 400],
  ['A NUL in a header', 'X: a\x00b\r\n', 400],
  ['A header without a colon', 'nocolon\r\n', 200],
  ['A cookie of 400 pairs', `Cookie: ${'gov_view=elder; '.repeat(400)}\r\n`,
   200],
  ['A cookie of noise', 'Cookie: \xff\xfe=\x80; ;;==;\r\n', 200],
  ['Odd conditions', 'If-None-Match: """"W/"\r\nIf-Modified-Since: x\r\n' +
   'If-Range: x\r\n', 200],
  ['A coding of 5,000 letters', `Accept-Encoding: ${'gzip,'.repeat(1000)}\r\n`,
   200],
  ['A cookie of 20,000 letters', `Cookie: ${'a'.repeat(20_000)}\r\n`, 400],
  ['A coding of 20,000 letters', `Accept-Encoding: ${'gzip,'.repeat(4000)}\r\n`,
   400],
  ['A range of 1,000 pieces', `Range: bytes=${'0-0,'.repeat(1000)}0-0\r\n`,
   200],
  ['Six cookies of 7,000 letters', `Cookie: ${'a'.repeat(7000)}\r\n`.repeat(6),
   400],
  ['A range of a page', 'Range: bytes=0-5,7-9\r\n', 200],
  ['An upgrade', 'Connection: Upgrade\r\nUpgrade: h2c\r\n', 200],
  ['A forwarded host', 'X-Forwarded-Host: city.test\r\nX-Host: city.test\r\n' +
   'Forwarded: host=city.test\r\nX-Original-URL: /admin\r\n', 200],
]) {
  test(`${what} gets ${expected}.`, async () => {
    const [answer] = await one(get('/', more));

    assert.equal(answer.status, expected);
    assert.doesNotMatch(answer.headers.location ?? '', /city/);
    if (expected === 200 && !answer.headers['content-encoding']) {
      assert.match(answer.body, /<title>示例县</);
    }
  });
}

test("A header changes no other visitor's copy.", async () => {
  for (const more of ['X-Forwarded-Host: evil.test\r\n', 'Range: bytes=0-1\r\n',
                      'X-Forwarded-Proto: https\r\n', 'Accept: */*\r\n',
                      'X-HTTP-Method-Override: DELETE\r\n']) {
    await talk(p, get('/?x', more));
    const answer = await p.get('county.test', '/');
    assert.equal(answer.headers.etag, before);
    assert.doesNotMatch(answer.text, /evil|https:\/\/county/);
  }
});


// -- bodies

for (const [what, headers, body, expected] of [
  ['Length and chunks at once',
   'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n', 400],
  ['Two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n', 'abcde', 400],
  ['Two equal lengths', 'Content-Length: 3\r\nContent-Length: 3\r\n', 'abc',
   400],
  ['A length below nought', 'Content-Length: -1\r\n', '', 400],
  ['A length with letters', 'Content-Length: 4x\r\n', 'abcd', 400],
  ['A length with a plus', 'Content-Length: +4\r\n', 'abcd', 400],
  ['A length past all numbers', `Content-Length: ${'9'.repeat(30)}\r\n`, '',
   400],
  ['Two transfer codings', 'Transfer-Encoding: gzip, chunked\r\n',
   '0\r\n\r\n', 501],
  ['An unknown transfer coding', 'Transfer-Encoding: xchunked\r\n',
   '0\r\n\r\n', 501],
  ['A space before the colon', 'Transfer-Encoding : chunked\r\n', '0\r\n\r\n',
   400],
  ['Chunks and a length', 'Transfer-Encoding: chunked\r\n' +
   'Content-Length: 4\r\n', '0\r\n\r\n', 400],
  ['Chunks twice', 'Transfer-Encoding: chunked\r\n'.repeat(2),
   '0\r\n\r\n', 400],
  ['Chunks not last', 'Transfer-Encoding: chunked, identity\r\n',
   '0\r\n\r\n', 501],
  ['Chunks and a comma', 'Transfer-Encoding: chunked,\r\n', '0\r\n\r\n', 501],
  ['Chunks in quotes', 'Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n', 501],
  ['Chunks behind a tab', 'Transfer-Encoding:\tchunked\r\n', '0\r\n\r\n',
   501],
  ['Chunks behind a vertical tab', 'Transfer-Encoding:\x0bchunked\r\n',
   '0\r\n\r\n', 501],
  ['Chunks with a NUL', 'Transfer-Encoding: chunked\x00\r\n', '0\r\n\r\n',
   400],
  ['Chunks on a folded line', 'Transfer-Encoding:\r\n chunked\r\n',
   '0\r\n\r\n', 400],
  ['A header behind a space', ' Transfer-Encoding: chunked\r\n',
   '0\r\n\r\n', 400],
  ['No transfer coding at all', 'Transfer-Encoding: identity\r\n', '', 501],
  ['Chunks behind a bare line feed',
   'Content-Length: 0\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n', 400],
  ['A list of lengths', 'Content-Length: 3, 3\r\n', 'abc', 400],
  ['Two lengths in one', 'Content-Length: 3 3\r\n', 'abc', 400],
  ['A length behind a vertical tab', 'Content-Length:\x0b3\r\n', 'abc', 400],
  ['A hexadecimal length', 'Content-Length: 0x3\r\n', 'abc', 400],
  ['An empty length', 'Content-Length: \r\n', '', 400],
  ['A chunk with 0x', 'Transfer-Encoding: chunked\r\n',
   '0x3\r\nabc\r\n0\r\n\r\n', 400],
  ['A chunk below nought', 'Transfer-Encoding: chunked\r\n',
   '-1\r\nabc\r\n0\r\n\r\n', 400],
  ['A chunk with a plus', 'Transfer-Encoding: chunked\r\n',
   '+3\r\nabc\r\n0\r\n\r\n', 400],
  ['A chunk behind a space', 'Transfer-Encoding: chunked\r\n',
   ' 3\r\nabc\r\n0\r\n\r\n', 400],
  ['A chunk longer than it says', 'Transfer-Encoding: chunked\r\n',
   '3\r\nabcd\r\n0\r\n\r\n', 400],
  ['A broken chunk', 'Transfer-Encoding: chunked\r\n', 'zz\r\n\r\n', 400],
  ['A chunk past all numbers', 'Transfer-Encoding: chunked\r\n',
   `${'f'.repeat(20)}\r\n`, 400],
]) {
  test(`${what} gets ${expected} and ends the connection.`, async () => {
    for (const path of ['/', '/api/v1/commands/doc.create']) {
      // what follows must not be taken for a request of its own
      const list = await one(`POST ${path} HTTP/1.1\r\n${H}${headers}\r\n` +
                             `${body}${get('/s/1')}`, 2);
      assert.equal(list.length, 1, 'a second request was seen');
      assert.equal(list[0].status, expected);
      assert.equal(list[0].headers.connection, 'close');
    }
  });
}

// What HTTP allows, or nginx forgives: the body ends where the next one begins.

for (const [what, headers, body] of [
  ['in capitals', 'TRANSFER-ENCODING: CHUNKED\r\n', '0\r\n\r\n'],
  ['with a space behind', 'Transfer-Encoding: chunked \r\n', '0\r\n\r\n'],
  ['with an extension', 'Transfer-Encoding: chunked\r\n',
   '3;a=b;c="\x80"\r\nabc\r\n0;d\r\n\r\n'],
  ['with a space behind the size', 'Transfer-Encoding: chunked\r\n',
   '3 \r\nabc\r\n0\r\n\r\n'],
  ['with bare line feeds', 'Transfer-Encoding: chunked\r\n',
   '3\nabc\n0\n\n'],
  ['with forty noughts', 'Transfer-Encoding: chunked\r\n',
   `${'0'.repeat(40)}\r\n\r\n`],
  ['with a length in the trailer', 'Transfer-Encoding: chunked\r\n',
   '0\r\nContent-Length: 50\r\n\r\n'],
  ['with an expectation nobody knows',
   'Expect: 200-ok\r\nContent-Length: 3\r\n', 'abc'],
]) {
  test(`Chunks ${what}: what follows is the next request, and the only one.`,
       async () => {
    for (const [method, path, status] of [
      ['POST', '/', 405], ['GET', '/', 200],
      ['POST', '/api/v1/commands/doc.create', 401]]) {
      const list = await one(`${method} ${path} HTTP/1.1\r\n${H}${headers}` +
                             `\r\n${body}${get('/map.html')}`, 2);
      assert.deepEqual(list.map((a) => a.status), [status, 200]);
      assert.match(list[1].body, /<title>站点地图_示例县</);
      assert.doesNotMatch(list[0].body, /<title>站点地图_/);
    }
  });
}

test('After an error nothing of what was sent with it is answered.',
     async () => {
  for (const bytes of ['GET /%zz HTTP/1.1\r\n', 'GET / HTTP/01.1\r\n',
                       'GET\t/\tHTTP/1.1\r\n', 'GET / HTTP/1.1\r\n: x\r\n',
                       'GET / HTTP/1.1\r\nHost : city.test\r\n',
                       'GET / HTTP/1.1\r\n Host: city.test\r\n']) {
    const list = await one(`${bytes}${H}\r\n${get('/map.html')}`, 2);
    assert.deepEqual(list.map((a) => a.status), [400], bytes);
    assert.equal(list[0].headers.connection, 'close');
  }
});

test('HTTP/0.9 names no host and gets no site.', async () => {
  const [answer] = await talk(p, raw('GET /\r\n'));

  const page = Buffer.from(answer.body, 'latin1').toString();
  assert.match(page, /没有这个网站/);
  assert.doesNotMatch(page, NAMES);
});

test('Chunks from HTTP/1.0 are refused.', async () => {
  const list = await one(`POST / HTTP/1.0\r\n${H}Transfer-Encoding: chunked\r\n`
                         + `\r\n0\r\n\r\n${get('/map.html')}`, 2);
  assert.deepEqual(list.map((a) => a.status), [400]);
});

test('A body that a page does not want is not taken for the next request.',
     async () => {
  const inner = get('/xxgk/tzgg/');

  for (const method of ['GET', 'POST', 'DELETE']) {
    const list = await talk(
      p, `${method} / HTTP/1.1\r\n${H}Content-Length: ${inner.length}\r\n\r\n` +
      inner + get('/map.html'), 2);
    const last = list.at(-1);
    assert.equal(last.status, 200, method);
    assert.match(last.body, /<title>站点地图_示例县</);
    assert.ok(list.every((answer) => !answer.body.includes('通知公告_')));
  }
});

/** The two answers where the rest is sent when the first is there. */
function afterwards(head, rest) {
  return new Promise((resolve, reject) => {
    const socket = connect(p.port, '127.0.0.1');
    let got = '';
    let sent = false;
    socket.on('error', reject);
    socket.on('close', () => resolve(answers(got)));
    socket.on('data', (data) => {
      got += data.toString('latin1');
      const whole = answers(got).filter((answer) => answer.whole).length;
      if (whole === 1 && !sent) {
        sent = true;
        socket.write(rest);
      } else if (whole === 2) {
        socket.destroy();
      }
    });
    socket.write(head);
  });
}

// What is answered before anybody asks for the body.

for (const [what, method, h, path, status] of [
  ['a method that the console does not know', 'PUT', 'city.test', '/console/',
   405],
  ["a console's page on another host", 'GET', 'county.test', '/console/', 303],
  ["a console's form on another host", 'POST', 'county.test',
   '/console/sign-in', 303],
  ['a console of nobody', 'POST', 'nobody.test', '/console/sign-in', 421],
  ['a console without its slash', 'POST', 'city.test', '/console', 303],
  ['a place of /api/ that leads nowhere', 'POST', 'city.test', '/api/none/x',
   404],
  ['what nginx itself refuses', 'POST', 'city.test', '/shut/', 403],
]) {
  test(`The body sent to ${what} is not taken for the next request.`,
       async () => {
    const inner = get('/xxgk/tzgg/');
    const size = inner.length;

    for (const [headers, body] of [
      [`Content-Length: ${size}`, inner],
      ['Transfer-Encoding: chunked',
       `${size.toString(16)}\r\n${inner}\r\n0\r\n\r\n`]]) {
      const list = await talk(
        p, `${method} ${path} HTTP/1.1\r\nHost: ${h}\r\n${headers}\r\n\r\n` +
        body + get('/map.html'), 2);
      assert.deepEqual(list.map((a) => a.status), [status, 200], headers);
      assert.match(list[1].body, /<title>站点地图_示例县</);
    }
  });

  test(`Nor is one that comes after the answer of ${what}.`, async () => {
    const inner = get('/xxgk/tzgg/');
    const list = await afterwards(
      `${method} ${path} HTTP/1.1\r\nHost: ${h}\r\n` +
      `Content-Length: ${inner.length}\r\n\r\n`, inner + get('/map.html'));
    assert.deepEqual(list.map((a) => a.status), [status, 200]);
    assert.match(list[1].body, /<title>站点地图_示例县</);
  });

  test(`A broken chunk sent to ${what} ends the connection.`, async () => {
    const list = await talk(
      p, `${method} ${path} HTTP/1.1\r\nHost: ${h}\r\n` +
      `Transfer-Encoding: chunked\r\n\r\nzz\r\n${get('/map.html')}`, 2);
    assert.equal(list.length, 1, 'a second request was seen');
    assert.equal(list[0].headers.connection, 'close');
  });
}

test('Requests sent at once are answered in their order, each by its site.',
     async () => {
  const asked = [['county.test', '/', '示例县'], ['city.test', '/', '示例市'],
                 ['nobody.test', '/', '没有这个网站'],
                 ['county.test', '/town/', '示例镇'],
                 ['county.test', '/nix', '没有找到这个页面_示例县'],
                 ['city.test', '/map.html', '站点地图_示例市']];
  const list = await talk(p, raw(asked.map(([h, path]) =>
    `GET ${path} HTTP/1.1\r\nHost: ${h}\r\n\r\n`).join('').repeat(4)),
                          asked.length * 4);

  assert.equal(list.length, asked.length * 4);
  list.forEach((answer, i) => {
    assert.equal(/<title>([^<]*)/.exec(answer.body)[1],
                 asked[i % asked.length][2]);
  });
});

test('Commands of any shape from the web are refused, and change nothing.',
     async () => {
  const shapes = [
    ['application/json', '{"doc":1,"reason":"x"}'], ['application/json', '{'],
    ['application/json', '['.repeat(100_000)], ['application/json', ''],
    ['text/plain', '{"doc":1,"reason":"x"}'],
    ['application/x-www-form-urlencoded', `doc=${doc}&reason=x`],
    ['multipart/form-data; boundary=x',
     '--x\r\nContent-Disposition: form-data; name="doc"\r\n\r\n1\r\n--x--\r\n'],
  ];
  for (const [type, body] of shapes) {
    for (const path of ['/api/v1/commands/doc.withdraw',
                        '/api//v1/./commands/doc.withdraw',
                        '/API/v1/commands/doc.withdraw']) {
      const answer = await p.request('county.test', path, {
        method: 'POST', body,
        headers: { 'content-type': type, 'gov-operation': 'x'.repeat(100) },
      });
      assert.ok([401, 405, 413].includes(answer.status), `${path} ${type}`);
    }
  }
  assert.equal((await p.get('county.test', `/xxgk/tzgg/${doc}.html`)).status,
               200);
});

test('An answer that is read slowly is whole, and others do not wait for it.',
     async () => {
  const text = await write(p, COUNTY, 'xxgk/zcwj', '很长的文件', {
    body: Array.from({ length: 40_000 }, (_, i) => `第${i}段。`).join('\n\n'),
  });
  const path = `/xxgk/zcwj/${text}.html`;
  const whole = await p.get('county.test', path);
  const socket = connect(p.port, '127.0.0.1');
  const got = [];
  socket.pause();
  socket.write(get(path));

  for (let i = 0; i < 50; i++) {
    assert.equal((await p.get('county.test', '/')).status, 200);
  }
  await write(p, COUNTY, 'xxgk/zcwj', '写入也不等');
  const end = new Promise((done) => {
    socket.on('data', (data) => {
      got.push(data);
      const [answer] = answers(Buffer.concat(got).toString('latin1'));
      if (answer?.whole) {
        socket.destroy();
        done(answer);
      }
    });
  });
  socket.resume();
  assert.equal((await end).body, whole.text);
});

test('A request that stops half-way, or a client that leaves, harms nobody.',
     async () => {
  const half = [];
  for (const bytes of ['G', 'GET / HTTP/1.1\r\n', `GET / HTTP/1.1\r\n${H}`,
                       `POST / HTTP/1.1\r\n${H}Content-Length: 10\r\n\r\nabc`,
                       `POST /api/v1/commands/x HTTP/1.1\r\n${H}` +
                       'Content-Length: 10\r\n\r\nabc']) {
    for (let i = 0; i < 10; i++) {
      const socket = connect(p.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(bytes);
      half.push(socket);
    }
  }
  for (let i = 0; i < 20; i++) {
    assert.equal((await p.get('county.test', '/')).status, 200);
  }
  for (const socket of half) {
    socket.destroy();
  }
  for (let i = 0; i < 50; i++) {
    const socket = connect(p.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(get('/'), () => socket.destroy());
  }
  assert.equal(title(await p.get('county.test', '/')), '示例县');
});

test('After all this the workers are the same and the pages too.',
     async () => {
  assert.deepEqual(p.workers(), workers);
  for (const [h, name] of [['county.test', '示例县'], ['city.test', '示例市']]) {
    assert.equal(title(await p.get(h, '/')), name);
  }
  p.check();
});
