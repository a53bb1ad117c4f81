// The formats of gov_fail() beside their English.  See english.sh.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = 'ngx_gov_module';
const WORDS = /"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*/g;

const CALL = /\b(?:gov_fail|govd_answer_problem)\(/g;

const join2 = (literals) => literals.replace(/"\s*"/g, '').slice(1, -1);
const conversions = (text) =>
  (text.match(/%(?:\.\*|\.\d)?(?:ll|z|h)?[a-z]/g) ?? []).join(' ');

/** What stands between the parentheses of a call that begins at `from`. */
function argumentsOf(source, from) {
  let depth = 1;
  let at = from;
  for (let quoted = false; depth > 0; at++) {
    const c = source[at];
    if (quoted) {
      at += c === '\\' ? 1 : 0;
      quoted = c !== '"';
    } else {
      quoted = c === '"';
      depth += (c === '(') - (c === ')');
    }
  }
  return source.slice(from, at - 1);
}

const said = new Set();
for (const room of readdirSync(root, { withFileTypes: true })) {
  if (!room.isDirectory() || room.name === 'script') {
    continue;               // a script's failure is the developer's, in English
  }
  for (const name of readdirSync(join(root, room.name))) {
    const source = readFileSync(join(root, room.name, name), 'utf8');
    for (const call of source.matchAll(CALL)) {
      const text = argumentsOf(source, call.index + call[0].length);
      for (const [literals] of text.matchAll(WORDS)) {
        if (/\p{Script=Han}/u.test(literals)) {
          said.add(join2(literals));
        }
      }
    }
  }
}

const rows = [...readFileSync(join(root, 'base/gov_english.c'), 'utf8')
  .matchAll(/\{ ("[^]*?"),\n {6}("[^]*?") \}/g)]
  .map(([, zh, en]) => [join2(zh), join2(en)]);
const english = new Map(rows);

let bad = 0;
for (const [zh, en] of rows) {
  if (conversions(zh) !== conversions(en)) {
    console.log(`other conversions: ${zh} | ${en}`);
    bad++;
  }
}
if (english.size !== rows.length) {
  console.log('a sentence stands twice');
  bad++;
}
for (const zh of said) {
  if (!english.has(zh)) {
    console.log(`no English: ${zh}`);
    bad++;
  }
}
console.log(`${english.size} sentences in English`);
process.exit(bad ? 1 : 0);
