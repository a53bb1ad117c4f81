/*
 * jodit as this console wants it: Chinese, the marks that a body may have and
 * no others, nothing fetched, and whatever goes in is cleaned first.
 */

import { Jodit } from 'jodit/esm/index.js';
import 'jodit/esm/plugins/add-new-line/add-new-line.js';
import 'jodit/esm/plugins/clean-html/clean-html.js';
import 'jodit/esm/plugins/clipboard/clipboard.js';
import 'jodit/esm/plugins/fullsize/fullsize.js';
import 'jodit/esm/plugins/hr/hr.js';
import 'jodit/esm/plugins/justify/justify.js';
import 'jodit/esm/plugins/key-arrow-outside/key-arrow-outside.js';
import 'jodit/esm/plugins/paste/paste.js';
import 'jodit/esm/plugins/paste-storage/paste-storage.js';
import 'jodit/esm/plugins/resize-cells/resize-cells.js';
import 'jodit/esm/plugins/search/search.js';
import 'jodit/esm/plugins/select/select.js';
import 'jodit/esm/plugins/select-cells/select-cells.js';
import 'jodit/esm/plugins/source/source.js';
import 'jodit/esm/plugins/sticky/sticky.js';
import 'jodit/esm/plugins/symbols/symbols.js';
import 'jodit/esm/plugins/tab/tab.js';
import
    'jodit/esm/plugins/table-keyboard-navigation/table-keyboard-navigation.js';

import { english, w } from './words.js';

const icon = (path) =>
    `<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg">${path}</svg>`;
const stroke = 'fill="none" stroke="currentColor" stroke-width="2"';

const ICONS = {
    picture: icon(`<rect x="3" y="4" width="18" height="16" ${stroke}/>`
        + `<path d="M3 17l6-6 5 5 3-3 4 4" ${stroke}/>`),
    attach: icon(`<path d="M8 12l6-6a3 3 0 0 1 4 4l-9 9a5 5 0 0 1-7-7l8-8"
        ${stroke}/>`),
    chain: icon('<path d="M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-2 2M14 10'
        + `a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l2-2" ${stroke}/>`),
    unchain: icon('<path d="M14 17l2 2M5 8L3 6M18 13l2-2a4 4 0 0 0-6-6l-1 1M6 '
        + `11l-2 2a4 4 0 0 0 6 6l1-1M4 4l16 16" ${stroke}/>`),
    docx: icon(`<path d="M6 2h9l4 4v16H6zM9 11l1.500 6 1.500-5 1.500 5 1.500-6"
        ${stroke}/>`),
};

const cleaned = new WeakSet();

const control = (name, tooltip, exec) =>
    ({ name, icon: ICONS[name], tooltip, exec });


/* jodit would look at what is pasted in the page itself */
function cleanFirst(event, clean) {
    const html = event.clipboardData?.getData('text/html');

    if (!html || !event.cancelable || cleaned.has(event)) {
        return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();

    const data = new DataTransfer();
    data.setData('text/html', clean(html));
    data.setData('text/plain', event.clipboardData.getData('text/plain'));

    const again = new ClipboardEvent('paste', {
        clipboardData: data, bubbles: true, cancelable: true,
    });
    cleaned.add(again);
    event.target.dispatchEvent(again);
}


/** does: { picture, attach, link, unlink, docx, clean } */
export function rich(area, label, does) {
    const editor = Jodit.make(area, {
        language: english ? 'en' : 'zh_cn',
        i18n: { zh_cn: { Heading: w.h2 } },
        height: 'auto',
        minHeight: 420,
        toolbarAdaptive: false,
        toolbarButtonSize: 'middle',
        toolbarSticky: true,
        showXPathInStatusbar: false,
        showCharsCounter: true,
        showWordsCounter: false,
        hidePoweredByJodit: true,
        defaultActionOnPaste: 'insert_as_html',
        askBeforePasteHTML: true,
        pasteHTMLActionList: [
            { value: 'insert_as_html', text: 'Keep' },
            { value: 'insert_only_text', text: 'Insert only Text' },
        ],
        beautifyHTML: false,
        sourceEditor: 'area',
        enter: 'p',
        tabIndex: 0,
        events: {
            beforeSetValueToEditor: (html) =>
                typeof html === 'string' ? does.clean(html) : undefined,
        },
        cleanHTML: { denyTags: 'script,style,iframe,object,embed,form,input' },
        controls: {
            paragraph: {
                list: { p: w.body, h2: w.h2, h3: w.h3, h4: w.h4,
                        blockquote: w.quote },
            },
        },
        popup: { img: [], a: [], selection: [], toolbar: [] },
        buttons: [
            'undo', 'redo', '|', 'paragraph', 'bold', 'italic', 'underline',
            'strikethrough', 'superscript', 'subscript', 'eraser', '|', 'ul',
            'ol', 'left', 'center', 'right', '|', 'table', 'hr', 'symbols',
            '|',
            control('picture', w.picture, does.picture),
            control('attach', w.attach, does.attach),
            control('chain', w.link, does.link),
            control('unchain', w.unlink, does.unlink),
            control('docx', w.docx, does.docx),
            '|', 'find', 'source', 'fullsize',
        ],
    });

    editor.workplace.addEventListener('paste', (event) =>
        cleanFirst(event, does.clean), true);
    editor.editor.setAttribute('role', 'textbox');
    editor.editor.setAttribute('aria-multiline', 'true');
    editor.editor.setAttribute('aria-label', label);
    editor.editor.classList.add('prose');

    return editor;
}
