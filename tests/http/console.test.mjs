// The console through nginx: pages of each role, forms, and what is not shown.

import assert from 'node:assert/strict';
import test from 'node:test';

import { platform } from '../lib/platform.mjs';
import { PASSWORD, encoded } from '../lib/people.mjs';
import { CITY, COUNTY } from '../lib/sites.mjs';
import { metrics, until } from './visitor.mjs';

const p = await platform({ sites: true });

const HTML = { accept: 'text/html,application/xhtml+xml' };

// another county, of which nobody below may learn
const FOREIGN = '610403';
await p.run('site.create', {
  code: FOREIGN, name: '隐秘县', level: 'county', parent: CITY,
  slug: 'foreign', mode: 'subsite', host: 'foreign.test',
  blueprint: 'county',
});
await p.run('site.set', { site: FOREIGN, legal_name: '隐秘县人民政府' });
const write = (site, column, title) => p.run('doc.create', {
  site, column, title, body: `${title}的正文。`,
});
const { doc: hidden } = await write(FOREIGN, 'xxgk/tzgg', '隐秘的通知');
const { doc: own } = await write(COUNTY, 'xxgk/tzgg', '本县的通知');

const ROLES = {
  operator: ['', 'operator'],
  security: ['', 'security'],
  auditor: ['', 'auditor'],
  manager: [COUNTY, 'manager'],
  clerk: [COUNTY, 'clerk'],
  reviewer: [COUNTY, 'reviewer'],
  publisher: [COUNTY, 'publisher'],
};

const people = {};
for (const [login, role] of Object.entries(ROLES)) {
  await p.account({ login, roles: [role] });
  people[login] = await p.signIn(login);
}
await p.account({ login: 'nobody', roles: [] });
people.nobody = await p.signIn('nobody');

const page = (who, path) => people[who].get(path, HTML);

/** A form as a browser without scripts sends it. */
const send = (who, command, fields, from = '/console/') => people[who].form(
  `/console/do/${command}`, {
    _op: crypto.randomUUID(), _to: from, _from: from, _new: '1', ...fields,
  }, HTML);

test('The journal\'s head is on its page, to be printed and kept.',
     async () => {
  const { head } = JSON.parse(await p.ctl('--format=json', 'journal',
                                          'verify'));
  assert.ok((await page('auditor', '/console/journal')).text.includes(head));
});

const PAGES = [
  // path, and who sees it; the others get what stands last
  ['/console/', 'all'],
  ['/console/sites', 'all'],
  ['/console/account', 'all'],
  ['/console/notices', 'all'],
  ['/console/sites/new', 'operator', 403],
  ['/console/sites/import', 'operator', 403],
  [`/console/board?below=${CITY}`, 'operator', 403],
  ['/console/mails', 'operator', 403],
  ['/console/people', 'operator manager security', 403],
  ['/console/people/new', 'operator manager', 403],
  ['/console/people/clerk', 'operator manager security clerk', 404],
  ['/console/roles', 'all'],
  ['/console/journal', 'auditor', 403],
  ['/console/journal/3', 'auditor', 403],
  [`/console/site/${COUNTY}`, 'operator security auditor manager clerk '
    + 'reviewer publisher', 404],
  [`/console/site/${COUNTY}/docs`, 'operator manager clerk reviewer '
    + 'publisher', 403],
  [`/console/site/${COUNTY}/docs/new`, 'clerk', 403],
  [`/console/site/${COUNTY}/files`, 'operator manager clerk reviewer '
    + 'publisher', 403],
  [`/console/site/${COUNTY}/schedule`, 'operator manager clerk reviewer '
    + 'publisher', 403],
  [`/console/site/${COUNTY}/columns`, 'operator security auditor manager '
    + 'clerk reviewer publisher', 404],
  [`/console/site/${COUNTY}/columns/new`, 'operator manager', 403],
  [`/console/site/${COUNTY}/columns/edit?column=xxgk/tzgg`,
   'operator manager', 403],
  [`/console/site/${COUNTY}/settings`, 'operator manager', 403],
  [`/console/site/${COUNTY}/people`, 'operator manager', 403],
  [`/console/site/${COUNTY}/journal`, 'auditor', 403],
  [`/console/doc/${own}`, 'operator manager clerk reviewer publisher', 403],
  [`/console/doc/${own}/edit`, 'clerk', 403],
  [`/console/doc/${own}/log`, 'operator manager clerk reviewer publisher',
   403],
  [`/console/doc/${own}/versions`, 'operator manager clerk reviewer '
    + 'publisher', 403],
  [`/console/doc/${own}/diff`, 'operator manager clerk reviewer publisher',
   403],
];

