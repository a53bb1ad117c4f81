
/*
 * Copyright (C) ngx_gov authors
 *
 * The records, said once: from each list come the C structure, the field
 * table that encodes and decodes it, the JSON form of dumps and exports and
 * docs/store-format.md.
 *
 *     F(number, kind, name, what)
 *
 * kind: int (int64_t), str (UTF-8), bin (bytes), tree (gov_value_t *).  A
 * field that is 0, empty or NULL is not stored.  A field's number is never
 * reused.  Fields that this program does not know survive a rewrite: they
 * are kept in the structure's "rest".  Decoded strings point into the value
 * that was read and live as long as it does.
 */

#define GOV_REC_META(F)                                                       \
    F(1, int, value, "a number")                                              \
    F(2, str, text, "a text")                                                 \
    F(3, bin, bytes, "bytes")

#define GOV_REC_REF(F)                                                        \
    F(1, int, to, "site, document or column number")

/* a host or a name: what it leads to */
#define GOV_REC_PLACE(F)                                                      \
    F(1, int, kind, "1 site 2 column 3 moved")                                \
    F(2, int, to, "site or column number")                                    \
    F(3, str, path, "moved: path after the site's base, no leading slash")

#define GOV_REC_SITE(F)                                                       \
    F(1, str, code, "division code (12 digits) or a unit's own")              \
    F(2, str, name, "short name")                                             \
    F(3, str, legal_name, "legal name (G07)")                                 \
    F(4, int, level, "gov_level_t")                                           \
    F(5, int, parent, "site number, 0 for a root")                            \
    F(6, str, slug, "name in addresses")                                      \
    F(7, int, mode, "0 page, 1 sub-site")                                     \
    F(8, int, state, "gov_site_state_t")                                      \
    F(9, str, blueprint, "blueprint's name")                                  \
    F(10, str, host, "main host in sub-site mode")                            \
    F(11, int, since, "time of the last change of state")                     \
    F(12, str, notice, "public words on suspension, merger, closure")         \
    F(13, int, into, "merged: the site that goes on")                         \
    F(14, str, abbr, "abbreviation")                                          \
    F(15, str, brand, "colour #rrggbb")                                       \
    F(16, str, logo, "digest/NAME of an attachment")                          \
    F(17, str, logo_alt, "alternative text of the logo (G08)")                \
    F(18, str, about, "one sentence")                                         \
    F(19, str, sponsor, "footer: 主办单位")                                   \
    F(20, str, operator, "footer: 承办单位")                                  \
    F(21, str, contact, "footer: contact")                                    \
    F(22, str, site_id_code, "网站标识码")                                    \
    F(23, str, icp, "ICP备案号")                                              \
    F(24, str, psb, "公安备案号")                                             \
    F(25, str, head, "主管责任人 (G26)")                                      \
    F(26, str, keeper, "运行责任人 (G26)")                                    \
    F(27, str, bundle, "bundle of templates and hooks")                       \
    F(28, int, quota, "bytes, 0 the platform's default")                      \
    F(29, int, next_column, "next own column number, from 200")               \
    F(30, int, made, "number of the journal's entry that made it")            \
    F(31, str, approval, "开办审批文号")                                      \
    F(32, str, party_mark, "党政机关网站标识编号")                            \
    F(33, str, mail_from, "sender of mails about it and those below it")      \
    F(34, tree, flow, "set here: reviews apart alt openness secrecy")

#define GOV_REC_BLUEPRINT(F)                                                  \
    F(1, str, title, "title")                                                 \
    F(2, int, version, "version")                                             \
    F(3, tree, columns, "list of columns")                                    \
    F(4, tree, home, "list of home blocks")                                   \
    F(5, tree, theme, "default tokens")

#define GOV_REC_POLICY(F)                                                     \
    F(1, tree, rules, "list of {from, ...}: the newest not after now holds")

#define GOV_REC_BANNER(F)                                                     \
    F(1, int, site, "shown on this site and below; 0 everywhere")             \
    F(2, str, title, "title")                                                 \
    F(3, str, text, "text")                                                   \
    F(4, str, url, "where to read on")                                        \
    F(5, str, level, "red orange yellow blue")                                \
    F(6, int, until, "time, 0 until cleared")

