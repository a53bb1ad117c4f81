// A real platform for a test file: govd and nginx, built with the injected
// clock, in a data folder of its own on a free port of 127.0.0.1.
//
//     import { platform } from '../lib/platform.mjs';
//
//     const p = await platform({ sites: true });
//
//     test('A visitor of the county sees its name.', async () => {
//       const page = await p.get('county.test', '/');
//       assert.equal(page.status, 200);
//     });
//
// After every test, unasked: nothing at alert, emerg or crit in error.log, no
// report of a sanitizer.  At the end both programs are gone.

import assert from 'node:assert/strict';
import { chmodSync, closeSync, constants, existsSync, mkdtempSync, openSync,
         readFileSync, readdirSync, rmSync, writeFileSync, writeSync }
  from 'node:fs';
import { connect, createServer } from 'node:net';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { after, afterEach } from 'node:test';
import { dirname, join } from 'node:path';
import { Client, Pool } from 'undici';

import { People } from './people.mjs';
import { buildFolder, capture } from './process.mjs';
import { layBlueprints, laySites } from './sites.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The moment at which every test platform's clock stands still. */
export const START = '2026-11-20T08:00:00+08:00';

const REPORT = new RegExp(
  'AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:');
const ALERT = /\[(alert|emerg|crit)\]/;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** What nginx has to load first in a build with SANITIZE. */
export function sanitizerLibraries() {
  if (!process.env.SANITIZE) {
    return '';
  }
  return ['libasan.so', 'libubsan.so']
    .map((name) => execFileSync('gcc', [`-print-file-name=${name}`])
      .toString().trim()).join(' ');
}

/** Pids of a process and of everything below it. */
function family(pid) {
  if (!pid) {
    return [];
  }
  let children;
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') {
      return [];
    }
    throw error;
  }
  return [pid, ...children.split(' ').filter(Boolean).flatMap(
    (child) => family(Number(child)))];
}

class Clock {
  constructor(file) {
    this.file = file;
    this.set(START);
  }

  /** RFC 3339, or a Date; both programs see it at once. */
  set(when) {
    this.now = new Date(when);
    // in place and of equal length: both programs keep the file open
    const file = openSync(this.file, constants.O_RDWR | constants.O_CREAT);
    writeSync(file, `${this.now.getTime()}000\n`, 0);
    closeSync(file);
  }

  advance(seconds) {
    this.set(new Date(this.now.getTime() + seconds * 1000));
  }
}

class Platform {
  #people;

  constructor(options) {
    this.options = options;
    this.dir = mkdtempSync(join(tmpdir(), 'gov-test-'));
    chmodSync(this.dir, 0o755);
    this.clock = new Clock(join(this.dir, 'clock'));
    if (options.govd) {
      writeFileSync(join(this.dir, 'govd.conf'), options.govd);
    }
    this.tolerated = [];
    this.build = join(root, buildFolder());
  }

  // -- the two programs

