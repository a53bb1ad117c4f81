// An edit page without a platform behind it: the markup that the console
// writes, the built scripts and style sheets, and answers that a test gives.
//
//     const d = await desk();
//     d.answers['doc.edit'] = () => [409, { detail: '...' }];
//     d.url, d.asked                 what came, a line each
//     await d.came('doc.lock', 2)    when the second of that name is there
//
// Its policy is the console's; without one (policy: '') nothing but the
// scripts themselves keeps foreign ones from running.

import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after } from 'node:test';

import { root } from '../lib/platform.mjs';

const dist = join(root, 'lua/assets/dist');
const TYPES = { css: 'text/css', js: 'text/javascript' };

const POLICY = "default-src 'self'; img-src 'self' data: blob:; "
  + "style-src 'self' 'unsafe-inline'; object-src 'none'; "
  + "form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

const escape = (s) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The page as the template of the console writes it. */
function page(state) {
  const names = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  const at = (name) => `/_gov/assets/${names[name]}`;
  const radio = (kind, label) => `<label><input type="radio" name="form"
    value="${kind}"${state.form === kind ? ' checked' : ''}>${label}</label>`;

  return `<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>编辑</title>
<link rel="stylesheet" href="${at('console.css')}">
<link rel="stylesheet" href="${at('editor.css')}">
<link rel="icon" href="data:,">
<script type="module" src="${at('console.js')}"></script>
<script type="module" src="${at('editor.js')}"></script>
</head><body><main><h1>编辑</h1>
<form method="post" action="/console/do/doc.edit" data-edit
 data-user="wang" data-doc="${state.doc}" data-site="610400"
 data-draft="${state.draft}" data-lock data-files="/console/files/610400/">
<input type="hidden" name="_csrf" value="${state.csrf}">
<input type="hidden" name="_op" value="0">
<input type="hidden" name="doc" value="${state.doc}">
<input type="hidden" name="base" value="${state.base}">
<p><label for="title">标题</label>
<input id="title" name="title" value="${escape(state.title)}"></p>
<fieldset><legend>格式</legend>${radio('md', 'Markdown')}
${radio('html', '富文本')}</fieldset>
<p><label for="body">正文</label></p>
<textarea id="body" name="body" rows="20" cols="80" data-editor
 data-docx="${at('docx.js')}">${escape(state.body)}</textarea>
<p data-status></p>
<p><button>保存</button>
<button formaction="/console/preview" formtarget="_blank"
 data-preview="/console/preview/4711">预览</button></p>
</form></main></body></html>`;
}

const PREVIEW = `<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8">
<title>预览</title><article><h1>旧标题</h1><div class="prose"><p>旧</p></div>`;

export async function desk() {
  const state = {
    doc: '4711', base: '3', form: 'md', draft: 'version', csrf: 'first',
    title: '关于供暖的通知', body: '各有关单位：', policy: POLICY,
  };
  const asked = [];
  const arrivals = new EventEmitter();
  const answers = {
    'doc.edit': () => [200, { verdict: { doc: 4711, version: ++state.base } }],
    'doc.lock': () => [200, { verdict: {} }],
    'doc.unlock': () => [200, { verdict: {} }],
    text: (form) => [200, { html: form.get('form') === 'md'
      ? `<p>${form.get('body')}</p>` : form.get('body') }],
    'file.list': () => [200, { rows: [
      { digest: 'a'.repeat(64), name: '现场.png', type: 'image/png' },
      { digest: 'b'.repeat(64), name: '附件 1.pdf', type: 'application/pdf' },
    ] }],
    'doc.list': () => [200, { rows: [{ doc: 42, title: '供热管理办法' }] }],
    upload: () => [200, { verdict: { files: [
      { digest: 'c'.repeat(64), name: 'image.png' }] } }],
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://desk');
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const send = (status, type, body) => {
      response.writeHead(status, {
        'Content-Type': type, 'Content-Security-Policy': state.policy,
      });
      response.end(body);
    };
    const [, name] = /(?:\/do|\/queries)?\/([\w.-]+)$/.exec(url.pathname)
      ?? [];

    if (url.pathname.startsWith('/_gov/assets/')) {
      send(200, TYPES[name.split('.').pop()],
           readFileSync(join(dist, name)));
    } else if (url.pathname === '/console/preview/4711') {
      send(200, 'text/html; charset=utf-8', PREVIEW);
    } else if (url.pathname === '/console/doc/4711/edit') {
      send(200, 'text/html; charset=utf-8', page(state));
    } else if (url.pathname.startsWith('/console/files/')) {
      send(200, 'image/png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCA'
        + 'YAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64'));
    } else if (answers[name]) {
      const fields = request.method === 'GET' ? url.searchParams
        : name === 'upload' ? text : new URLSearchParams(text);
      asked.push([name, fields]);
      arrivals.emit('one');
      const [status, answer] = answers[name](fields);
      if (request.headers.accept?.includes('json')) {
        send(status, 'application/json', JSON.stringify(answer));
      } else {
        send(200, 'text/html; charset=utf-8', '<title>已保存</title>');
      }
    } else {
      send(name === 'sign-in' ? 200 : 404, 'text/html', '<title>登录</title>');
    }
  });

  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());

  const of = (name) => asked.filter(([n]) => n === name).map(([, f]) => f);

  return {
    state, asked, answers,
    url: `http://127.0.0.1:${server.address().port}/console/doc/4711/edit`,
    /** What came of that name. */
    of,
    /** The page's clock may be a test's, the way to here is not. */
    async came(name, count) {
      while (of(name).length < count) {
        await once(arrivals, 'one');
      }
      return of(name);
    },
  };
}
