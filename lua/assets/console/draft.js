/*
 * What is typed is not lost: every change is kept on this computer within two
 * seconds, and where the server allows (data-draft="version") becomes a
 * working version once a minute.  What was kept comes back after a crash, an
 * ended session or a conflict, when the person says so.
 * What a form saved is forgotten on the page after it (console.js).
 */

import { act, renewed } from './api.js';
import { clock, h } from './dom.js';
import { OURS, forgetOld, kept } from './kept.js';
import { w } from './words.js';

const HERE = 2000;                      /* after a change */
const VERSION = 60_000;                 /* between two working versions */

export class Draft {
    /** text: get value, form; set(value, form).  attach: set(values) */
    constructor(form, text, attach) {
        const { user = '', doc, site = '', column = '' } = form.dataset;

        this.form = form;
        this.text = text;
        this.attach = attach;
        this.key = `${OURS}${user} ${doc || `new ${site} ${column}`}`;
        this.status = h('span', { class: 'draft', role: 'status' });
        this.said = '';
        this.sent = 0;                  /* time of the last version */
        this.dirty = false;             /* not yet with the server */
        this.away = false;

        this.place = form.querySelector('[data-status]') ?? this.status;
        this.place === this.status ? text.area.after(this.status)
            : this.place.append(this.status);
        forgetOld();
        this.offer();
    }

    fields() {
        return [...new FormData(this.form)].filter(([name, value]) =>
            typeof value === 'string' && !name.startsWith('_')
            && !['publish', 'base', 'doc', 'site'].includes(name));
    }

    say(...parts) {
        this.status.replaceChildren(...parts);
        this.place.classList.remove('stands');
    }

    /* what is not saved stands in sight, however long the text is */
    warn(...parts) {
        this.say(...parts);
        this.place.classList.add('stands');
    }

    /* -- on this computer */

    changed() {
        this.dirty = true;
        clearTimeout(this.soon);
        this.soon = setTimeout(() => this.keep(), HERE);
        this.later ??= setTimeout(() => this.send(),
            Math.max(HERE * 2, this.sent + VERSION - Date.now()));
    }

    keep() {
        clearTimeout(this.soon);
        try {
            localStorage.setItem(this.key, JSON.stringify({
                at: Date.now(),
                base: this.form.elements.base?.value ?? '',
                op: this.form.elements._op?.value ?? '',
                fields: this.fields(),
            }));
            if (!this.away && !this.held) {
                this.say(w.saved_here(clock()));
            }
        } catch {
            /* no room: the form itself still has the text */
        }
    }

    forget() {
        localStorage.removeItem(this.key);
    }

    /* -- what was kept earlier */

    offer() {
        const old = kept(this.key);

        if (!old) {
            return;
        }
        if (JSON.stringify(old.fields) === JSON.stringify(this.fields())) {
            this.forget();
            return;
        }

        const banner = h('div', { class: 'note warn', role: 'alert' },
            h('p', {}, w.restore_found(
                new Date(old.at).toLocaleString(document.documentElement.lang
                                                || 'zh'))),
            h('button', {
                type: 'button', class: 'button', 'data-restore': true,
                onclick: () => {
                    banner.remove();
                    this.restore(old);
                },
            }, w.restore),
            h('button', {
                type: 'button', class: 'button second', 'data-discard': true,
                onclick: () => {
                    banner.remove();
                    this.forget();
                },
            }, w.discard));

        this.form.prepend(banner);
    }

    restore({ fields }) {
        const values = new Map();

        for (const [name, value] of fields) {
            values.set(name, [...values.get(name) ?? [], value]);
        }
        this.attach.set(values.get('attachments') ?? []);
        for (const field of this.form.elements) {
            const given = values.get(field.name);

            if (!field.name || field.name.startsWith('_')
                || ['attachments', 'base', 'doc', 'site', 'body', 'form',
                    'publish']
                    .includes(field.name))
            {
                continue;
            }
            if (field.type === 'checkbox' || field.type === 'radio') {
                field.checked = given?.includes(field.value) ?? false;
            } else if (given && 'value' in field) {
                field.value = given.shift() ?? '';
            }
        }
        this.text.set(values.get('body')?.[0] ?? '',
                      values.get('form')?.[0] ?? 'md');
        this.say(w.restored);
        this.changed();
    }

    /* -- to the server */

    async send() {
        this.later = undefined;
        this.keep();

        const { doc, draft } = this.form.dataset;

        if (!doc || draft !== 'version' || this.held) {
            return;
        }

        this.dirty = false;
        this.sent = Date.now();
        const { ok, status, answer } = await act('doc.edit',
            [['doc', doc], ['base', this.form.elements.base.value],
             ...this.fields()], this.form);

        if (ok) {
            this.away = false;
            this.form.elements.base.value = answer.version;
            this.say(w.saved_version(clock(), answer.version));
            if (!this.dirty) {
                this.forget();
            }
            return;
        }

        this.dirty = true;
        this.refused(status, answer);
    }

    refused(status, answer) {
        const to = `${location.pathname}${location.search}`;

        if (status === 401 || (status === 403 && answer.code === 'csrf')) {
            this.signedOut = true;
            this.away = true;
            this.warn(w.signed_out, ' ', h('a', {
                href: `/console/sign-in?to=${encodeURIComponent(to)}`,
                target: '_blank', rel: 'opener',
            }, w.sign_in));
        } else if (status === 409 && answer.field !== 'lock') {
            this.held = true;
            this.warn(w.conflict, ' ', h('a', {
                href: to, target: '_blank', rel: 'opener',
            }, w.open_latest));
        } else if (status === 0 || status >= 500) {
            this.away = true;
            this.warn(w.away);
            this.later ??= setTimeout(() => this.send(), VERSION);
        } else {
            this.warn(answer.detail ?? w.away);
        }
    }

    /** After a sign-in in another window the form gets its new token. */
    async back() {
        if (this.signedOut && await renewed(this.form)) {
            this.signedOut = false;
            this.away = false;
            this.say(w.signed_in);
            if (this.dirty) {
                this.changed();
            }
        }
        return !this.signedOut;
    }
}
