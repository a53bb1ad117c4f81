// The three tiny sites of the tests: a city's portal, one of its counties
// with a host of its own, one township as pages of the county.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const base = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
                  'sites/_base');

export const CITY = '610400';
export const COUNTY = '610402';
export const TOWNSHIP = '610402100';

export async function layBlueprints(p) {
  for (const file of readdirSync(base).sort()) {
    await p.run('blueprint.put',
                JSON.parse(readFileSync(join(base, file), 'utf8')));
  }
}

export async function laySites(p) {
  await p.ctl('--quiet', 'site', 'create', '--code', CITY,
              '--name', '示例市', '--level', 'city', '--slug', 'city',
              '--host', 'city.test', '--blueprint', 'city');
  await p.ctl('--quiet', 'site', 'create', '--code', COUNTY,
              '--name', '示例县', '--level', 'county', '--parent', CITY,
              '--slug', 'county', '--mode', 'subsite',
              '--host', 'county.test', '--blueprint', 'county');
  await p.ctl('--quiet', 'site', 'create', '--code', TOWNSHIP,
              '--name', '示例镇', '--level', 'township', '--parent', COUNTY,
              '--slug', 'town', '--mode', 'page', '--blueprint', 'township');
}
