/*
 * The body's field, which is Markdown in a textarea or HTML in jodit; the
 * rest of the editor does not know which.
 *
 *     text.value, text.kind       what the form sends
 *     text.set(value, kind)
 *     text.put(html, md)          at the cursor
 */

import { made, upload } from './api.js';
import { clean } from './clean.js';
import { h } from './dom.js';
import { address, pickFile, pickImage, pickLink, shown, stored }
    from './picker.js';
import { rich } from './rich.js';
import { w } from './words.js';

const escape = (s) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const bare = (s) => s.replace(/[\\[\]]/g, '\\$&');
const bytes = (url) => {
    const [head, data] = url.split(',');
    const raw = atob(data);

    return new Blob([Uint8Array.from(raw, (c) => c.charCodeAt(0))],
                    { type: /:(.*?);/.exec(head)[1] });
};

export class Text {
    constructor(form, area, changed) {
        this.form = form;
        this.area = area;
        this.changed = changed;
        this.waiting = new Map();       /* images not yet in the text */
        this.label = area.labels[0]?.textContent.trim() ?? w.body;
        this.tools = h('p', { class: 'tools', role: 'toolbar' },
            this.tool('picture'), this.tool('attach'), this.tool('link'));
        this.said = h('p', { role: 'status' });
        area.before(this.tools);
        area.after(this.said);

        area.addEventListener('input', () => changed());
        form.addEventListener('formdata', ({ formData }) => {
            formData.set('body', this.value);
            formData.set('form', this.kind);
        });
        this.chooser().forEach((field) =>
            field.addEventListener('change', () => this.turn()));

        if (form.elements.form?.value === 'html') {
            this.begin();
        }
    }

    tool(name) {
        return h('button', {
            type: 'button', class: 'button second', 'data-tool': name,
            onclick: () => this[name](),
        }, w[name]);
    }

    chooser() {
        const { form } = this.form.elements;

        return form instanceof RadioNodeList ? [...form] : form ? [form] : [];
    }

    get kind() {
        return this.editor ? 'html' : 'md';
    }

    get value() {
        return this.editor ? stored(this.form, this.editor.value)
            : this.area.value;
    }

    get empty() {
        return !/\S|<img|<table/.test(
            this.value.replace(/<(?!img|table)[^>]*>|&nbsp;/g, ''));
    }

    set(value, kind) {
        if (kind === 'html') {
            this.begin();
            this.editor.value = value;
        } else {
            this.end();
            this.area.value = value;
        }
        this.choose(kind);
    }

    choose(kind) {
        const { form } = this.form.elements;

        if (form) {
            form.value = kind;
        }
    }

