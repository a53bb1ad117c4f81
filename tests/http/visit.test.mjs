// A visitor: which page an address is, and how it is answered.

import assert from 'node:assert/strict';
import test, { before } from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, TOWNSHIP, layVillage, links, place, plain, talk,
         title, write } from './visitor.mjs';

const p = await platform({ sites: true });
const NAMES = /示例(市|县|镇|村)/;

const docs = {};

before(async () => {
  await layVillage(p);
  docs.county = await write(p, COUNTY, 'xxgk/tzgg', '县里的通知');
  docs.town = await write(p, TOWNSHIP, 'xxgk/tzgg', '镇里的通知');
  docs.long = await write(p, COUNTY, 'xxgk/zcwj', '一份长文件', {
    body: '政府网站应当方便公众。\n\n'.repeat(200),
  });
  // later than the last commit, so that a date proves something
  p.clock.advance(60);
});

const LONG = () => `/xxgk/zcwj/${docs.long}.html`;

/** Where a redirect leads, as [host, path]; fails unless it is a 301. */
async function moved(host, path) {
  const answer = await p.get(host, path);
  assert.equal(answer.status, 301, `${host}${path}`);
  assert.equal(answer.body.length, 0);
  return place(answer.headers.location);
}


// -- which page

for (const [what, host, path, name] of [
  ['The portal', 'city.test', '/', '示例市'],
  ['A county on its own host', 'county.test', '/', '示例县'],
  ['A township below its county', 'county.test', '/town/', '示例镇'],
  ['A village below its township', 'county.test', '/town/village/', '示例村'],
]) {
  test(`${what} answers with its own home page.`, async () => {
    const answer = await p.get(host, path);

    assert.equal(answer.status, 200);
    assert.equal(title(answer), name);
    assert.match(answer.text, new RegExp(`<h1[^>]*>${name}</h1>`));
  });
}

test('A document of a township stands below the township, and nowhere else.',
     async () => {
  const path = `/xxgk/tzgg/${docs.town}.html`;
  const answer = await p.get('county.test', `/town${path}`);

  assert.equal(answer.status, 200);
  assert.match(answer.text, /<h1>镇里的通知<\/h1>/);
  for (const host of ['county.test', 'city.test']) {
    assert.deepEqual(await moved(host, path), ['county.test', `/town${path}`]);
  }
});

test('A visitor walks from the portal to a document and back by links.',
     async () => {
  const names = ['示例市', '示例县', '示例镇'];
  let at = ['city.test', '/'];

  for (const next of names.slice(1)) {
    const page = (await p.get(...at)).text;
    const found = new RegExp(`<a href="([^"]*)">${next}</a>`).exec(page);
    assert.ok(found, `${next} from ${at}`);
    at = place(new URL(found[1], `http://${at[0]}${at[1]}`));
  }
  const column = await p.get(at[0], `${at[1]}xxgk/tzgg/`);
  const url = links(column.text).find((u) => u.endsWith(`${docs.town}.html`));
  const page = (await p.get(at[0], url)).text;
  const crumbs = /<nav class="crumbs[^]*?<\/nav>/.exec(page)[0];

  assert.deepEqual([...crumbs.matchAll(/<li[^>]*>(?:<a [^>]*>)?([^<]*)/g)]
    .map((m) => m[1]), [...names, '信息公开', '通知公告', '正文']);
  for (const back of links(crumbs)) {
    const there = place(new URL(back, `http://${at[0]}/`));
    assert.equal((await p.get(...there)).status, 200, back);
  }
});

