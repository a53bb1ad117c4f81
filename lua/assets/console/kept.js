/*
 * Texts that are kept on this computer (draft.js): "gov-draft USER DOC" =
 * { at, base, op, fields: [[name, value]...] }, op the operation that saves
 * them when the form is sent.
 */

export const OURS = 'gov-draft ';

const KEEP = 14 * 24 * 3600 * 1000;

export function kept(key) {
    try {
        return JSON.parse(localStorage.getItem(key));
    } catch {
        return null;
    }
}

function forget(which) {
    try {
        for (const key of Object.keys(localStorage)) {
            if (key.startsWith(OURS) && which(kept(key))) {
                localStorage.removeItem(key);
            }
        }
    } catch {
        /* this browser keeps nothing */
    }
}

export const forgetOld = () =>
    forget((text) => !(text?.at > Date.now() - KEEP));

/** What that operation saved is not offered as if nobody had. */
export const forgetSaved = (op) => forget((text) => text?.op === op);
