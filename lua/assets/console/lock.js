/*
 * While somebody types the document is theirs: the lock is renewed as long as
 * there was a change since, and given back when the page is left.
 */

import { act, operation } from './api.js';
import { h } from './dom.js';
import { w } from './words.js';

const BEAT = 4 * 60_000;

export class Lock {
    constructor(form) {
        this.form = form;
        this.typed = true;
        this.mine = true;

        if (!form.dataset.doc || form.dataset.lock === undefined) {
            return;
        }

        this.beat();
        setInterval(() => this.beat(), BEAT);
        addEventListener('pagehide', () => this.leave());
    }

    changed() {
        this.typed = true;
    }

    async beat() {
        if (!this.typed || !this.mine) {
            return;
        }

        this.typed = false;
        const { status, answer } = await act('doc.lock',
            { doc: this.form.dataset.doc }, this.form);

        if (status === 409) {
            this.mine = false;
            this.form.prepend(h('div', { class: 'note warn', role: 'alert' },
                h('p', {}, answer.detail ?? w.taken),
                h('p', {}, w.taken_text, ' ', h('a', {
                    href: location.pathname, target: '_blank', rel: 'opener',
                }, w.open_latest))));
        }
    }

    leave() {
        if (this.mine && !this.form.dataset.sent) {
            navigator.sendBeacon('/console/do/doc.unlock',
                new URLSearchParams({
                    doc: this.form.dataset.doc,
                    _csrf: this.form.elements._csrf?.value ?? '',
                    _op: operation(),
                }));
        }
    }
}
