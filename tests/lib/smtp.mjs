// A mail server for tests: it keeps what it is given, and refuses what it is
// told to.
//
//     const server = await smtp();
//     server.refuse = (line) => line.startsWith('RCPT') && '550 no such user';
//     const [mail] = await server.got(1);
//     mail.subject, mail.text, mail.head['message-id'], mail.to
//
// It is ended with the test file.

import { createServer } from 'node:net';
import { after } from 'node:test';

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

class Smtp {
  constructor() {
    this.mails = [];
    this.lines = [];
    this.refuse = () => undefined;
    this.#waiting = [];
    this.sockets = new Set();
  }

  #waiting;

  async listen(port = 0) {
    this.server = createServer((socket) => this.#talk(socket));
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

  /** The first n mails, once they are here. */
  got(n) {
    return new Promise((done) => {
      this.#waiting.push({ there: () => this.mails.length >= n,
                           done: () => done(this.mails.slice(0, n)) });
      this.#look();
    });
  }

  /** The line that this fits, once it was said. */
  heard(pattern) {
    return new Promise((done) => {
      this.#waiting.push({
        there: () => this.lines.find((line) => pattern.test(line)),
        done: () => done(this.lines.find((line) => pattern.test(line))) });
      this.#look();
    });
  }

  #look() {
    this.#waiting = this.#waiting.filter((one) => {
      const there = one.there();
      if (there) {
        one.done();
      }
      return !there;
    });
  }

  #talk(socket) {
    let rest = '';
    let data;
    let from;
    let to;
    const say = (line) => socket.write(`${line}\r\n`);

    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    socket.setEncoding('latin1');
    say('220 test ESMTP');

    const command = (line) => {
      this.lines.push(line);
      const refused = this.refuse(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (refused) {
        say(refused);
      } else if (verb === 'EHLO') {
        say('250-test\r\n250 8BITMIME');
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
      this.#look();
    };

    socket.on('data', (chunk) => {
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
          this.#look();
        } else {
          data += `${line.replace(/^\./, '')}\r\n`;
        }
      }
    });
  }
}

export async function smtp() {
  const server = await new Smtp().listen();
  after(() => server.close());
  return server;
}
