// The Lua module of nginx: the page's bytes in a lua_shared_dict, found by
// host and path.  In an nginx of its own, for its Lua and the platform's
// cannot share a process.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Nginx, addHeaders, extraHeaders } from './nginx.mjs';

export const about = 'libnginx-mod-http-lua: the same bytes from '
  + '`lua_shared_dict`, found by host and path';

export async function start({ run, port, page, host }) {
  writeFileSync(join(run, 'page.gz'), page.gzip);

  const nginx = await new Nginx(run, {
    modules: `load_module modules/ndk_http_module.so;
load_module modules/ngx_http_lua_module.so;`
      .replaceAll('modules/', '/usr/lib/nginx/modules/'),
    http: `
    lua_shared_dict pages 64m;

    init_by_lua_block {
        local file = assert(io.open("${run}/page.gz", "rb"))
        ngx.shared.pages:set("${host}/", file:read("*a"))
        file:close()
        pages = ngx.shared.pages
    }

    server {
        listen 127.0.0.1:${port};
        ${addHeaders(extraHeaders(page))}
        add_header Vary Accept-Encoding;
        add_header ETag '${page.headers.etag}';

        location / {
            content_by_lua_block {
                local page = pages:get(ngx.var.http_host .. ngx.var.uri)
                if not page then
                    return ngx.exit(404)
                end
                ngx.header.content_encoding = "gzip"
                ngx.header.content_length = #page
                ngx.print(page)
            }
        }
    }`,
  }).start();

  return {
    nginx,
    files: { 'nginx.conf': nginx.text },
    targets: [{ name: 'lua_shared_dict',
                url: `http://127.0.0.1:${port}/`,
                pids: () => nginx.pids() }],
    stop: () => nginx.stop(),
  };
}
