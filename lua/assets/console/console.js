/*
 * Comfort on the console's pages; without it every form works.  htmx swaps
 * parts (its attributes stand in the templates); these are ours:
 *
 *     data-all="NAME"             a box that checks all boxes of that name
 *     data-count="NAME"           an output that tells how many are
 *     data-needs="NAME"           a button that is off while none is
 *     data-copy="#ID"             copies what stands there
 *     data-own                    hidden where scripts are off
 *     data-show="VALUE"           inside data-switch="NAME": shown while the
 *                                 field of that name has the value
 */

import 'htmx.org/dist/htmx.esm.js';

import { h } from './dom.js';
import { forgetSaved } from './kept.js';
import { once } from './once.js';
import { w } from './words.js';

const boxes = (form, name) => [...form.querySelectorAll(
    `input[type="checkbox"][name="${CSS.escape(name)}"]`)];

function count(form) {
    for (const out of form.querySelectorAll('[data-count], [data-needs]')) {
        const name = out.dataset.count ?? out.dataset.needs;
        const n = boxes(form, name).filter((b) => b.checked).length;

        if (out.dataset.count) {
            out.textContent = n ? w.chosen(n) : '';
        } else {
            out.disabled = n === 0;
        }
    }

    for (const all of form.querySelectorAll('[data-all]')) {
        const own = boxes(form, all.dataset.all);
        const n = own.filter((b) => b.checked).length;

        all.checked = n > 0 && n === own.length;
        all.indeterminate = n > 0 && n < own.length;
    }
}

document.addEventListener('change', ({ target }) => {
    const form = target.closest('form');

    if (target.dataset.all && form) {
        boxes(form, target.dataset.all).forEach((b) => {
            b.checked = target.checked;
        });
    }
    if (form) {
        count(form);
    }
});

document.addEventListener('click', async ({ target }) => {
    const button = target.closest('[data-copy]');

    if (button) {
        const from = document.querySelector(button.dataset.copy);
        await navigator.clipboard.writeText(from.value ?? from.textContent);
        button.after(h('span', { role: 'status' }, ` ${w.copied}`));
    }
});

/* before the editor keeps what is sent, and under which number */
document.addEventListener('submit', once, true);

/* "done" stands on the page for who did it alone, once it was done */
function saved() {
    const op = new URLSearchParams(location.search).get('done');

    if (op && document.querySelector('.done')) {
        forgetSaved(op);
    }
}

function show(scope) {
    const { value } = scope.closest('form').elements[scope.dataset.switch];

    scope.querySelectorAll('[data-show]').forEach((part) => {
        part.hidden = part.dataset.show !== value;
    });
}

function begin(root) {
    root.querySelectorAll('form').forEach(count);
    root.querySelectorAll('[data-switch]').forEach((scope) => {
        scope.closest('form').addEventListener('change', () => show(scope));
        show(scope);
    });
    root.querySelectorAll('[data-copy], [data-own]')
        .forEach((b) => { b.hidden = false; });
}

begin(document);
saved();
document.addEventListener('htmx:after:swap', () => begin(document));
