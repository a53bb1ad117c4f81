// nginx as a cache before the platform itself: proxy_cache, keys by host and
// path, files opened once and sent in the cheaper way.

import { Nginx } from './nginx.mjs';

export const about = 'nginx `proxy_cache` before the platform, keys by host '
  + 'and path, `open_file_cache` on, sendfile off';

export async function start({ run, port, origin }) {
  const nginx = await new Nginx(run, { http: `
    proxy_cache_path cache levels=1:2 keys_zone=pages:64m inactive=1d;

    upstream origin {
        server 127.0.0.1:${origin};
        keepalive 8;
    }

    server {
        listen 127.0.0.1:${port};
        sendfile off;
        open_file_cache max=1000;
        open_file_cache_valid 60s;

        location / {
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header Accept-Encoding gzip;
            proxy_hide_header X-Gov-Copy;
            proxy_cache pages;
            proxy_cache_key $host$uri;
            proxy_cache_valid 200 1h;
            proxy_cache_lock on;
            proxy_ignore_headers Cache-Control Vary;
        }
    }` }).start();

  return {
    nginx,
    files: { 'nginx.conf': nginx.text },
    targets: [{ name: 'proxy_cache', cache: true,
                url: `http://127.0.0.1:${port}/`, pids: () => nginx.pids() }],
    stop: () => nginx.stop(),
  };
}