#define GOV_REC_APPLIED(F)                                                    \
    F(1, int, seq, "journal number")                                          \
    F(2, int, time, "time")                                                   \
    F(3, bin, result, "verdict as JSON")

#define GOV_REC_ENTRY(F)                                                      \
    F(1, int, time, "commit time")                                            \
    F(2, str, actor, "who")                                                   \
    F(3, str, origin, "from where")                                           \
    F(4, bin, op, "operation id")                                             \
    F(5, str, command, "command")                                             \
    F(6, bin, input, "input as canonical JSON, bodies by name; see size")   \
    F(7, tree, sites, "list of the numbers of sites it changed")              \
    F(8, bin, prev, "hash of the platform's entry before")                    \
    F(9, bin, hash, "hash over all of the above")                             \
    F(10, int, digest, "0 SHA-256, 1 SM3")                                    \
    F(11, bin, random, "random bytes the command used")                       \
    F(12, tree, made, "sites it made: first, last, first, last ...")          \
    F(13, int, size, "not 0: input is packed, and was of so many bytes")      \
    F(14, bin, links, "of each of sites: entry of its link before, link")

#define GOV_REC_CHAIN(F)                                                      \
    F(1, bin, hash, "hash over the site's link before and the entry's hash")  \
    F(2, int, seq, "number of that entry")

#define GOV_REC_USAGE(F)                                                      \
    F(1, int, n, "count")

#define GOV_REC_GROUP(F)                                                      \
    F(1, str, title, "title")                                                 \
    F(2, tree, links, "list of {title, url} or {title, site}")                \
    F(3, int, order, "order")

#define GOV_REC_COLUMN(F)                                                     \
    F(1, int, parent, "column number, 0 at the top")                          \
    F(2, str, slug, "name in addresses")                                      \
    F(3, str, name, "name")                                                   \
    F(4, str, kind, "section news notice normative interpret profile ...")    \
    F(5, int, order, "order among its sisters")                               \
    F(6, int, nav, "1: an entry of the navigation")                           \
    F(7, str, desc, "description")                                            \
    F(8, int, days, "freshness limit in days")                                \
    F(9, int, required, "1: must not be empty at go-live")                    \
    F(10, int, removed, "1: taken away from the blueprint's")                 \
    F(11, str, keywords, "keywords")                                          \
    F(12, tree, flow, "set here: reviews apart alt openness secrecy")

/* what a version fixes; a document carries the live version's copy of it */
#define GOV_REC_CONTENT_FIELDS(F)                                             \
    F(20, str, title, "title")                                                \
    F(21, str, subtitle, "subtitle")                                          \
    F(22, str, summary, "plain-language summary (D21)")                       \
    F(23, str, number, "文号")                                                \
    F(24, str, issuer, "发文机关")                                            \
    F(25, str, written, "成文日期 YYYY-MM-DD")                                \
    F(26, str, effective, "施行日期 YYYY-MM-DD")                              \
    F(27, str, expires_on, "失效日期 YYYY-MM-DD")                             \
    F(28, str, validity, "stated: repealed, amended")                         \
    F(29, str, force, "效力级别 as in the source")                            \
    F(30, str, source, "信息来源")                                            \
    F(31, str, author, "author")                                              \
    F(32, str, keywords, "keywords")                                          \
    F(33, str, index_number, "索引号")                                        \
    F(34, str, topic, "主题分类")                                             \
    F(35, int, interprets, "document it interprets")                          \
    F(36, int, replaces, "document it replaces")                              \
    F(37, bin, body, "name of the body")                                    \
    F(38, tree, files, "list of {digest, name, type, size}")                  \
    F(39, tree, fields, "further fields of the column's kind")                \
    F(40, str, openness, "active request closed (D01)")                       \
    F(41, str, basis, "legal basis of the openness")

