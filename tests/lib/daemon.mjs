// A govd of its own for a test file, without nginx, in a data folder below
// the system's temporary one.
//
//     const d = await daemon();
//     const made = await d.command('site.create', { code: 'a', ... });
//     assert.equal(made.status, 200);
//
// It is ended with the test file.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, openSync, closeSync,
         readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';

import { People } from './people.mjs';
import { buildFolder, capture } from './process.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const build = join(root, buildFolder());

/** Ended with the test at the latest. */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

class Daemon {
  constructor(leaks) {
    this.leaks = leaks;
    this.dir = mkdtempSync(join(tmpdir(), 'govd-test-'));
    this.args = [];
    this.clock = join(this.dir, 'clock');
    this.at('2026-11-20T08:00:00+08:00');
    for (const folder of ['run', 'store', 'blobs', 'backup', 'log']) {
      mkdirSync(join(this.dir, folder));
    }
    this.people = new People({
      run: async (command, input) => {
        const answer = await this.command(command, input);
        assert.equal(answer.status, 200, `${command} ${answer.text}`);
        return answer.body;
      },
      send: (method, path, asked) => this.#send(method, path, asked),
      now: () => this.now,
    });
  }

  /** What nginx would pass on to web.sock. */
  async #send(method, path, { headers, body }) {
    const answer = await this.web.request({
      method, path, body, headers: { host: 'city.test', ...headers },
    });
    return { status: answer.statusCode, headers: answer.headers,
             text: await answer.body.text() };
  }

  /** Sets the clock of a build for tests. */
  at(when) {
    this.now = new Date(when);
    writeFileSync(this.clock, `${this.now.getTime()}000\n`);
  }

  later(seconds) {
    this.at(this.now.getTime() + seconds * 1000);
  }

  get env() {
    return { ...process.env, GOV_TEST_CLOCK_FILE: this.clock,
             ASAN_OPTIONS: `detect_leaks=${this.leaks ? 1 : 0}` };
  }

  /** Resolves when ctl.sock is there, which govd says by its name. */
  async start(...args) {
    const log = openSync(join(this.dir, 'log/govd.log'), 'a');
    const sockets = watch(join(this.dir, 'run'));
    this.process = spawn(join(build, 'govd'), ['--run', this.dir, ...args], {
      env: this.env, stdio: ['ignore', 'ignore', log],
    });
    closeSync(log);
    this.ended = once(this.process, 'exit');
    const child = this.process;
    running.add(child);
    child.once('exit', () => running.delete(child));

    const named = () => existsSync(join(this.dir, 'run/ctl.sock'));
    const there = new Promise((done) => {
      sockets.on('change', () => named() && done(true));
      named() && done(true);
    });

    const up = await Promise.race([there, this.ended.then(() => false)]);
    sockets.close();
    if (!up) {
      throw new Error(`govd does not start:\n${this.log()}`);
    }
    this.#connect();
    return this;
  }

  #connect() {
    this.ctl = this.#pool('ctl');
    this.web = this.#pool('web');
  }

  /** After a kill: connections to the child that was are no use any more. */
  async reconnect() {
    const dead = [this.ctl, this.web];
    this.#connect();
    await Promise.all(dead.map((pool) => pool.destroy()));
  }

  #pool(name) {
    return new Pool('http://govd', {
      socketPath: join(this.dir, `run/${name}.sock`), connections: 32,
    });
  }

  /** Ends it as an operator would: the exit code. */
  async stop(signal = 'SIGTERM') {
    if (this.process?.exitCode === null) {
      this.process.kill(signal);
    }
    const [code] = await this.ended;
    await Promise.all([this.ctl?.destroy(), this.web?.destroy()]);
    return code;
  }

  /** Pid of the child that does the work; 0 between two of them. */
  child() {
    const { pid } = this.process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')[0]);
  }

  log() {
    return readFileSync(join(this.dir, 'log/govd.log'), 'utf8');
  }

  /** { status, headers, body (parsed), text } */
  async call(door, method, path, { body, headers = {} } = {}) {
    const answer = await this[door].request({
      method, path: `/api/v1/${path}`, headers, body,
    });
    const text = await answer.body.text();
    const type = answer.headers['content-type'] ?? '';
    return {
      status: answer.statusCode, headers: answer.headers, text,
      body: /[/+]json$/.test(type) ? JSON.parse(text) : undefined,
    };
  }

  command(name, input = {}, { op, dry, door = 'ctl' } = {}) {
    return this.call(door, 'POST', `commands/${name}${dry ? '?dry_run=1' : ''}`,
                     { body: JSON.stringify(input),
                       headers: op ? { 'gov-operation': op } : {} });
  }

  async query(name, input = {}) {
    const answer = await this.call(
      'ctl', 'GET', `queries/${name}?${new URLSearchParams(input)}`);
    return answer;
  }

  /** The lines of a work; the last one has the member end. */
  async work(name, input = {}) {
    const answer = await this.call('ctl', 'POST', `works/${name}`,
                                   { body: JSON.stringify(input) });
    return answer.status === 200
      ? answer.text.split('\n').filter(Boolean)
        .map((line) => JSON.parse(line))
      : answer;
  }

  /** A command asked again, with the same id, until an answer comes. */
  async surely(name, input) {
    const op = randomUUID();
    for (let tries = 0; tries < 200; tries++) {
      try {
        return { op, tries, ...await this.command(name, input, { op }) };
      } catch (error) {
        await new Promise((next) => setImmediate(next));
        if (tries === 199) {
          throw error;
        }
      }
    }
  }

  govctl(args, options = {}) {
    return capture(join(build, 'govctl'), ['--run', this.dir, ...args],
                   { cwd: root, ...options,
                     env: { ...this.env, LC_ALL: 'C', ...options.env } });
  }

  async ctlOut(...args) {
    const done = await this.govctl(args);
    assert.equal(done.code, 0, `govctl ${args.join(' ')}\n${done.output}`);
    return done.stdout;
  }

  /** govd with these arguments to its end. */
  govd(args, options = {}) {
    return capture(join(build, 'govd'), args, { env: this.env, ...options });
  }
}

/**
 * Starts a govd that ends with the test file; start: false makes none.  leaks:
 * a sanitizer looks for them at the end, which it cannot in govlook's cage.
 */
export async function daemon({ start = true, args = [], leaks = true } = {}) {
  const d = new Daemon(leaks);

  after(async () => {
    if (d.process) {
      await d.stop();
      assert.doesNotMatch(d.log(), /Sanitizer|runtime error:/);
    }
    rmSync(d.dir, { recursive: true, force: true });
  });

  return start ? d.start(...args) : d;
}

/** A city and a county of it. */
export async function someSites(d) {
  const blueprint = { name: 'city', title: '市', columns: [
    { id: 1, slug: 'news', name: '要闻', kind: 'news' },
    { id: 2, slug: 'papers', name: '文件', kind: 'normative' },
  ] };
  for (const name of ['city', 'county']) {
    const put = await d.command('blueprint.put', { ...blueprint, name });
    assert.equal(put.status, 200, put.text);
  }
  for (const input of [
    { code: '610400', name: '示例市', level: 'city', host: ['city.test'],
      slug: 'city' },
    { code: '610402', name: '示例县', level: 'county', parent: '610400',
      slug: 'county', host: ['county.test'], mode: 'subsite' },
  ]) {
    const made = await d.command('site.create', input);
    assert.equal(made.status, 200, made.text);
  }
}