for (const [path, whom, refused] of PAGES) {
  test(`${path} is shown to ${whom} and nobody else.`, async () => {
    for (const who of Object.keys(people)) {
      const answer = await page(who, path);
      const may = whom === 'all' || whom.split(' ').includes(who);
      // who holds nothing at the site is told that there is none
      const expected = may ? [200]
        : who === 'nobody' ? [403, 404] : [refused];

      assert.ok(expected.includes(answer.status),
                `${who}: ${answer.status}, not ${expected}`);
      assert.match(answer.headers['content-type'], /^text\/html/);
      assert.equal(answer.text.match(/<h1/g)?.length, 1, `${who}: one h1`);
      assert.match(answer.text, /<title>[^ <-]/, 'the title says what it is');
      assert.doesNotMatch(answer.text, /\{\{|\{%|nil/, 'a template shows');
    }
  });
}

test('Nothing of a foreign site is shown, and it is not told from none.',
     async () => {
  for (const who of ['manager', 'clerk', 'reviewer', 'publisher', 'nobody']) {
    for (const rest of ['', '/docs', '/docs/new', '/columns', '/settings',
                        '/people', '/journal', '/schedule']) {
      const foreign = await page(who, `/console/site/${FOREIGN}${rest}`);
      const none = await page(who, `/console/site/999999${rest}`);
      assert.equal(foreign.status, 404);
      assert.doesNotMatch(foreign.text, /隐秘/);
      assert.equal(foreign.text.replaceAll(FOREIGN, '999999')
        .replace(/[0-9a-f-]{36}/g, ''),
                   none.text.replace(/[0-9a-f-]{36}/g, ''));
    }
    for (const rest of ['', '/edit', '/log', '/versions', '/diff']) {
      const foreign = await page(who, `/console/doc/${hidden}${rest}`);
      assert.equal(foreign.status, 404);
      assert.doesNotMatch(foreign.text, /隐秘/);
    }
    for (const path of ['/console/sites?q=隐秘', '/console/sites',
                        '/console/people', '/console/',
                        `/console/sites?below=${FOREIGN}`]) {
      assert.doesNotMatch(
        (await page(who, encodeURI(path))).text.replace(/value="隐秘"/g, ''),
        /隐秘/, `${who} ${path}`);
    }
  }
});

test('A site is found by a part of its name, its code and its slug.',
     async () => {
  for (const text of ['示例县', '例县', COUNTY, 'county']) {
    assert.match((await page('operator',
                             `/console/sites?q=${encodeURIComponent(text)}`))
      .text, /\/console\/site\/610402000000"/, text);
  }
  assert.match((await page('clerk', encodeURI('/console/sites?q=镇'))).text,
               /示例镇/);
  assert.doesNotMatch((await page('clerk', encodeURI('/console/sites?q=示例')))
    .text, /示例市<\/a>/);
});

test('Who is not signed in is sent to the form, and back from there.',
     async () => {
  const answer = await p.get('city.test',
                             `/console/site/${COUNTY}/docs?state=draft`,
                             HTML);
  assert.equal(answer.status, 303);
  const to = answer.headers.location;
  assert.match(to, /^\/console\/sign-in\?to=/);

  const form = await p.get('city.test', to, HTML);
  assert.equal(form.status, 200);
  assert.match(form.text, new RegExp(`name="_to" value="/console/site/${COUNTY}`
    + '/docs\\?state=draft"'));
});

test('A link cannot lead out of the console.', async () => {
  for (const to of ['//evil.test/', 'https://evil.test/', '/xxgk/',
                    '/console', '/\\evil.test', '/console/\\evil.test',
                    '/console/ ', '/console/\n', '/console/\x7f',
                    '/console/县']) {
    const form = await p.get('city.test', '/console/sign-in?to='
      + encodeURIComponent(to), HTML);
    assert.match(form.text, /name="_to" value="\/console\/"/);
  }
});

test('A link of who is signed in leads on, and ends no header\'s line.',
     async () => {
  const sound = await people.clerk.get('/console/sign-in?to=/console/tasks',
                                       HTML);
  assert.equal(sound.headers.location, '/console/tasks');

  for (const [line, to] of [
    ['a feed', '%0ASet-Cookie:%20evil=1'],
    ['a return', '%0D%0D%0ASet-Cookie:%20evil=1'],
    ['a delete', '%7F'], ['a NUL', '%00'], ['a tab', '%09']]) {
    const answer = await people.clerk.get(`/console/sign-in?to=/console/${to}`,
                                          HTML);
    assert.equal(answer.headers['set-cookie'], undefined, line);
    assert.equal(answer.status, 303, line);
    assert.equal(answer.headers.location, '/console/', line);
  }
});

test('Other hosts lead to the portal; unknown ones to nothing.', async () => {
  const answer = await p.get('county.test', '/console/sites?q=a', HTML);
  assert.equal(answer.status, 303);
  assert.match(answer.headers.location,
               /^http:\/\/city\.test:\d+\/console\/sites\?q=a$/);
  assert.equal((await p.get('none.test', '/console/', HTML)).status, 421);
  assert.equal((await p.get('city.test', '/console', HTML)).headers.location,
               '/console/');
});

test('Pages are never kept, and carry the console\'s own headers.',
     async () => {
  const before = await metrics(p);

  for (const path of ['/console/', '/console/sign-in', '/console/nothing']) {
    const answer = await page('clerk', path);
    const { headers } = answer;
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-gov-copy'], 'pass');
    assert.equal(headers.etag, undefined);
    assert.match(headers['content-security-policy'],
                 /default-src 'self'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'same-origin');
    assert.doesNotMatch(answer.text, / style=| on[a-z]+=|<script>|<style/);
  }

  const now = await metrics(p);
  assert.equal(now['gov_requests_total{copy="hit"}'],
               before['gov_requests_total{copy="hit"}']);
});

test('HEAD says what GET would, other methods are refused.', async () => {
  const get = await page('clerk', '/console/');
  const head = await people.clerk.ask('HEAD', '/console/', { headers: HTML });
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  assert.equal(head.headers['content-length'], get.headers['content-length']);

  const put = await people.clerk.ask('PUT', '/console/', { headers: HTML });
  assert.equal(put.status, 405);
  assert.equal(put.headers.allow, 'GET, HEAD, POST');
});

test('The rule behind a field is read beside it.', async () => {
  const settings = await page('manager', `/console/site/${COUNTY}/settings`);
  for (const [field, rule] of [
    ['legal_name', '要在首页显著位置标注本行政机关的合法名称'],
    ['keeper', '谁主管谁负责、谁运行谁负责'],
    ['site_id_code', 'SiteIDCode'],
  ]) {
    const at = settings.text.indexOf(`for="f-${field}"`);
    const next = settings.text.indexOf('<input', at);
    assert.ok(settings.text.slice(at, next).includes(rule), field);
  }
});

test('The five steps of opening a site are kept and shown on the board.',
     async () => {
  const done = await send('manager', 'site.set', {
    site: COUNTY, approval: '示政函〔2026〕1号', party_mark: 'CA1',
    icp: '陕ICP备05000000号', psb: '陕公网安备1号',
    site_id_code: '6104020001', _to: `/console/site/${COUNTY}`,
  }, `/console/site/${COUNTY}/settings`);
  assert.equal(done.status, 303, done.text);

  const board = await page('operator', `/console/board?below=${CITY}`);
  assert.match(board.text, /示政函〔2026〕1号/);
  assert.match((await page('clerk', `/console/site/${COUNTY}`)).text,
               /<li class="past">[^]*CA1/);
});

test('The console speaks English to who asks for it.', async () => {
  const set = await p.get('city.test', '/_gov/view?lang=en&to=/console/');
  assert.equal(set.status, 303);
  assert.equal(set.headers.location, '/console/');
  assert.match(set.headers['set-cookie'], /^gov_lang=en; Path=\/console\//);

  const form = await p.get('city.test', '/console/sign-in',
                           { ...HTML, cookie: 'gov_lang=en' });
  assert.match(form.text, /<html lang="en">/);
  assert.match(form.text, /<h1>Sign in<\/h1>/);
});

const english = async (who, path) => (await people[who].get(path, {
  ...HTML, cookie: `${people[who].cookies}; gov_lang=en` })).text;

test('The rights and roles that a platform begins with have English names.',
     async () => {
  const said = (text) => /<main[^]*<\/main>/.exec(text)[0];
  const roles = said(await english('security', '/console/roles'));

  assert.match(roles, /Clerk<span class="sub">clerk<\/span>/);
  assert.match(roles, /id="f-doc\.urgent"[^>]*>\s*<label[^>]*>Urgent pub/);
  assert.doesNotMatch(roles, /[\u4e00-\u9fff]/);
  assert.match(await english('manager', '/console/people/clerk'),
               /<td>Clerk/);
  assert.match(await english('manager', '/console/people'), /Clerk · 示例县/);
});

test('What was done with a document is told in English too.', async () => {
  const { doc } = await write(FOREIGN, 'xxgk/tzgg', '办过的');
  for (const [act, fields] of [
    ['submit'], ['reject', { reason: 'no' }], ['submit'], ['sign'],
    ['pin', { until: '2026-12-01' }], ['withdraw', { reason: 'no' }],
  ]) {
    await p.run(`doc.${act}`, { doc, ...fields });
  }
  const acts = async (text) => [...(await text).matchAll(
    /<td data-th="(?:操作|Act)">([^<]*)/g)].map(([, act]) => act);
  const path = `/console/doc/${doc}`;

  assert.deepEqual(await acts(english('operator', path)), [
    'Written', 'Submitted', 'Rejected', 'Submitted', 'Signed', 'Pinned',
    'Withdrawn']);
  assert.deepEqual(await acts(page('operator', path).then((it) => it.text)), [
    '编写', '送审', '退回', '送审', '签发', '置顶', '撤回']);
});

test('What is too large is refused in the console\'s own frame.',
     async () => {
  const answer = await people.clerk.form('/console/sign-in', {
    login: 'x'.repeat(100_000), password: 'y' }, HTML);
  assert.equal(answer.status, 413);
  assert.match(answer.text, /政务网站管理平台/);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('A form that goes through leads on, and the page says what was done.',
     async () => {
  const from = `/console/site/${COUNTY}/docs/new`;
  const done = await send('clerk', 'doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '新写的通知', body: '正文',
    form: 'md', summary: '', written: '', _to: '/console/doc/{doc}',
  }, from);

  assert.equal(done.status, 303, done.text);
  assert.match(done.headers.location, /^\/console\/doc\/\d+\?done=/);

  const next = await page('clerk', done.headers.location);
  assert.equal(next.status, 200);
  assert.match(next.text, /class="done" role="status"/);
  assert.match(next.text, /新写的通知/);

  const link = await send('clerk', 'doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '断链', form: 'md',
    body: '[旧](/no/such/)', _to: '/console/doc/{doc}' }, from);
  const warned = async (cookie) => (await people.clerk.get(
    link.headers.location, { ...HTML, cookie })).text;
  assert.match(await warned(people.clerk.cookies), /打不开（没有这个栏目）/);
  assert.match(await warned(`${people.clerk.cookies}; gov_lang=en`),
               /leads nowhere \(there is no such column\)/);

  // of somebody else's act nothing is said
  assert.doesNotMatch((await page('reviewer', done.headers.location)).text,
                      /class="done"/);
});

test('A condition does not hide what a command did.', async () => {
  const asset = /\/_gov\/assets\/[^"]*\.css/.exec(
    (await page('clerk', '/console/')).text)[0];

  for (const condition of [
    { 'if-match': '"x"' }, { 'if-none-match': '*' },
    { 'if-unmodified-since': 'Mon, 23 Nov 2020 08:00:00 GMT' },
    { 'if-modified-since': 'Mon, 23 Nov 2099 08:00:00 GMT' }]) {
    const [name] = Object.keys(condition);
    const title = `写于${name}`;
    const made = await people.clerk.command('doc.create', {
      site: COUNTY, column: 'xxgk/tzgg', title, body: '正文' }, condition);
    assert.equal(made.status, 200, name);
    assert.ok(Number(made.headers['gov-entry']) > 0, name);
    assert.ok(made.body.doc, name);

    for (const path of ['/console/', '/_gov/health', '/_gov/metrics',
                        asset]) {
      const answer = await people.clerk.get(path, { ...HTML, ...condition });
      assert.equal(answer.status, 200, `${path} ${name}`);
    }
  }
});

test('A form sent twice is done once.', async () => {
  const fields = { site: COUNTY, column: 'xxgk/tzgg', title: '双击的通知',
                   body: '正文', _op: crypto.randomUUID(),
                   _to: '/console/doc/{doc}' };
  const one = await send('clerk', 'doc.create', fields);
  const two = await send('clerk', 'doc.create', fields);
  assert.equal(one.status, 303);
  assert.equal(two.headers.location, one.headers.location);
});

test('A form with a fault comes back with what was typed.', async () => {
  const from = `/console/site/${COUNTY}/docs/new`;
  const answer = await send('clerk', 'doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '', body: '很长的<正文>\r\n第二行',
    form: 'md', source: '本报"讯"',
  }, from);

  assert.equal(answer.status, 422);
  assert.match(answer.text, /role="alert"/);
  assert.match(answer.text, /href="#f-title"/);
  assert.match(answer.text, /aria-invalid="true"/);
  assert.match(answer.text, /很长的&lt;正文&gt;\n第二行<\/textarea>/);
  assert.match(answer.text, /value="本报&quot;讯&quot;"/);
  assert.match(answer.text, /<title>有误：/);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('What is wrong is said in the words of the page, and ticks stay.',
     async () => {
  const from = `/console/site/${COUNTY}/columns/new`;
  const fields = { site: COUNTY, name: '天数', slug: 'tianshu', days: '一百',
                   nav: '0', required: ['0', '1'] };
  const { text } = await send('manager', 'column.create', fields, from);
  const said = /class="summary"[^]*?<\/div>/.exec(text)[0];

  assert.match(said, /^class="summary"[^>]* autofocus>/);
  assert.match(said, /href="#f-days">“更新期限（天）”应是整数</);
  assert.match(text, /id="f-days-error">.*“更新期限（天）”应是整数</);
  assert.match(text, /id="f-required"[^>]* checked>/);
  assert.doesNotMatch(text, /id="f-nav"[^>]* checked>/);

  const slug = await send('manager', 'column.create', {
    ...fields, days: '', slug: 'Bad Slug', nav: ['0', '1'], required: '0',
  }, from);
  assert.match(slug.text, /href="#f-slug">“Bad Slug”不能作地址名/);
  assert.match(slug.text, /id="f-nav"[^>]* checked>/);
  assert.doesNotMatch(slug.text, /id="f-required"[^>]* checked>/);

  const long = await send('clerk', 'doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '题'.repeat(201), body: '文',
  }, `/console/site/${COUNTY}/docs/new`);
  assert.match(long.text, /href="#f-title">标题：最多 200 字，现有 201 字</);

  const none = await send('operator', 'work.begin', {
    work: 'site.import', csv: '' }, '/console/sites/import');
  assert.match(none.text, /href="#f-csv">缺少“站点清单文件（CSV）”</);

  // the page has no such field: no way is shown that leads nowhere
  const hidden = await send('clerk', 'doc.edit', {
    doc: own, base: 1, title: '题', body: '文', written: '2020-13-01',
  }, `/console/doc/${own}`);
  assert.doesNotMatch(hidden.text, /href="#f-written"/);
});

test('Two editors: the second is told, and keeps the text.', async () => {
  const from = `/console/doc/${own}/edit`;
  const edit = (who, text) => send(who, 'doc.edit', {
    doc: own, base: 1, title: '本县的通知', body: text }, from);

  await p.account({ login: 'clerk2', name: '吕二',
                    roles: [[COUNTY, 'clerk']] });
  people.clerk2 = await p.signIn('clerk2');

  assert.equal((await edit('clerk', '甲写的')).status, 303);
  const late = await edit('clerk2', '乙写的一大段');
  assert.equal(late.status, 409, late.text);
  assert.match(late.text, /乙写的一大段<\/textarea>/);
  assert.match(late.text, /甲写的/);
  assert.match(late.text, /name="base" value="2"/);
});

test('An old page\'s form is not done, and not lost.', async () => {
  const from = `/console/site/${COUNTY}/docs/new`;
  const answer = await send('clerk', 'doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '过期表单', body: '正文甲',
    _csrf: '0'.repeat(32),
  }, from);
  assert.equal(answer.status, 403);
  assert.match(answer.text, /正文甲<\/textarea>/);
  assert.match(answer.text, new RegExp(`name="_csrf" value="${
    people.clerk.csrf}"`));
});

test('Who was signed out meanwhile gets the text back.', async () => {
  await p.account({ login: 'away', roles: [[COUNTY, 'clerk']] });
  const away = await p.signIn('away');
  await p.run('user.sessions_end', { user: 'away' });

  const answer = await away.form('/console/do/doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '写了很久',
    body: '一整个下午\n写的', _from: `/console/site/${COUNTY}/docs/new`,
    _to: '/console/', _op: crypto.randomUUID(),
  }, HTML);

  assert.equal(answer.status, 401);
  assert.match(answer.text, /action="\/console\/do\/doc\.create"/);
  assert.match(answer.text, /一整个下午\n写的<\/textarea>/);
  assert.match(answer.text, /href="\/console\/sign-in"/);
  assert.deepEqual([...answer.text.matchAll(/<dt>([^<]+)<\/dt>/g)]
    .map(([, word]) => word), ['站点', '栏目', '标题', '正文']);
  assert.doesNotMatch(answer.text, /本县/);
});

test('A role that asks for a second factor leads to setting it, and back.',
     async () => {
  await p.account({ login: 'risen', roles: [[COUNTY, 'clerk']] });
  const risen = await p.signIn('risen');
  const at = `/console/site/${COUNTY}/settings`;
  assert.equal((await risen.get(at, HTML)).status, 403);
  await p.run('user.grant', { user: 'risen', role: 'operator' });

  const led = await risen.get(at, HTML);
  assert.equal(led.status, 303);
  assert.equal(led.headers.location,
               `/console/sign-in/factor?to=${encodeURIComponent(at)}`);
  const fill = await risen.get(led.headers.location, HTML);
  assert.equal(fill.status, 200);
  assert.match(fill.text, /class="qr"/);

  // what was being written is kept
  const kept = await risen.form('/console/do/doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '写了很久', body: '一\n二',
    _from: `/console/site/${COUNTY}/docs/new`, _to: '/console/',
    _op: crypto.randomUUID() }, HTML);
  assert.equal(kept.status, 403);
  assert.match(kept.text, /一\n二<\/textarea>/);
  assert.match(kept.text, /href="\/console\/sign-in\/factor"/);

  await p.people.setUp('risen', risen);
  assert.equal((await risen.get(at, HTML)).status, 200);
});

test('People change their own password, and are told what is wrong with it.',
     async () => {
  await p.account({ login: 'self', roles: [[COUNTY, 'clerk']] });
  const self = await p.signIn('self');
  const other = await p.signIn('self');
  const at = '/console/account';
  const better = 'kuangye-denglong-92';
  const change = (fields) => self.form('/console/sign-in/password', {
    _from: at, _to: at, old: PASSWORD, password: better, again: better,
    ...fields }, HTML);

  assert.match((await self.get(at, HTML)).text,
               /action="\/console\/sign-in\/password"/);
  for (const [fields, status, said] of [
    [{ old: 'wrong-wrong' }, 403, /id="f-old-error".*密码或验证码不对/],
    [{ old: '' }, 422, /id="f-old-error".*请输入原密码/],
    [{ password: 'short', again: 'short' }, 422,
     /id="f-password-error".*密码至少/],
    [{ again: 'x' }, 422, /id="f-again-error".*两次输入的密码不同/],
  ]) {
    const refused = await change(fields);
    assert.equal(refused.status, status);
    assert.match(refused.text, said);
    assert.doesNotMatch(refused.text, /wrong-wrong|kuangye/);
  }

  const done = await change({});
  assert.equal(done.status, 303, done.text);
  assert.match(done.headers.location, /^\/console\/account\?done=/);
  const told = await self.get(done.headers.location, HTML);
  assert.equal(told.status, 200);
  assert.match(told.text, /您的其他登录都已结束/);
  assert.equal((await other.get(at, HTML)).status, 303);
});

test('People see where they are signed in, and end it there.', async () => {
  await p.account({ login: 'many', roles: [[COUNTY, 'clerk']] });
  const [one, two, three] = [await p.signIn('many'), await p.signIn('many'),
                             await p.signIn('many')];
  const at = '/console/account';
  const ends = async () => (await one.get(at, HTML)).text
    .split('<form').filter((f) => f.includes('do/me.sessions_end'))
    .map((f) => [...f.matchAll(/name="sessions" value="(\w{64})"/g)]
      .map(([, id]) => id));
  const end = (sessions) => one.form('/console/do/me.sessions_end', {
    sessions, _from: at, _to: at, _op: crypto.randomUUID() }, HTML);

  const [first, second, rest] = await ends();
  assert.deepEqual(rest, [...first, ...second], 'two rows, and both');
  assert.match((await one.get(at, HTML)).text, /本次登录/);

  assert.equal((await end(first)).status, 303);
  assert.equal((await ends()).length, 2);
  const alive = async () => Promise.all([one, two, three].map(
    async (person) => (await person.get(at, HTML)).status));
  assert.deepEqual((await alive()).sort(), [200, 200, 303]);
  assert.equal((await end(second)).status, 303);
  assert.deepEqual(await alive(), [200, 303, 303]);
  assert.equal((await ends()).length, 0);
});

test('A second factor is set up and replaced on one\'s own page.', async () => {
  await p.account({ login: 'own', roles: [[COUNTY, 'clerk']] });
  const own = await p.signIn('own');
  assert.match((await own.get('/console/account', HTML)).text,
               /href="\/console\/account\/factor">启用第二因素/);

  const fresh = await own.get('/console/account/factor', HTML);
  assert.match(fresh.text, /class="qr"/);
  assert.match(fresh.text, /name="old"/);
  assert.doesNotMatch(fresh.text, /name="now"/);

  const wrong = await own.form('/console/sign-in/factor', {
    code: '000000', old: PASSWORD, _from: '/console/account/factor',
    _to: '/console/account' }, HTML);
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /class="qr"/);
  assert.match(wrong.text, /id="f-code-error"/);

  assert.equal((await p.people.setUp('own', own)).status, 200);
  const there = await own.get('/console/account/factor', HTML);
  assert.match(there.text, /name="now"/);
  assert.match((await own.get('/console/account', HTML)).text,
               /href="\/console\/account\/factor">更换第二因素和恢复码/);
});

test('A wrong password is said on the form, which never shows it.',
     async () => {
  const answer = await p.request('city.test', '/console/sign-in', {
    method: 'POST',
    headers: { ...HTML, 'content-type': 'application/x-www-form-urlencoded',
               'sec-fetch-site': 'same-origin' },
    body: encoded({ login: 'clerk', password: 'wrong-wrong-wrong',
                    _from: '/console/sign-in', _to: '/console/' }),
  });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /用户名或密码不对/);
  assert.match(answer.text, /value="clerk"/);
  assert.doesNotMatch(answer.text, /wrong-wrong/);
});

