// Directives at work: behind a gateway with TLS, without the early phase,
// with an access log, without a door for commands.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { COUNTY, TOWNSHIP, links, title, write } from './visitor.mjs';

const p = await platform({
  sites: true,
  conf: {
    http: "log_format gov '$host|$uri|$status|$gov_copy|$gov_site';",
    server: `access_log log/access.log gov;
gov_early off;
gov_scheme https;
gov_port none;
location /plain/ { gov off; return 200 "not ours"; }
location /api/v1/ { gov_submit ""; }
location /odd/ { gov_port 8443; gov_scheme http; }`,
  },
});
const doc = await write(p, COUNTY, 'xxgk/tzgg', '县里的通知');
const path = `/xxgk/tzgg/${doc}.html`;

test('Behind a gateway every absolute address is the public one.',
     async () => {
  const pages = ['/', '/town/', path, '/feed.xml', '/sitemap.xml',
                 '/robots.txt', '/.well-known/security.txt'];

  for (const at of pages) {
    const { text } = await p.get('county.test', at);
    const all = [...text.matchAll(/https?:\/\/(?:city|county)\.test[^\s"<]*/g)];
    assert.ok(all.length > 0, at);
    for (const [url] of all) {
      assert.match(url, /^https:\/\/(city|county)\.test\//, at);
    }
  }
});

test('Behind a gateway every redirect stays with the public address.',
     async () => {
  for (const [at, to] of [
    ['/town', 'https://county.test/town/'],
    [`/s/${doc}`, `https://county.test${path}`],
    ['/xxgk/index.html', 'https://county.test/xxgk/'],
    ['/_gov/view?mode=elder&to=/town/', '/town/'],
  ]) {
    assert.equal((await p.get('county.test', at)).headers.location, to);
  }
});

test('Without the early phase a copy still answers, and is as fresh.',
     async () => {
  await p.get('county.test', path);
  const hit = await p.get('county.test', path);
  assert.equal(hit.headers['x-gov-copy'], 'hit');
  assert.equal((await p.get('county.test', path, {
    'if-none-match': hit.headers.etag })).status, 304);
  await p.run('doc.edit', { doc, base: 1, title: '改了', publish: true });
  assert.match(title(await p.get('county.test', path)), /^改了/);
});

test('A location that is not of the platform is left alone.', async () => {
  const answer = await p.get('county.test', '/plain/');
  assert.equal(answer.status, 200);
  assert.equal(answer.text, 'not ours');
  assert.equal(answer.headers['x-gov-copy'], undefined);
});

test('Without a door for commands there is no API.', async () => {
  for (const method of ['GET', 'POST']) {
    const answer = await p.request('county.test',
                                   '/api/v1/commands/doc.create', { method });
    assert.equal(answer.status, 404);
    assert.match(title(answer), /示例县$/);
  }
});

test('Scheme and port of a location are those of its addresses.', async () => {
  const answer = await p.get('county.test', '/odd/');
  const up = links(answer.text).find((url) => url.includes('city.test'));

  assert.equal(answer.status, 404);
  assert.equal(up, 'http://city.test:8443/');
});

test('The access log tells site and copy of every request.', async () => {
  await p.get('county.test', '/town/');
  await p.get('county.test', '/town/');
  await p.get('nobody.test', '/');
  await p.get('county.test', '/town');
  const lines = readFileSync(join(p.dir, 'log/access.log'), 'utf8').trim()
    .split('\n').map((line) => line.split('|'));
  const of = (host, uri) => lines.filter((l) => l[0] === host && l[1] === uri);
  const number = JSON.parse(await p.ctl('--format=json', 'site', 'get',
                                        TOWNSHIP)).number;

  assert.deepEqual(of('county.test', '/town/').at(-1).slice(2),
                   ['200', 'hit', String(number)]);
  assert.deepEqual(of('nobody.test', '/').at(-1).slice(2),
                   ['421', 'pass', '-']);
  assert.equal(of('county.test', '/town').at(-1)[2], '301');
  assert.ok(lines.every((l) => l.length === 5));
});
