// A scanner that speaks clamd's INSTREAM and knows one thing, the EICAR test
// file, which scanners agree to find.

import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';

export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-',
                      'ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');

export class Clamd {
  constructor(path) {
    this.path = path;
    this.asked = [];
    this.answer = undefined;        // said whatever comes
  }

  async start() {
    rmSync(this.path, { force: true });
    this.server = createServer((socket) => this.#serve(socket));
    this.server.listen(this.path);
    await once(this.server, 'listening');
    chmodSync(this.path, 0o666);
    return this;
  }

  #serve(socket) {
    let got = Buffer.alloc(0);
    const pieces = [];

    socket.on('error', () => {});
    socket.on('data', (data) => {
      got = Buffer.concat([got, data]);
      if (got.length >= 10 && got.subarray(0, 10).toString()
          === 'zINSTREAM\0') {
        got = got.subarray(10);
      }
      while (got.length >= 4 && got.length >= 4 + got.readUInt32BE()) {
        const n = got.readUInt32BE();
        pieces.push(got.subarray(4, 4 + n));
        got = got.subarray(4 + n);
        if (n === 0) {
          const file = Buffer.concat(pieces);
          this.asked.push(file);
          socket.end(this.answer ?? (file.includes(EICAR)
            ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0'));
        }
      }
    });
  }

  async stop() {
    if (this.server) {
      this.server.close();
      rmSync(this.path, { force: true });
      this.server = undefined;
    }
  }
}