#define GOV_REC_DOC(F)                                                        \
    F(1, int, column, "column number")                                        \
    F(2, int, state, "gov_doc_state_t")                                       \
    F(3, int, live, "number of the live version, 0 none")                     \
    F(4, int, last, "number of the last version")                             \
    F(5, int, published, "time of publication, 0 never")                      \
    F(6, int, expires, "time it leaves the public, 0 never")                  \
    F(7, int, changed, "time of the last change seen by the public")          \
    F(8, tree, refs, "list of [site, column]: shown there too")               \
    F(9, str, source_id, "id in the source it was imported from")             \
    F(10, str, reason, "of withdrawal")                                       \
    F(11, int, replacement, "withdrawn: document to read instead")            \
    F(12, int, created, "time")                                               \
    F(13, tree, interpreted_by, "list of documents")                          \
    F(14, int, replaced_by, "document")                                       \
    GOV_REC_CONTENT_FIELDS(F)                                                 \
    F(42, int, step, "gov_step_t")                                            \
    F(43, int, since, "time that step began, 0 for one nobody waits at")      \
    F(44, int, judged, "version that was submitted, 0 none")                  \
    F(45, tree, approvals, "of that version: list of {step, by, name, time}") \
    F(46, int, handed, "account that submitted it")                           \
    F(47, tree, writers, "accounts that wrote since it was last published")   \
    F(48, int, maker, "account that wrote the first version")                 \
    F(49, int, urgent, "time of a publication that still owes its review")    \
    F(50, int, urgent_by, "account that made it")                             \
    F(51, tree, secrecy, "of a version: {version, by, name, time}")           \
    F(52, tree, lock, "who edits: {by, name, since, until}")                  \
    F(53, int, logs, "rows of its log")                                       \
    F(54, int, notes, "notes between colleagues")                             \
    F(55, int, changes, "rows of its public history")                         \
    F(56, int, embargo, "time it is not public before")                       \
    F(57, int, pinned, "first in its list until this time")                   \
    F(58, int, withdrawn, "gov_withdrawn_t")                                  \
    F(59, int, coming, "1: its publication was to come when it was set")

#define GOV_REC_VERSION(F)                                                    \
    F(1, int, time, "when it was made")                                       \
    F(2, str, actor, "by whom")                                               \
    F(3, str, note, "note on the change")                                     \
    GOV_REC_CONTENT_FIELDS(F)                                                 \
    F(42, int, by, "account, 0 the machine's operator")

/* what waits for somebody, or for a time */
#define GOV_REC_TASK(F)                                                       \
    F(1, int, site, "of the document")                                        \
    F(2, int, column, "of the document")                                      \
    F(3, int, by, "account that handed it on")

/* one act on a document, never rewritten */
#define GOV_REC_STEPPED(F)                                                    \
    F(1, int, time, "when")                                                   \
    F(2, str, actor, "by whom")                                               \
    F(3, int, by, "account, 0 the machine's operator")                        \
    F(4, int, act, "gov_act_t")                                               \
    F(5, int, from, "gov_step_t")                                             \
    F(6, int, to, "gov_step_t")                                               \
    F(7, int, version, "version it was about, 0 none")                        \
    F(8, str, reason, "reason given")                                         \
    F(9, int, entry, "number of the journal's entry")

/* what the public is told of a change (C04) */
#define GOV_REC_CHANGED(F)                                                    \
    F(1, int, time, "when")                                                   \
    F(2, int, kind, "gov_change_t")                                           \
    F(3, int, version, "version shown from then on")                          \
    F(4, str, what, "what changed")                                           \
    F(5, str, why, "why")

#define GOV_REC_NOTED(F)                                                      \
    F(1, int, time, "when")                                                   \
    F(2, str, actor, "by whom")                                               \
    F(3, int, by, "account")                                                  \
    F(4, str, text, "the note, never public")

#define GOV_REC_PREVIEW(F)                                                    \
    F(1, int, doc, "document")                                                \
    F(2, int, version, "version shown")                                       \
    F(3, int, until, "time the link ends")                                    \
    F(4, int, by, "account that made it")