test('A long column goes on at index_2.html, and ends where its rows end.',
     async () => {
  const rows = Array.from({ length: 25 }, (_, i) => ({
    id: `row-${i}`, title: `要闻第${i}条`, body_md: '正文。',
  }));
  await p.run('doc.import', { site: COUNTY, column: 'xxgk/yw', rows });
  const [one, two, three] = await Promise.all(
    ['', 'index_2.html', 'index_3.html'].map(
      (page) => p.get('county.test', `/xxgk/yw/${page}`)));

  const of = (answer) => [...answer.text.matchAll(/要闻第(\d+)条/g)]
    .map((m) => Number(m[1]));
  assert.equal(two.status, 200);
  assert.equal(three.status, 404);
  assert.deepEqual([...new Set([...of(one), ...of(two)])].sort((a, b) => a - b),
                   rows.map((_, i) => i));
  assert.equal(of(one).filter((i) => of(two).includes(i)).length, 0);
  assert.deepEqual(await moved('county.test', '/xxgk/yw/index_1.html'),
                   ['county.test', '/xxgk/yw/']);
});

for (const [what, path, to] of [
  ['a column without its slash', '/xxgk/tzgg', '/xxgk/tzgg/'],
  ["a column's index.html", '/xxgk/tzgg/index.html', '/xxgk/tzgg/'],
  ["a site's index.html", '/index.html', '/'],
  ['a township without its slash', '/town', '/town/'],
  ['a village without its slash', '/town/village', '/town/village/'],
  ["a township's index.html", '/town/index.html', '/town/'],
]) {
  test(`The address of ${what} redirects to the one address.`, async () => {
    assert.deepEqual(await moved('county.test', path), ['county.test', to]);
  });
}

test('No redirect is kept for good: a site may come back to its old address.',
     async () => {
  for (const path of ['/town', '/xxgk/tzgg', `/s/${docs.county}`,
                      '/_gov/view?mode=elder&to=/']) {
    const { headers } = await p.get('county.test', path);
    assert.match(headers['cache-control'], /no-cache|no-store/, path);
  }
});

test('The short address and a wrong column lead to the document.',
     async () => {
  const at = ['county.test', `/xxgk/tzgg/${docs.county}.html`];

  assert.deepEqual(await moved('county.test', `/s/${docs.county}`), at);
  assert.deepEqual(await moved('city.test', `/s/${docs.county}`), at);
  assert.deepEqual(
    await moved('county.test', `/xxgk/zcwj/${docs.county}.html`), at);
});

test('A document that moved redirects from where it stood.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '会搬家的通知');
  await p.run('doc.move', { doc, column: 'xxgk/zcwj' });

  assert.deepEqual(await moved('county.test', `/xxgk/tzgg/${doc}.html`),
                   ['county.test', `/xxgk/zcwj/${doc}.html`]);
});

test('A column that was renamed redirects with everything below it.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/rsrm', '任免通知');
  await p.run('column.set', {
    site: COUNTY, column: 'xxgk/rsrm', slug: 'renshi',
  });

  assert.deepEqual(await moved('county.test', '/xxgk/rsrm/'),
                   ['county.test', '/xxgk/renshi/']);
  assert.deepEqual(await moved('county.test', `/xxgk/rsrm/${doc}.html`),
                   ['county.test', `/xxgk/renshi/${doc}.html`]);
});


// -- pages that say no

for (const path of ['/nothing', '/nothing/', '/xxgk/nothing/', '/s/999999',
                    '/xxgk/tzgg/999999.html', '/xxgk/tzgg/0.html',
                    '/xxgk/tzgg/01.html', '/xxgk/tzgg/-1.html',
                    '/xxgk/tzgg/index_0.html', '/xxgk/tzgg/index_02.html',
                    '/xxgk/tzgg/99999999999999999999.html', '/s/1/2',
                    '/_gov/nothing', '/_gov/', '/_gov/error', '/_govd/',
                    '/town/nothing', '/favicon.ico']) {
  test(`There is nothing at ${path}, and the answer is 404.`, async () => {
    assert.equal((await p.get('county.test', path)).status, 404);
  });
}

