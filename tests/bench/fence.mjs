// One site rendered at its limits while another one is read: what a request
// of the other costs the worker then, beside what it costs alone.
//
//   node tests/bench/fence.mjs      FENCE_PORT=18530 ROUNDS=9 SECONDS_EACH=2
//                                   FENCE_RATE=300 hostile requests a second
//
// The hostile site's hook burns all it may on every page, and every request
// asks for another path, so that no copy answers.  CPU is the whole worker's
// run time, refusals included, by the neighbour's requests, beginning when
// what the hostile site had ahead is spent.  It is measured beside the same
// client asking the same number of times for what a copy answers, for a second
// client changes by itself how many requests a turn of the event loop finds.
//
//   extra     what the hostile site costs the worker, in ms a second; its
//             ratio is a neighbour's request on a worker that is wholly busy,
//             beside calm: on an idle one the site's share is of more than
//             the neighbour uses, and nobody misses it
//
// At the end both once more with "gov_fence off": what the fence is worth.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync,
         writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { median, output, round } from './load.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BURN = `return function (v)
  for i = 1, 1000000000 do local x = i * i end
end`;

/** What the site may spend ahead is over by then. */
const SETTLE = 5000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Machine {
  constructor(port, fence) {
    this.port = port;
    this.run = mkdtempSync(join(tmpdir(), 'gov-fence-'));
    chmodSync(this.run, 0o755);
    this.env = { ...process.env, RUN: this.run, PORT: String(port),
                 LISTEN: '127.0.0.1', DEMO: 'no', WORKERS: '1',
                 CONF_HTTP: fence };
  }

  platform(verb) {
    return output(join(root, 'scripts/platform'), [verb], { env: this.env });
  }

  govctl(...args) {
    return output(join(root, 'build/govctl'), ['--run', this.run, ...args]);
  }

  nginx() {
    return Number(readFileSync(join(this.run, 'run/nginx.pid'), 'utf8'));
  }

  worker() {
    const pid = this.nginx();
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim().split(' ')[0]);
  }

  /** Two sites, one of them with code that burns. */
  async start() {
    await this.platform('start');
    await this.govctl('run', 'blueprint.put', readFileSync(
      join(root, 'sites/_base/city.json'), 'utf8'));
    for (const code of ['GOOD', 'BAD']) {
      await this.govctl('site', 'create', '--code', code, '--name', code,
                        '--level', 'city', '--blueprint', 'city', '--host',
                        `${code.toLowerCase()}.test`);
    }
    const hooks = join(this.run, 'bundles/burn/hooks');
    mkdirSync(hooks, { recursive: true });
    writeFileSync(join(hooks, 'before_render.lua'), BURN);
    const conf = join(this.run, 'nginx.conf');
    writeFileSync(conf, readFileSync(conf, 'utf8').replace(
      `${root}/sites;`, `${this.run}/bundles;`));
    const old = this.worker();
    process.kill(this.nginx(), 'SIGHUP');
    while (this.worker() === old) {
      await pause(100);
    }
    await this.govctl('run', 'site.set', '{"site":"BAD","bundle":"burn"}');
    await output('taskset', ['-pc', '0', String(this.worker())]);
  }

  async close() {
    await this.platform('stop').catch(() => {});
    rmSync(this.run, { recursive: true, force: true });
  }

  good() {
    return { name: 'good', url: `http://127.0.0.1:${this.port}/`,
             headers: { Host: 'good.test', 'Accept-Encoding': 'gzip' } };
  }
}

/** So many requests a second whatever becomes of them; counts statuses. */
class Flood {
  constructor(port, rate) {
    this.port = port;
    this.rate = rate;
    this.calm = true;
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
    this.sent = 0;
    this.waiting = 0;
    this.status = {};
  }

  ask() {
    this.waiting++;
    this.sent++;
    get({ port: this.port, host: '127.0.0.1', agent: this.agent,
          path: this.calm ? '/' : `/nix/${this.sent}`,
          headers: { Host: this.calm ? 'good.test' : 'bad.test' } },
        (answer) => {
          this.status[answer.statusCode] =
            (this.status[answer.statusCode] ?? 0) + 1;
          answer.resume();
          answer.on('end', () => { this.waiting--; });
        }).on('error', () => { this.waiting--; });
  }

  start() {
    const began = performance.now();
    this.timer = setInterval(() => {
      const due = (performance.now() - began) * this.rate / 1000;
      while (this.sent < due && this.waiting < 256) {
        this.ask();
      }
    }, 5);
  }

  stop() {
    clearInterval(this.timer);
    this.agent.destroy();
  }
}

/** Rounds of the neighbour, beside calm and beside hostile requests. */
async function beside(port, directive, { rate, rounds, seconds }) {
  const machine = new Machine(port, directive);
  const flood = new Flood(port, rate);
  const one = () => round(machine.good(), machine.worker(), seconds);
  const seen = { calm: [], calm2: [], hostile: [] };
  try {
    await machine.start();
    flood.start();
    flood.calm = false;
    await pause(SETTLE);
    for (let i = 0; i < rounds; i++) {
      flood.calm = true;
      await pause(1000);
      seen.calm.push(await one());
      seen.calm2.push(await one());
      flood.calm = false;
      await pause(2 * seconds * 1000);
      seen.hostile.push(await one());
    }
    return { seen, status: flood.status };
  } finally {
    flood.stop();
    await machine.close();
  }
}

/** What a round cost the worker beyond the calm one, in ms a second. */
const extra = (round, calm) => (Number.isFinite(round.cpu)
  ? (round.cpu - calm.cpu) * round.perSecond / 1000 : 1000);

export async function fence(options = {}) {
  const env = process.env;
  const o = { port: Number(env.FENCE_PORT ?? 18530),
              rate: Number(env.FENCE_RATE ?? 300),
              rounds: Number(env.ROUNDS ?? 9),
              seconds: Number(env.SECONDS_EACH ?? 2), ...options };
  const list = [];
  const report = (name, value, unit, ratio = '') => {
    list.push({ name, value, unit, ratio });
    console.log(`bench ${name} ${value.toFixed(2)} ${unit}`
                + (ratio && ` ratio=${ratio.toFixed(3)} (calm)`));
  };

  for (const [name, directive, rounds] of [
    ['fence', '', o.rounds], ['no_fence', 'gov_fence off;', 1]]) {
    const { seen, status } = await beside(o.port, directive, { ...o, rounds });
    const of = (what, figure) => median(seen[what].map(figure));
    for (const what of ['calm', 'calm2', 'hostile']) {
      report(`${name}_${what}_cpu`, of(what, (r) => r.cpu), 'us/request',
             of(what, (r, i) => r.cpu / seen.calm[i].cpu));
      report(`${name}_${what}_rate`, of(what, (r) => r.perSecond),
             'requests/s');
    }
    const more = of('hostile', (r, i) => extra(r, seen.calm[i]));
    report(`${name}_extra`, more, 'ms/s', 1000 / (1000 - more));
    console.log(`bench ${name}_answers ${JSON.stringify(status)}`);
  }
  return list;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await fence();
}
