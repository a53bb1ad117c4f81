// The formats of gov_fail() and gov_desk_warn() beside their English: see
// english.sh.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = 'ngx_gov_module';
const WORDS = /"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*/g;

const CALL = new RegExp('\\b(?:gov_fail|gov_desk_warn|govd_answer_problem|'
  + 'gov_verify_fail)\\(', 'g');

// tables whose names are put into sentences
const NAMES = new RegExp('\\b(?:gov_steps|gov_acts|gov_levels|gov_life|'
  + 'govd_look_faults|gov_dead_whys|gov_unmanned)\\[[^\\]]*\\] = '
  + '\\{[^]*?\\n\\};'
  + '|#define GOV_RIGHTS\\(R\\)[^]*?\\n\\n', 'g');

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
const say = (text) => {
  for (const [literals] of text.matchAll(WORDS)) {
    if (/\p{Script=Han}/u.test(literals)) {
      said.add(join2(literals));
    }
  }
};
let tables = 0;
for (const room of readdirSync(root, { withFileTypes: true })) {
  if (!room.isDirectory() || room.name === 'script') {
    continue;               // a script's failure is the developer's, in English
  }
  for (const name of readdirSync(join(root, room.name))) {
    const source = readFileSync(join(root, room.name, name), 'utf8');
    for (const call of source.matchAll(CALL)) {
      say(argumentsOf(source, call.index + call[0].length));
    }
    for (const [table] of source.matchAll(NAMES)) {
      say(table);
      tables++;
    }
  }
}

const rows = [...readFileSync(join(root, 'base/gov_english.c'), 'utf8')
  .matchAll(/\{ ("[^]*?"),\n {6}("[^]*?") \}/g)]
  .map(([, zh, en]) => [join2(zh), join2(en)]);
const english = new Map(rows);

let bad = tables === 8 ? 0 : 1;
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

const acts = /gov_acts\[[^\]]*\] = \{([^]*?)\n\};/.exec(
  readFileSync(join(root, 'content/gov_flow.c'), 'utf8'))[1];
const words = readFileSync('lua/words/console/en.lua', 'utf8');
for (const [, act] of acts.matchAll(/\{ "([a-z_]+)"/g)) {
  if (!words.includes(`    log_${act} = "`)) {
    console.log(`no word in the console: log_${act}`);
    bad++;
  }
}

console.log(`${english.size} sentences in English`);
process.exit(bad ? 1 : 0);