test('Who is locked out is told for how long.', async () => {
  const tryIn = (headers) => p.people.person().form('/console/sign-in', {
    login: 'mistaken', password: 'wrong-wrong', _from: '/console/sign-in',
  }, headers);

  await p.account({ login: 'mistaken', roles: [[COUNTY, 'clerk']] });
  for (let i = 0; i < 5; i++) {
    assert.equal((await tryIn()).status, 403);
  }
  for (const headers of [{}, HTML]) {
    const locked = await tryIn(headers);
    assert.equal(locked.status, 429);
    assert.match(locked.headers['retry-after'] ?? 'none', /^\d+$/);
  }
});

test('A browser signs in and out.', async () => {
  const browser = p.people.person();
  const signed = await browser.form('/console/sign-in', {
    login: 'clerk', password: PASSWORD, _from: '/console/sign-in',
    _to: `/console/site/${COUNTY}/docs`,
  }, HTML);
  assert.equal(signed.status, 303, signed.text);
  assert.equal(signed.headers.location, `/console/site/${COUNTY}/docs`);
  assert.equal((await browser.get('/console/', HTML)).status, 200);

  const out = await browser.form('/console/sign-out', {}, HTML);
  assert.equal(out.status, 303);
  assert.equal((await browser.get('/console/', HTML)).status, 303);
});

