// The project's own lists, read as data: commands and questions with their
// fields, the built-in roles with their rights.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const module = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
                    'ngx_gov_module');

/** A list's text: lines joined, neighbouring strings one string. */
const text = (file) => readFileSync(join(module, file), 'utf8')
  .replace(/\/\*[^]*?\*\//g, '').replace(/\\\n/g, ' ')
  .replace(/"\s+"/g, '').replace(/ +/g, ' ');

/** What stands between #define NAME(...) and the end of its line. */
function defined(source, name) {
  const found = new RegExp(`#define ${name}\\(\\w\\)(.*)`).exec(source);
  return found ? found[1] : '';
}

function fields(source, name) {
  const list = defined(source, name).replace(
    /\b(GOV_IN_\w+)\(I\)/g, (_, other) => defined(source, other));

  return [...list.matchAll(/\bI\((\w+), (\w+), (\w+),/g)]
    .map(([, field, kind, flags]) => ({
      field, kind, required: flags.startsWith('REQUIRED'),
    }));
}

function rows(source, lists, prefix) {
  return lists.flatMap((name) => [...defined(source, name).matchAll(
    /\b[CQW]\((\w+), "([\w.]+)", "([\w.]*)", (\w+),/g)])
    .map(([, id, name, right, scope]) => ({
      id, name, right, scope, in: fields(source, `${prefix}_${id}`),
    }));
}

const commandText = text('desk/gov_commands.h');
const queryText = text('view/gov_queries.h');

const listed = [...defined(commandText, 'GOV_COMMANDS')
  .matchAll(/\b(GOV_COMMANDS_\w+)\(C\)/g)].map(([, name]) => name);

/** { name, right, scope, in: [{ field, kind, required }] } */
export const commands = rows(commandText, listed, 'GOV_IN');
export const inner = rows(commandText, ['GOV_COMMANDS_INNER'], 'GOV_IN');
export const queries = rows(queryText, ['GOV_QUERIES'], 'GOV_ASK');
export const works = rows(queryText, ['GOV_WORKS'], 'GOV_ASK');

/** { name, apart, rights: [name] } */
export const roles = [...defined(text('people/gov_rights.h'), 'GOV_ROLES')
  .matchAll(/\bP\("([\w-]+)", "[^"]*", (\w+), \d, "([^"]*)"\)/g)]
  .map(([, name, apart, rights]) => ({
    name, apart, rights: rights.split(' ').filter(Boolean),
  }));
