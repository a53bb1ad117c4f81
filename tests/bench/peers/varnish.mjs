// Varnish before the platform: the page in memory, gzipped as it came, no
// log records written.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answers, background, childrenOf, end, pin, until } from '../load.mjs';
import { folder } from '../platform.mjs';

export const about = 'Varnish before the platform, storage in memory, a fixed '
  + 'pool of 100 threads, its log switched off';

// every record of a hit: there is no switch for all
const QUIET = `SessOpen SessClose Begin End Link Timestamp ReqStart ReqMethod
ReqURL ReqProtocol ReqHeader ReqUnset VCL_call VCL_return VCL_use Hit
RespProtocol RespStatus RespReason RespHeader RespUnset ReqAcct Filters
Length Gzip`.split(/\s+/).map((tag) => `-${tag}`).join(',');

const vcl = (origin) => `vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "${origin}";
}

sub vcl_backend_response {
    set beresp.ttl = 1h;
    unset beresp.http.X-Gov-Copy;
    return (deliver);
}
`;

export async function start({ run, port, origin, host }) {
  const args = ['-F', '-j', 'none', '-n', folder(run, 'work'),
                '-a', `127.0.0.1:${port}`, '-f', join(run, 'default.vcl'),
                '-s', 'malloc,256m', '-p', 'thread_pools=1',
                '-p', 'thread_pool_min=100', '-p', 'thread_pool_max=100',
                '-p', `vsl_mask=${QUIET}`];
  writeFileSync(join(run, 'default.vcl'), vcl(origin));
  const manager = background('varnishd', args);
  const pids = () => [manager.pid, ...childrenOf(manager.pid)];
  const target = { name: 'varnish', cache: true, pids,
                   url: `http://127.0.0.1:${port}/` };

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
