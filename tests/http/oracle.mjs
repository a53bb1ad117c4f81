// Who may what where, said once more for the tests and without a look at what
// is tested: a small world, the rights of the roles as the list has them, and
// the rules of the scopes in a few lines.
//
//     hub
//       upper     a city, which people of a county hold nothing at
//         own       the county: columns news and papers
//           below     a town of it
//         sibling   another county
//
// A role is held for the whole platform ("hub"), at the county ("own") or in
// the county's column news ("column").

import { commands, queries, roles } from '../lib/lists.mjs';

export const ANY = 'any column';
export const SECRET = /隐秘/;

const site = (key, code, more = {}) => ({
  key, code, column: 'news', user: `${key}-user`, ...more });

/** Nodes to aim at.  papers is the county once more, in its other column. */
export const nodes = {
  hub: { key: 'hub', hub: true, user: 'hub-user' },
  upper: site('upper', '610400'),
  own: site('own', '610402'),
  papers: site('papers', '610402', { column: 'papers', user: 'own-user' }),
  below: site('below', '610402001'),
  sibling: site('sibling', '610403'),
};

/** What is nowhere, for each thing that a node has. */
export const absent = {
  key: 'absent', code: '610499', column: 'news', user: 'absent-user',
  digest: 'e'.repeat(64), source: 'no-such-source', banner: 999,
  docs: { draft: 99901, live: 99902, review: 99903 },
};

const COUNTY = ['own', 'papers', 'below'];
const EVERY = Object.keys(nodes);
const SITES = EVERY.filter((key) => key !== 'hub');

// What a role may hold that is nobody's kind of administrator.

const free = new Set(['site.manage', 'banner.manage',
  ...roles.filter((r) => r.apart === 'NONE').flatMap((r) => r.rights)]);

export const everything = { name: 'everything', apart: 'NONE',
                            rights: [...free] };

// Those that have a meaning in a column.
const IN_COLUMN = /^(site\.read|column\.manage|doc\..*)$/;

/** Everybody: { login, role, at, rights }. */
export const people = [
  { login: 'nobody', rights: new Set() },
  ...[...roles, everything].flatMap((role) => ['hub', 'own', 'column']
    .map((at) => ({
      login: `${role.name}-${at}`, role: role.name, at,
      rights: new Set(role.rights.filter((right) => at !== 'column'
                                         || IN_COLUMN.test(right))),
    }))),
];

export function has(who, right, node, column = 0) {
  if (!who.rights.has(right)) {
    return false;
  }
  if (who.at === 'hub' || node.hub) {
    return who.at === 'hub';
  }
  return who.at === 'own' ? COUNTY.includes(node.key)
    : node.code === nodes.own.code && [ANY, 'news'].includes(column);
}

export const sees = (who, node) => who.at === 'hub'
  || (who.at === 'own' && COUNTY.includes(node.key))
  || (who.at === 'column' && node.code === nodes.own.code);

/** "yes", the name of the right that is missing, or "absent". */
export function judge(who, right, node, column = 0) {
  if (has(who, right, node, column)) {
    return 'yes';
  }
  return node.hub || sees(who, node) ? right : 'absent';
}

/** The first of them that is not yes. */
const all = (...words) => words.find((word) => word !== 'yes') ?? 'yes';

const { hub, own, below } = nodes;

const administers = (who, node) => (has(who, 'people.manage', node)
  ? 'yes' : 'absent');

const knows = (who, node) => has(who, 'people.manage', hub)
  || has(who, 'security.manage', hub) || has(who, 'people.manage', node);

/** A right's own scope, by the contract. */
function byScope(who, row, node, input, question) {
  switch (row.scope) {
  case 'HUB':
    return judge(who, row.right, hub);
  case 'SITE':
    return judge(who, row.right, 'site' in input ? node : hub,
                 question ? ANY : input.column ?? 0);
  case 'PARENT':
    return judge(who, row.right, 'parent' in input ? node : hub);
  case 'DOC':
    return judge(who, row.right, node, node.column);
  case 'ACCOUNT':
    return administers(who, node);
  default:
    return undefined;
  }
}