    /** The same HTML with its images where the console shows them. */
    seen(html) {
        return html.replace(/src="(\/files\/[^"]*)"/g,
                            (_, path) => `src="${shown(this.form, path)}"`);
    }

    begin() {
        if (this.editor) {
            return;
        }
        this.area.value = this.cleaned(this.area.value);
        this.area.required = false;     /* out of sight, it cannot be shown */
        this.tools.hidden = true;
        this.editor = rich(this.area, this.label, {
            picture: () => { this.picture(); },
            attach: () => { this.attach(); },
            link: () => { this.link(); },
            unlink: () => { this.editor.execCommand('unlink'); },
            docx: () => { this.docx(); },
            clean: (html) => this.cleaned(html),
        });
        this.editor.e.on('change', () => {
            this.placed();
            this.changed();
        });
        this.editor.e.on('dblclick', ({ target }) => {
            if (target.localName === 'img') {
                this.picture(target);
            }
        });
    }

    end() {
        if (!this.editor) {
            return;
        }
        const { value } = this;

        this.editor.destruct();
        this.editor = undefined;
        this.area.value = value;
        this.tools.hidden = false;
    }

    /* the person chose the other form */
    async turn() {
        const to = this.form.elements.form.value;

        this.say('');
        if (to === this.kind) {
            return;
        }
        if (to === 'md' && !this.empty) {
            this.say(w.not_back);
            this.choose('html');
            return;
        }

        /* an empty text needs nobody */
        const { ok, answer } = this.empty ? { ok: true, answer: { html: '' } }
            : await made(this.area.value, 'md', this.form);

        if (!ok) {
            this.say(answer.detail ?? w.no_convert);
            this.choose('md');
            return;
        }
        this.set(answer.html, to);
        this.changed();
    }

    say(text) {
        this.said.textContent = text;
    }

    /* -- what is put in */

    put(html, md) {
        if (this.editor) {
            this.editor.s.restore();
            this.editor.s.insertHTML(this.seen(html));
            this.editor.synchronizeValues();
        } else {
            this.area.setRangeText(md, this.area.selectionStart,
                                   this.area.selectionEnd, 'end');
            this.area.focus();
        }
        this.changed();
    }

    /* a dialog takes the focus: the place is marked meanwhile */
    async asked(question) {
        this.editor?.s.save();
        const answer = await question;

        if (answer === null) {
            this.editor?.s.restore();
        }
        return answer;
    }

    selected() {
        return this.editor ? this.editor.s.sel?.toString() ?? ''
            : this.area.value.slice(this.area.selectionStart,
                                    this.area.selectionEnd);
    }

    async picture(image) {
        if (image) {
            const found = await pickImage(this.form, {
                src: image.getAttribute('src'), alt: image.alt,
                decorative: image.getAttribute('role') === 'presentation',
            });

            if (found) {
                image.alt = found.alt;
                found.decorative ? image.setAttribute('role', 'presentation')
                    : image.removeAttribute('role');
                this.editor.synchronizeValues();
            }
            return;
        }

        const found = await this.asked(pickImage(this.form));
        if (found) {
            const { src, alt, decorative } = found;

            this.put(`<img src="${escape(src)}" alt="${escape(alt)}"`
                     + `${decorative ? ' role="presentation"' : ''}>`,
                     `![${bare(alt)}](${src}${decorative ? ' "装饰"' : ''})`);
        }
    }

    async attach() {
        this.linked(await this.asked(pickFile(this.form, this.selected())));
    }

    async link() {
        this.linked(await this.asked(
            pickLink(this.form, { text: this.selected() })));
    }

    linked(found) {
        if (found) {
            this.put(`<a href="${escape(found.href)}">`
                     + `${escape(found.text)}</a>`,
                     `[${bare(found.text)}](${found.href})`);
        }
    }

    /* -- what comes from elsewhere */

    async keep(blob) {
        const name = `image.${blob.type.split('/')[1] ?? 'png'}`;
        const { ok, answer } = await upload(
            new File([blob], name, { type: blob.type }), this.form,
            { site: this.form.dataset.site });
        const file = answer.files?.[0] ?? answer;

        return ok && file.digest ? address(file) : '';
    }

    cleaned(dirty) {
        const { html, images, lost } = clean(stored(this.form, dirty));

        if (lost) {
            this.say(w.paste_images(lost));
        }
        images.forEach((url, place) => this.waiting.set(place, url));

        return this.seen(html);
    }

    /* images that came as data are uploaded once they stand in the text */
    async placed() {
        for (const [place, url] of this.waiting) {
            const find = () => this.editor?.editor.querySelector(
                `img[src="${place}"]`);

            if (!find()) {
                continue;
            }
            this.waiting.delete(place);
            const src = await this.keep(bytes(url));
            const image = find();

            if (image && src) {
                image.src = shown(this.form, src);
            } else if (image) {
                image.remove();
                this.say(w.paste_images(1));
            }
            this.editor?.synchronizeValues();
        }
    }

    docx() {
        const file = h('input', {
            type: 'file', hidden: true, 'data-docx': true,
            accept: '.docx',
            onchange: () => {
                file.remove();
                this.imported(file.files[0]);
            },
        });

        this.editor.s.save();
        this.area.after(file);
        file.click();
    }

    async imported(file) {
        this.say(w.loading);
        try {
            const { convert } = await import(this.area.dataset.docx);
            const { html, dropped } = await convert(
                file, (blob) => this.keep(blob));

            this.put(clean(html).html, '');
            this.say(w.docx_done(dropped));
        } catch {
            this.editor.s.restore();
            this.say(w.docx_bad);
        }
    }
}