test('The page of a 404 is its own site and has ways on that work.',
     async () => {
  for (const [host, path, name] of [['county.test', '/nix', '示例县'],
                                    ['county.test', '/town/nix', '示例镇']]) {
    const answer = await p.get(host, path);
    const ways = /<ul class="ways">[^]*?<\/ul>/.exec(answer.text)[0];

    assert.match(title(answer), new RegExp(`_${name}$`));
    assert.match(answer.text, /noindex/);
    assert.ok(links(ways).length >= 4);
    for (const way of links(ways)) {
      assert.equal((await p.get(host, way)).status, 200, way);
    }
  }
});

for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS',
                      'PROPFIND']) {
  test(`A page answers ${method} with 405 and what it allows.`, async () => {
    const answer = await p.request('county.test', '/xxgk/tzgg/', { method });

    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, 'GET, HEAD');
    assert.match(title(answer), /示例县$/);
  });
}

test('A withdrawn document answers 410 with the reason and what replaces it.',
     async () => {
  const old = await write(p, COUNTY, 'xxgk/tzgg', '旧的办法');
  const fresh = await write(p, COUNTY, 'xxgk/tzgg', '新的办法');
  await p.run('doc.withdraw', {
    doc: old, reason: '内容<已>更正', replacement: fresh,
  });
  const answer = await p.get('county.test', `/xxgk/tzgg/${old}.html`);

  assert.equal(answer.status, 410);
  assert.match(answer.text, /内容&lt;已&gt;更正/);
  assert.doesNotMatch(answer.text, /旧的办法的正文/);
  const to = links(answer.text).find((u) => u.endsWith(`/${fresh}.html`));
  assert.equal((await p.get(...place(to))).status, 200);
});

test('A document that was never published answers 404, withdrawn or not.',
     async () => {
  const { doc } = await p.run('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '草稿', body: '不公开。',
  });
  const path = `/xxgk/tzgg/${doc}.html`;

  for (const at of [path, `/s/${doc}`]) {
    const answer = await p.get('county.test', at);
    assert.equal(answer.status, 404);
    assert.doesNotMatch(answer.text, /草稿|不公开/);
  }
});

test('A body that is too large answers 413 on the page of the site.',
     async () => {
  for (const path of ['/', '/api/v1/commands/doc.create']) {
    const [answer] = await talk(
      p, `POST ${path} HTTP/1.1\r\nHost: county.test\r\n` +
      'Content-Length: 99999999\r\n\r\n');

    assert.equal(answer.status, 413);
    assert.match(answer.body, /提交的内容过大_示例县/);
  }
});

test('An unknown host answers 421 and no byte of any site.', async () => {
  for (const host of ['nobody.test', 'test', 'xcity.test', 'city.test.cn',
                      'county.city.test', 'localhost', '127.0.0.1',
                      '127.0.0.1:80', '[::1]', 'city..test', 'a_b.test']) {
    for (const path of ['/', `/s/${docs.county}`, '/sitemap.xml', '/feed.xml',
                        '/robots.txt', '/town/']) {
      const answer = await p.get(host, path);
      assert.ok([421, 400].includes(answer.status), `${host}${path}`);
      assert.doesNotMatch(answer.text, NAMES);
      assert.ok(answer.body.length < 2000);
    }
  }
  assert.equal((await p.get('nobody.test', '/')).status, 421);
});

test('A host is the same in any case, with a port and with a dot at its end.',
     async () => {
  const page = await p.get('county.test', '/');

  for (const host of ['COUNTY.TEST', 'County.Test.', 'county.test:80',
                      'county.test:8080', 'county.test.:1']) {
    const answer = await p.get(host, '/');
    assert.equal(answer.status, 200, host);
    assert.equal(answer.text, page.text);
    assert.equal(answer.headers['x-gov-copy'], 'hit', host);
  }
});


// -- headers