#define GOV_REC_BODY(F)                                                       \
    F(1, str, form, "md or html: the source's form")                          \
    F(2, str, text, "the source")                                             \
    F(3, str, html, "safe HTML made from it, if it differs")

#define GOV_REC_LISTED(F)                                                     \
    F(1, int, site, "site of the document, 0 this one")                       \
    F(2, int, expires, "time it leaves the list, 0 never")

#define GOV_REC_FILE(F)                                                       \
    F(1, str, name, "file name shown")                                        \
    F(2, str, type, "media type")                                             \
    F(3, int, size, "bytes")                                                  \
    F(4, tree, docs, "documents that carry it; empty: public")                \
    F(5, int, state, "gov_file_state_t")                                      \
    F(6, str, why, "why it is held or refused")                               \
    F(7, str, alt, "the image in words")                                      \
    F(8, int, decorative, "1: it says nothing, no words are needed")          \
    F(9, int, width, "pixels of an image")                                    \
    F(10, int, height, "pixels of an image")                                  \
    F(11, tree, variants, "list of {digest, width, height, size}")            \
    F(12, str, by, "login of who brought it")                                 \
    F(13, int, added, "time")                                                 \
    F(14, bin, replaced_by, "digest of the file that stands in its place")    \
    F(15, tree, was, "digests of those it stands in the place of")            \
    F(16, int, deleted, "time it went into the recycle bin, 0: it is not")    \
    F(17, bin, of, "a variant: digest of the file it was made of")            \
    F(18, tree, names, "names it had before")

/* secrets are sealed with the platform's key: who reads the store alone
 * learns none */
#define GOV_REC_ACCOUNT(F)                                                    \
    F(1, str, login, "name given at sign-in, lower case")                     \
    F(2, str, name, "person's name")                                          \
    F(3, int, state, "gov_account_state_t")                                   \
    F(4, str, mail, "address for notifications")                              \
    F(5, str, phone, "telephone")                                             \
    F(6, str, unit, "unit, shown beside the name")                            \
    F(7, str, contractor, "works for this company (H07)")                     \
    F(8, int, expires, "time from which it cannot sign in, 0 never")          \
    F(9, str, secret, "sealed password hash")                                 \
    F(10, int, renew, "1: must choose a new password at sign-in")             \
    F(11, str, totp, "sealed secret of the second factor")                    \
    F(12, str, recovery, "sealed recovery codes that are left")               \
    F(13, int, step, "last step of the second factor that was used")          \
    F(14, int, epoch, "sessions of an earlier one are over")                  \
    F(15, int, created, "time")                                               \
    F(16, int, last, "time of the last sign-in")                              \
    F(17, str, invite, "hash of a one-time link's token")                     \
    F(18, int, invite_until, "time the link ends")                            \
    F(31, int, how, "gov_mail_how_t: mails of its notices")                   \
    F(32, tree, quiet, "kinds of notices it wants none of, by number")        \
    F(33, int, refused, "time its mail address was refused, 0 never")         \
    F(34, tree, addresses, "those it signed in from, the newest last")

#define GOV_REC_ROLE(F)                                                       \
    F(1, str, title, "title")                                                 \
    F(2, tree, rights, "list of names of rights")                             \
    F(3, int, apart, "gov_apart_t: administrators kept apart (G27)")          \
    F(4, int, fixed, "1: came with the platform, cannot be removed")          \
    F(5, int, factor, "1: needs a second factor")

/* key: account, site (0 the platform), column (0 all, else it and those
 * below it), role */
#define GOV_REC_GRANT(F)                                                      \
    F(1, int, until, "time it ends, 0 never")                                 \
    F(2, int, by, "account that gave it, 0 the machine's operator")           \
    F(3, int, since, "time")

#define GOV_REC_SESSION(F)                                                    \
    F(1, int, account, "number")                                              \
    F(2, int, epoch, "the account's when it began")                           \
    F(3, int, stage, "gov_stage_t: what is still asked")                      \
    F(4, int, began, "time")                                                  \
    F(5, int, ends, "time it is over in any case")                            \
    F(6, int, seen, "time it was last used, to a minute")                     \
    F(7, str, address, "client's address")                                    \
    F(8, str, agent, "client's program")

