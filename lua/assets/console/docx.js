/*
 * A .docx becomes HTML; what to do with each of its images is the caller's
 * affair: keep(blob) gives its address.  Loaded when it is asked for.
 */

import mammoth from 'mammoth';

const STYLES = [
    "p[style-name='Title'] => h2:fresh",
    "p[style-name='标题'] => h2:fresh",
    "p[style-name='Subtitle'] => p:fresh",
    "p[style-name='heading 1'] => h2:fresh",
    "p[style-name='heading 2'] => h3:fresh",
    "p[style-name='heading 3'] => h4:fresh",
    'u => u',
];

export async function convert(file, keep) {
    const { value, messages } = await mammoth.convertToHtml(
        { arrayBuffer: await file.arrayBuffer() },
        {
            styleMap: STYLES,
            convertImage: mammoth.images.imgElement(async (image) => {
                const bytes = await image.readAsArrayBuffer();

                return {
                    src: await keep(new Blob([bytes],
                                             { type: image.contentType })),
                    alt: image.altText ?? '',
                };
            }),
        });

    return { html: value, dropped: messages.length };
}