test('HEAD has the headers of GET and no body.', async () => {
  const gone = await write(p, COUNTY, 'xxgk/tzgg', '撤下');
  await p.run('doc.withdraw', { doc: gone, reason: '有误' });
  await p.get('county.test', `/xxgk/tzgg/${gone}.html`);

  for (const [host, path] of [
    ['county.test', '/'], ['county.test', LONG()], ['county.test', '/town'],
    ['county.test', '/nix'], ['county.test', `/xxgk/tzgg/${gone}.html`],
    ['nobody.test', '/'], ['county.test', '/feed.xml'],
    ['county.test', '/_gov/health'], ['county.test', '/api/v1/openapi.json'],
  ]) {
    for (const coding of ['identity', 'gzip', 'br']) {
      const wish = { 'accept-encoding': coding };
      await p.get(host, path, wish);
      const get = await p.get(host, path, wish);
      const head = await p.head(host, path, wish);
      for (const { headers } of [get, head]) {
        delete headers.date;
        delete headers.connection;      // the client closes after a HEAD
      }

      assert.equal(head.status, get.status, path);
      assert.deepEqual(head.headers, get.headers);
      assert.equal(head.body.length, 0);
    }
  }
});

test('A page carries what a copy elsewhere needs to ask again.', async () => {
  const { headers } = await p.get('county.test', LONG());

  assert.match(headers.etag, /^"[0-9a-f]{16}-i"$/);
  assert.equal(headers['cache-control'], 'no-cache');
  assert.equal(headers.vary, 'Accept-Encoding');
  assert.equal(Date.parse(headers['last-modified']), p.clock.now.getTime());
});

test('A page carries the headers that protect its reader.', async () => {
  for (const path of ['/', '/nix', '/town', '/_gov/health', '/feed.xml']) {
    const { headers } = await p.get('county.test', path);
    const policy = headers['content-security-policy'];

    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.ok(headers['referrer-policy']);
    assert.equal(headers.server, 'nginx', 'no version');
  }
});

test('gzip, brotli and identity are one page under three ETags.', async () => {
  const [i, g, b] = await Promise.all(['identity', 'gzip', 'br'].map(
    (coding) => p.get('county.test', LONG(), { 'accept-encoding': coding })));

  assert.equal(g.headers['content-encoding'], 'gzip');
  assert.equal(b.headers['content-encoding'], 'br');
  assert.equal(plain(g), i.text);
  assert.equal(plain(b), i.text);
  assert.ok(b.body.length < g.body.length && g.body.length < i.body.length);
  assert.equal(new Set([i, g, b].map((a) => a.headers.etag)).size, 3);
  assert.equal(new Set([i, g, b].map((a) => a.headers.vary)).size, 1);
});

for (const [wish, coding] of [
  [undefined, undefined], ['', undefined], ['zstd', undefined],
  ['zstd, gzip', 'gzip'], ['gzip, br', 'br'], ['GZIP', 'gzip'],
  ['br;q=0, gzip', 'gzip'], ['br;q=0.0,gzip;q=0', undefined],
  ['gzip;q=0.001', 'gzip'], ['gzip ; q=0', undefined], ['gzip;q=1.0', 'gzip'],
  ['x-gzip-not, brotli', undefined], ['deflate, compress', undefined],
  ['gzip;q=0.000', undefined], ['identity', undefined], [',,;;,', undefined],
]) {
  const sent = wish === undefined ? 'not sent' : `"${wish}"`;
  test(`Accept-Encoding ${sent} gets ${coding ?? 'identity'}.`, async () => {
    const answer = await p.get('county.test', LONG(), wish === undefined
      ? {} : { 'accept-encoding': wish });

    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-encoding'], coding);
    assert.match(plain(answer), /<h1>一份长文件<\/h1>/);
  });
}

test('The ETag of each coding gets 304 for itself and 200 for the others.',
     async () => {
  const etag = {};
  for (const coding of ['identity', 'gzip', 'br']) {
    etag[coding] = (await p.get('county.test', LONG(), {
      'accept-encoding': coding })).headers.etag;
  }
  for (const coding of Object.keys(etag)) {
    for (const [asked, tag] of Object.entries(etag)) {
      const answer = await p.get('county.test', LONG(), {
        'accept-encoding': coding, 'if-none-match': tag });
      assert.equal(answer.status, asked === coding ? 304 : 200);
      assert.equal(answer.headers.etag, etag[coding]);
      assert.equal(answer.body.length === 0, asked === coding);
    }
  }
});