test('The one-time link of a new account is shown, once.', async () => {
  const answer = await send('manager', 'user.create', {
    login: 'fresh', name: '新人', role: 'clerk', site: COUNTY,
    _to: '/console/people/{user}',
  }, '/console/people/new');
  assert.equal(answer.status, 200, answer.text);
  const link = /\/console\/invite\?token=[\w.-]+/.exec(answer.text);
  assert.ok(link);
  assert.doesNotMatch((await page('manager', '/console/people/fresh')).text,
                      /console\/invite/);
  assert.equal((await p.get('city.test', link[0], HTML)).status, 200);
});

test('Who is missed at a site stands on a page, with the way to mend it.',
     async () => {
  await p.run('site.set', { site: COUNTY, head: '赵主管' });
  const gaps = await page('manager', '/console/gaps');

  assert.match(gaps.text, new RegExp(`/console/site/${COUNTY}0*/settings`));
  assert.match(gaps.text, /运行责任人/);
  assert.doesNotMatch(gaps.text, /隐秘县/);
  assert.equal((await page('clerk', '/console/gaps')).status, 403);
  await p.run('site.set', { site: COUNTY, head: '' });
});

test('Behind the last of the people a way leads back to the first.',
     async () => {
  const last = await page('manager', '/console/people?after=999999');
  assert.match(last.text, /没有人员/);
  assert.match(last.text, /<a href="\/console\/people\?">/);
});

