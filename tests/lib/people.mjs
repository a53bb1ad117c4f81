// Accounts of a test's platform, and people who sign in with a browser.
//
//     await p.account({ login: 'wang', roles: [['610402', 'clerk']] });
//     const wang = await p.signIn('wang');
//     const made = await wang.post('doc.create', { site: '610402', ... });
//     const page = await wang.get('/console/');
//
// Both lib/platform.mjs (through nginx) and lib/daemon.mjs (at web.sock) take
// these from here.  A second factor is set up and asked for unasked.

import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';

import { form as multipart } from './files.mjs';

export const PASSWORD = 'mugong-huojian-47';

const STEP = 30;

const fromBase32 = (text) => {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
    .indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
};

/** The six digits that an app shows in a step (RFC 6238). */
export function digits(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000)
    .padStart(6, '0');
}

/** What a session's forms carry. */
export function csrfOf(cookie) {
  return createHash('sha256').update('gov csrf ')
    .update(Buffer.from(cookie, 'base64url')).digest('hex').slice(0, 32);
}

export const encoded = (fields) => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) {
      body.append(name, one === true ? 'on' : one);
    }
  }
  return String(body);
};

/**
 * A browser.  send(method, path, { headers, body }) asks; what it answers has
 * status, headers and text.  The cookie is kept as a browser keeps it.
 */
export class Person {
  constructor(send, { tls = false, address = '192.0.2.1' } = {}) {
    this.send = send;
    this.tls = tls;
    this.address = address;
    this.cookie = '';
    this.known = '';            // by what a server knows this browser again
  }

  get cookieName() {
    return this.tls ? '__Host-gov_sid' : 'gov_sid';
  }

  get knownName() {
    return this.tls ? '__Host-gov_known' : 'gov_known';
  }

  get cookies() {
    return [[this.cookieName, this.cookie], [this.knownName, this.known]]
      .filter(([, value]) => value).map((pair) => pair.join('=')).join('; ');
  }

  get csrf() {
    return this.cookie ? csrfOf(this.cookie) : '';
  }

  async ask(method, path, { headers = {}, body } = {}) {
    const answer = await this.send(method, path, {
      body, headers: {
        'x-real-ip': this.address, 'x-gov-tls': this.tls ? 'https' : 'http',
        ...this.cookies ? { cookie: this.cookies } : {},
        ...headers,
      },
    });
    const setTo = (name) => [answer.headers['set-cookie'] ?? []].flat()
      .find((line) => line.startsWith(`${name}=`));
    const valueOf = (line) => /=([^;]*)/.exec(line)[1];
    const set = setTo(this.cookieName);
    const setKnown = setTo(this.knownName);
    if (set) {
      this.cookie = valueOf(set);
    }
    if (setKnown) {
      this.known = valueOf(setKnown);
    }
    const json = /[/+]json/.test(answer.headers['content-type'] ?? '');
    return { status: answer.status, headers: answer.headers, set, setKnown,
             text: answer.text,
             body: json ? JSON.parse(answer.text) : undefined };
  }

  get(path, headers = {}) {
    return this.ask('GET', path, { headers });
  }

  /** A form of the page that this browser shows. */
  form(path, fields = {}, headers = {}) {
    return this.ask('POST', path, {
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin',
                 'content-type': 'application/x-www-form-urlencoded',
                 ...headers },
      body: encoded({ ...this.cookie ? { _csrf: this.csrf } : {}, ...fields }),
    });
  }

  /** A command by its form. */
  post(command, fields = {}, { op = randomUUID(), headers = {} } = {}) {
    return this.form(`/console/do/${command}`, { _op: op, ...fields },
                     headers);
  }

  /** A form with files, { name: bytes }, that the browser shows. */
  upload(files, fields = {}, headers = {}) {
    const made = multipart([
      ...Object.entries({ _csrf: this.csrf, _op: randomUUID(), ...fields }),
      ...Object.entries(files).map(([name, bytes]) => ['file', name, bytes])]);
    return this.ask('POST', '/console/upload', {
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin',
                 ...made.headers, ...headers },
      body: made.body,
    });
  }

  /** A command and a question as a script sends them. */
  command(name, input = {}, headers = {}) {
    return this.ask('POST', `/api/v1/commands/${name}`, {
      headers: { 'gov-csrf': this.csrf, ...headers },
      body: JSON.stringify(input),
    });
  }

  query(name, input = {}) {
    return this.get(`/api/v1/queries/${name}?${new URLSearchParams(input)}`);
  }
}

/** Accounts whose passwords and second factors a test knows. */
export class People {
  #factors = new Map();
  #passwords = new Map();

  /** run(command, input): as the operator; send: as Person's; now(): a Date. */
  constructor({ run, send, now }) {
    Object.assign(this, { run, send, now });
  }

  async account({ login, name = login, roles = [], password = PASSWORD,
                  ...more }) {
    const made = await this.run('user.create', { login, name, password,
                                                 ...more });
    this.#passwords.set(login, password);
    for (const [site, role] of roles) {
      await this.run('user.grant', { user: login, role,
                                     ...site ? { site } : {} });
    }
    return made;
  }

  person(options) {
    return new Person(this.send, options);
  }

  /** The next code of a login that was not used, or a recovery code. */
  code(login) {
    const factor = this.#factors.get(login);
    const now = Math.floor(this.now() / 1000 / STEP);
    factor.step = Math.max(now - 1, factor.step + 1);
    return factor.step <= now + 1 ? digits(factor.secret, factor.step)
      : factor.recovery.pop();
  }

  factor(login) {
    return this.#factors.get(login);
  }

  /** Sets the second factor up, as the page asks. */
  async setUp(login, person) {
    const { body } = await person.get('/console/sign-in/factor');
    this.#factors.set(login, { ...body, step: 0 });
    return person.form('/console/sign-in/factor', {
      code: this.code(login), old: this.#passwords.get(login) });
  }

  /** Signs in, through every stage, to the end. */
  async signIn(login, { password, ...options } = {}) {
    const person = this.person(options);
    let answer = await person.form('/console/sign-in', {
      login, password: password ?? this.#passwords.get(login),
    });

    for (let stage = 0; stage < 3; stage++) {
      assert.equal(answer.status, 200, answer.text);
      if (answer.body.to === '/console/sign-in/factor') {
        answer = await this.setUp(login, person);
      } else if (answer.body.to === '/console/sign-in/code') {
        answer = await person.form(answer.body.to, { code: this.code(login) });
      }
    }

    assert.equal(answer.body.to, '/console/', answer.text);
    return person;
  }
}
