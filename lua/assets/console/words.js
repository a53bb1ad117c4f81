/*
 * Sentences of the scripts, in the language of the page.
 */

const WORDS = {
    zh: {
        close: '关闭', search: '搜索',
        more: '更多', none: '没有找到', loading: '正在读取…',
        chosen: (n) => `已选 ${n} 项`,
        leave: '文字还没有保存。',
        saved_here: (t) => `${t} 已保存在本机`,
        saved_version: (t, n) => `${t} 已保存为第 ${n} 版`,
        saving: '正在保存…',
        signed_out: '登录已过期，文字保存在本机。请在新窗口登录，然后继续。',
        sign_in: '在新窗口登录',
        signed_in: '已重新登录，可以继续。',
        away: '暂时连不上服务器，文字保存在本机，稍后自动重试。',
        conflict: '别人已保存了新的版本。您的文字保存在本机，'
            + '请打开最新版本对照后再保存。',
        open_latest: '在新窗口打开最新版本',
        restore_found: (t) => `本机有 ${t} 未保存的文字。`,
        restore: '恢复', discard: '丢弃',
        restored: '已恢复本机保存的文字，请检查后保存。',
        taken: '编辑权已被他人接管。',
        taken_text: '您的文字仍在这里，保存时会提示版本冲突。',
        markdown: 'Markdown', rich: '富文本',
        not_back: '富文本不能无损地变回 Markdown。请先清空正文。',
        no_convert: '现在连不上服务器，无法转换。',
        picture: '插入图片', attach: '附件链接', link: '链接', unlink: '取消链接',
        docx: '导入 Word 文档（.docx）', alt: '替代文字',
        alt_what: '图片说了什么？读屏用户听到的就是这句话。',
        decorative: '装饰图片，没有内容',
        picture_needed: '请先选一张图片，或者上传一张。',
        alt_needed: '请填写替代文字，或者勾选“装饰图片”。',
        upload: '上传文件', upload_failed: (name) => `${name} 上传失败`,
        held: '文件正在检查，通过之前不对外显示。',
        library: '媒体库', choose: '选用',
        link_text: '链接文字', link_doc: '站内文档', link_url: '网址',
        link_what: '站内文档按编号链接，文档移动后链接不会失效。',
        title_or_number: '标题中的字，或文档编号',
        url_bad: '网址以 http://、https://、mailto:、tel: 或 / 开头。',
        paste_images: (n) => `${n} 张图片没有粘贴进来，请用“插入图片”上传。`,
        docx_bad: '读不出这个文件，请确认是 .docx 格式。',
        docx_done: (n) => n ? `已导入，其中 ${n} 处格式没有保留。` : '已导入。',
        preview: '预览', desk: '电脑', phone: '手机',
        body: '正文', h2: '一级标题', h3: '二级标题', h4: '三级标题',
        quote: '引用', copied: '已复制',
        attachment: '附件', attach_choose: '从文件库选附件',
        up: '上移', down: '下移', leave_out: '去掉',
        attach_added: (name) => `已加上“${name}”，保存后生效。`,
        attach_there: (name) => `“${name}”已经是附件。`,
        attach_moved: (name, n) => `“${name}”现在是第 ${n} 个。`,
        attach_left: (name) => `已去掉“${name}”，保存后生效。`,
    },
    en: {
        close: 'Close', search: 'Search',
        more: 'More', none: 'Nothing found', loading: 'Loading…',
        chosen: (n) => `${n} chosen`,
        leave: 'The text has not been saved.',
        saved_here: (t) => `Kept on this computer at ${t}`,
        saved_version: (t, n) => `Saved as version ${n} at ${t}`,
        saving: 'Saving…',
        signed_out: 'Your session has ended; the text is kept on this '
            + 'computer. Sign in in another window, then go on.',
        sign_in: 'Sign in in a new window',
        signed_in: 'Signed in again, you can go on.',
        away: 'The server cannot be reached; the text is kept on this '
            + 'computer and will be sent later.',
        conflict: 'Somebody saved a newer version. Your text is kept on '
            + 'this computer; compare it with the latest version first.',
        open_latest: 'Open the latest version in a new window',
        restore_found: (t) => `There is unsaved text of ${t} on this `
            + 'computer.',
        restore: 'Restore', discard: 'Discard',
        restored: 'The text kept on this computer is back; check and save.',
        taken: 'Somebody else has taken over.',
        taken_text: 'Your text is still here; saving it will tell of a '
            + 'conflict.',
        markdown: 'Markdown', rich: 'Rich text',
        not_back: 'Rich text cannot become Markdown again without loss. '
            + 'Clear the text first.',
        no_convert: 'The server cannot be reached; nothing is converted.',
        picture: 'Insert an image', attach: 'Link to a file', link: 'Link',
        unlink: 'Remove the link',
        docx: 'Import a Word document (.docx)', alt: 'Alternative text',
        alt_what: 'What does the image say? Screen readers read this.',
        decorative: 'Decoration without content',
        picture_needed: 'Choose an image first, or upload one.',
        alt_needed: 'Give an alternative text, or say that the image is '
            + 'decoration.',
        upload: 'Upload a file', upload_failed: (name) => `${name} failed`,
        held: 'The file is being checked and is not public until then.',
        library: 'Media library', choose: 'Use',
        link_text: 'Text of the link', link_doc: 'Document',
        link_url: 'Address',
        link_what: 'Documents are linked by number: a document that moves '
            + 'keeps its links.',
        title_or_number: 'Part of the title, or the number',
        url_bad: 'An address begins with http://, https://, mailto:, tel: '
            + 'or /.',
        paste_images: (n) => `${n} images were not pasted; use “Insert an `
            + 'image”.',
        docx_bad: 'This file cannot be read; is it a .docx?',
        docx_done: (n) => n ? `Imported; ${n} formats were dropped.`
            : 'Imported.',
        preview: 'Preview', desk: 'Desk', phone: 'Phone',
        body: 'Text', h2: 'Heading 1', h3: 'Heading 2', h4: 'Heading 3',
        quote: 'Quotation', copied: 'Copied',
        attachment: 'Attachment', attach_choose: 'Choose from the library',
        up: 'Up', down: 'Down', leave_out: 'Leave out',
        attach_added: (name) => `“${name}” is added; save to keep it.`,
        attach_there: (name) => `“${name}” is attached already.`,
        attach_moved: (name, n) => `“${name}” is number ${n} now.`,
        attach_left: (name) => `“${name}” is left out; save to keep it so.`,
    },
};

export const english = /^en/i.test(document.documentElement.lang);

export const w = WORDS[english ? 'en' : 'zh'];