test('A draft is among those of who wrote it; a rejected one says why.',
     async () => {
  const { doc } = (await people.clerk.post('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '我的稿件', body: '正文。',
  })).body.verdict;
  const first = await page('clerk', '/console/');
  const [mine] = /\/console\/site\/\d+\/docs\?maker=clerk[^"]*/
    .exec(first.text);
  const drafts = await page('clerk', mine.replaceAll('&amp;', '&'));

  assert.match(drafts.text, /我的稿件/);
  assert.doesNotMatch(drafts.text, /本县的通知/);

  await people.clerk.post('doc.submit', { doc });
  assert.doesNotMatch((await page('clerk', `/console/doc/${doc}`)).text,
                      /退回修改，/);
  await people.publisher.post('doc.reject', { doc, reason: '缺少附件' });
  assert.match((await page('clerk', `/console/doc/${doc}`)).text,
               /退回修改，publisher：缺少附件/);
});

/** Writes a version of a document n times, as the editor does. */
async function save(doc, base, n) {
  for (let i = 0; i < n; i++) {
    const { status } = await people.clerk.post('doc.edit', {
      doc, base: base + i, body: `正文，${i}。` });
    assert.equal(status, 200);
  }
}

test('The last acts are seen however many there were, and so are the first.',
     async () => {
  const { doc } = (await people.clerk.post('doc.create', {
    site: COUNTY, column: 'xxgk/tzgg', title: '改得很多', body: '正文。',
  })).body.verdict;
  const log = `/console/doc/${doc}/log`;
  const read = async (path) => {
    const { text } = await page('clerk', path);
    return { text, acts: [...text.matchAll(/<td data-th="操作">([^<]*)/g)]
      .map(([, act]) => act) };
  };

  await save(doc, 1, 199);
  assert.equal((await read(`/console/doc/${doc}`)).acts.length, 200);
  assert.doesNotMatch((await read(`/console/doc/${doc}`)).text,
                      new RegExp(`href="${log}"`));
  await people.clerk.post('doc.submit', { doc });

  const last = await read(`/console/doc/${doc}`);
  assert.equal(last.acts.length, 200);
  assert.equal(last.acts.at(-1), '送审');
  assert.match(last.text, new RegExp(`href="${log}"`));

  const first = await read(log);
  assert.equal(first.acts.length, 200);
  assert.ok(first.acts.every((act) => act === '编写'));
  const [, next] = /href="([^"]*)" rel="next"/.exec(first.text);
  assert.deepEqual((await read(next)).acts, ['送审']);

  // what is asked of who writes it stays, however long they write

  await people.publisher.post('doc.reject', { doc, reason: '改得不够' });
  await save(doc, 200, 201);
  const drafted = await read(`/console/doc/${doc}`);
  assert.ok(drafted.acts.every((act) => act === '编写'));
  assert.match(drafted.text, /退回修改，publisher：改得不够/);
  assert.match((await read('/console/?step=edit')).text,
               /改得很多[^]*退回：改得不够/);

  await people.clerk.post('doc.submit', { doc });
  assert.doesNotMatch((await read(`/console/doc/${doc}`)).text, /退回修改，/);
});

