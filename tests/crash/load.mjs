// Load for the tests of this folder, and its judge.
//
// Writers ask ctl.sock, and again with the same operation id until there is
// an answer, as nginx and govctl do; what was acknowledged is read through the
// public page at once.  Visitors read without an end; every answer other than
// the page is a fault.  The judge counts what was acknowledged against what
// the store, its journal, govctl and the public pages show.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync,
         writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as turn } from 'node:timers/promises';
import { Client } from 'undici';

import { buildFolder } from '../lib/process.mjs';
import { root } from '../lib/platform.mjs';
import { COUNTY } from '../lib/sites.mjs';

const COLUMN = 'xxgk/tzgg';

let folders = 0;

/** A folder whose files arm points; both programs' users remove them. */
export function pointFolder() {
  const dir = join(tmpdir(), `gov-points-${process.pid}-${folders++}`);
  mkdirSync(dir);
  chmodSync(dir, 0o777);
  return dir;
}

/** A sanitizer's library will not have another one preloaded with it. */
export const insideCommit = !process.env.SANITIZE;

/** What platform() needs for them. */
export function withPoints(dir, conf = {}) {
  const disk = join(root, buildFolder(), 'crash/disk.so');
  return {
    conf: { ...conf, main: `env GOV_POINTS;\n${conf.main ?? ''}` },
    env: { GOV_POINTS: dir, ...insideCommit ? { LD_PRELOAD: disk } : {} },
  };
}

export const arm = (dir, name) => writeFileSync(join(dir, name), '');
export const armed = (dir, name) => existsSync(join(dir, name));

/** Looks until it is so; what is waited for always comes. */
export async function until(check, what, tries = 20_000) {
  for (let i = 0; i < tries; i++) {
    const value = await check();
    if (value) {
      return value;
    }
    await turn(1);
  }
  return assert.fail(`it never came: ${what}`);
}

/** Pid of govd's child, 0 between two of them. */
export function child(p) {
  const pid = p.pid('govd');
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')[0]);
  } catch {
    return 0;
  }
}


/** Text of a page for someone who keeps no connection, or keeps one. */
class Reader {
  constructor(p, kept) {
    this.client = new Client(`http://127.0.0.1:${p.port}`, {
      headersTimeout: 60_000, bodyTimeout: 60_000 });
    this.kept = kept;
  }

