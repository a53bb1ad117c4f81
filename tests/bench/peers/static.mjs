// Files: the page's own gzip bytes as a file of gzip_static, with the page's
// headers, in the four ways nginx has of sending them; and the cheapest of
// the four once more without the headers.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from '../platform.mjs';
import { Nginx, addHeaders, extraHeaders } from './nginx.mjs';

export const about = 'pre-gzipped file (`gzip_static`), sendfile on and off, '
  + '`open_file_cache` on and off; `static_bare` without the page\'s headers';

const CACHE = 'open_file_cache max=1000; open_file_cache_valid 60s;';

const WAYS = [
  { name: 'static', lines: `sendfile on; tcp_nopush on; ${CACHE}` },
  { name: 'static_nocache', lines: 'sendfile on; tcp_nopush on;' },
  { name: 'static_nosendfile', lines: `sendfile off; ${CACHE}` },
  { name: 'static_nosendfile_nocache', lines: 'sendfile off;' },
  { name: 'static_bare', bare: true, lines: `sendfile off; ${CACHE}` },
];

export async function start({ run, port, page }) {
  const headers = addHeaders(extraHeaders(page));
  const files = folder(run, 'files');
  writeFileSync(join(files, 'page.html'), page.html);
  writeFileSync(join(files, 'page.html.gz'), page.gzip);

  const nginx = await new Nginx(run, { http: `
    root files;
    gzip_static on;
${WAYS.map(({ bare, lines }, i) => `
    server {
        listen 127.0.0.1:${port + i};
        ${lines}
        ${bare ? '' : `gzip_vary on;\n        ${headers}`}
    }`).join('\n')}` }).start();

  return {
    nginx,
    files: { 'nginx.conf': nginx.text },
    targets: WAYS.map(({ name }, i) => ({
      name, url: `http://127.0.0.1:${port + i}/page.html`,
      pids: () => nginx.pids(),
    })),
    stop: () => nginx.stop(),
  };
}
