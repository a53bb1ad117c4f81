// One site rendered at its limits while another one is read: what a request
// of the other costs the worker then.
//
// The hostile site's hook burns all it may on every page, and FENCE_RATE (300)
// requests a second ask for another path each, so that no copy answers.  CPU is
// the whole worker's, refusals included, by the neighbour's requests, from when
// the hostile site has spent what it had ahead.  It stands beside calm: the
// same client asking as often for what a copy answers, for a second client
// changes by itself how many requests a turn of the event loop finds.
//
//   extra     what the hostile site costs the worker, in ms a second; its
//             ratio is a neighbour's request beside a calm one on a worker
//             that is wholly busy: on an idle one the site's share is of more
//             than the neighbour uses, and nobody misses it
//
// And the same once with "gov_fence off": what the fence is worth.

import { Agent } from 'node:http';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

import { median } from './figures.mjs';
import { fetchOnce, pause, pin, round, until, writeConf } from './load.mjs';
import { Platform, folder, layHome } from './platform.mjs';

export const title = 'One site at its limits beside one that is read';

const RATE = Number(process.env.FENCE_RATE ?? 300);
/** ms: what a site may spend ahead is over by then. */
const SETTLE = 5000;
const BURN = `return function (v)
  for i = 1, 1000000000 do local x = i * i end
end`;

/** Two sites, one of them with code that burns. */
async function lay(p) {
  await p.start();
  await p.layBlueprints();
  await layHome(p, 'GOOD', 'good.test');
  await p.command('site.create', { code: 'BAD', name: '超限市', level: 'city',
                                   host: ['bad.test'] });
  const hooks = folder(folder(folder(p.run, 'bundles'), 'burn'), 'hooks');
  writeFileSync(join(hooks, 'before_render.lua'), BURN);

  const old = p.workers();
  const conf = p.conf().replace(/(gov_bundles \S+) \S+;/,
                                `$1 ${p.run}/bundles;`);
  writeConf(p.run, 'nginx.conf', conf);
  process.kill(p.pid('nginx'), 'SIGHUP');
  await until('a new worker', () => p.workers().length === old.length
    && !p.workers().includes(old[0]));
  await pin(p.workers());
  await p.command('site.set', { site: 'BAD', bundle: 'burn' });
}

/** So many requests a second, whatever becomes of them. */
class Flood {
  constructor(port) {
    this.url = `http://127.0.0.1:${port}`;
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
    this.calm = true;
    this.sent = 0;
    this.waiting = 0;
  }

  async ask() {
    this.waiting++;
    this.sent++;
    await fetchOnce({
      url: `${this.url}${this.calm ? '/' : `/nix/${this.sent}`}`,
      headers: { Host: this.calm ? 'good.test' : 'bad.test' },
      agent: this.agent,
    }).catch(() => {});
    this.waiting--;
  }

  start() {
    const began = performance.now();
    this.timer = setInterval(() => {
      const due = (performance.now() - began) * RATE / 1000;
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

/** Rounds of the neighbour beside calm and beside hostile requests. */
async function beside(port, directive, n, seconds) {
  const p = new Platform({ name: 'fence', port,
                           env: { CONF_HTTP: directive } });
  const flood = new Flood(port);
  const seen = { calm: [], calm_twin: [], hostile: [] };
  try {
    await lay(p);
    const one = () => round(p.target('good', 'good.test'), seconds);
    flood.start();
    for (let i = 0; i < n; i++) {
      flood.calm = true;
      await pause(1000);
      seen.calm.push(await one());
      seen.calm_twin.push(await one());
      flood.calm = false;
      await pause(i ? 2 * seconds * 1000 : SETTLE);
      seen.hostile.push(await one());
    }
    return seen;
  } finally {
    flood.stop();
    await p.close();
  }
}

/** What a round cost the worker beyond the calm one, in ms a second. */
const extra = (hostile, calm) => (Number.isFinite(hostile.cpu)
  ? Math.min((hostile.cpu - calm.cpu) * hostile.perSecond / 1000, 999) : 999);

export async function measure(report, { rounds, seconds, port }) {
  for (const [name, directive, n] of [['fence', '', rounds],
                                      ['no_fence', 'gov_fence off;', 1]]) {
    const seen = await beside(port, directive, n, seconds);
    const of = (what, figure) => median(seen[what].map(figure));

    for (const what of Object.keys(seen)) {
      if (seen[what].every((r) => r.perSecond > 0)) {
        report(`${name}_${what}_cpu`, of(what, (r) => r.cpu).toFixed(2),
               'us/request',
               { ratio: of(what, (r, i) => r.cpu / seen.calm[i].cpu),
                 beside: 'calm, less is better' });
      }
      report(`${name}_${what}_rate`,
             of(what, (r) => r.perSecond).toFixed(0), 'requests/s');
    }
    const more = of('hostile', (r, i) => extra(r, seen.calm[i]));
    report(`${name}_extra`, more.toFixed(1), 'ms/s',
           { ratio: 1000 / (1000 - more), beside: 'calm, on a busy worker' });
  }
}
