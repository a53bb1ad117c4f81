/*
 * Elements without markup in texts:
 *
 *     h('button', { type: 'button', onclick: go }, w.choose)
 *     const answer = await dialog(w.picture, (close) => [nodes])
 */

import { w } from './words.js';

export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);

    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith('on')) {
            element.addEventListener(name.slice(2), value);
        } else if (value === true) {
            element.setAttribute(name, '');
        } else if (value !== false && value !== undefined) {
            element.setAttribute(name, value);
        }
    }
    element.append(...children.flat().filter((c) => c !== undefined));

    return element;
}

/** A form in a modal dialog; what its body closes it with, or null. */
export function dialog(title, fill) {
    return new Promise((resolve) => {
        let answer = null;
        const close = (value = null) => {
            answer = value;
            box.close();
        };
        const box = h('dialog', {
            class: 'ask', 'aria-label': title,
            onclose: () => {
                box.remove();
                resolve(answer);
            },
        }, h('header', {},
             h('h2', {}, title),
             h('button', {
                 type: 'button', class: 'ask-close', 'aria-label': w.close,
                 onclick: () => close(),
             }, '×')),
        ...fill(close));

        document.body.append(box);
        box.showModal();
    });
}

export const clock = (at = new Date()) =>
    at.toLocaleTimeString(document.documentElement.lang || 'zh',
                          { hour: '2-digit', minute: '2-digit' });