  async #script(verb) {
    const { conf = {}, env = {} } = this.options;
    return capture(join(root, 'scripts/platform'), [verb], {
      cwd: this.dir,
      env: {
        RUN: this.dir,
        PORT: String(this.port),
        LISTEN: '127.0.0.1',
        BUILD: this.build,
        DEMO: 'no',
        ADMIN: 'no',
        CONF_MAIN: `env GOV_TEST_CLOCK_FILE;\n${conf.main ?? ''}`.trim(),
        // while the clock stands still nobody's debt flows off
        CONF_HTTP: /gov_fence/.test(conf.http) ? conf.http
          : `gov_fence off;\n${conf.http ?? ''}`,
        CONF_SERVER: conf.server ?? '',
        PRELOAD: sanitizerLibraries(),
        GOV_TEST_CLOCK_FILE: this.clock.file,
        ASAN_OPTIONS: 'detect_leaks=0:handle_abort=1',
        UBSAN_OPTIONS: 'print_stacktrace=1',
        ...env,
      },
    });
  }

  /** Starts what is not running: both at first, the one that ended later. */
  async start() {
    let done;

    for (let tries = 0; tries < 3; tries++) {
      this.port ??= await freePort();
      done = await this.#script('start');
      if (done.code === 0) {
        this.pool = new Pool(`http://127.0.0.1:${this.port}`,
                             { connections: 8 });
        return this;
      }
      if (!/PORT/.test(done.output)) {
        break;
      }
      this.port = undefined;
    }

    throw new Error(`the platform does not start:\n${done.output}\n` +
                    this.log().slice(-3000));
  }

  /** Ends both; every process must be gone and the log be clean. */
  async stop() {
    const all = [...family(this.pid('nginx')), ...family(this.pid('govd'))];

    await this.pool?.close();
    const done = await this.#script('stop');
    assert.equal(done.code, 0, done.output);

    const left = all.filter((pid) => existsSync(`/proc/${pid}`));
    assert.deepEqual(left, [], 'processes are left');
    this.check();
  }

  /** What a test process that is ended itself must not leave behind. */
  endAtOnce() {
    for (const name of ['nginx', 'govd']) {
      const pid = this.pid(name);
      if (pid && existsSync(`/proc/${pid}`)) {
        process.kill(pid, 'SIGTERM');
      }
    }
  }

  pid(name) {
    try {
      return Number(readFileSync(join(this.dir, 'run', `${name}.pid`),
                                 'utf8'));
    } catch (error) {
      // a master that starts another moves its file away meanwhile
      assert.equal(error.code, 'ENOENT');
      return 0;
    }
  }

  /** Pids of nginx's workers. */
  workers() {
    return family(this.pid('nginx')).slice(1).sort();
  }

  /** nginx reads its configuration again. */
  reload() {
    process.kill(this.pid('nginx'), 'SIGHUP');
  }

  // -- the logs

  log() {
    const folder = join(this.dir, 'log');
    return existsSync(folder)
      ? readdirSync(folder).map((f) => readFileSync(join(folder, f), 'utf8'))
        .join('\n')
      : '';
  }

  /** A test that provokes a line at crit or above names it here. */
  tolerate(pattern) {
    this.tolerated.push(pattern);
  }

  check() {
    const bad = this.log().split('\n').filter(
      (line) => (ALERT.test(line) || REPORT.test(line))
        && !this.tolerated.some((pattern) => pattern.test(line)));
    assert.deepEqual(bad, [], 'the log is not clean');
  }

  // -- the operator

  /** govctl with these arguments: { code, stdout, stderr, output }. */
  async govctl(args, { input, env } = {}) {
    return capture(join(this.build, 'govctl'), ['--run', this.dir, ...args], {
      cwd: root,
      input,
      env: { GOV_TEST_CLOCK_FILE: this.clock.file,
             ASAN_OPTIONS: 'detect_leaks=0', ...env },
    });
  }

  /** govctl that must succeed: what it printed. */
  async ctl(...args) {
    const done = await this.govctl(args);
    assert.equal(done.code, 0, `govctl ${args.join(' ')}\n${done.output}`);
    return done.stdout;
  }

  /** A command by its name: the verdict, or the failure thrown. */
  async run(command, input = {}) {
    const out = await this.ctl('--format=json', 'run', command,
                               JSON.stringify(input));
    return out.trim() ? JSON.parse(out) : undefined;
  }

  // -- people of the console, on the portal's host

  get people() {
    this.#people ??= new People({
      run: (command, input) => this.run(command, input),
      send: (method, path, asked) => this.request(
        this.options.portal ?? 'city.test', path, { method, ...asked }),
      now: () => this.clock.now,
    });
    return this.#people;
  }

  /** An account: { login, roles: [[site, role]] }; site '' is everywhere. */
  account(options) {
    return this.people.account(options);
  }

  /** Who signed in: see lib/people.mjs. */
  signIn(login, options) {
    return this.people.signIn(login, options);
  }

  // -- the visitor

  /** { status, headers, body, text } of a request to 127.0.0.1. */
  async request(host, path, { method = 'GET', headers = {}, body } = {}) {
    const asked = { method, path, body, headers: { host, ...headers } };
    const answer = await this.pool.request(asked).catch((error) => {
      // A worker that ends politely closes the connections it kept; what any
      // browser does then: ask again, on a new one, for the others that are
      // kept may be closing too.  One that crashed says so in the log.  What
      // was on its way to a closed connection is answered by a reset.
      if (!['UND_ERR_SOCKET', 'ECONNRESET'].includes(error.code)
          || method === 'POST') {
        throw error;
      }
      return this.#anew(asked);
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: bytes,
      get text() { return bytes.toString(); },
    };
  }

  async #anew(asked) {
    const client = new Client(`http://127.0.0.1:${this.port}`);
    try {
      return await client.request(asked);
    } finally {
      client.close();                // it waits until the answer is read
    }
  }

  get(host, path, headers = {}) {
    return this.request(host, path, { headers });
  }

  head(host, path, headers = {}) {
    return this.request(host, path, { method: 'HEAD', headers });
  }

  /** Bytes as they are, for what no client would send; all that came back. */
  raw(bytes, { wait = 5000 } = {}) {
    return new Promise((resolve, reject) => {
      const got = [];
      const socket = connect(this.port, '127.0.0.1');
      socket.setTimeout(wait, () => socket.destroy());
      socket.on('data', (data) => got.push(data));
      socket.on('error', (error) => {
        if (error.code !== 'ECONNRESET') {
          reject(error);
        }
      });
      socket.on('close', () => resolve(Buffer.concat(got).toString('latin1')));
      socket.end(bytes);
    });
  }
}

/**
 * Starts a platform for this test file and ends it with the file.
 *
 *   sites     true: the three tiny sites of sites.mjs; otherwise only the
 *             blueprints, and no site
 *   conf      { main, http, server }: more lines for nginx.conf
 *   env       more environment for both programs
 *   govd      lines of govd.conf
 */
export async function platform(options = {}) {
  const p = new Platform(options);

  after(async () => {
    await p.stop();
    rmSync(p.dir, { recursive: true, force: true });
  });
  afterEach(() => p.check());
  process.once('exit', () => p.endAtOnce());
  process.once('SIGTERM', () => process.exit(1));

  await p.start();
  await layBlueprints(p);
  if (options.sites) {
    await laySites(p);
  }
  return p;
}