test('Many documents at once: what cannot be done is told, a row each.',
     async () => {
  const docs = [];
  for (const title of ['批量甲', '批量乙', '批量丙']) {
    docs.push((await people.clerk.post('doc.create', {
      site: COUNTY, column: 'xxgk/tzgg', title, body: '正文' }))
      .body.verdict.doc);
  }
  const from = `/console/site/${COUNTY}/docs`;
  const stateOf = async (doc) => (await people.publisher.query(
    'doc.get', { doc })).body.state;

  // one that is not theirs, or a right they lack: nothing is done at all
  const foreign = await send('publisher', 'doc.bulk', {
    act: 'sign', docs: [docs[0], hidden] }, from);
  assert.equal(foreign.status, 404, foreign.text);
  assert.doesNotMatch(foreign.text, /隐秘/);
  const clerk = await send('clerk', 'doc.bulk', { act: 'sign', docs }, from);
  assert.equal(clerk.status, 403);
  const odd = await send('clerk', 'doc.bulk', { act: 'import', docs }, from);
  assert.equal(odd.status, 422);
  assert.equal(await stateOf(docs[0]), 'draft');

  // to withdraw is a step of its own, behind what comes of it: its button
  // says so after the choice that stands before it in the form
  const [, shown] = /<form [^>]*doc\.bulk([^]*?)<\/form>/
    .exec((await page('publisher', from)).text);
  const [, choice] = /<select [^>]*name="act"([^]*?)<\/select>/.exec(shown);
  assert.match(choice, /value="pass"/);
  assert.doesNotMatch(choice, /value="withdraw"/);
  const second = new RegExp('<\\/select>[^]*<details class="act">\\s*<summary>'
    + '撤回选中的文档<\\/summary>\\s*<p>[^<]*公众看不到正文[^]*'
    + '<button class="grave" type="submit" name="act" value="withdraw">');
  assert.match(shown, second);

  await p.run('doc.publish', { doc: docs[1] });
  const withdrawn = (fields) => send('publisher', 'doc.bulk', {
    act: ['submit', 'withdraw'], docs, ...fields }, from);
  const bare = await withdrawn({ reason: '' });
  assert.equal(bare.status, 422, bare.text);
  assert.match(bare.text, /<details class="act" open>\s*<summary>撤回选中的/);
  assert.deepEqual([...bare.text.matchAll(
    /name="docs" value="(\d+)"[^>]* checked>/g)].map(([, doc]) => Number(doc))
    .sort(), [...docs].sort());
  const none = await send('publisher', 'doc.bulk', { act: 'pass' }, from);
  assert.match(none.text, /href="#f-docs">没有选中文档：请先在表格里选择</);
  const done = await withdrawn({ reason: '统一撤回' });
  assert.equal(done.status, 303, done.text);
  const after = await page('publisher', done.headers.location);
  assert.match(after.text, /已办理 1，退回 2。/);
  assert.match(after.text, new RegExp(
    `<p><a href="/console/doc/${docs[0]}">批量甲</a>：[^<]+</p>`));
  assert.equal(await stateOf(docs[1]), 'withdrawn');
});

