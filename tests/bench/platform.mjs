// The platform as it is shipped, with one worker on a core of its own, in a
// data folder that goes with the bench.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync,
         rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Watch, lateRounds, withoutAway } from './away.mjs';
import { atExit, childrenOf, fetchOnce, gone, output, pin, root,
         singleProcess, until, writeConf } from './load.mjs';

export const GZIP = { 'Accept-Encoding': 'gzip' };

export class Platform {
  /** watched: it is seen from the start on when its core is away. */
  constructor({ name, port, env = {}, watched = false }) {
    this.port = port;
    this.watched = watched;
    this.run = mkdtempSync(join(tmpdir(), `gov-bench-${name}-`));
    chmodSync(this.run, 0o755);
    this.env = { ...process.env, RUN: this.run, PORT: String(port),
                 LISTEN: '127.0.0.1', DEMO: 'no', WORKERS: '1', ...env };
    this.ended = atExit(() => {
      spawnSync(join(root, 'scripts/platform'), ['stop'], { env: this.env });
      rmSync(this.run, { recursive: true, force: true });
    });
  }

  #script(verb) {
    return output(join(root, 'scripts/platform'), [verb], { env: this.env });
  }

  async start() {
    if (this.watched) {
      this.watch ??= new Watch(join(this.run, 'away.perf'));
    }
    await this.#script('start');
    await pin(this.workers());
  }

  stop() {
    return this.#script('stop');
  }

  async close() {
    await this.stop().catch(() => {});
    await this.watch?.end();
    rmSync(this.run, { recursive: true, force: true });
    this.ended();
  }

  pid(name) {
    return Number(readFileSync(join(this.run, `run/${name}.pid`), 'utf8'));
  }

  workers() {
    return childrenOf(this.pid('nginx'));
  }

  /** govd, and the processes it has made. */
  daemons() {
    const govd = this.pid('govd');
    return [govd, ...childrenOf(govd)];
  }

  /** nginx alone; govd stays. */
  async stopNginx() {
    const pid = this.pid('nginx');
    process.kill(pid, 'SIGQUIT');
    await until('the end of nginx', () => gone(pid));
  }

  govctl(...args) {
    return output(join(root, 'build/govctl'), ['--run', this.run, ...args]);
  }

  /** A command straight to govd; its answer has been made durable. */
  async command(name, input) {
    const answer = await fetchOnce({
      socketPath: join(this.run, 'run/ctl.sock'), method: 'POST',
      path: `/api/v1/commands/${name}`, body: JSON.stringify(input),
    });
    if (answer.status !== 200) {
      throw new Error(`${name}: ${answer.status} ${answer.bytes}`);
    }
    return JSON.parse(answer.bytes);
  }

  async layBlueprints() {
    const base = join(root, 'sites/_base');
    for (const name of readdirSync(base).sort()) {
      await this.govctl('run', 'blueprint.put',
                        readFileSync(join(base, name), 'utf8'));
    }
  }

  target(name, host, path = '/') {
    return { name, url: `http://127.0.0.1:${this.port}${path}`,
             headers: { Host: host, ...GZIP }, pids: () => this.workers() };
  }

  /** The counters of /_gov/metrics by their names. */
  async metrics(host) {
    const answer = await fetchOnce(this.target('metrics', host,
                                               '/_gov/metrics'));
    if (answer.status !== 200) {
      throw new Error(`metrics: ${answer.status}`);
    }
    return Object.fromEntries(answer.bytes.toString().split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }));
  }

  conf() {
    return readFileSync(join(this.run, 'nginx.conf'), 'utf8');
  }

  /**
   * The longest round of the worker's event loop since it began, with and
   * without what the machine took of its core, and how long the worker waited
   * for that core meanwhile: what others had that run on it.
   */
  async reportStall(report, prefix, host, when = '') {
    const say = (name, value, unit) => report(`${prefix}_${name}${when}`,
                                              value, unit);
    const { gov_loop_stall_seconds_max: longest,
            gov_loop_stalls_total: counted } = await this.metrics(host);
    const waited = this.workers().reduce((sum, pid) => sum + Number(
      readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]), 0);

    say('stall', (longest * 1e3).toFixed(2),
        'ms, the longest round of the event loop');
    await this.#reportAway(say, { longest: Math.round(longest * 1e6),
                                  counted });
    say('waited', (waited / 1e6).toFixed(0),
        'ms in all that the worker waited for its core');
  }

  async #reportAway(say, rounds) {
    const logged = lateRounds(readFileSync(join(this.run, 'log/error.log'),
                                           'utf8'));
    const spans = await this.watch?.spans();
    if (!spans) {
      say('away', '?', 'ms: perf does not run here, nothing is left out');
      return;
    }
    const lengths = spans.map(([from, to]) => to - from);
    const all = lengths.reduce((sum, us) => sum + us, 0);
    const { own, late, left } = withoutAway(rounds, logged, spans);
    const ms = (us) => (us / 1e3).toFixed(2);

    say('stall_own', ms(own), 'ms at most without what the core was away of it'
        + (late ? `; ${ms(left)} of the late ones, ${late} in all` : ''));
    say('away', ms(Math.max(0, ...lengths)),
        'ms at most that the core was away');
    say('away_all', ms(all), `ms in all, ${lengths.length} times`);
  }

  /** nginx's command line for one process, its configuration edited. */
  single(edit = (conf) => conf) {
    const conf = edit(singleProcess(this.conf()));
    return ['/usr/sbin/nginx', '-p', `${this.run}/`, '-c',
            writeConf(this.run, 'single.conf', conf)];
  }
}

const LISTS = 8;

/** Titles as governments write them, of all kinds. */
export const titles = () => gunzipSync(readFileSync(
  join(root, 'sites/demo/laws.jsonl.gz'))).toString().trim().split('\n')
  .map((line) => JSON.parse(line).title).filter((_, i) => i % 20 === 0);

/** A site whose home page is 8 lists of so many documents, real titles. */
export async function layHome(p, code, host, many = 4) {
  const ids = Array.from({ length: LISTS }, (_, i) => i + 1);
  await p.command('blueprint.put', {
    name: 'bench', title: '测量', version: 1, theme: {},
    columns: ids.map((id) => ({ id, parent: 0, slug: `c${id}`,
                                name: `第${id}栏目`, kind: 'news',
                                order: id, nav: id <= 5 })),
    home: ids.map((id) => ({ kind: 'lists', columns: [id], rows: many })),
  });
  await p.command('site.create', { code, name: '基准市', level: 'city',
                                   host: [host], blueprint: 'bench',
                                   live: true });
  const all = titles();
  const rows = ids.flatMap((id) => Array.from({ length: many }, (_, i) => {
    const n = (id - 1) * many + i;
    return JSON.stringify({ id: `bench-${n}`, site: code, column: `c${id}`,
                            title: all[n], body_md: '测量。' });
  }));
  const file = join(p.run, 'docs.jsonl');
  writeFileSync(file, `${rows.join('\n')}\n`);
  await p.govctl('doc', 'import', '--strict', file);
}

export function folder(parent, name) {
  const path = join(parent, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}
