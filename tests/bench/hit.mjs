// One hot page, answered from its copy, beside whatever else could answer it:
// the ceiling, files in four ways, a dictionary in memory, and by PEERS= caches
// and WordPress.  Peers stand in peers/, a file each.

import { gunzipSync } from 'node:zlib';

import { best, ratio, reportRatio, reportRounds } from './figures.mjs';
import { fetchOnce, instructions, rounds, sequence, systemCalls }
  from './load.mjs';
import { GZIP, Platform, folder, layHome } from './platform.mjs';

export const title = 'One hot page';

const HOST = 'bench.test';
export const ALWAYS = ['return', 'static', 'lua'];
export const MORE = ['proxy_cache', 'varnish', 'wordpress'];

const LOGGED = (conf) => conf.replace('access_log off;',
                                      'access_log access.log;');

async function thePage(p) {
  const target = p.target('copy', HOST);
  await fetchOnce(target);
  const answer = await fetchOnce(target);
  if (answer.status !== 200 || answer.headers['x-gov-copy'] !== 'hit') {
    throw new Error(`the page: ${answer.status} `
                    + `${answer.headers['x-gov-copy']}`);
  }
  return { headers: answer.headers, gzip: answer.bytes,
           html: gunzipSync(answer.bytes) };
}

const askedOf = async (p) => Object.entries(await p.metrics(HOST))
  .filter(([name]) => /gov_requests_total.*(hit|miss)/.test(name))
  .reduce((sum, [, count]) => sum + count, 0);

/** What is timed as a cache does not ask the platform again. */
async function holdsIt(p, target) {
  await sequence(target, 5);
  const before = await askedOf(p);
  await sequence(target, 20);
  if (await askedOf(p) !== before) {
    throw new Error(`${target.name} asks its origin, it does not cache`);
  }
}

/** What is timed as the same page is the same page, to the last byte. */
async function compare(p, targets, page) {
  for (const target of targets) {
    await fetchOnce(target);
    const answer = await fetchOnce(target);
    const same = target.bare || (target.holds?.(answer)
      ?? answer.bytes.equals(page.gzip));
    if (answer.status !== 200 || !same) {
      throw new Error(`${target.name} answers ${answer.status}, `
                      + `${answer.bytes.length} bytes, not the page`);
    }
    if (target.cache) {
      await holdsIt(p, target);
    }
  }
}

async function startPeers(p, page, { port, peers, setup }) {
  const started = [];
  try {
    for (const [i, name] of [...ALWAYS, ...peers].entries()) {
      const { about, start } = await import(`./peers/${name}.mjs`);
      const peer = await start({ run: folder(p.run, name), page, host: HOST,
                                 port: port + 10 * (i + 1), origin: port });
      started.push(peer);
      const command = MORE.includes(name) ? `make bench ONLY=hit PEERS=${name}`
        : 'make bench ONLY=hit';
      setup(name, about, command, Object.fromEntries(
        Object.entries(peer.files).map(
          ([file, text]) => [file, text.replaceAll(p.run, 'RUN')])));
    }
  } catch (error) {
    await stopAll(started);
    throw error;
  }
  return started;
}

/** May be called again for what is stopped already. */
async function stopAll(peers) {
  for (const peer of peers) {
    await peer.stop().catch((error) => console.error(error.message));
  }
}

const targetsOf = (p, peers) => [
  p.target('copy', HOST),
  ...peers.flatMap((peer) => peer.targets.map((target) => ({
    ...target, headers: { Host: HOST, ...GZIP, ...target.headers },
  }))),
];

async function timings(targets, report, { rounds: n, seconds }) {
  const seen = await rounds(targets, n, seconds,
                            { twins: ['static', 'copy'] });
  reportRounds(report, 'hit', seen, 'static');

  const files = Object.keys(seen).filter(
    (name) => /^static(_no\w+)?$/.test(name));
  reportRatio(report, 'hit_beside_static', seen, 'copy', 'static');
  reportRatio(report, 'hit_beside_best_static', seen, 'copy',
              best(seen, files));
  reportRatio(report, 'hit_beside_return', seen, 'copy', 'return');
  report('hit_rounds_resolve', Math.max(...['static', 'copy'].map(
    (name) => Math.abs(1 - ratio(seen, `${name}_twin`, name)) * 100))
    .toFixed(1), '% off, the worse median of twins');
}

async function countCalls(targets, report, run) {
  for (const target of targets) {
    const calls = await systemCalls(target, run, target.slow ? 40 : 1000);
    report(`hit_${target.name}_syscalls`,
           calls.reduce((sum, [, times]) => sum + times, 0), 'calls/request',
           { target: target.name, measure: 'syscalls',
             names: calls.map(([name, times]) => (times > 1
               ? `${name} x${times}` : name)).sort().join(' ') });
  }
}

/** Servers of one process in turn, without and with access log. */
async function countInstructions(p, peers, targets, report) {
  const servers = [
    { server: p, names: ['copy'], logged: true },
    ...peers.filter((peer) => peer.nginx).map((peer) => ({
      server: peer.nginx, names: peer.targets.map(({ name }) => name),
      logged: peer.targets[0].name === 'static',
    })),
  ];
  for (const { server, names, logged } of servers) {
    for (const name of names) {
      const target = targets.find((t) => t.name === name);
      const count = async (measure, edit) => report(
        `hit_${name}_${measure}`,
        await instructions(server.run, server.single(edit), target),
        'user instructions/request', { target: name, measure });
      await count('instructions');
      if (logged && ['copy', 'static'].includes(name)) {
        await count('instructions_logged', LOGGED);
      }
    }
  }
}

export async function measure(report, options) {
  const { port, skip } = options;
  const p = new Platform({ name: 'hit', port, watched: true });
  let peers = [];

  try {
    await p.start();
    await layHome(p, 'BENCH', HOST);
    const page = await thePage(p);
    report('hit_page', page.html.length, 'bytes');
    report('hit_page_gzip', page.gzip.length, 'bytes');

    peers = await startPeers(p, page, options);
    const targets = targetsOf(p, peers);
    await compare(p, targets, page);
    if (!skip.includes('timings')) {
      await timings(targets, report, options);
    }
    if (!skip.includes('strace')) {
      await countCalls(targets, report, p.run);
    }
    await p.reportStall(report, 'hit', HOST);
    await stopAll(peers);
    if (!skip.includes('callgrind')) {
      await p.stopNginx();
      await countInstructions(p, peers, targets, report);
    }
  } finally {
    await stopAll(peers);
    await p.close();
  }
}