#define GOV_REC_ATTEMPT(F)                                                    \
    F(1, int, n, "failures in a row")                                         \
    F(2, int, last, "time of the last one")                                   \
    F(3, int, until, "locked until this time")

/* key: account, 0 or 1 for one that was read, number */
#define GOV_REC_NOTICE(F)                                                     \
    F(1, int, kind, "gov_notice_kind_t")                                      \
    F(2, int, time, "when it was made")                                       \
    F(3, int, read, "when it was read, 0 not yet")                            \
    F(4, int, site, "it is about, 0 none")                                    \
    F(5, int, doc, "it is about, 0 none")                                     \
    F(6, int, by, "account whose act it tells, 0 the platform's own")         \
    F(7, str, name, "of who acted")                                           \
    F(8, str, text, "their words, a role, an address")                        \
    F(9, int, step, "gov_step_t: where the document waits now")               \
    F(10, int, at, "a time it speaks of")

/* notices that go out together, or a one-time link */
#define GOV_REC_MAIL(F)                                                       \
    F(1, tree, notices, "numbers of the account's notices")                   \
    F(2, int, more, "how many there are besides")                             \
    F(3, int, daily, "1: the digest of a day")                                \
    F(4, bin, invite, "id of the operation that made the link")               \
    F(5, int, made, "time")                                                   \
    F(6, int, tries, "how often it was refused for the time being")           \
    F(7, int, failed, "when it was the last time")                            \
    F(8, str, why, "what the server said then")                               \
    F(9, str, to, "an address that was the account's: it is told so")

/* how mail goes */
#define GOV_REC_MAILER(F)                                                     \
    F(1, int, used, "1: mail goes out")                                       \
    F(2, int, since, "time since which the server takes none, 0: it does")    \
    F(3, int, tries, "how often it was asked since")                          \
    F(4, int, failed, "when it was the last time")                            \
    F(5, str, why, "what it said then")

/* long work that somebody asked for; how far it is stands outside the
 * journal while it runs */
#define GOV_REC_WORK(F)                                                       \
    F(1, str, name, "of the work, as journal.verify")                         \
    F(2, int, site, "it is about, 0 the platform")                            \
    F(3, int, account, "that asked for it, 0 the machine's operator")         \
    F(4, str, actor, "the same by name")                                      \
    F(5, int, begun, "time")                                                  \
    F(6, int, ended, "time, 0 not yet")                                       \
    F(7, int, done, "how far it is")                                          \
    F(8, int, total, "how far it has to go, 0 not known")                     \
    F(9, int, ok, "1: it came to its end and found no fault")                 \
    F(10, tree, result, "what its last line said")                            \
    F(11, str, head, "of the journal, noted earlier: to be found in it")      \
    F(12, str, table, "digest of the CSV it works through, hexadecimal")      \
    F(13, tree, input, "further members of each command that it gives")

#define GOV_RECORDS(R)                                                        \
    R(meta, META)        R(ref, REF)          R(place, PLACE)                 \
    R(site, SITE)        R(blueprint, BLUEPRINT)  R(policy, POLICY)           \
    R(banner, BANNER)    R(applied, APPLIED)  R(entry, ENTRY)                 \
    R(chain, CHAIN)      R(usage, USAGE)      R(group, GROUP)                 \
    R(column, COLUMN)    R(doc, DOC)          R(version, VERSION)             \
    R(body, BODY)        R(listed, LISTED)    R(file, FILE)                   \
    R(account, ACCOUNT)  R(role, ROLE)        R(grant, GRANT)                 \
    R(session, SESSION)  R(attempt, ATTEMPT)                                  \
    R(task, TASK)        R(stepped, STEPPED)  R(changed, CHANGED)             \
    R(noted, NOTED)      R(preview, PREVIEW)                                  \
    R(notice, NOTICE)    R(mail, MAIL)        R(mailer, MAILER)             \
    R(work, WORK)
