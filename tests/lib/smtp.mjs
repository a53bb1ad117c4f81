// A mail server for tests: it keeps what it is given, and refuses what it is
// told to.
//
//     const server = await smtp();
//     server.refuse = (line) => line.startsWith('RCPT') && '550 no such user';
//     server.refuse = (line) => line === '.' && GONE;     without a word
//     const [mail] = await server.got(1);
//     mail.subject, mail.text, mail.head['message-id'], mail.to
//
//     certificate(dir, 'a', 'DNS:localhost')       files { cert, key }
//     smtp({ tls: 'starttls', ...pair, login: ['user', 'password'] })
//
// tls: 'smtps' from the first byte, 'starttls' when asked.  Who did not log in
// where that is wanted is refused; what was said in clear is in server.clear.
//
// It is ended with the test file.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after } from 'node:test';
import { createSecureContext, createServer as createTlsServer,
         TLSSocket } from 'node:tls';

import { until } from '../crash/load.mjs';

/** What refuse() says of a line at which the server goes. */
export const GONE = 'gone';

const decoded = (value) => value
  .replace(/\?=\s+=\?/g, '?==?')
  .replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, q) => q)
  .replace(/((?:=[0-9A-F]{2})+)/g, (hex) =>
    Buffer.from(hex.replace(/=/g, ''), 'hex').toString());

function split(data) {
  const [top, ...rest] = data.split('\r\n\r\n');
  const head = {};
  for (const line of top.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name, value] = /^([\w-]+): ?(.*)$/.exec(line);
    head[name.toLowerCase()] = value;
  }
  return { head, body: rest.join('\r\n\r\n') };
}

/** The only part of a mail of one part. */
function parsed(from, to, data) {
  const { head, body } = split(data);
  const [, boundary] = /boundary="?([^";]+)/.exec(head['content-type']);
  const parts = body.split(`--${boundary}`);
  const part = split(parts[1].slice(2));
  return {
    from, to, head, raw: data, subject: decoded(head.subject),
    sender: decoded(head.from), type: part.head['content-type'],
    parts: parts.length - 2,
    text: Buffer.from(part.body, 'base64').toString(),
  };
}

/** A certificate that signs itself: of its own, and an authority. */
export function certificate(dir, name, subject) {
  const cert = join(dir, `${name}.pem`);
  const key = join(dir, `${name}.key`);
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-addext',
    `subjectAltName=${subject}`, '-out', cert, '-keyout', key,
  ], { stdio: 'ignore' });
  return { cert, key };
}

class Smtp {
  constructor({ tls, cert, key, login } = {}) {
    this.tls = tls;
    this.pem = tls && { cert: readFileSync(cert), key: readFileSync(key) };
    this.login = login && Buffer.from(`\0${login.join('\0')}`)
      .toString('base64');
    this.mails = [];
    this.lines = [];
    this.clear = [];
    this.refuse = () => undefined;
    this.sockets = new Set();
  }

  async listen(port = 0) {
    const talk = (socket) => this.#talk(socket);
    this.server = this.tls === 'smtps' ? createTlsServer(this.pem, talk)
      : createServer(talk);
    this.server.on('tlsClientError', () => {});
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
    this.port = this.server.address().port;
    return this;
  }

  async close() {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((done) => this.server.close(done));
  }

  get url() {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** The first n mails, once they are here; it is not waited without end. */
  async got(n, tries) {
    await until(() => this.mails.length >= n, `mail ${n}`, tries)
      .catch((error) => {
        error.message += `; ${this.mails.length} are here, and last was said `
          + `"${this.lines.at(-1) ?? ''}"`;
        throw error;
      });
    return this.mails.slice(0, n);
  }

  #talk(socket) {
    let rest = '';
    let data;
    let from;
    let to;
    let known = !this.login;
    let proving = false;
    const say = (line) => (line === GONE ? socket.destroy()
      : socket.write(`${line}\r\n`));

    const attach = (next) => {
      socket = next;
      this.sockets.add(next);
      next.on('error', () => {});
      next.on('close', () => this.sockets.delete(next));
      next.on('data', (chunk) => hear(chunk.toString('latin1')));
    };

    const upgrade = () => {
      socket.removeAllListeners('data');
      attach(new TLSSocket(socket, {
        isServer: true, secureContext: createSecureContext(this.pem) }));
    };

    const offers = () => {
      const more = this.tls === 'starttls' && !socket.encrypted
        ? 'STARTTLS' : this.login ? 'AUTH PLAIN' : '8BITMIME';
      return `250-test\r\n250 ${more}`;
    };

    const command = (line) => {
      this.lines.push(line);
      if (!socket.encrypted) {
        this.clear.push(line);
      }
      const refused = this.refuse(line);
      const verb = proving ? 'AUTH' : line.slice(0, 4).toUpperCase();
      if (refused) {
        say(refused);
      } else if (verb === 'EHLO') {
        say(offers());
      } else if (verb === 'STAR') {
        say('220 go on');
        upgrade();
      } else if (line === 'AUTH PLAIN') {
        proving = true;
        say('334 ');
      } else if (verb === 'AUTH') {
        proving = false;
        known = line === this.login;
        say(known ? '235 welcome' : '535 wrong password');
      } else if (verb === 'MAIL' && !known) {
        say('530 who are you');
      } else if (verb === 'MAIL') {
        from = /<(.*?)>/.exec(line)[1];
        say('250 ok');
      } else if (verb === 'RCPT') {
        to = /<(.*?)>/.exec(line)[1];
        say('250 ok');
      } else if (verb === 'DATA') {
        data = '';
        say('354 go on');
      } else if (verb === 'QUIT') {
        socket.end('221 bye\r\n');
      } else {
        say('250 ok');
      }
    };

    const hear = (chunk) => {
      rest += chunk;
      for (let end; (end = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data === undefined) {
          command(line);
        } else if (line === '.') {
          const whole = Buffer.from(data, 'latin1').toString();
          data = undefined;
          const refused = this.refuse('.');
          if (!refused) {
            this.mails.push(parsed(from, to, whole));
          }
          say(refused || '250 taken');
        } else {
          data += `${line.replace(/^\./, '')}\r\n`;
        }
      }
    };

    attach(socket);
    say('220 test ESMTP');
  }
}

export async function smtp(options) {
  const server = await new Smtp(options).listen();
  after(() => server.close());
  return server;
}
