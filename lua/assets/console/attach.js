/*
 * The attachments of a document, a select each in the form's order.  With it
 * each can be moved and left out, and others are chosen from the library
 * without leaving the page; what the form sends is the same.
 *
 *     attach.set(values)          instead of those there
 */

import { h } from './dom.js';
import { pickRow } from './picker.js';
import { w } from './words.js';

export class Attach {
    constructor(form) {
        this.form = form;
        this.field = form.querySelector('[data-attach]');
        if (!this.field) {
            return;
        }

        this.list = this.field.querySelector('ol');
        this.status = h('p', { class: 'hint', role: 'status' });
        this.field.querySelectorAll('[data-plain]').forEach((part) => {
            part.hidden = true;
        });

        for (const item of [...this.list.children]) {
            item.querySelector('select').value ? this.dress(item)
                : item.remove();
        }
        this.list.after(h('p', {}, h('button', {
            type: 'button', class: 'button second', 'data-tool': 'library',
            onclick: () => this.choose(),
        }, w.attach_choose)), this.status);
        this.number();
    }

    dress(item) {
        const tool = (name, label, go) => h('button', {
            type: 'button', class: 'button second', 'data-move': name,
            onclick: () => go(item),
        }, label);

        item.classList.add('moved');
        item.append(
            tool('up', w.up, () => this.move(item, -1)),
            tool('down', w.down, () => this.move(item, 1)),
            tool('out', w.leave_out, () => this.leave(item)));
    }

    async choose() {
        const row = await pickRow(this.form);

        if (!row) {
            return;
        }

        const value = `${row.digest}/${row.name}`;
        const there = [...this.list.querySelectorAll('select')]
            .find((one) => one.value.startsWith(row.digest));

        if (there) {
            this.tell(w.attach_there(row.name));
            return;
        }

        this.add(value);
        this.done(w.attach_added(row.name));
    }

    /* "DIGEST/NAME" */
    add(value) {
        const item = h('li', {}, h('select', { name: 'attachments' },
            h('option', { value, selected: true }, value.slice(65))));

        this.dress(item);
        this.list.append(item);
    }

    /** Those that were kept on this computer. */
    set(values) {
        if (this.field) {
            this.list.replaceChildren();
            values.filter(Boolean).forEach((value) => this.add(value));
            this.number();
        }
    }

    name(item) {
        return item.querySelector('select').selectedOptions[0]?.text ?? '';
    }

    move(item, by) {
        const other = by < 0 ? item.previousElementSibling
            : item.nextElementSibling;
        const focused = document.activeElement;

        if (!other) {
            return;
        }
        by < 0 ? other.before(item) : other.after(item);
        this.done(w.attach_moved(this.name(item),
                                 [...this.list.children].indexOf(item) + 1));
        focused.disabled ? item.querySelector('button:enabled').focus()
            : focused.focus();
    }

    leave(item) {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        const name = this.name(item);

        item.remove();
        this.done(w.attach_left(name));
        (next?.querySelector('[data-move=out]')
         ?? this.field.querySelector('[data-tool=library]')).focus();
    }

    done(text) {
        this.number();
        this.tell(text);
        this.form.dispatchEvent(new Event('input', { bubbles: true }));
    }

    tell(text) {
        this.status.textContent = text;
    }

    /* what each is called, and where it cannot go */
    number() {
        const items = [...this.list.children];

        items.forEach((item, i) => {
            const name = this.name(item);

            item.querySelector('select').setAttribute('aria-label',
                `${w.attachment} ${i + 1}`);
            item.querySelectorAll('[data-move]').forEach((button) => {
                button.setAttribute('aria-label',
                                    `${button.textContent} ${name}`);
                button.disabled =
                    (button.dataset.move === 'up' && i === 0)
                    || (button.dataset.move === 'down'
                        && i === items.length - 1);
            });
        });
    }
}
