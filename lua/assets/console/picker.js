/*
 * Dialogs that choose what a text names: an image or a file of the site's
 * library, or an address.  Each gives what was chosen, or null.
 */

import { ask, upload } from './api.js';
import { dialog, h } from './dom.js';
import { w } from './words.js';

const LIMIT = 24;
const ADDRESS = /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i;

/** "/files/DIGEST/NAME": how a body names a file of its own site. */
export const address = ({ digest, name }) =>
    `/files/${digest}/${encodeURIComponent(name)}`;

/** Where the console itself shows such a file. */
export const shown = (form, path) => form.dataset.files
    ? path.replace(/^\/files\//, form.dataset.files) : path;

export const stored = (form, html) => form.dataset.files
    ? html.split(`="${form.dataset.files}`).join('="/files/') : html;


function field(label, input, hint) {
    return h('label', { class: 'field' }, h('span', {}, label),
             hint ? h('small', {}, hint) : undefined, input);
}

function fault() {
    return h('p', { class: 'fault', role: 'alert', hidden: true });
}

function tell(place, text) {
    place.textContent = text;
    place.hidden = !text;
}

/** A search box and what it finds, a button a row; pick(row) is called. */
function finder(find, show, pick) {
    const list = h('ul', { class: 'found' });
    const status = h('p', { role: 'status' });
    const more = h('button', {
        type: 'button', class: 'button second', hidden: true,
        onclick: () => look(more.dataset.after),
    }, w.more);
    const box = h('input', {
        type: 'search', 'aria-label': w.search,
        onkeydown: (event) => {
            if (event.key === 'Enter') {
                event.preventDefault();
                look();
            }
        },
    });

    async function look(after) {
        status.textContent = w.loading;
        const { ok, answer } = await find(box.value.trim(), after);
        const rows = ok ? answer.rows ?? [] : [];
        const items = rows.map((row) => h('li', {}, h('button', {
            type: 'button',
            onclick: ({ currentTarget }) => {
                list.querySelector('[aria-pressed="true"]')
                    ?.setAttribute('aria-pressed', 'false');
                currentTarget.setAttribute('aria-pressed', 'true');
                pick(row);
            },
        }, show(row))));

        after ? list.append(...items) : list.replaceChildren(...items);
        status.textContent = list.childElementCount ? ''
            : answer.detail ?? w.none;
        more.hidden = !answer.next;
        more.dataset.after = answer.next ?? '';
    }

    look();

    return {
        look,
        nodes: [h('p', { class: 'find' }, box, h('button', {
            type: 'button', class: 'button', onclick: () => look(),
        }, w.search)), status, list, more],
    };
}

/* its smallest form; what was not found clean is not shown */
function thumb(form, row) {
    const { digest } = row.variants?.at(-1) ?? row;

    return row.state && row.state !== 'ok' ? undefined : h('img', {
        src: shown(form, address({ ...row, digest })), alt: '',
        loading: 'lazy',
    });
}

/* what was refused can be named by nobody */
async function files(fields) {
    const { ok, answer } = await ask('file.list', { ...fields, limit: LIMIT });

    return { ok, answer: ok ? {
        ...answer, rows: answer.rows.filter((row) => row.state !== 'refused'),
    } : answer };
}

function library(form, kind, pick) {
    const { site } = form.dataset;
    const said = fault();
    const found = finder(
        (text, after) => files({ site, kind, name: text, after }),
        (row) => [
            kind === 'image' ? thumb(form, row) : undefined,
            h('span', {}, row.name,
              row.state === 'held' ? h('small', {}, w.held) : undefined),
        ],
        pick);
    const file = h('input', {
        type: 'file', multiple: true,
        accept: kind === 'image' ? 'image/*' : undefined,
        onchange: async () => {
            for (const one of file.files) {
                const { ok, answer } = await upload(one, form, { site });

                tell(said, ok ? ''
                    : `${w.upload_failed(one.name)} ${answer.detail ?? ''}`);
            }
            found.look();
        },
    });

    return [field(w.upload, file), said, ...found.nodes];
}


/** { src, alt, decorative }: an image says what it shows (A12). */
export function pickImage(form, old) {
    return dialog(w.picture, (close) => {
        const said = fault();
        const alt = h('input', { type: 'text', value: old?.alt ?? '' });
        const plain = h('input', { type: 'checkbox' });
        let src = old?.src;

        plain.checked = old?.decorative ?? false;

        const use = () => {
            const decorative = plain.checked;

            if (!src || (!decorative && !alt.value.trim())) {
                tell(said, src ? w.alt_needed : w.picture_needed);
                return;
            }
            close({ src, decorative,
                    alt: decorative ? '' : alt.value.trim() });
        };

        return [
            ...old ? [] : library(form, 'image', (row) => {
                src = address(row);
                alt.value ||= row.alt ?? '';
                plain.checked ||= row.decorative ?? false;
            }),
            field(w.alt, alt, w.alt_what),
            h('label', { class: 'tick' }, plain, w.decorative),
            said,
            h('p', { class: 'ask-end' }, h('button', {
                type: 'button', class: 'button', onclick: use,
            }, w.choose)),
        ];
    });
}

/** A row of the library. */
export function pickRow(form) {
    return dialog(w.attach_choose, (close) => library(form, undefined, close));
}

/** { href, text } of a file in the library. */
export function pickFile(form, text = '') {
    return dialog(w.attach, (close) => library(form, undefined, (row) => {
        close({ href: address(row), text: text || row.name });
    }));
}

/** { href, text }: a document by its number, or an address. */
export function pickLink(form, { text = '', href = '' } = {}) {
    const { site } = form.dataset;

    return dialog(w.link, (close) => {
        const said = fault();
        const words = h('input', { type: 'text', value: text });
        const url = h('input', {
            type: 'text', inputmode: 'url', value: href,
        });
        const find = async (asked, after) => {
            if (!/^\d+$/.test(asked)) {
                return ask('doc.list', { site, text: asked, after,
                                         limit: LIMIT });
            }
            const { ok, answer } = await ask('doc.get', { doc: asked });

            return { ok, answer: ok ? { rows: [answer] } : answer };
        };

        return [
            field(w.link_text, words),
            h('h3', {}, w.link_doc),
            h('p', {}, w.link_what),
            ...finder(find, (row) => `${row.title}（${row.doc}）`, (row) => {
                url.value = `gov:doc/${row.doc}`;
                words.value ||= row.title;
            }).nodes,
            field(w.link_url, url),
            said,
            h('p', { class: 'ask-end' }, h('button', {
                type: 'button', class: 'button',
                onclick: () => {
                    const to = url.value.trim();

                    if (!ADDRESS.test(to) && !/^gov:doc\/\d+$/.test(to)) {
                        tell(said, w.url_bad);
                        return;
                    }
                    close({ href: to, text: words.value.trim() || to });
                },
            }, w.choose)),
        ];
    });
}
