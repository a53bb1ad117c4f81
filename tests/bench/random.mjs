// The home pages of all sites of the national list at random, warm: the
// platform beside the same bytes as files, a file a site, and beside
// "return 200" under the same script, and all of it beside one site.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { best, reportRatio, reportRounds } from './figures.mjs';
import { fetchOnce, round, rounds } from './load.mjs';
import { atRandom, hostOf, nation, visitAll, writeHosts } from './nation.mjs';
import { folder } from './platform.mjs';
import { DESCRIPTORS, Nginx, addHeaders, extraHeaders }
  from './peers/nginx.mjs';

export const title = 'Every site at random';

/** One for all, as large as descriptors allow; all sites' files take 45,000. */
const CACHE = `open_file_cache max=${DESCRIPTORS - 2000};`;
const OFF = 'open_file_cache off;';

const WAYS = [
  { name: 'files', lines: `sendfile on; tcp_nopush on; ${OFF}` },
  { name: 'files_nosendfile', lines: `sendfile off; ${OFF}` },
  { name: 'files_cache', lines: 'sendfile on; tcp_nopush on;' },
  { name: 'files_cache_nosendfile', lines: 'sendfile off;' },
];

/** The platform's own bytes, a folder a host, and "return 200". */
async function startFiles(p, port) {
  const run = folder(p.run, 'files');
  const root = folder(run, 'root');
  let page;
  let bytes = 0;
  await visitAll(p, p.codes);
  await visitAll(p, p.codes, (code, answer) => {
    page = answer;
    bytes += answer.bytes.length;
    writeFileSync(join(folder(root, hostOf(code)), 'page.html.gz'),
                  answer.bytes);
  });
  const nginx = await new Nginx(run, { http: `
    gzip_static always;
    ${CACHE}
    open_file_cache_valid 60s;
    gzip_vary on;
${WAYS.map(({ lines }, i) => `
    server {
        listen 127.0.0.1:${port + i};
        root root/$http_host;
        ${lines}
        ${addHeaders(extraHeaders(page))}
    }`).join('\n')}

    server {
        listen 127.0.0.1:${port + WAYS.length};
        location / {
            return 200 "ok";
        }
    }` }).start();
  return { nginx, bytes: bytes / p.codes.length };
}

/** A few pages of the files are the platform's pages, to the last byte. */
async function compare(p, target) {
  for (const code of p.codes.filter((_, i) => i % 997 === 0)) {
    const want = await fetchOnce(p.target('page', hostOf(code)));
    const got = await fetchOnce({
      ...target, headers: p.target('page', hostOf(code)).headers });
    if (got.status !== 200 || !got.bytes.equals(want.bytes)) {
      throw new Error(`${target.name}: not the page of ${hostOf(code)}`);
    }
  }
}

function targetsOf(p, nginx, port) {
  const all = writeHosts(p, 'all.hosts', p.codes);
  const one = writeHosts(p, 'one.hosts',
                         p.codes.map(() => p.codes[1000]));
  const files = WAYS.map(({ name }, i) => ({
    name, url: `http://127.0.0.1:${port + i}/page.html`,
    pids: () => nginx.pids(),
  }));
  const ceiling = { name: 'return', pids: () => nginx.pids(),
                    url: `http://127.0.0.1:${port + WAYS.length}/` };
  const platform = p.target('sites', hostOf(p.codes[0]));

  return {
    files,
    timed: [
      atRandom(platform, all),
      { ...atRandom(platform, one), name: 'one_site' },
      ...files.map((target) => ({ ...atRandom(target, all, '/page.html'),
                                  headers: platform.headers })),
      atRandom(ceiling, all),
    ],
  };
}

const hitsOf = (m) => ['hit', 'miss', 'pass'].map(
  (state) => m[`gov_requests_total{copy="${state}"}`] ?? 0);

export async function measure(report, { port, rounds: n, seconds }) {
  const p = await nation({ port, watched: true });
  let nginx;

  try {
    const host = hostOf(p.codes[0]);
    const files = await startFiles(p, port + 10);
    nginx = files.nginx;
    report('random_sites', p.codes.length, 'sites');
    report('random_page_gzip', Math.round(files.bytes), 'bytes, mean');

    const targets = targetsOf(p, nginx, port + 10);
    for (const target of targets.files) {
      await compare(p, target);
    }
    // the core is its own here; later it waits for whom it is measured beside
    for (let i = 0; i < n; i++) {
      await round(targets.timed[0], seconds);
    }
    await p.reportStall(report, 'random', host);

    const before = hitsOf(await p.metrics(host));
    const seen = await rounds(targets.timed, n, seconds,
                              { twins: ['sites', 'files'] });
    const after = hitsOf(await p.metrics(host));
    const [hits, misses] = after.map((x, i) => x - before[i]);

    reportRounds(report, 'random', seen, 'files');
    reportRatio(report, 'random_beside_files', seen, 'sites', 'files');
    reportRatio(report, 'random_beside_best_files', seen, 'sites',
                best(seen, WAYS.map(({ name }) => name)));
    reportRatio(report, 'random_beside_return', seen, 'sites', 'return');
    reportRatio(report, 'random_beside_one_site', seen, 'sites', 'one_site');
    report('random_hits', (100 * hits / (hits + misses)).toFixed(3),
           '% of the requests for pages');
    const { gov_copies: copies,
            gov_copies_bytes: bytes } = await p.metrics(host);
    report('random_copies', copies, 'copies');
    report('random_copies_bytes', Math.round(bytes / copies), 'bytes a copy');
    await p.reportStall(report, 'random', host, '_beside');
  } finally {
    await nginx?.stop();
    await p.close();
  }
}