test('A preview link is told once, with its end, and shows the version.',
     async () => {
  const from = `/console/doc/${own}`;
  const told = await send('reviewer', 'doc.preview', { doc: own, hours: '24' },
                          from);
  assert.equal(told.status, 200, told.text);
  assert.match(told.text, /有效至 <time datetime="2026-11-21T08:/);
  const [, at] = /id="link"><a href="http:\/\/county\.test:\d+([^"]+)"/
    .exec(told.text);
  assert.equal((await p.get('county.test', at)).status, 200);
  assert.doesNotMatch((await page('reviewer', from)).text, /id="link"/);

  assert.match((await page('reviewer', from)).text,
               new RegExp(`href="/console/preview/${own}"`));
});

test('Somebody else\'s lock is told, and can be taken over.', async () => {
  await people.clerk2.post('doc.lock', { doc: own });
  const edit = `/console/doc/${own}/edit`;
  for (const path of [`/console/doc/${own}`, edit]) {
    assert.match((await page('clerk', path)).text, /吕二 正在修改这份文档/);
    assert.match((await page('clerk', path)).text, /name="take" value="1"/);
    assert.doesNotMatch((await page('clerk2', path)).text, /正在修改/);
  }
  const taken = await send('clerk', 'doc.lock', { doc: own, take: '1' }, edit);
  assert.equal(taken.status, 303, taken.text);
  assert.doesNotMatch((await page('clerk', edit)).text, /正在修改这份文档/);
  assert.match((await page('clerk2', edit)).text, /clerk 正在修改这份文档/);
  await people.clerk.post('doc.unlock', { doc: own });
});

test('Columns are told by name, not by their addresses.', async () => {
  for (const path of [`/console/site/${COUNTY}/docs`, `/console/doc/${own}`]) {
    const { text } = await page('reviewer', path);
    assert.match(text, /<(td|dd)[^>]*>[^<]* › [^<]+<\/(td|dd)>/);
    assert.doesNotMatch(text, /<(td|dd)[^>]*>xxgk\/tzgg</);
  }
});

