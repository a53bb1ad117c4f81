// Files as tests need them, made here byte by byte: images that say where
// they were taken, archives that lie, and the form that brings them.

import { crc32 as zlibCrc, deflateRawSync, deflateSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';

const be16 = (n) => Buffer.from([n >> 8, n & 255]);
const be32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n >>> 0);
  return b; };
const le = (size, ...numbers) => Buffer.concat(numbers.map((n) => {
  const b = Buffer.alloc(size);
  b.writeUIntLE(n, 0, size);
  return b;
}));

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) {
    c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return c >>> 0;
});

const crc32 = zlibCrc ?? ((bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  }
  return (c ^ 0xffffffff) >>> 0;
});

/** A PNG in one colour; with says another size than it has. */
export function png(width, height, { says = [width, height] } = {}) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    return Buffer.concat([be32(data.length), body, be32(crc32(body))]);
  };
  const row = Buffer.concat([Buffer.from([0]),
                             Buffer.alloc(width * 3, 'abc')]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([be32(says[0]), be32(says[1]),
                                 Buffer.from([8, 2, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** EXIF: lying on its side (6), taken at 34° 20' N, by whom. */
function exif(owner) {
  const text = Buffer.from(`${owner}\0`);
  const entry = (tag, type, count, value) => Buffer.concat([
    le(2, tag, type), le(4, count), value]);
  const ifd = (at, entries) => Buffer.concat([le(2, entries.length),
                                              ...entries, le(4, at)]);
  const first = 8;
  const gps = first + 2 + 3 * 12 + 4;
  const data = gps + 2 + 2 * 12 + 4;
  return Buffer.concat([
    Buffer.from('Exif\0\0II*\0'), le(4, first),
    ifd(0, [entry(0x010e, 2, text.length, le(4, data + 24)),
            entry(0x0112, 3, 1, Buffer.concat([le(2, 6), le(2, 0)])),
            entry(0x8825, 4, 1, le(4, gps))]),
    ifd(0, [entry(1, 2, 2, Buffer.from('N\0\0\0')),
            entry(2, 5, 3, le(4, data))]),
    le(4, 34, 1, 20, 1, 0, 1), text,
  ]);
}

/** A grey JPEG, both sides multiples of 8. */
export function jpeg(width, height, { owner } = {}) {
  const part = (mark, data) => Buffer.concat([
    Buffer.from([0xff, mark]), be16(data.length + 2), data]);
  const one = (kind) => Buffer.concat([
    Buffer.from([kind, 1]), Buffer.alloc(15), Buffer.from([0])]);
  const bits = (width / 8) * (height / 8) * 2;
  const scan = Buffer.alloc(Math.ceil(bits / 8));
  if (bits % 8) {
    scan[scan.length - 1] = 0xff >> (bits % 8);
  }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    owner ? part(0xe1, exif(owner)) : Buffer.alloc(0),
    part(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)])),
    part(0xc0, Buffer.concat([Buffer.from([8]), be16(height), be16(width),
                              Buffer.from([1, 1, 0x11, 0])])),
    part(0xc4, Buffer.concat([one(0x00), one(0x10)])),
    part(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    scan, Buffer.from([0xff, 0xd9]),
  ]);
}

/** A ZIP of [{ name (text or bytes), data, mode, utf8, method }]. */
export function zip(entries) {
  const locals = [];
  const heads = [];
  let at = 0;
  for (const { name, data = '', mode = 0o100644, utf8, method = 8 }
    of entries) {
    const bytes = Buffer.from(name);
    const raw = Buffer.from(data);
    const packed = deflateRawSync(raw);
    const fields = Buffer.concat([
      le(2, 20, utf8 ?? typeof name === 'string' ? 0x800 : 0),
      le(2, method, 0, 33),
      le(4, crc32(raw), packed.length, raw.length),
      le(2, bytes.length, 0)]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, bytes,
                                 packed]);
    locals.push(local);
    heads.push(Buffer.concat([
      Buffer.from('PK\x01\x02'), le(2, (3 << 8) | 20), fields, le(2, 0, 0, 0),
      le(4, mode * 65536, at), bytes]));
    at += local.length;
  }
  const head = Buffer.concat(heads);
  return Buffer.concat([...locals, head, Buffer.from('PK\x05\x06'),
                        le(2, 0, 0, entries.length, entries.length),
                        le(4, head.length, at), le(2, 0)]);
}

/** multipart/form-data of [name, text] and [name, filename, bytes]. */
export function form(parts) {
  const mark = `----${randomBytes(12).toString('hex')}`;
  const body = Buffer.concat([
    ...parts.flatMap(([name, first, bytes]) => [
      Buffer.from(`--${mark}\r\nContent-Disposition: form-data; ` +
                  `name="${name}"`),
      bytes === undefined ? Buffer.from(`\r\n\r\n${first}`)
        : Buffer.concat([Buffer.from('; filename="'), Buffer.from(first),
                         Buffer.from('"\r\nContent-Type: ' +
                                     'application/octet-stream\r\n\r\n'),
                         Buffer.from(bytes)]),
      Buffer.from('\r\n')]),
    Buffer.from(`--${mark}--\r\n`),
  ]);
  return { body,
           headers: { 'content-type': `multipart/form-data; boundary=${mark}` },
  };
}