test('If-None-Match takes weak tags, lists and a star.', async () => {
  const { etag } = (await p.get('county.test', LONG())).headers;

  for (const [tags, status] of [
    [etag, 304], [`W/${etag}`, 304], ['*', 304],
    [`"x", ${etag}`, 304], [`"x",W/${etag},"y"`, 304],
    ['"x"', 200], [`"x", "y"`, 200], [etag.slice(1, -1), 200], ['', 200],
  ]) {
    const answer = await p.get('county.test', LONG(),
                               { 'if-none-match': tags });
    assert.equal(answer.status, status, tags);
  }
});

test('A 304 has the headers that a 200 would have had.', async () => {
  const get = await p.get('county.test', LONG());
  const same = await p.get('county.test', LONG(),
                           { 'if-none-match': get.headers.etag });

  for (const name of ['etag', 'cache-control', 'vary', 'last-modified',
                      'content-security-policy']) {
    assert.equal(same.headers[name], get.headers[name], name);
  }
});

test('A date gets 304 if it is the one shown, and the tag goes before it.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '有日期的通知');
  const path = `/xxgk/tzgg/${doc}.html`;
  p.clock.advance(60);
  const { etag, 'last-modified': date } = (await p.get('county.test', path))
    .headers;
  const later = new Date(Date.parse(date) + 60_000).toUTCString();
  const earlier = new Date(Date.parse(date) - 60_000).toUTCString();

  for (const [headers, status] of [
    [{ 'if-modified-since': date }, 304],
    [{ 'if-modified-since': earlier }, 200],
    [{ 'if-modified-since': later }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-modified-since': date, 'if-none-match': '"x"' }, 200],
    [{ 'if-modified-since': earlier, 'if-none-match': etag }, 304],
  ]) {
    assert.equal((await p.get('county.test', path, headers)).status, status,
                 JSON.stringify(headers));
  }
});

test('A date does not tell an address\'s renderings apart, a tag does.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '两种版式的通知');
  const path = `/xxgk/tzgg/${doc}.html`;
  const cookie = 'gov_view=elder';
  p.clock.advance(60);
  const normal = (await p.get('county.test', path)).headers;

  for (const packed of [{}, { 'accept-encoding': 'gzip' },
                        { 'accept-encoding': 'br' }]) {
    for (const copy of [/miss|hit/, /hit/]) {
      const { headers } = await p.get('county.test', path,
                                      { cookie, ...packed });
      assert.match(headers['x-gov-copy'], copy);
      assert.equal(headers['last-modified'], undefined);

      for (const [more, status] of [
        [{ 'if-modified-since': normal['last-modified'] }, 200],
        [{ 'if-none-match': normal.etag }, 200],
        [{ 'if-none-match': headers.etag }, 304]]) {
        assert.equal((await p.get('county.test', path, {
          cookie, ...packed, ...more })).status, status, JSON.stringify(more));
      }
    }
  }

  // of the same second, and none of it is the elder one's
  assert.equal((await p.get('county.test', path, {
    'if-modified-since': normal['last-modified'] })).status, 304);
});

test('A date of the very second of a change proves nothing.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '同一秒');
  const path = `/xxgk/tzgg/${doc}.html`;
  const first = await p.get('county.test', path);
  const date = first.headers['last-modified'];
  await p.run('doc.edit', { doc, base: 1, title: '同一秒改了', publish: true });
  const second = await p.get('county.test', path,
                             { 'if-modified-since': date });

  assert.equal(second.status, 200);
  assert.match(title(second), /^同一秒改了/);
  assert.equal(second.headers['last-modified'], date);
  assert.notEqual(second.headers.etag, first.headers.etag);
});