test('A column with a thousand documents has no more than these.',
     async () => {
  for (const half of ['a', 'b']) {
    const rows = Array.from({ length: 500 }, (_, i) => (
      { id: `${half}${i}`, title: '一', body_md: '文' }));
    await p.run('doc.import', { site: FOREIGN, column: 'xxgk/gfxwj', rows });
  }
  assert.match((await page('operator', `/console/site/${FOREIGN}/columns`))
    .text, /gfxwj">1000<span/);
});

test('What the workflow asks for is set on a site and on a column.',
     async () => {
  const settings = `/console/site/${COUNTY}/settings`;
  const at = `/console/site/${COUNTY}/columns/edit?column=xxgk/tzgg`;
  const chosen = (text, name) => new RegExp(
    `<select id="f-${name}"[^]*?<option value="([^"]*)" selected`)
    .exec(text)[1];

  const first = await page('manager', settings);
  for (const name of ['reviews', 'apart', 'alt', 'openness', 'secrecy']) {
    const label = first.text.indexOf(`for="f-${name}"`);
    assert.match(first.text.slice(label, first.text.indexOf('<select', label)),
                 /<details class="rule">/, name);
    assert.equal(chosen(first.text, name), 'inherit');
  }

  assert.equal((await send('manager', 'site.set', {
    site: COUNTY, reviews: '2', apart: 'true' }, settings)).status, 303);
  const site = await page('manager', settings);
  assert.equal(chosen(site.text, 'reviews'), '2');
  assert.equal(chosen(site.text, 'apart'), 'true');
  // the column takes it from above, until it has its own
  assert.match((await page('manager', at)).text, /现在执行：二审/);
  assert.equal((await send('manager', 'column.set', {
    site: COUNTY, column: 'xxgk/tzgg', reviews: '0', desc: '各类通知',
    days: '30' }, at)).status, 303);
  const column = await page('manager', at);
  assert.equal(chosen(column.text, 'reviews'), '0');
  assert.equal(chosen(column.text, 'apart'), 'inherit');
  assert.match(column.text, /value="各类通知"[^]*name="days"[^>]*value="30"/);

  const bad = await send('manager', 'site.set', { site: COUNTY, reviews: '7' },
                         settings);
  assert.equal(bad.status, 422);
  await send('manager', 'column.set', { site: COUNTY, column: 'xxgk/tzgg',
                                        reviews: 'inherit' }, at);
  await send('manager', 'site.set', { site: COUNTY, reviews: 'inherit',
                                      apart: 'inherit' }, settings);
});

test('The hosts of a site are shown to its people, changed by operators.',
     async () => {
  const at = `/console/site/${COUNTY}/settings`;
  const acts = /do\/site\.host\.|name="main"/;
  const host = (command, fields) => send('operator', `site.host.${command}`,
                                         { site: COUNTY, ...fields }, at);
  const hosts = async () => [...(await page('manager', at)).text.matchAll(
    /<td>([^<]+\.test)<\/td>\s*<td data-th="用途">([^<]+)</g)]
    .map(([, ...row]) => row.join(' ')).sort();

  assert.deepEqual(await hosts(), ['county.test 主域名']);
  assert.match((await page('operator', at)).text, acts);
  assert.doesNotMatch((await page('manager', at)).text, acts);

  assert.equal((await host('add', { host: 'also.test' })).status, 303);
  assert.equal((await host('add', { host: 'later.test', main: '1' })).status,
               303);
  assert.deepEqual(await hosts(), [
    'also.test 同时使用', 'county.test 旧域名，跳转到现在的网址',
    'later.test 主域名']);
  const { body } = await people.operator.query('site.hosts', {
    site: COUNTY, limit: 2 });
  assert.deepEqual(body.rows.map((row) => row.host),
                   ['also.test', 'county.test']);
  assert.deepEqual((await people.operator.query('site.hosts', {
    site: COUNTY, after: body.next })).body.rows,
  [{ host: 'later.test', kind: 'main' }]);

  // the main one stays; what was said of it stands beside its act
  const kept = await host('remove', { host: 'later.test' });
  assert.equal(kept.status, 403);
  assert.match(kept.text, /later\.test 是主域名，请先指定另一个主域名/);
  // another's is not taken, nor by who has no right to
  assert.equal((await host('add', { host: 'foreign.test' })).status, 409);
  assert.equal((await send('manager', 'site.host.add', {
    site: COUNTY, host: 'mine.test' }, at)).status, 403);

  assert.equal((await host('add', { host: 'county.test', main: '1' })).status,
               303);
  for (const name of ['also.test', 'also.test', 'later.test']) {
    assert.equal((await host('remove', { host: name })).status, 303);
  }
  assert.deepEqual(await hosts(), ['county.test 主域名']);
});

test('Columns are put in order by buttons.', async () => {
  const at = `/console/site/${COUNTY}/columns`;
  const order = async () => [...(await page('manager', at)).text.matchAll(
    /data-th="地址名">([^<]+)</g)].map((m) => m[1])
    .filter((path) => !path.includes('/'));
  const [first, second, ...rest] = await order();

  const down = await page('manager', at);
  assert.match(down.text, /上移<span class="vh">/);
  assert.equal((await send('manager', 'column.set', {
    site: COUNTY, column: second, before: first }, at)).status, 303);
  assert.deepEqual(await order(), [second, first, ...rest]);
  const wrong = await send('manager', 'column.set', {
    site: COUNTY, column: second, before: 'xxgk/tzgg' }, at);
  assert.equal(wrong.status, 422);
  await send('manager', 'column.set', { site: COUNTY, column: first,
                                        before: second }, at);
  assert.deepEqual(await order(), [first, second, ...rest]);
});

test('A role taken away in mid-work is gone at the next page.', async () => {
  await p.account({ login: 'brief', roles: [[COUNTY, 'clerk']] });
  people.brief = await p.signIn('brief');
  assert.equal((await page('brief', `/console/doc/${own}`)).status, 200);
  await p.run('user.revoke', { user: 'brief', role: 'clerk', site: COUNTY });
  assert.equal((await page('brief', `/console/doc/${own}`)).status, 404);

  const answer = await send('brief', 'doc.edit', {
    doc: own, base: 2, title: '收回以后', body: '打好的字',
  }, `/console/doc/${own}/edit`);
  assert.equal(answer.status, 404);
  assert.match(answer.text, /打好的字/);
});

test('Who has many sites is led to those that are not on the first page.',
     async () => {
  const roles = [];
  for (let i = 101; i < 122; i++) {
    await p.run('site.create', {
      code: `${FOREIGN}${i}`, name: `第${i}镇`, level: 'township',
      parent: FOREIGN, slug: `t${i}`, blueprint: 'township' });
    roles.push([`${FOREIGN}${i}`, 'clerk']);
  }
  await p.account({ login: 'spread', roles: roles.slice(0, 20) });
  people.spread = await p.signIn('spread');
  const text = async () => (await page('spread', '/console/')).text;

  assert.doesNotMatch(await text(), /全部站点/);
  await p.run('user.grant', { user: 'spread', role: 'clerk',
                              site: `${FOREIGN}121` });
  assert.match(await text(), /<a href="\/console\/sites">全部站点：21<\/a>/);
});

test('With govd away pages are shown, and what was typed is kept.',
     async () => {
  const health = async () => JSON.parse(
    (await p.get('city.test', '/_gov/health')).text).daemon;
  const from = `/console/site/${COUNTY}/docs/new`;
  const fields = { site: COUNTY, column: 'xxgk/tzgg', title: '停机时写的',
                   body: '停机时写的正文', _op: crypto.randomUUID(),
                   _to: '/console/doc/{doc}' };

  process.kill(p.pid('govd'), 'SIGTERM');
  await until(async () => await health() === 'unavailable');

  assert.equal((await page('clerk', from)).status, 200);
  const kept = await send('clerk', 'doc.create', fields, from);
  assert.equal(kept.status, 503);
  assert.equal(kept.headers['retry-after'], '5');
  assert.match(kept.text, /停机时写的正文<\/textarea>/);
  assert.match(kept.text, new RegExp(`name="_op" value="${fields._op}"`));

  await p.start();
  await until(async () => await health() === 'ok');
  assert.equal((await send('clerk', 'doc.create', fields, from)).status, 303);
});

test('A session that is used does not grow old.', async () => {
  await p.account({ login: 'busy', roles: [[COUNTY, 'clerk']] });
  const busy = await p.signIn('busy');
  const idle = await p.signIn('busy');

  for (let minutes = 0; minutes < 60; minutes += 20) {
    p.clock.advance(20 * 60);
    assert.equal((await busy.get('/console/', HTML)).status, 200);
    const used = p.clock.now.getTime();

    // govd writes it down once a minute
    p.clock.advance(61);
    await until(async () => JSON.parse(
      await p.ctl('--format=json', 'user', 'get', 'busy'))
      .sessions.some((s) => Date.parse(s.seen) >= used));
  }
  assert.equal((await idle.get('/console/', HTML)).status, 303);
});

test('Through nginx too a browser is known again.', async () => {
  const clerk = await p.signIn('clerk');
  const { known } = clerk;
  assert.match(known, /^[\w-]{75}$/);
  const tryIn = (more) => Object.assign(p.people.person(), more).form(
    '/console/sign-in', { login: 'clerk', password: PASSWORD });

  for (let i = 0; i < 20; i++) {
    await p.people.person().form('/console/sign-in', {
      login: `stranger${i}`, password: 'wrong' });
  }
  assert.equal((await tryIn({})).status, 429);
  assert.equal((await tryIn({ known })).status, 200);
  p.clock.advance(61);
});
