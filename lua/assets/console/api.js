/*
 * What the console's scripts ask of the server, as the person signed in:
 *
 *     await ask('doc.list', { site })         { ok, status, answer }
 *     await act('doc.lock', { doc }, form)    the same; form has the token
 *     await upload(file, form, { site })      the same
 *
 * status 0: the server was not reached.  An answer that is no JSON (the page
 * of a sign-in) counts as status 401.
 */

async function talk(url, options) {
    let response;

    try {
        response = await fetch(url, {
            credentials: 'same-origin',
            ...options,
            headers: { Accept: 'application/json', ...options.headers },
        });
    } catch {
        return { ok: false, status: 0, answer: {} };
    }

    const json = /json/.test(response.headers.get('Content-Type') ?? '');
    const answer = json ? await response.json().catch(() => ({})) : {};

    if (response.ok && !json) {
        return { ok: false, status: 401, answer };
    }

    return {
        ok: response.ok,
        status: response.status,
        answer: answer.verdict ?? answer.problem ?? answer,
    };
}

/** { html }: what the server would make of a text. */
export function made(body, kind, form) {
    return talk('/console/text', {
        method: 'POST',
        body: new URLSearchParams({
            _csrf: form.elements._csrf?.value ?? '', form: kind, body,
        }),
    });
}

/** UUIDv7: the same operation sent twice is done once. */
export function operation(now = Date.now()) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));

    for (let i = 0; i < 6; i++) {
        bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
    }
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;

    return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function ask(question, fields = {}) {
    const query = new URLSearchParams(
        Object.entries(fields).filter(([, v]) => v !== undefined && v !== ''));

    return talk(`/api/v1/queries/${question}?${query}`, { method: 'GET' });
}

export function act(command, fields, form) {
    const body = new URLSearchParams(fields);

    body.set('_csrf', form.elements._csrf?.value ?? '');
    body.set('_op', operation());

    return talk(`/console/do/${command}`, { method: 'POST', body });
}

export function upload(file, form, fields = {}) {
    const body = new FormData();

    body.set('_csrf', form.elements._csrf?.value ?? '');
    body.set('_op', operation());
    Object.entries(fields).forEach(([name, value]) => body.set(name, value));
    body.set('file', file, file.name || 'image');

    return talk(`/console/upload?${new URLSearchParams({
        site: fields.site ?? '' })}`, { method: 'POST', body });
}

/** The page again, to take a new token from: after a sign-in elsewhere. */
export async function renewed(form) {
    const response = await fetch(location.href, { credentials: 'same-origin' })
        .catch(() => null);

    if (!response?.ok || response.redirected) {
        return false;
    }

    const page = new DOMParser().parseFromString(await response.text(),
                                                 'text/html');
    const token = page.querySelector('input[name="_csrf"]')?.value;

    if (!token) {
        return false;
    }

    document.querySelectorAll('input[name="_csrf"]').forEach((field) => {
        field.value = token;
    });

    return Boolean(form.elements._csrf);
}