test('The first visitor is a miss, the next a hit, an error neither.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '第一次');
  const ask = async (path, headers) => (await p.get('county.test', path,
                                                    headers))
    .headers['x-gov-copy'];
  const path = `/xxgk/tzgg/${doc}.html`;

  assert.equal(await ask(path), 'miss');
  assert.equal(await ask(path), 'hit');
  assert.equal(await ask(path, { 'accept-encoding': 'br' }), 'hit');
  for (const other of ['/nix', '/town', '/_gov/health']) {
    assert.equal(await ask(other), 'pass');
  }
});

/** What stays the same of answers from one copy. */
function sameOf({ status, headers, body }) {
  const { date, 'x-gov-copy': copy, ...rest } = headers;
  return { status, body, headers: rest };
}

test('A hit has the bytes and headers of the miss.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '两次');
  const path = `/xxgk/tzgg/${doc}.html`;
  const miss = await p.get('county.test', path, { 'accept-encoding': 'gzip' });
  const hit = await p.get('county.test', path, { 'accept-encoding': 'gzip' });

  assert.equal(hit.headers['x-gov-copy'], 'hit');
  assert.deepEqual(sameOf(hit), sameOf(miss));
});

test('Brotli is made for the second who takes it, and kept.', async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '三次');
  const path = `/xxgk/tzgg/${doc}.html`;
  const ask = (coding, more) => p.get('county.test', path, {
    'accept-encoding': coding, ...more });

  const first = await ask('gzip, br');
  assert.equal(first.headers['x-gov-copy'], 'miss');
  assert.equal(first.headers['content-encoding'], 'gzip');

  const revalidated = await ask('gzip, br', {
    'if-none-match': first.headers.etag });
  assert.equal(revalidated.status, 304, 'it stays as it is until asked for');

  const second = await ask('gzip, br');
  const third = await ask('gzip, br');
  assert.equal(second.headers['x-gov-copy'], 'hit');
  assert.equal(second.headers['content-encoding'], 'br');
  assert.equal(plain(second), plain(first));
  assert.deepEqual(sameOf(third), sameOf(second));

  const gzip = await ask('gzip');
  assert.deepEqual(sameOf(gzip), sameOf(first), 'the other form stands');
  assert.equal((await ask('identity')).text, plain(first));

  await p.run('doc.edit', { doc, base: 1, title: '三次，改了',
                            publish: true });
  const changed = await ask('gzip, br');
  assert.equal(changed.headers['x-gov-copy'], 'miss', 'kept with its proof');
  assert.match(plain(changed), /三次，改了/);
});

test('Who takes brotli alone gets the page as it is until it is made.',
     async () => {
  const doc = await write(p, COUNTY, 'xxgk/tzgg', '只要一种');
  const path = `/xxgk/tzgg/${doc}.html`;
  const [first, second] = [
    await p.get('county.test', path, { 'accept-encoding': 'br' }),
    await p.get('county.test', path, { 'accept-encoding': 'br' })];

  assert.equal(first.headers['content-encoding'], undefined);
  assert.equal(second.headers['content-encoding'], 'br');
  assert.equal(plain(second), first.text);
});

test('A query string does not change the page.', async () => {
  const page = await p.get('county.test', LONG());

  for (const query of ['?', '?a=1', '?utm_source=x&b', '?%00', '?//',
                       `?${'x'.repeat(3000)}`]) {
    const answer = await p.get('county.test', LONG() + query);
    assert.equal(answer.headers.etag, page.headers.etag);
    assert.equal(answer.headers['x-gov-copy'], 'hit');
  }
  assert.doesNotMatch((await p.get('county.test', '/?<script>')).text,
                      /\?<script>/);
});

test('The way a slash or a letter is written in a path makes no other page.',
     async () => {
  const page = await p.get('county.test', '/xxgk/tzgg/');

  for (const path of ['//xxgk///tzgg/', '/xxgk/./tzgg/', '/xxgk%2Ftzgg/',
                      '/%78xgk/tzgg/', '/town/../xxgk/tzgg/']) {
    const answer = await p.get('county.test', path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.etag, page.headers.etag);
  }
  assert.equal((await p.get('county.test', '/XXGK/tzgg/')).status, 404);
});


