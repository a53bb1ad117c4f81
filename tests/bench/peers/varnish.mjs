// Varnish before the platform: the page in memory, gzipped as it came, no
// log records written.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answers, childrenOf, end, pin, until } from '../load.mjs';
import { folder } from '../platform.mjs';

export const about = 'Varnish before the platform, storage in memory, a fixed '
  + 'pool of 100 threads, its log switched off';

const vcl = (origin) => `vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "${origin}";
}

sub vcl_backend_response {
    set beresp.ttl = 1h;
    unset beresp.http.X-Gov-Copy;
}
`;

export async function start({ run, port, origin, host }) {
  const args = ['-F', '-j', 'none', '-n', folder(run, 'work'),
                '-a', `127.0.0.1:${port}`, '-f', join(run, 'default.vcl'),
                '-s', 'malloc,256m', '-p', 'thread_pools=1',
                '-p', 'thread_pool_min=100', '-p', 'thread_pool_max=100',
                '-p', 'vsl_mask=none'];
  writeFileSync(join(run, 'default.vcl'), vcl(origin));
  const manager = spawn('varnishd', args, { stdio: 'ignore' });
  const pids = () => [manager.pid, ...childrenOf(manager.pid)];
  const target = { name: 'varnish', url: `http://127.0.0.1:${port}/`, pids };

  await until('varnishd', () => {
    if (manager.exitCode !== null) {
      throw new Error(`varnishd ${args.join(' ')}: ${manager.exitCode}`);
    }
    return answers({ ...target, headers: { Host: host } });
  });
  await pin(pids());

  return {
    files: { 'default.vcl': vcl(origin),
             'command line': `varnishd ${args.join(' ')}` },
    targets: [target],
    stop: () => end(manager.pid),
  };
}
