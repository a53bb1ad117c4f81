// What an operator's configuration has beside the platform: limits of a
// connection, an access log, pages in pages, another scheme for one server,
// and other locations after a reload.  A copy that answers early keeps to it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, links, reloaded, until, writeWith } from './visitor.mjs';

const socket = (name) => join(p.dir, `run/${name}.sock`);
const server = (name, lines) =>
  `server { listen unix:run/${name}.sock; gov on; ${lines} }`;

/** Of libnginx-mod-http-headers-more-filter. */
const MORE = '/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so';

/** An attachment without a byte, by its digest. */
const EMPTY = '/files/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b'
  + '7852b855/empty.txt';

const p = await platform({
  sites: true,
  env: { WORKERS: '1' },
  conf: {
    main: `load_module ${MORE};`,
    http: `log_format bytes "$request_method $bytes_sent $body_bytes_sent";
gov_scheme https;
gov_port none;
${server('few', 'keepalive_requests 3;')}
${server('none', 'keepalive_timeout 0;')}
${server('short', 'keepalive_time 1ms;')}
${server('logged', 'access_log log/bytes.log bytes;')}
${server('auto', 'gov_scheme auto;')}
${server('named', 'more_set_headers "Server: 甲" "X-More: yes";')}
${server('frames', `
    default_type text/html;
    location = /page { gov off; add_before_body /; return 200 "<hr>"; }
    location = /moved { gov off; add_before_body /town; return 200 "<hr>"; }
    location = /empty { gov off; add_before_body ${EMPTY}; return 200 "<hr>"; }
    location = /asked {
        gov off;
        add_before_body /api/v1/one;
        add_after_body /api/v1/other;
        return 200 "<hr>";
    }
    gov_submit /_govd;
    location /_govd/ { internal; gov off; proxy_pass http://govd/; }
`)}`,
  },
});

const request = (path = '/', more = '', method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nHost: county.test\r\n`
  + `Accept-Encoding: gzip, br\r\n${more}\r\n`;
const CLOSE = 'Connection: close\r\n';

/** All that comes back to these bytes, until the server closes. */
function send(name, bytes) {
  return new Promise((resolve, reject) => {
    const got = [];
    const stream = connect(socket(name));
    stream.on('data', (data) => got.push(data));
    stream.on('error', reject);
    stream.on('close', () => resolve(Buffer.concat(got).toString('latin1')));
    stream.setTimeout(5000, () => stream.destroy());
    stream.write(bytes);
  });
}

/** The Connection header of each answer. */
const said = (text) => [...text.matchAll(/\r\nConnection: (\S+)/g)]
  .map((match) => match[1]);

test('A header that another module sets is not said twice.', async () => {
  await send('named', request('/', CLOSE));
  const text = await send('named', request('/', CLOSE));

  assert.match(text, /\r\nX-Gov-Copy: hit\r\n/);
  assert.match(text, /\r\nX-More: yes\r\n/);
  assert.equal(text.split('\r\nServer: ').length, 2);
});

test('A connection of copies ends after as many requests as any other.',
     async () => {
  await send('few', request('/', CLOSE));
  const text = await send('few', request().repeat(5));

  assert.equal(text.split('X-Gov-Copy: hit').length, 4);
  assert.deepEqual(said(text), ['keep-alive', 'keep-alive', 'close']);
});

test('A server that keeps no connection does not say that it does.',
     async () => {
  await send('none', request('/', CLOSE));
  const text = await send('none', request());

  assert.match(text, /X-Gov-Copy: hit/);
  assert.deepEqual(said(text), ['close']);
});

test('A connection of copies ends when it has lasted long enough.',
     async () => {
  await send('short', request('/', CLOSE));
  const text = await new Promise((resolve, reject) => {
    const got = [];
    const stream = connect(socket('short'), () => {
      setTimeout(() => stream.write(request()), 50);
    });
    stream.on('data', (data) => got.push(data));
    stream.on('error', reject);
    stream.on('close', () => resolve(Buffer.concat(got).toString('latin1')));
    stream.setTimeout(5000, () => stream.destroy());
  });

  assert.match(text, /X-Gov-Copy: hit/);
  assert.deepEqual(said(text), ['close']);
});

test('The access log tells the bytes that went out.', async () => {
  const log = join(p.dir, 'log/bytes.log');
  await send('logged', request('/', CLOSE));
  writeFileSync(log, '');

  const get = await send('logged', request('/', CLOSE));
  const head = await send('logged', request('/', CLOSE, 'HEAD'));
  const body = get.length - get.indexOf('\r\n\r\n') - 4;

  for (const text of [get, head]) {
    assert.match(text, /X-Gov-Copy: hit/);
  }
  await until(() => readFileSync(log, 'utf8').split('\n').length === 3);
  assert.equal(readFileSync(log, 'utf8'),
               `GET ${get.length} ${body}\nHEAD ${head.length} 0\n`);
});

test('A server takes back to "auto" what stands above it.', async () => {
  const page = await send('auto', request('/nothing', CLOSE));
  const other = await send('few', request('/nothing', CLOSE));

  assert.ok(links(page).includes('http://city.test/'));
  assert.ok(links(other).includes('https://city.test/'));
});

test('A page in a page is plain, as what is around it.', async () => {
  for (const what of ['made', 'a copy']) {
    const text = await send('frames', request('/page', CLOSE));

    assert.doesNotMatch(text, /Content-Encoding/, what);
    assert.match(text, /<!DOCTYPE html>[^]*<\/html>\s*4\r\n<hr>\r\n/, what);
  }
});

test('An answer without a body in a page is nothing at all.', async () => {
  await writeWith(p, { 'empty.txt': '' }, [
    '--site', COUNTY, '--column', 'xxgk/tzgg', '--title', '空附件']);
  const { status, body } = await p.get('county.test', EMPTY);
  assert.deepEqual([status, body.length], [200, 0]);

  for (const path of ['/moved', '/empty']) {
    const text = await send('frames', request(path, CLOSE));
    assert.match(text, /^HTTP\/1\.1 200 [^]*\r\n4\r\n<hr>\r\n0\r\n\r\n$/);
  }
});

test('What asks govd stands in no page.', async () => {
  const text = await send('frames', request('/asked', CLOSE));

  assert.match(text, /^HTTP\/1\.1 200 [^]*<hr>[^]*\r\n0\r\n\r\n$/);
  assert.equal(text.split('</html>').length, 3);
});

test('After a reload a new location is asked, though there was a copy.',
     async () => {
  const file = join(p.dir, 'nginx.conf');
  const before = readFileSync(file, 'utf8');
  const get = () => p.get('county.test', '/xxgk/');
  const change = async (text) => {
    writeFileSync(file, text);
    await reloaded(p);
  };

  await get();
  assert.equal((await get()).headers['x-gov-copy'], 'hit');
  await change(before);
  assert.equal((await get()).headers['x-gov-copy'], 'hit');

  for (const line of ['location = /xxgk/ { return 410; }',
                      'location /xxgk/ { gov off; return 410; }']) {
    await change(before.replace('location /api/ {', `${line}\n$&`));
    assert.equal((await get()).status, 410, line);
    await change(before);
    assert.equal((await get()).status, 200);
  }
});

test('After a reload a location speaks of other addresses at once.',
     async () => {
  const file = join(p.dir, 'nginx.conf');
  const before = readFileSync(file, 'utf8');

  for (const scheme of ['', 'gov_scheme http;', '']) {
    writeFileSync(file, before.replace('location /api/ {',
      `location = /feed.xml { ${scheme} }\n$&`));
    await reloaded(p);
    for (let i = 0; i < 2; i++) {
      const { text } = await p.get('county.test', '/feed.xml');
      assert.equal(text.includes('https://county.test/'), scheme === '');
    }
  }
});
