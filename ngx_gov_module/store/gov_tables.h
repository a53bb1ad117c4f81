
/*
 * Copyright (C) ngx_gov authors
 *
 * The store's tables, said once.  A key in the store is
 *
 *     site number (4 bytes, big-endian) | table (1 byte) | key parts
 *
 * and a table's key shape names its parts: "4" and "8" are big-endian
 * unsigned integers, "s" is text and stands last, "x" is raw bytes up to the
 * end.  A key whose parts exceed the limit keeps their head and a digest.
 * Never reuse a table's number: 32 to 34, 37, 38, 46 to 49 and 51 were some.
 *
 * where: HUB tables stand under site number 0, SITE tables under a site's.
 * DOC tables' first part is a document, and what is of one document stands
 * together, the newest document first:
 *
 *     site number | DOCS | ~document (8 bytes) | table (1 byte) | other parts
 *
 * A commit writes every page between the rows it touches and the root.  So
 * what each act on a document touches lies in one place: the chain's last
 * link, marks, usage and lengths, and the newest documents (which grow at
 * their beginning).  That is the order of 52 to 56.
 *
 * flags: 1 counted in the site's quota; raw values have no record.
 * The table's owner is the room whose functions read and write it.
 *
 * X(number, name, where, shape, record, owner, flags, what)
 */

#define GOV_TABLES(X)                                                         \
    X(1,  META,      HUB,  "s",   meta,     store,   0, "format, sequences")  \
    X(2,  SITES,     HUB,  "4",   site,     site,    0, "a site by number")   \
    X(3,  CODES,     HUB,  "s",   ref,      site,    0, "code to site")       \
    X(4,  CHILDREN,  HUB,  "4s",  ref,      site,    0, "parent, code")       \
    X(5,  HOSTS,     HUB,  "s",   place,    site,    0, "host to site")       \
    X(6,  BLUEPRINTS,HUB,  "s",   blueprint,site,    0, "blueprint by name")  \
    X(7,  POLICIES,  HUB,  "s",   policy,   site,    0, "dated policy")       \
    X(8,  BANNERS,   HUB,  "8",   banner,   content, 0, "emergency banners")  \
    X(9,  DOC_SITES, HUB,  "8",   ref,      content, 0, "document to site")   \
    X(10, APPLIED,   HUB,  "x",   applied,  store,   0, "verdict of each")    \
    X(11, JOURNAL,   HUB,  "8",   entry,    store,   0, "entry by number")    \
    X(12, GROUPS,    HUB,  "4s",  group,    link,    0, "shared link groups") \
    X(13, ACCOUNTS,  HUB,  "8",   account,  people,  0, "account by number")  \
    X(14, LOGINS,    HUB,  "s",   ref,      people,  0, "login to account")   \
    X(15, ROLES,     HUB,  "s",   role,     people,  0, "role by name")       \
    X(16, GRANTS,    HUB,  "844s",grant,    people,  0, "who where in what")  \
    X(17, HOLDERS,   HUB,  "484s",ref,      people,  0, "the same by site")   \
    X(18, SESSIONS,  HUB,  "x",   session,  people,  0, "by hash of token")   \
    X(19, ENDS,      HUB,  "8x",  ref,      people,  0, "session by its end") \
    X(20, ATTEMPTS,  HUB,  "s",   attempt,  people,  0, "failed sign-ins")    \
    X(21, TASKS,     HUB,  "4488",task,     content, 0, "who waits for what") \
    X(22, PREVIEWS,  HUB,  "x",   preview,  content, 0, "by hash of token")   \
    X(23, BLOBS,     HUB,  "x",   ref,      content, 0, "digest, site: whose")\
    X(24, GONE,      HUB,  "x",   ref,      content, 0, "digests of nobody's")\
    X(25, NOTICES,   HUB,  "848", notice,   people,  0, "account, read, no.") \
    X(26, MAILS,     HUB,  "88",  mail,     people,  0, "due time, account")  \
    X(27, MAILER,    HUB,  "",    mailer,   people,  0, "how mail goes")      \
    X(28, FINDS,     HUB,  "x",   ref,      site,    0, "name's tail, site")  \
    X(29, HELD,      HUB,  "4x",  ref,      content, 0, "files to be scanned")\
    X(30, BIN,       HUB,  "84x", ref,      content, 0, "time, site, file")   \
    X(31, WORKS,     HUB,  "8",   work,     people,  0, "asked for, by no.")  \
    X(35, NAMES,     SITE, "4s",  place,    site,    0, "name to target")     \
    X(36, COLUMNS,   SITE, "4",   column,   content, 0, "own columns")        \
    X(39, BODIES,    SITE, "x",   body,     content, 1, "bodies to format 4") \
    X(40, LISTS,     SITE, "488", listed,   content, 0, "rows of columns")    \
    X(41, SOURCES,   SITE, "s",   ref,      content, 0, "imported id")        \
    X(42, FILES,     SITE, "x",   file,     content, 1, "attachments")        \
    X(43, TAKEN,     SITE, "4s",  ref,      link,    0, "groups taken")       \
    X(44, VIEWS,     SITE, "8",   usage,    content, 0, "views of a document")\
    X(45, DESK,      SITE, "488", ref,      content, 0, "step, maker, state") \
    X(50, SHELVES,   SITE, "48x", ref,      content, 0, "shelf, time, file")  \
    X(52, CHAIN,     SITE, "",    chain,    store,   0, "its last link")      \
    X(53, MARKS,     SITE, "",    raw,      store,   0, "marks of the site")  \
    X(54, USAGE,     SITE, "",    usage,    store,   0, "bytes counted")      \
    X(55, LENGTHS,   SITE, "4",   usage,    content, 0, "rows of a column")   \
    X(56, DOCS,      DOC,  "8",   doc,      content, 1, "a document now")     \
    X(57, VERSIONS,  DOC,  "84",  version,  content, 1, "immutable versions") \
    X(58, LOG,       DOC,  "84",  stepped,  content, 0, "acts on a document") \
    X(59, CHANGES,   DOC,  "84",  changed,  content, 0, "public history")     \
    X(60, NOTES,     DOC,  "84",  noted,    content, 0, "notes of colleagues")\
    X(61, TEXTS,     DOC,  "8x",  body,     content, 1, "bodies by digest")
