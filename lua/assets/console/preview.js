/*
 * The button of the preview, here a frame beside the text: the last version
 * on its site's theme, with what stands in the form put in its place after
 * every pause, as wide as a desk or a phone.  A document that was never saved
 * has no version: its button shows the form in a window, as without scripts.
 */

import { made } from './api.js';
import { h } from './dom.js';
import { shown } from './picker.js';
import { w } from './words.js';

const PAUSE = 1000;
const WIDTHS = { desk: 1280, phone: 390 };

export class Preview {
    constructor(form, text) {
        this.form = form;
        this.text = text;
        this.link = form.querySelector('[data-preview]');
        if (!this.link?.dataset.preview) {
            return;
        }

        this.link.addEventListener('click', (event) => {
            event.preventDefault();
            this.panel ? this.close() : this.open();
        });
        this.link.setAttribute('aria-expanded', 'false');
    }

    open() {
        const width = (name) => h('button', {
            type: 'button', 'data-width': name, class: 'button second',
            'aria-pressed': String(name === 'desk'),
            onclick: () => this.wide(name),
        }, w[name]);

        this.frame = h('iframe', {
            title: w.preview, src: this.link.dataset.preview,
            onload: () => this.show(),
        });
        this.panel = h('section', {
            class: 'preview', 'aria-label': w.preview,
        }, h('p', { class: 'preview-tools' }, width('desk'), width('phone')),
        h('div', { class: 'preview-room' }, this.frame));
        this.form.after(this.panel);
        this.link.setAttribute('aria-expanded', 'true');
        this.wide('desk');
    }

    close() {
        this.panel.remove();
        this.panel = undefined;
        this.link.setAttribute('aria-expanded', 'false');
    }

    /* the page is laid out for that width, then made to fit */
    wide(name) {
        const room = this.panel.querySelector('.preview-room');
        const scale = Math.min(1, room.clientWidth / WIDTHS[name]);

        this.frame.style.width = `${WIDTHS[name]}px`;
        this.frame.style.transform = `scale(${scale})`;
        this.panel.querySelectorAll('[data-width]').forEach((b) => {
            b.setAttribute('aria-pressed', String(b.dataset.width === name));
        });
    }

    async show() {
        const { ok, answer } = await made(this.text.value, this.text.kind,
                                          this.form);
        const page = this.frame?.contentDocument;
        const body = page?.querySelector('.prose');

        if (!ok || !body) {
            return;
        }
        body.innerHTML = answer.html.replace(
            /(src|href)="(\/files\/[^"]*)"/g,
            (_, name, path) => `${name}="${shown(this.form, path)}"`);
        const title = page.querySelector('article h1, h1');
        if (title) {
            title.textContent = this.form.elements.title.value;
        }
    }

    changed() {
        if (this.panel) {
            clearTimeout(this.pause);
            this.pause = setTimeout(() => this.show(), PAUSE);
        }
    }
}