// -- renderings

test('The elder mode is another page of its own at the same address.',
     async () => {
  const normal = await p.get('county.test', '/');
  const elder = await p.get('county.test', '/', { cookie: 'gov_view=elder' });

  assert.match(normal.text, /<html[^>]* class="normal"/);
  assert.match(elder.text, /<html[^>]* class="elder"/);
  assert.notEqual(elder.headers.etag, normal.headers.etag);
  assert.match((await p.get('county.test', '/')).text, /class="normal"/);
  for (const cookie of ['gov_view=', 'gov_view=elders', 'xgov_view=elder',
                        'gov_view=ELDER', 'a=gov_view=elder', ';;;=;']) {
    assert.match((await p.get('county.test', '/', { cookie })).text,
                 /class="normal"/, cookie);
  }
  assert.match((await p.get('county.test', '/', {
    cookie: 'a=b; gov_view=elder; c=d' })).text, /class="elder"/);
});

test("Each page's link switches the mode and comes back to the page.",
     async () => {
  const at = `/town/xxgk/tzgg/${docs.town}.html`;
  const page = await p.get('county.test', at);
  const way = links(page.text).find((u) => u.startsWith('/_gov/view?'));
  const on = await p.get('county.test', way);

  assert.equal(on.status, 303);
  assert.equal(on.headers.location, at);
  assert.match(on.headers['set-cookie'],
               /^gov_view=elder; Path=\/; .*SameSite=Lax.*HttpOnly/);
  assert.match(on.headers['cache-control'] ?? 'no-store', /no-/);

  const elder = await p.get('county.test', at, { cookie: 'gov_view=elder' });
  const back = links(elder.text).find((u) => u.startsWith('/_gov/view?'));
  const off = await p.get('county.test', back);
  assert.equal(off.headers.location, at);
  assert.match(off.headers['set-cookie'], /^gov_view=; .*Max-Age=0/);
});

for (const to of ['//evil.test', '/\\evil.test', 'http://evil.test/',
                  'evil.test', '\\\\evil.test', 'javascript:alert(1)',
                  '%2F%2Fevil.test', '%2F%5Cevil.test', '', '%00',
                  '%09//evil.test']) {
  test(`The mode's way back never leads out: to=${to}`, async () => {
    const answer = await p.get('county.test',
                               `/_gov/view?mode=elder&to=${to}`);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, '/');
  });
}

test("The mode's way back carries no line of its own into the headers.",
     async () => {
  for (const to of ['/a%0D%0ASet-Cookie:%20x=y', '/a%0aX-Evil:%201',
                    '/%E5%8E%BF%00', '/a b'.replace(' ', '%20')]) {
    const answer = await p.get('county.test',
                               `/_gov/view?mode=elder&to=${to}`);
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/[A-Za-z0-9%._~-]*$/);
    assert.equal(answer.headers['x-evil'], undefined);
    assert.equal(typeof answer.headers['set-cookie'], 'string');
  }
});

// -- the fast answer of an early hit has its own code for headers

for (const coding of ['br', 'gzip']) {
  for (const method of ['GET', 'HEAD']) {
    test(`A copy's headers are the same with and without a condition `
         + `(${method}, ${coding}).`, async () => {
      const ask = async (more) => {
        const answer = await p.request('county.test', '/', {
          method, headers: { 'accept-encoding': coding, ...more },
        });
        const { date, connection, ...rest } = answer.headers;
        return [answer.status, answer.body.toString('hex'),
                Object.entries(rest).sort()];
      };

      await ask({});
      const direct = await ask({});
      assert.deepEqual(direct, await ask({ 'if-none-match': '"other"' }));
      assert.ok(direct[2].some(([k, v]) => k === 'x-gov-copy'
                                           && v === 'hit'));
      assert.ok(direct[2].some(([k, v]) => k === 'content-encoding'
                                           && v === coding));
    });
  }
}