// What each field holds when it is aimed at a node.

const LATER = '2026-11-21 09:00';
const place = (node) => `${node.code}/${node.column}`;
const importRow = { id: 'walls-1', title: '导入', body_md: '正文' };

const DOC = {
  'doc.pass': 'review', 'doc.reject': 'review', 'doc.secrecy': 'review',
  'doc.expire': 'live', 'doc.withdraw': 'live', 'doc.correct': 'live',
  'doc.pin': 'live', 'doc.changes': 'live', 'doc.diff': 'live',
};

const FIELDS = {
  site: (node) => node.code, parent: (node) => node.code,
  below: (node) => node.code, user: (node) => node.user,
  column: (node) => node.column, digest: (node) => node.digest,
  code: () => '610402990', name: () => '名称', level: () => 'department',
  slug: () => 'walls', title: () => '标题', body: () => '正文。',
  base: () => 1, reason: () => '理由', at: () => LATER,
  what: () => '时间', why: () => '误写', text: () => '话',
  notice: () => '公告', host: () => 'walls.test', mode: () => 'page',
  group: () => 'friends', links: () => [{ title: '站', url: 'http://a.cn/' }],
  login: () => 'walls', role: () => 'clerk', rights: () => ['doc.read'],
  seq: () => 1, op: () => '01890000-0000-7000-8000-000000000001',
  size: () => 5,
};

const SPECIAL = {
  'blueprint.put': { name: () => 'walls', columns: () => [{
    id: 1, slug: 'news', name: '要闻', kind: 'news' }] },
  'blueprint.get': { name: () => 'city' },
  'policy.get': { name: () => 'domain' },
  'column.create': { slug: () => 'walls' },
  'doc.move': { column: () => 'empty' },
  'column.remove': { column: () => 'empty' },
  'role.create': { role: () => 'walls' },
  'role.set': { role: () => 'everything' },
  'role.remove': { role: () => 'unused' },
  'site.move': { parent: () => own.code },
  'site.merge': { into: () => own.code },
  'release.create': { to: () => [place(own)] },
  'site.slug': { slug: (node) => `${node.key}-new` },
  'site.host.remove': { host: (node) => `${node.key}.test` },
  'site.restore': { file: () => 'd'.repeat(64) },
  'link.take': { from: () => own.code },
  'link.drop': { from: () => own.code },
  'file.add': { name: () => 'a.txt' },
};

function filled(row, node, more = {}) {
  const input = {};
  for (const { field, required } of row.in) {
    const of = SPECIAL[row.name]?.[field] ?? FIELDS[field];
    if (required && field === 'doc') {
      input.doc = node.docs[DOC[row.name] ?? 'draft'];
    } else if (required) {
      if (!of) {
        throw new Error(`${row.name}: what is a ${field}?`);
      }
      input[field] = of(node);
    }
  }
  return { ...input, ...more };
}


// Commands and questions that judge themselves, and those that name a second
// node: how they are aimed, and what is expected.  Without `expect` only that
// nothing tells the node from one that is not there.  untwinned: a code, a
// login, a public site is there for whoever may name it; told: whose the code
// or the host is that is taken already.

const at = (field) => (node) => (node.hub ? {} : { [field]: node.code });

const RULE = { from: '2026-01-01' };

