/*
 * A form that is sent twice is one operation, whose verdict comes twice: so
 * it should be after two clicks or a lost answer.  A page that comes back by
 * the browser's own memory has its operation's number too, and what was
 * changed on it since would be answered with the first verdict and be lost.
 * What is sent with other fields than before gets a number of its own.
 */

import { operation } from './api.js';

const OWN = ['_op', '_csrf'];
const sent = new WeakMap();

const said = (form) => JSON.stringify([...new FormData(form)]
    .filter(([name]) => !OWN.includes(name))
    .map(([name, v]) => typeof v === 'string' ? [name, v]
        : [name, v.name, v.size, v.lastModified]));

export function once({ target: form, submitter }) {
    const op = form.elements._op;

    if (!op || submitter?.hasAttribute('formaction')) {
        return;
    }

    const now = said(form);

    if (sent.has(form) && sent.get(form) !== now) {
        op.value = operation();
    }
    sent.set(form, now);
}
