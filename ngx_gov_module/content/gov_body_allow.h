
/*
 * Copyright (C) ngx_gov authors
 *
 * The allow-list of bodies, said once.  An element that is in neither list
 * is unwrapped: its tags go, its children stay.  Elements of SVG and MathML
 * are dropped with their content, whatever their name.
 *
 *     E(element, written as, attributes)
 *
 * No attribute of an event, style, id or class passes; two ways of setting a
 * paragraph (a signature to the right, a heading in the middle), however the
 * source says it, become the classes gov-right and gov-center.  h1 becomes
 * h2, for the page has its h1.  Addresses: see gov_url.c, and "gov:doc/4711"
 * for a document, whose address is found when it is shown; an image must be
 * an attachment ("/files/..."), for a page names no other host for the
 * visitor's browser to call; any other gives way to its alternative text.
 */


#define GOV_AT_LANG    0x01         /* lang, dir; every element has them */
#define GOV_AT_HREF    0x02
#define GOV_AT_TITLE   0x04
#define GOV_AT_ALIGN   0x08         /* align, style or class to our class */
#define GOV_AT_CELL    0x10         /* colspan, rowspan */
#define GOV_AT_TH      0x20         /* scope */
#define GOV_AT_SPAN    0x40         /* span */
#define GOV_AT_OL      0x80         /* start, reversed, type */
#define GOV_AT_VALUE   0x100        /* value */
#define GOV_AT_IMG     0x200        /* src, alt, role, width, height */
#define GOV_AT_TIME    0x400        /* datetime */
#define GOV_AT_OPEN    0x800        /* open */

#define GOV_BODY_ALLOW(E)                                                     \
    E(A,          "a",          GOV_AT_HREF | GOV_AT_TITLE)                   \
    E(ABBR,       "abbr",       GOV_AT_TITLE)                                 \
    E(ACRONYM,    "abbr",       GOV_AT_TITLE)                                 \
    E(ADDRESS,    "div",        GOV_AT_ALIGN)                                 \
    E(ARTICLE,    "div",        GOV_AT_ALIGN)                                 \
    E(ASIDE,      "div",        GOV_AT_ALIGN)                                 \
    E(B,          "b",          0)                                            \
    E(BDI,        "bdi",        0)                                            \
    E(BDO,        "bdo",        0)                                            \
    E(BLOCKQUOTE, "blockquote", 0)                                            \
    E(BR,         "br",         0)                                            \
    E(CAPTION,    "caption",    0)                                            \
    E(CENTER,     "div",        GOV_AT_ALIGN)                                 \
    E(CITE,       "cite",       0)                                            \
    E(CODE,       "code",       0)                                            \
    E(COL,        "col",        GOV_AT_SPAN)                                  \
    E(COLGROUP,   "colgroup",   GOV_AT_SPAN)                                  \
    E(DD,         "dd",         0)                                            \
    E(DEL,        "del",        0)                                            \
    E(DETAILS,    "details",    GOV_AT_OPEN)                                  \
    E(DFN,        "dfn",        0)                                            \
    E(DIR,        "ul",         0)                                            \
    E(DIV,        "div",        GOV_AT_ALIGN)                                 \
    E(DL,         "dl",         0)                                            \
    E(DT,         "dt",         0)                                            \
    E(EM,         "em",         0)                                            \
    E(FIELDSET,   "div",        0)                                            \
    E(FIGCAPTION, "figcaption", 0)                                            \
    E(FIGURE,     "figure",     0)                                            \
    E(FOOTER,     "div",        GOV_AT_ALIGN)                                 \
    E(FORM,       "div",        0)                                            \
    E(H1,         "h2",         GOV_AT_ALIGN)                                 \
    E(H2,         "h2",         GOV_AT_ALIGN)                                 \
    E(H3,         "h3",         GOV_AT_ALIGN)                                 \
    E(H4,         "h4",         GOV_AT_ALIGN)                                 \
    E(H5,         "h5",         GOV_AT_ALIGN)                                 \
    E(H6,         "h6",         GOV_AT_ALIGN)                                 \
    E(HEADER,     "div",        GOV_AT_ALIGN)                                 \
    E(HGROUP,     "div",        0)                                            \
    E(HR,         "hr",         0)                                            \
    E(I,          "i",          0)                                            \
    E(IMG,        "img",        GOV_AT_IMG | GOV_AT_TITLE)                    \
    E(INS,        "ins",        0)                                            \
    E(KBD,        "kbd",        0)                                            \
    E(LEGEND,     "div",        0)                                            \
    E(LI,         "li",         GOV_AT_VALUE)                                 \
    E(MAIN,       "div",        GOV_AT_ALIGN)                                 \
    E(MARK,       "mark",       0)                                            \
    E(MARQUEE,    "div",        0)                                            \
    E(MENU,       "ul",         0)                                            \
    E(NAV,        "div",        0)                                            \
    E(OL,         "ol",         GOV_AT_OL)                                    \
    E(P,          "p",          GOV_AT_ALIGN)                                 \
    E(PRE,        "pre",        0)                                            \
    E(Q,          "q",          0)                                            \
    E(RP,         "rp",         0)                                            \
    E(RT,         "rt",         0)                                            \
    E(RUBY,       "ruby",       0)                                            \
    E(S,          "s",          0)                                            \
    E(SAMP,       "samp",       0)                                            \
    E(SECTION,    "div",        GOV_AT_ALIGN)                                 \
    E(SMALL,      "small",      0)                                            \
    E(STRIKE,     "s",          0)                                            \
    E(STRONG,     "strong",     0)                                            \
    E(SUB,        "sub",        0)                                            \
    E(SUMMARY,    "summary",    0)                                            \
    E(SUP,        "sup",        0)                                            \
    E(TABLE,      "table",      0)                                            \
    E(TBODY,      "tbody",      0)                                            \
    E(TD,         "td",         GOV_AT_CELL | GOV_AT_ALIGN)                   \
    E(TFOOT,      "tfoot",      0)                                            \
    E(TH,         "th",         GOV_AT_CELL | GOV_AT_TH | GOV_AT_ALIGN)       \
    E(THEAD,      "thead",      0)                                            \
    E(TIME,       "time",       GOV_AT_TIME)                                  \
    E(TR,         "tr",         0)                                            \
    E(TT,         "code",       0)                                            \
    E(U,          "u",          0)                                            \
    E(UL,         "ul",         0)                                            \
    E(VAR,        "var",        0)                                            \
    E(WBR,        "wbr",        0)

/* dropped with what is in them */

#define GOV_BODY_DROP(E)                                                      \
    E(APPLET) E(AUDIO) E(BASE) E(BASEFONT) E(BGSOUND) E(BUTTON) E(CANVAS)     \
    E(DATALIST) E(EMBED) E(FRAME) E(FRAMESET) E(HEAD) E(IFRAME) E(INPUT)      \
    E(ISINDEX) E(KEYGEN) E(LINK) E(LISTING) E(MAP) E(MATH) E(MENUITEM)        \
    E(META) E(METER) E(NOEMBED) E(NOFRAMES) E(NOSCRIPT) E(OBJECT)             \
    E(OPTGROUP) E(OPTION) E(OUTPUT) E(PARAM) E(PLAINTEXT) E(PROGRESS)         \
    E(SCRIPT) E(SELECT) E(SOURCE) E(STYLE) E(SVG) E(TEMPLATE) E(TEXTAREA)     \
    E(TITLE) E(TRACK) E(VIDEO) E(XMP)
