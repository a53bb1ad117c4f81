/*
 * What is pasted or imported, brought to what a body may hold.  Comfort only:
 * the server's allow-list (gov_body_allow.h) judges every text again.
 */

import DOMPurify from 'dompurify';

const TAGS = 'a abbr b bdi bdo blockquote br caption cite code col colgroup '
    + 'dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i '
    + 'img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub '
    + 'summary sup table tbody td tfoot th thead time tr u ul var';
const ATTRIBUTES = 'href title colspan rowspan scope span start reversed type '
    + 'value src alt role width height datetime open lang dir style';
/* the known schemes, a document's number, or no scheme at all */
const ADDRESS = new RegExp('^(?:(?:https?|mailto|tel):|gov:doc/\\d+$|[^a-z]|'
    + '[a-z+.-]+(?:[^a-z+.\\-:]|$))', 'i');
/* what stands for an image until it is uploaded, with a number of its own */
let pasted = 0;
const BLANK = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
const FILE = /^\/files\/[^?#]+$/;
const BULLET = /^[·•●○■□◆◇▪§uüØoln-]$/;

/* Word and WPS write lists as paragraphs that bring their marks along */
function lists(body) {
    for (const p of [...body.querySelectorAll('p[style*="mso-list"]')]) {
        const mark = p.querySelector('[style*="mso-list:Ignore" i]');
        const text = mark?.textContent.replace(/\s+/g, '') ?? '';
        const kind = BULLET.test(text) ? 'ul'
            : /^\d+[.、)）]$/.test(text) ? 'ol' : '';

        /* 一、（一） are part of an official text: they stay */
        if (!kind) {
            continue;
        }

        mark.remove();
        let list = p.previousElementSibling;
        if (!list?.matches(`${kind}[data-word]`)) {
            list = body.ownerDocument.createElement(kind);
            list.dataset.word = '';
            p.before(list);
        }
        const item = body.ownerDocument.createElement('li');
        item.append(...p.childNodes);
        list.append(item);
        p.remove();
    }
}

/* how a paragraph stands is kept: right or in the middle */
function aligned(element) {
    const said = element.style?.textAlign || element.getAttribute('align')
        || element.className.toString();
    const [where] = /\b(right|center)$/.exec(said) ?? [''];

    return element.localName === 'center' ? 'center' : where;
}

function rename(element, tag) {
    const other = element.ownerDocument.createElement(tag);

    other.append(...element.childNodes);
    other.style.cssText = element.style.cssText;
    element.replaceWith(other);
}

/**
 * Safe HTML, and the images that are not in it: { html, images }.  An image
 * that came along as data stands in `images` under the address that `html`
 * gives it; of others only the number is known.
 */
export function clean(dirty) {
    const page = new DOMParser().parseFromString(dirty, 'text/html');
    const images = new Map();
    let lost = 0;

    lists(page.body);
    for (const element of page.body.querySelectorAll('*')) {
        const where = aligned(element);

        element.removeAttribute('class');
        element.removeAttribute('style');
        if (where) {
            element.style.textAlign = where;
        }
    }
    page.body.querySelectorAll('h1').forEach((e) => rename(e, 'h2'));
    page.body.querySelectorAll('center').forEach((e) => rename(e, 'div'));
    for (const image of page.body.querySelectorAll('img')) {
        const src = image.getAttribute('src') ?? '';

        if (FILE.test(src) || src.startsWith(BLANK)) {
            continue;
        }
        if (/^data:image\/(png|jpeg|gif|webp);base64,/.test(src)) {
            const place = `${BLANK}#${++pasted}`;
            images.set(place, src);
            image.setAttribute('src', place);
        } else {
            lost++;
            image.remove();
        }
    }

    const html = DOMPurify.sanitize(page.body.innerHTML, {
        ALLOWED_TAGS: TAGS.split(' '),
        ALLOWED_ATTR: ATTRIBUTES.split(' '),
        ALLOWED_URI_REGEXP: ADDRESS,
        ALLOW_DATA_ATTR: false,
        ALLOW_ARIA_ATTR: false,
        KEEP_CONTENT: true,
    }).replace(/<p>(?:\s|&nbsp;|<br>)*<\/p>/g, '');

    return { html, images, lost };
}
