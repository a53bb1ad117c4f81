// An nginx of its own for a peer: one worker on the server's core, tuned as
// the platform's is, and nothing else loaded.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { atExit, childrenOf, end, gone, output, pin, singleProcess, until,
         writeConf } from '../load.mjs';
import { folder } from '../platform.mjs';

/** As many as the machine gives a process. */
export const DESCRIPTORS = Math.min(60000, Number(
  execFileSync('sh', ['-c', 'ulimit -Hn']).toString().trim()) || 60000);

/** Headers of an answer that nginx does not make by itself. */
const OWN = ['server', 'date', 'content-type', 'content-length', 'connection',
             'keep-alive', 'etag', 'last-modified', 'content-encoding', 'vary',
             'x-gov-copy'];

/** [[name, value]] that a peer has to add to answer as the platform does. */
export function extraHeaders(answer) {
  return Object.entries(answer.headers)
    .filter(([name]) => !OWN.includes(name));
}

export const addHeaders = (extra) => extra
  .map(([name, value]) => `add_header ${name} "${value}";`).join('\n        ');

const conf = ({ modules = '', http }) => `
${modules}
worker_processes 1;
worker_rlimit_nofile ${DESCRIPTORS};
pid nginx.pid;
error_log error.log notice;

events {
    worker_connections 4096;
    accept_mutex off;
}

http {
    types { }
    default_type "text/html; charset=utf-8";
    client_body_temp_path tmp;
    proxy_temp_path tmp;
    fastcgi_temp_path tmp;
    uwsgi_temp_path tmp;
    scgi_temp_path tmp;

    access_log off;
    server_tokens off;
    keepalive_timeout 65s;
${http}
}
`;

export class Nginx {
  constructor(run, text) {
    this.run = run;
    folder(run, 'tmp');
    this.text = conf(text);
    writeFileSync(join(run, 'nginx.conf'), this.text);
    chmodSync(run, 0o755);
  }

  async start() {
    await output('/usr/sbin/nginx', ['-p', `${this.run}/`, '-c', 'nginx.conf',
                                     '-e', 'error.log'], { cwd: this.run });
    const file = join(this.run, 'nginx.pid');
    await until('nginx', () => existsSync(file)
      && readFileSync(file, 'utf8').trim());
    this.pid = Number(readFileSync(file, 'utf8'));
    this.ended = atExit(() => gone(this.pid)
                              || process.kill(this.pid, 'SIGTERM'));
    await until('nginx', () => this.pids().length > 0);
    await pin(this.pids());
    return this;
  }

  pids() {
    return childrenOf(this.pid);
  }

  async stop() {
    await end(this.pid);
    this.ended();
  }

  /** nginx's command line for one process. */
  single(edit = (text) => text) {
    return ['/usr/sbin/nginx', '-p', `${this.run}/`, '-c',
            writeConf(this.run, 'single.conf',
                      edit(singleProcess(this.text)))];
  }
}