const OWN = {
  'policy.put': [
    { on: ['hub'], input: () => ({ name: 'domain', rules: [RULE] }),
      expect: (who) => judge(who, 'platform.manage', hub) },
    { on: ['hub'], input: () => ({ name: 'security', rules: [RULE] }),
      expect: (who) => judge(who, 'security.manage', hub) },
  ],
  'site.import': [{
    on: EVERY,
    input: (node) => ({ rows: [{
      code: '610402991', name: '甲', slug: 'jia',
      level: node === below ? 'village' : 'department',
      ...at('parent_code')(node),
    }] }),
    expect: (who, node) => judge(who, 'site.manage', node),
  }],
  'site.move': [{
    on: ['upper', 'own', 'below', 'sibling'],
    input: (node) => ({ site: below.code, parent: node.code }),
    expect: (who, node) => all(judge(who, 'site.manage', below),
                               judge(who, 'site.manage', node)),
  }],
  'site.merge': [{
    input: (node) => ({ site: below.code, into: node.code }),
    expect: (who, node) => all(judge(who, 'site.manage', below),
                               judge(who, 'site.manage', node)),
  }],
  'site.create': [{
    input: (node) => ({ code: node.code, name: '甲', level: 'department',
                        parent: own.code }),
    expect: (who) => judge(who, 'site.manage', own),
    untwinned: true, told: true,
  }],
  'site.host.add': [{
    input: (node) => ({ site: own.code, host: `${node.key}.test` }),
    expect: (who) => judge(who, 'site.manage', own),
    untwinned: true, told: true,
  }],
  'site.set': [{
    input: (node) => ({ site: own.code, logo: `${node.digest}/a.txt` }),
  }],
  'doc.import': [{
    input: (node) => ({ rows: [{ ...importRow, site: node.code,
                                 column: node.column }] }),
    expect: (who, node) => all(
      judge(who, 'doc.write', node, node.column),
      judge(who, 'doc.publish', node, node.column)),
  }],
  'doc.refer': [
    { input: (node) => ({ doc: nodes.papers.docs.live, to: [place(node)] }),
      expect: (who, node) => judge(who, 'doc.refer', node, node.column) },
    { input: (node) => ({ doc: node.docs.draft, to: [place(own)] }),
      expect: (who, node) => all(
        judge(who, 'doc.read', node, node.column),
        judge(who, 'doc.refer', own, 'news')) },
    { input: (node) => ({ site: node.code, source_id: node.source,
                          to: [place(own)] }) },
  ],
  'doc.unrefer': [
    { input: (node) => ({ doc: own.docs.live, from: place(node) }),
      expect: (who, node) => judge(who, 'doc.refer', node, node.column) },
    { input: (node) => ({ doc: node.docs.draft, from: place(own) }) },
  ],
  'release.create': [{
    input: (node) => ({ doc: own.docs.draft, to: [place(node)] }),
    expect: (who, node) => all(
      judge(who, 'doc.publish', own, 'news'),
      judge(who, 'doc.refer', node, node.column)),
  }],
  'doc.withdraw': [{
    input: (node) => ({ doc: own.docs.live, reason: '理由',
                        replacement: node.docs.draft }),
  }],
  'doc.create': ['interprets', 'replaces'].map((field) => ({
    input: (node) => ({ site: own.code, column: 'news', title: '标题',
                        body: '正文', [field]: node.docs.draft }),
  })),
  'doc.edit': [
    { input: (node) => ({ doc: own.docs.draft, base: 1,
                          replaces: node.docs.draft }) },
    { input: (node) => ({ doc: own.docs.draft, base: 1,
                          attachments: [`${node.digest}/a.txt`] }) },
  ],
  'doc.bulk': ['submit', 'sign', 'move'].map((act) => ({
    input: (node) => ({ act, docs: [node.docs.draft], column: 'empty' }),
    expect: (who, node) => all(
      judge(who, act === 'sign' ? 'doc.publish' : 'doc.write', node,
            node.column),
      act === 'move' ? judge(who, 'doc.write', node, 'empty') : 'yes'),
  })),
  ...Object.fromEntries(['file.set', 'file.remove', 'file.restore',
    'file.purge', 'file.replace'].map((name) => [name, [{
    input: (node) => ({ site: node.code, digest: node.digest,
      ...name === 'file.replace' ? { with: own.digest } : {} }),
    expect: (who, node) => judge(who, 'doc.write', node, ANY),
  }]])),
  // comes by the door that has looked at the bytes, see POST /console/upload
  'file.upload': [{ input: (node) => ({ site: node.code, files: [] }),
                    expect: () => '403' }],
  'file.add': [{
    input: (node) => ({ site: node.code, name: 'a.txt', size: 5,
                        digest: own.digest }),
    expect: (who, node) => judge(who, 'doc.write', node, ANY),
  }],
  'link.take': [{
    input: (node) => ({ site: own.code, from: node.code, group: 'friends' }),
    expect: (who) => judge(who, 'link.manage', own),
    untwinned: true,
  }],
  'banner.set': [
    { on: EVERY,
      input: (node) => ({ title: '标题', ...at('site')(node) }),
      expect: (who, node) => judge(who, 'banner.manage', node) },
    { input: (node) => ({ title: '标题', id: node.banner,
                          site: own.code }) },
  ],
  'banner.clear': [{ input: (node) => ({ id: node.banner }) }],
  'user.create': [
    { on: EVERY,
      input: (node) => ({ login: 'walls', name: '甲', role: 'clerk',
                          ...at('site')(node) }),
      expect: (who, node) => judge(who, 'people.manage', node) },
    { on: ['hub'], input: () => ({ login: 'walls', name: '甲' }),
      expect: (who) => judge(who, 'people.manage', hub) },
    { on: ['hub', 'own'],
      input: (node) => ({ login: 'walls', name: '甲', role: 'auditor',
                          ...at('site')(node) }),
      expect: (who, node) => (node.hub || sees(who, node)
        ? all(judge(who, 'security.manage', hub),
              judge(who, 'people.manage', hub)) : 'absent') },
  ],
  'user.grant': [
    { on: EVERY,
      input: (node) => ({ user: own.user, role: 'press',
                          ...at('site')(node) }),
      expect: (who, node) => judge(who, 'people.manage', node) },
    { on: EVERY,
      input: (node) => ({ user: node.user, role: 'press', site: own.code }),
      expect: (who) => judge(who, 'people.manage', own),
      untwinned: true },
    { on: ['hub'], input: () => ({ user: own.user, role: 'operator' }),
      expect: (who) => judge(who, 'security.manage', hub) },
  ],
  'user.revoke': [
    { on: EVERY,
      input: (node) => ({ user: own.user, role: 'clerk',
                          ...at('site')(node) }),
      expect: (who, node) => judge(who, 'people.manage', node) },
  ],
  'user.sessions_end': [{
    on: EVERY, input: (node) => ({ user: node.user }), expect: administers,
  }],
  'me.sessions_end': [{ on: ['hub'],
                        input: () => ({ sessions: ['0'.repeat(64)] }),
                        expect: () => 'absent' }],
  'work.begin': [{
    on: EVERY,
    input: (node) => ({ work: 'journal.verify', ...at('site')(node) }),
    expect: (who, node) => judge(who, 'audit.read', node),
  }],
  'user.set': [{
    // an administrator of the platform, for who may not know of them
    on: ['hub'], input: () => ({ user: 'chief', unit: '处' }),
    expect: (who) => (knows(who, hub)
      ? judge(who, 'security.manage', hub) : 'absent'),
  }],
};

