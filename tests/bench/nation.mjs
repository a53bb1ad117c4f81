// A platform with the national list in it, a site a division: what random.mjs
// and publish.mjs read, every home page's copy warm, and console.mjs.

import { Agent } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { fetchOnce, root, writeConf } from './load.mjs';
import { Platform } from './platform.mjs';

const READERS = 32;
const PERIOD = 1400;        // microseconds

export const hostOf = (code) => `${code}.cn.localhost`;

/** Codes of the list; the four rows that are their own parent are no sites. */
async function importList(p, choose) {
  const csv = gunzipSync(readFileSync(
    join(root, 'tests/data/china-levels-1-4.csv.gz')));
  const [head, ...all] = csv.toString().trim().split('\n');
  const rows = choose(all);
  const file = join(p.run, 'list.csv');
  writeFileSync(file, [head, ...rows, ''].join('\n'));
  await p.govctl('site', 'import-csv', file, '--host-pattern',
                 hostOf('{code}'));
  return [...new Set(rows.map((row) => row.split(',')[0]))];
}

/** Every home page once: what each() gets is an answer. */
export async function visitAll(p, codes, each = () => {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const left = [...codes];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let code; (code = left.pop());) {
      const answer = await fetchOnce({ ...p.target('visit', hostOf(code)),
                                       agent });
      if (answer.status !== 200) {
        throw new Error(`${hostOf(code)}: ${answer.status}`);
      }
      each(code, answer);
    }
  }));
  agent.destroy();
}

/** choose: which rows of the list; govd: lines of its govd.conf; watched. */
export async function nation({ port, conf = '', govd = '', watched,
                               choose = (rows) => rows }) {
  const p = new Platform({ name: 'nation', port, watched,
                           env: { ZONE: '1024m', CONF_HTTP: conf } });
  writeConf(p.run, 'govd.conf', govd);
  await p.start();
  await p.layBlueprints();
  p.codes = await importList(p, choose);
  return p;
}

/** Hosts a line, for wrk's hosts.lua. */
export function writeHosts(p, name, codes) {
  const file = join(p.run, name);
  writeFileSync(file, `${codes.map(hostOf).join('\n')}\n`);
  return file;
}

/** A target whose every request names a host of the file, at random. */
export const atRandom = (target, file, path = '/') => ({
  ...target, script: join(root, 'tests/bench/hosts.lua'),
  scriptArgs: [file, path],
});

/**
 * The same at an even pace, by readers.c: about a third of what a worker could
 * serve.
 */
export const readersOf = (target, name, file) => ({
  ...target, name, readers: [file, '/', String(READERS), String(PERIOD)],
});
