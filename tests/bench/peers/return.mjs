// The ceiling: nginx answers two bytes out of its configuration.

import { Nginx } from './nginx.mjs';

export const about = '`return 200 "ok"`: what nginx itself costs, with two '
  + 'bytes of body and none of the page\'s headers';

export async function start({ run, port }) {
  const nginx = await new Nginx(run, { http: `
    server {
        listen 127.0.0.1:${port};
        location / {
            return 200 "ok";
        }
    }` }).start();

  return {
    nginx,
    files: { 'nginx.conf': nginx.text },
    targets: [{ name: 'return', bare: true,
                url: `http://127.0.0.1:${port}/`,
                pids: () => nginx.pids() }],
    stop: () => nginx.stop(),
  };
}