  async get(path) {
    const answer = await this.client.request({
      method: 'GET', path, headers: { host: 'county.test' },
      reset: !this.kept,
    }).catch((error) => {
      throw Object.assign(error, { unanswered: true });
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  close() {
    return this.client.destroy();
  }
}


const sorted = (docs) => docs.sort((a, b) => a[0] - b[0]);


export class Writers {
  /** docs: what earlier writers of this platform got acknowledged */
  constructor(p, n, docs = new Map()) {
    this.p = p;
    this.broken = 0;
    this.docs = docs;                   // number: title acknowledged last
    this.acks = 0;
    this.retries = 0;
    this.faults = [];
    this.n = n;
  }

  async start() {
    this.before = await this.journal();
    this.done = Promise.all(Array.from({ length: this.n },
                                       (_, i) => this.#write(i)));
    return this;
  }

  async journal() {
    const stats = await this.p.ctl('--format=json', 'store', 'stats');
    return JSON.parse(stats).journal;
  }

  /** Resolves when so many more are acknowledged. */
  async more(n) {
    const enough = this.acks + n;
    await until(() => this.acks >= enough, 'acknowledgements');
  }

  async stop() {
    this.stopped = true;
    await this.done;
  }

  async #surely(client, name, input) {
    const op = randomUUID();

    for (let tries = 0; tries < 20_000; tries++) {
      try {
        const answer = await client.request({
          method: 'POST', path: `/api/v1/commands/${name}`,
          headers: { 'gov-operation': op }, body: JSON.stringify(input) });
        const text = await answer.body.text();
        if (answer.statusCode === 200) {
          this.acks++;
          return JSON.parse(text);
        }
        if (answer.statusCode !== 503) {
          throw new assert.AssertionError({
            message: `${name}: ${answer.statusCode} ${text}` });
        }
      } catch (error) {
        if (error instanceof assert.AssertionError) {
          throw error;
        }
      }
      this.retries++;
      await turn(1);
    }
    return assert.fail(`${name} was never answered`);
  }

  async #write(who) {
    const client = new Client('http://govd', {
      socketPath: join(this.p.dir, 'run/ctl.sock') });
    const reader = new Reader(this.p, false);

    for (let n = 0; !this.stopped; n++) {
      let title = `第${who}人第${n}号`;
      const { doc } = await this.#surely(client, 'doc.create', {
        site: COUNTY, column: COLUMN, title, body: title, publish: true });
      if (this.docs.has(doc)) {
        this.faults.push(`${doc} was given twice`);
      }
      this.docs.set(doc, title);
      await this.#seen(reader, doc, title);

      if (n % 3 === 2) {
        title = `${title}改`;
        await this.#surely(client, 'doc.edit', {
          doc, base: 1, title, publish: true });
        this.docs.set(doc, title);
        await this.#seen(reader, doc, title);
      }
    }
    await client.destroy();
    await reader.close();
  }

  /** A worker that is killed takes its connections along: asked again. */
  async #seen(reader, doc, title) {
    const path = `/${COLUMN}/${doc}.html`;
    const page = await this.#patient(reader, path);
    if (page.status !== 200 || !page.text.includes(`<title>${title}_`)) {
      this.faults.push(`${doc} ${title}: acknowledged and not shown: `
                       + page.status);
    }
  }

  async #patient(reader, path) {
    for (let tries = 0; ; tries++) {
      try {
        return await reader.get(path);
      } catch (error) {
        this.broken++;
        if (tries === 3) {
          return { status: error.code ?? `${error}`, text: '' };
        }
      }
    }
  }

  /** After stop(): nothing acknowledged is lost, nothing is there twice. */
  async judge() {
    const { p } = this;
    assert.deepEqual(this.faults, []);

    assert.equal(await this.journal() - this.before, this.acks,
                 'the journal has an entry for each acknowledgement');

    const rows = JSON.parse(await p.ctl(
      '--format=json', 'doc', 'list', '--site', COUNTY, '--column', COLUMN,
      '--limit', '1000000'));
    assert.deepEqual(sorted(rows.map((row) => [row.doc, row.title])),
                     sorted([...this.docs]));

    const reader = new Reader(p, true);
    for (const [doc, title] of this.docs) {
      const page = await reader.get(`/${COLUMN}/${doc}.html`);
      assert.equal(page.status, 200);
      assert.ok(page.text.includes(`<title>${title}_`), `${doc} ${title}`);
    }
    await reader.close();

    await p.ctl('journal', 'verify');
    await p.ctl('store', 'check');
  }
}


export class Visitors {
  /** list: a visitor each, true for one who keeps his connection */
  constructor(p, list) {
    this.p = p;
    this.good = 0;
    this.again = 0;
    this.faults = [];
    this.paths = ['/', '/xxgk/tzgg/', '/town/', '/feed.xml', '/sitemap.xml'];
    this.list = list;
  }

  start() {
    this.done = Promise.all(this.list.map((kept) => this.#visit(kept)));
    return this;
  }

  async stop() {
    this.stopped = true;
    await this.done;
  }

  async more(n) {
    const enough = this.good + n;
    await until(() => this.good >= enough, 'visits');
  }

  async #visit(kept) {
    const reader = new Reader(this.p, kept);

    for (let n = 0; !this.stopped; n++) {
      const path = this.paths[n % this.paths.length];
      try {
        const page = await this.#ask(reader, path);
        if (page.status === 200 && page.text.length > 100) {
          this.good++;
        } else {
          this.faults.push(`${path}: ${page.status}`);
        }
      } catch (error) {
        this.faults.push(`${path}: ${error.code ?? error}`);
        await turn(1);
      }
    }
    await reader.close();
  }

  /**
   * A server may close a kept connection between two requests; a browser then
   * asks on a new one, once.  A worker that is killed (deadly) takes any
   * connection along.  Both are counted apart.
   */
  async #ask(reader, path) {
    for (let tries = 0; ; tries++) {
      try {
        return await reader.get(path);
      } catch (error) {
        const late = reader.kept && error.unanswered ? 1 : 0;
        if (tries === (this.deadly ? 3 : late)) {
          throw error;
        }
        this.again++;
      }
    }
  }
}