const seen = (field) => ({
  on: EVERY, input: at(field),
  expect: (who, node) => (node.hub || sees(who, node) ? 'yes' : 'absent'),
});

const readable = {
  on: ['upper', 'own', 'below', 'sibling'],
  input: at('below'), expect: (who, node) => judge(who, 'site.read', node),
};

const OWN_QUESTIONS = {
  'site.list': [seen('parent')],
  'site.search': [readable, { on: ['hub'], input: () => ({ text: '隐秘' }),
                              expect: () => 'yes', echo: true }],
  'site.board': [readable],
  'task.list': [seen('site')], 'task.count': [seen('site')],
  'schedule.list': [seen('site')], 'banner.list': [seen('site')],
  'file.list': [{
    input: (node) => ({ site: node.code }),
    expect: (who, node) => judge(who, 'doc.read', node, ANY),
  }],
  'file.get': [{
    input: (node) => ({ site: node.code, digest: node.digest }),
    expect: (who, node) => judge(who, 'doc.read', node, ANY),
  }],
  'work.list': [seen('site')],
  'work.get': [{ on: ['hub'], input: () => ({ work: 999999 }),
                 expect: () => 'absent' }],
  'user.list': [{
    on: EVERY, input: at('site'),
    expect: (who, node) => (node.hub || knows(who, node) ? 'yes'
      : judge(who, 'people.manage', node)),
  }],
  'user.get': [{
    on: EVERY, input: (node) => ({ user: node.user }),
    expect: (who, node) => (knows(who, node) ? 'yes' : 'absent'),
  }],
};

