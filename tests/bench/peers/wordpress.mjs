// WordPress multisite, six sites by host, from Debian's packages: nginx,
// PHP-FPM with opcache and MariaDB, all in folders of the bench, on sockets
// there.  Its theme makes lists like the platform's home page and nothing
// else: the stock themes make ten times as much.  Without a cache, and with
// fastcgi_cache holding what PHP has compressed once.

import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync,
         writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { answers, background, childrenOf, end, output, pin, until }
  from '../load.mjs';
import { folder, titles } from '../platform.mjs';
import { Nginx } from './nginx.mjs';

export const about = 'WordPress multisite (6 sites, MariaDB, PHP-FPM with '
  + 'opcache, a theme of 32 links), CPU of all its processes; '
  + '`wordpress_cached` behind nginx `fastcgi_cache`';

const HOST = 's2.wp.test';
const here = dirname(fileURLToPath(import.meta.url));

const fpmConf = (run) => `[global]
error_log = ${run}/fpm.log
daemonize = no

[bench]
user = root
group = root
listen = ${run}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = 4
env[WP_BENCH_RUN] = ${run}
php_admin_flag[opcache.enable] = on
php_admin_flag[opcache.validate_timestamps] = off
php_admin_flag[zlib.output_compression] = on
`;

const nginxConf = (run, port) => `
    fastcgi_cache_path cache levels=1:2 keys_zone=pages:16m inactive=1d;
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME ${run}/front.php;
    fastcgi_param HTTP_ACCEPT_ENCODING gzip;
    fastcgi_buffers 16 16k;

    server {
        listen 127.0.0.1:${port};
        location / {
            fastcgi_pass unix:fpm.sock;
        }
    }

    server {
        listen 127.0.0.1:${port + 1};
        sendfile off;
        open_file_cache max=1000;
        open_file_cache_valid 60s;

        location / {
            fastcgi_pass unix:fpm.sock;
            fastcgi_cache pages;
            fastcgi_cache_key $host$request_uri;
            fastcgi_cache_valid 200 1h;
            fastcgi_cache_lock on;
            fastcgi_ignore_headers Cache-Control Expires Set-Cookie Vary;
        }
    }`;

const hasLinks = (answer) => gunzipSync(answer.bytes).toString()
  .split('<li>').length === 33;

async function startDatabase(run) {
  const data = join(run, 'db');
  const socket = join(run, 'db.sock');
  mkdirSync(data);
  await output('mariadb-install-db', ['--no-defaults', '--user=root',
    `--datadir=${data}`, '--auth-root-authentication-method=normal',
    '--skip-test-db']);
  const args = ['--no-defaults', '--user=root', `--datadir=${data}`,
                `--socket=${socket}`, '--skip-networking',
                `--pid-file=${join(run, 'db.pid')}`,
                `--log-error=${join(run, 'db.log')}`,
                '--innodb-flush-log-at-trx-commit=0',
                '--innodb-buffer-pool-size=256M', '--thread-cache-size=16'];
  const server = background('mariadbd', args);
  const sql = (text) => output('mariadb', ['--no-defaults', '-u', 'root',
    `--socket=${socket}`, '-e', text]);
  await until('mariadbd', () => sql('select 1').then(() => true, () => false));
  await sql('create database wordpress character set utf8mb4');
  return { pid: server.pid, args };
}

/** One step of wordpress.php on the command line. */
function php(run, step, input) {
  return new Promise((resolve, reject) => {
    const child = spawn('php', [join(run, 'front.php')], {
      env: { ...process.env, WP_BENCH_RUN: run, WP_BENCH_STEP: step },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { out += d; });
    child.on('close', (code) => (code === 0 ? resolve(out)
      : reject(new Error(`wordpress, ${step}: ${out}`))));
    child.stdin.end(input);
  });
}

async function install(run) {
  const theme = folder(folder(folder(run, 'content'), 'themes'), 'bench');
  writeFileSync(join(theme, 'style.css'), '/* Theme Name: bench */\n');
  copyFileSync(join(here, 'wordpress_theme.php'), join(theme, 'index.php'));
  copyFileSync(join(here, 'wordpress.php'), join(run, 'front.php'));
  await php(run, 'install', '');
  await php(run, 'fill', JSON.stringify(titles()));
}

export async function start({ run, port }) {
  const database = await startDatabase(run);
  let fpm;
  let nginx;
  const stop = async () => {
    await nginx?.stop();
    for (const pid of [fpm?.pid, database.pid].filter(Boolean)) {
      await end(pid);
    }
  };

  try {
    await install(run);
    const conf = join(run, 'fpm.conf');
    writeFileSync(conf, fpmConf(run));
    fpm = background('php-fpm8.2', ['-R', '-y', conf]);
    nginx = await new Nginx(run, { http: nginxConf(run, port) }).start();
    chmodSync(run, 0o755);
  } catch (error) {
    await stop();
    throw error;
  }

  const php8 = () => [fpm.pid, ...childrenOf(fpm.pid)];
  const all = () => [...nginx.pids(), ...php8(), database.pid];
  const target = (name, at, more) => ({
    name, url: `http://127.0.0.1:${at}/`, headers: { Host: HOST },
    holds: hasLinks, pids: all, ...more });
  const targets = [
    target('wordpress', port, { slow: true, connections: 4 }),
    target('wordpress_cached', port + 1),
  ];
  await until('WordPress', () => answers(targets[0]));
  await pin(all());

  return {
    files: {
      'mariadbd': `mariadbd ${database.args.join(' ')}`,
      'fpm.conf': fpmConf(run),
      'nginx.conf': nginx.text,
      'theme': readFileSync(join(here, 'wordpress_theme.php'), 'utf8'),
    },
    targets, stop,
  };
}
