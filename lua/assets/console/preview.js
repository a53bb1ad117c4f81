/*
 * The preview button sends the form to a window of its own; here to a frame
 * beside the text, again after every pause, as wide as a desk or a phone.
 */

import { h } from './dom.js';
import { w } from './words.js';

const PAUSE = 1500;
const NAME = 'gov-preview';
const WIDTHS = { desk: 1280, phone: 390 };

export class Preview {
    constructor(form) {
        this.form = form;
        this.button = form.querySelector('button[data-preview]');
        if (!this.button) {
            return;
        }

        this.button.addEventListener('click', (event) => {
            event.preventDefault();
            this.panel ? this.close() : this.open();
        });
        this.button.setAttribute('aria-expanded', 'false');
    }

    open() {
        const width = (name) => h('button', {
            type: 'button', 'data-width': name, class: 'button quiet',
            'aria-pressed': String(name === 'desk'),
            onclick: () => this.wide(name),
        }, w[name]);

        this.frame = h('iframe', { name: NAME, title: w.preview });
        this.panel = h('section', {
            class: 'preview', 'aria-label': w.preview,
        }, h('p', { class: 'preview-tools' }, width('desk'), width('phone')),
        h('div', { class: 'preview-room' }, this.frame));
        this.form.after(this.panel);
        this.button.setAttribute('aria-expanded', 'true');
        this.wide('desk');
        this.show();
    }

    close() {
        this.panel.remove();
        this.panel = undefined;
        this.button.setAttribute('aria-expanded', 'false');
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

    show() {
        const sender = h('form', {
            method: 'post', target: NAME, hidden: true,
            action: this.button.getAttribute('formaction'),
        });

        for (const [name, value] of new FormData(this.form)) {
            if (typeof value === 'string') {
                sender.append(h('textarea', { name }, value));
            }
        }
        document.body.append(sender);
        sender.submit();
        sender.remove();
    }

    changed() {
        if (this.panel) {
            clearTimeout(this.pause);
            this.pause = setTimeout(() => this.show(), PAUSE);
        }
    }
}