// Those of anybody who is signed in.
const PLAIN = ['blueprint.list', 'blueprint.get', 'policy.get', 'role.list',
               'role.get', 'right.list', 'me.get', 'people.gaps',
               'notice.list', 'notice.count', 'notice.rule', 'notice.read',
               'notice.set'];

// What the row's own right is not enough for.
const MORE = {
  'site.move': (who) => judge(who, 'site.manage', own),
  'site.merge': (who) => judge(who, 'site.manage', own),
  'release.create': (who) => judge(who, 'doc.refer', own, 'news'),
  'doc.move': (who, node) => judge(who, 'doc.write', node, 'empty'),
  'doc.reject': (who, node) => judge(who, 'doc.review', node, node.column),
  // who works for the whole platform here reads how it runs
  'user.invite': (who, node) => (node.hub
    ? judge(who, 'platform.read', hub) : 'yes'),
};

/** What the state of this world refuses, whoever asks. */
export const STATE = new Set([
  'site.live', 'site.resume', 'site.restore', 'site.mode', 'site.slug',
  'site.create', 'site.host.add', 'site.merge', 'site.move', 'doc.recall',
  'doc.unlock', 'doc.unrefer', 'link.take', 'link.drop', 'user.grant',
  'release.create', 'doc.bulk', 'file.add', 'file.remove', 'file.restore',
  'file.replace', 'file.purge',
  'user.revoke', 'user.resume', 'policy.put', 'doc.refer',
  'site.archive', 'site.host.remove', 'operation.get', 'user.invite',
]);

/** "While nobody acted": whose step it was says the right. */
export const LOOSE = new Set(['doc.recall']);

/** Where the default of a scope is aimed. */
const AIMS = {
  HUB: ['hub'], ACCOUNT: EVERY, DOC: SITES, SITE: EVERY, PARENT: EVERY,
};

const needs = (row, field) => row.in.some(
  (f) => f.field === field && f.required);

function byDefault(row, question) {
  const field = { SITE: 'site', PARENT: 'parent' }[row.scope];

  return {
    on: AIMS[row.scope].filter((k) => k !== 'hub' || !field
                               || !needs(row, field)),
    input: (node) => filled(row, node, !node.hub && field
      ? { [field]: node.code } : {}),
    expect: (who, node, input) => all(
      byScope(who, row, node, input, question),
      MORE[row.name]?.(who, node) ?? 'yes'),
  };
}

/** Every way to aim a row: { row, question, on, input, expect, ... } */
function aims(row, question) {
  const special = (question ? OWN_QUESTIONS : OWN)[row.name] ?? [];
  const list = [...special];

  if (row.scope !== 'SELF') {
    list.push(byDefault(row, question));
  } else if (PLAIN.includes(row.name)) {
    list.push({ on: ['hub'], input: () => filled(row, hub),
                expect: () => 'yes' });
  }
  if (list.length === 0) {
    throw new Error(`${row.name} judges itself: say in oracle.mjs how`);
  }
  return list.map((aim) => ({ row, question, on: SITES, ...aim }));
}

export const everyAim = () => [
  ...commands.flatMap((row) => aims(row, false)),
  ...queries.flatMap((row) => aims(row, true)),
];
