// govlook under valgrind's memcheck, as govd runs it: pictures and archives,
// whole, broken off and false.  A sanitizer cannot look for what is lost in
// there: the cage lets it open nothing.
//
//   node tests/valgrind_look.mjs [FOLDER]       build-test

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jpeg, png, zip } from './lib/files.mjs';
import { scratch } from './lib/scratch.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dir = scratch();
const program = join(root, process.argv[2] ?? 'build-test', 'govlook');
const half = (bytes) => bytes.subarray(0, bytes.length / 2);

const picture = png(3000, 1200);
const photo = jpeg(1600, 1200, { owner: '某某' });
const archive = zip([{ name: '通知.txt', data: '正文' },
                     { name: '附件/表.csv', data: 'a,b\n' }]);
const docx = readFileSync(join(root, 'tests/data/notice.docx'));

const FILES = ['file', '40000000'];
const ARCHIVES = ['archive', '1000', '100000', '100'];

const CASES = [
  ['a picture', FILES, picture], ['half of one', FILES, half(picture)],
  ['one too large', FILES, png(10, 10, { says: [90000, 90000] })],
  ['a photo', FILES, photo], ['half of one', FILES, half(photo)],
  ['a document', FILES, docx], ['nothing', FILES, Buffer.alloc(0)],
  ['a text', FILES, Buffer.from('正文')],
  ['an archive', ARCHIVES, archive], ['half of one', ARCHIVES, half(archive)],
  ['one that leads out', ARCHIVES, zip([{ name: '../x', data: 'y' }])],
  ['one too full', ['archive', '1', '10', '1'], archive],
  ['no archive', ARCHIVES, photo],
];

let bad = 0;

for (const [what, args, bytes] of CASES) {
  const at = (name) => join(dir, name);
  writeFileSync(at('given'), bytes);
  const given = openSync(at('given'), 'r');
  const outs = ['3', '4', '5'].map((name) => openSync(at(name), 'w+'));
  const done = spawnSync('valgrind', [
    '-q', '--vgdb=no', '--leak-check=full',
    '--errors-for-leak-kinds=definite,indirect',
    '--show-leak-kinds=definite,indirect', '--error-exitcode=99',
    program, ...args], { stdio: [given, 'pipe', 'pipe', ...outs] });
  [given, ...outs].forEach(closeSync);

  const good = done.status === 0 && /^\{.*\}\n$/.test(done.stdout);
  bad += good ? 0 : 1;
  console.log(`${good ? 'ok    ' : 'FAILED'} govlook ${args[0]}: ${what}`);
  if (!good) {
    console.log(`${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
  }
}

console.log(`\n${CASES.length - bad} passed, ${bad} failed`);
process.exitCode = bad ? 1 : 0;
