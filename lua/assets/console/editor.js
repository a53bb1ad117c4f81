/*
 * The edit page.  Without it the form is a form; with it
 *
 *     textarea[data-editor]   Markdown or rich text (text.js, rich.js);
 *                             its form gets drafts (draft.js) and keeps the
 *                             lock (lock.js)
 *     [data-attach]           attachments, moved and chosen (attach.js)
 *     button[data-preview]    the preview beside the text (preview.js)
 *
 * What the elements carry is said in README.md.
 */

import { Attach } from './attach.js';
import { Draft } from './draft.js';
import { Lock } from './lock.js';
import { Preview } from './preview.js';
import { Text } from './text.js';

function begin(area) {
    const { form } = area;
    const parts = [];
    const changed = () => parts.forEach((part) => part.changed());

    const text = new Text(form, area, changed);
    const draft = new Draft(form, text, new Attach(form));

    parts.push(draft, new Lock(form), new Preview(form, text));

    form.addEventListener('input', changed);
    form.addEventListener('submit', async (event) => {
        draft.keep();
        if (event.submitter?.dataset.preview !== undefined) {
            return;
        }
        if (draft.signedOut) {
            event.preventDefault();
            if (await draft.back()) {
                form.requestSubmit(event.submitter);
            }
            return;
        }
        form.dataset.sent = 'yes';
    });

    addEventListener('focus', () => draft.back());
    addEventListener('pagehide', () => {
        if (draft.dirty && !form.dataset.sent) {
            draft.keep();
        }
    });
    addEventListener('pageshow', ({ persisted }) => {
        if (persisted) {
            delete form.dataset.sent;
        }
    });
    addEventListener('beforeunload', (event) => {
        if (draft.dirty && !form.dataset.sent) {
            event.preventDefault();
            event.returnValue = '';
        }
    });
    form.dataset.ready = 'yes';
}

document.querySelectorAll('textarea[data-editor]').forEach(begin);
