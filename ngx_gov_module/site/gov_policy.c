
/*
 * Copyright (C) ngx_gov authors
 *
 * Policies: dated rules.  Those that the platform comes with stand in the
 * tables below, with the day they hold from; a policy that was put into the
 * hub takes the place of the whole list of its name.
 *
 *     domain   {from, basis, english: [suffix], chinese: [suffix]}
 *     gates    {from, basis, gates: [name]}
 *     security {from, basis, contact: URI,         for security.txt (RFC 9116)
 *               idle, absolute: minutes}           of a session, may be absent
 *     flow     {from, basis, reviews: 0-3, apart, alt, openness, secrecy}
 *     upload   what may be brought to a library    (gov_upload.c)
 *
 * A host is Chinese when one of its labels is international.  Trial suffixes
 * are always accepted: no such name is ever delegated (RFC 2606, RFC 6761).
 */


#include "site/gov_site_int.h"


#define GOV_POLICY_RULES    50
#define GOV_POLICY_MINUTES  10080           /* a week */


static const char  *gov_trial[] = { ".localhost", ".test", NULL };


static struct {
    const char  *policy;
    const char  *from;
    const char  *basis;
    const char  *key;
    const char  *list;          /* divided by spaces */
    const char  *key2;
    const char  *list2;
} gov_policy_builtin[] = {
    { "domain", "2007-10-10", "咸政办发〔2007〕171号",
      "english", ".gov.cn", "chinese", ".cn" },

    { "domain", "2018-09-06", "国办函〔2018〕55号",
      "english", ".gov.cn", "chinese", ".政务" },

    { "gates", "2007-10-10", "咸政办发〔2007〕171号",
      "gates", "name legal_name persons columns links", NULL, NULL },

    { "gates", "2017-05-15", "国办发〔2017〕47号",
      "gates", "name legal_name persons columns links tags footer",
      NULL, NULL },

    { NULL, NULL, NULL, NULL, NULL, NULL, NULL }
};


static gov_value_t *gov_policy_default(gov_arena_t *a, const char *name,
    int64_t now);
static void gov_policy_words(gov_arena_t *a, gov_value_t *map,
    const char *key, const char *words);
static int gov_host_trial(gov_str_t host);
static int gov_host_chinese(gov_str_t host);
static int gov_host_under(gov_arena_t *a, gov_str_t host, gov_str_t suffix);
static gov_rc_t gov_domain_rule(gov_arena_t *a, gov_value_t *rule,
    unsigned row, gov_err_t *err);
static gov_rc_t gov_gates_rule(gov_arena_t *a, gov_value_t *rule,
    unsigned row, gov_err_t *err);
static gov_rc_t gov_security_rule(gov_arena_t *a, gov_value_t *rule,
    unsigned row, gov_err_t *err);
static int gov_minutes_valid(gov_value_t *rule, const char *key);
static gov_rc_t gov_flow_rule(gov_arena_t *a, gov_value_t *rule,
    unsigned row, gov_err_t *err);
static gov_rc_t gov_suffixes_check(gov_arena_t *a, gov_value_t *list,
    const char *key, unsigned row, gov_err_t *err);


typedef gov_rc_t (*gov_rule_pt)(gov_arena_t *a, gov_value_t *rule,
    unsigned row, gov_err_t *err);

/* which policies there are, and what checks a rule of theirs */

static struct {
    const char    *name;
    gov_rule_pt    check;
} gov_policy_names[] = {
    { "domain", gov_domain_rule },
    { "gates", gov_gates_rule },
    { "security", gov_security_rule },
    { "flow", gov_flow_rule },
    { "upload", gov_upload_rule },
    { NULL, NULL }
};


gov_rc_t
gov_policy_get(gov_txn_t *t, gov_arena_t *a, const char *name, int64_t now,
    gov_value_t **rule)
{
    int64_t            from;
    gov_rc_t           rc;
    gov_key_t          k;
    gov_value_t       *v;
    gov_policy_rec_t   policy;

    *rule = NULL;

    rc = gov_load(gov_handle(t, GOV_HUB), GOV_T_POLICIES,
                  gov_key_s(&k, gov_str_of(name)), a, &policy);

    if (rc == GOV_NOT_FOUND) {
        *rule = gov_policy_default(a, name, now);
        return *rule ? GOV_OK : GOV_NOT_FOUND;
    }

    if (rc != GOV_OK) {
        return rc;
    }

    gov_each(v, policy.rules) {
        if (gov_date_parse(gov_get_str(v, "from"), &from) == 0
            && from <= now)
        {
            *rule = v;
        }
    }

    return *rule ? GOV_OK : GOV_NOT_FOUND;
}


static gov_value_t *
gov_policy_default(gov_arena_t *a, const char *name, int64_t now)
{
    int64_t       from;
    unsigned      i, found;
    gov_value_t  *rule;

    found = 0;

    for (i = 0; gov_policy_builtin[i].policy; i++) {
        if (strcmp(gov_policy_builtin[i].policy, name) == 0
            && gov_date_parse(gov_str_of(gov_policy_builtin[i].from), &from)
               == 0
            && from <= now)
        {
            found = i + 1;
        }
    }

    if (found == 0) {
        return strcmp(name, "upload") == 0 ? gov_upload_default(a) : NULL;
    }

    i = found - 1;
    rule = gov_map(a);

    gov_put_c(a, rule, "from", gov_policy_builtin[i].from);
    gov_put_c(a, rule, "basis", gov_policy_builtin[i].basis);
    gov_policy_words(a, rule, gov_policy_builtin[i].key,
                     gov_policy_builtin[i].list);

    if (gov_policy_builtin[i].key2) {
        gov_policy_words(a, rule, gov_policy_builtin[i].key2,
                         gov_policy_builtin[i].list2);
    }

    return rule;
}


static void
gov_policy_words(gov_arena_t *a, gov_value_t *map, const char *key,
    const char *words)
{
    size_t        n;
    gov_str_t     word;
    gov_value_t  *list;

    list = gov_put_list(a, map, key);

    for (/* void */; *words; words += n) {
        words += *words == ' ';
        n = strcspn(words, " ");

        word.data = (u_char *) words;
        word.len = n;

        gov_add(list, gov_val_str(a, word));
    }
}


gov_rc_t
gov_domain_check(gov_txn_t *t, gov_arena_t *a, gov_str_t host, int64_t now,
    int *trial, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_buf_t     b;
    const char   *key;
    gov_value_t  *rule, *suffix;

    *trial = gov_host_trial(host);

    if (*trial) {
        return GOV_OK;
    }

    rc = gov_policy_get(t, a, "domain", now, &rule);

    if (rc == GOV_NOT_FOUND) {
        return gov_fail(err, GOV_DENIED, "host", "当时没有可依据的域名规定");
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "host", "读取域名规定失败");
    }

    key = gov_host_chinese(host) ? "chinese" : "english";
    gov_buf_init(&b, a, 64);

    gov_each(suffix, gov_member(rule, key)) {
        if (gov_host_under(a, host, suffix->u.s)) {
            return GOV_OK;
        }

        gov_buf_fmt(&b, "%s%.*s", b.s.len ? "、" : "",
                    gov_strf(suffix->u.s));
    }

    return gov_fail(err, GOV_DENIED, "host",
                    key[0] == 'c'
                    ? "%.*s 不合域名规定：中文域名应以 %.*s 结尾（%.*s 起，%.*s）"
                    : "%.*s 不合域名规定：英文域名应以 %.*s 结尾（%.*s 起，%.*s）",
                    gov_strf(host), gov_strf(b.s),
                    gov_strf(gov_get_str(rule, "from")),
                    gov_strf(gov_get_str(rule, "basis")));
}


/* "localhost" itself too */

static int
gov_host_trial(gov_str_t host)
{
    unsigned  i;

    for (i = 0; gov_trial[i]; i++) {
        if (gov_str_ends(host, gov_trial[i])
            || gov_str_is(host, gov_trial[i] + 1))
        {
            return 1;
        }
    }

    return 0;
}


static int
gov_host_chinese(gov_str_t host)
{
    size_t  i;

    for (i = 0; i + 4 <= host.len; i++) {
        if ((i == 0 || host.data[i - 1] == '.')
            && memcmp(host.data + i, "xn--", 4) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* a suffix begins with a dot and may be written in Chinese */

static int
gov_host_under(gov_arena_t *a, gov_str_t host, gov_str_t suffix)
{
    gov_str_t  canon;

    if (suffix.len < 2) {
        return 0;
    }

    suffix.data++;
    suffix.len--;

    if (gov_host_canon(a, suffix, &canon, NULL) != GOV_OK) {
        return 0;
    }

    return host.len > canon.len + 1
           && host.data[host.len - canon.len - 1] == '.'
           && memcmp(host.data + host.len - canon.len, canon.data, canon.len)
              == 0;
}


static gov_rule_pt
gov_policy_check(gov_str_t name)
{
    unsigned  i;

    for (i = 0; gov_policy_names[i].name; i++) {
        if (gov_str_is(name, gov_policy_names[i].name)) {
            break;
        }
    }

    return gov_policy_names[i].check;
}


gov_rc_t
gov_policy_put(gov_txn_t *t, gov_arena_t *a, gov_str_t name,
    gov_value_t *rules, gov_err_t *err)
{
    gov_rc_t           rc;
    gov_str_t          from, last;
    unsigned           row;
    gov_key_t          k;
    gov_value_t       *rule;
    gov_rule_pt        check;
    gov_policy_rec_t   policy;

    check = gov_policy_check(name);

    if (check == NULL) {
        return gov_fail(err, GOV_INVALID, "name",
                        "没有名为“%.*s”的政策（domain、gates、security、flow、upload）",
                        gov_strf(gov_utf8_head(name, 40)));
    }

    if (rules == NULL || rules->kind != GOV_LIST || rules->n == 0
        || rules->n > GOV_POLICY_RULES)
    {
        return gov_fail(err, GOV_INVALID, "rules",
                        "rules 应是 1 至 %d 条规则", GOV_POLICY_RULES);
    }

    row = 0;
    last = (gov_str_t) gov_null_string;

    gov_each(rule, rules) {
        row++;
        from = gov_get_str(rule, "from");

        if (!gov_day_valid(from) || gov_str_cmp(from, last) <= 0) {
            return gov_fail(err, GOV_INVALID, "rules",
                            "第 %u 条的 from 应是晚于上一条的日期", row);
        }

        rc = check(a, rule, row, err);
        if (rc != GOV_OK) {
            return rc;
        }

        last = from;
    }

    memset(&policy, 0, sizeof(gov_policy_rec_t));
    policy.rules = rules;

    gov_touch(t, GOV_HUB, GOV_SLOT_POLICY);

    return gov_save(gov_handle(t, GOV_HUB), GOV_T_POLICIES,
                    gov_key_s(&k, name), a, &policy);
}


static gov_rc_t
gov_domain_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err)
{
    gov_rc_t  rc;

    rc = gov_suffixes_check(a, gov_member(rule, "english"), "english", row,
                            err);

    return rc == GOV_OK
           ? gov_suffixes_check(a, gov_member(rule, "chinese"), "chinese",
                                row, err)
           : rc;
}


static gov_rc_t
gov_gates_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err)
{
    gov_value_t  *gate, *gates;

    (void) a;

    gates = gov_member(rule, "gates");

    if (gates == NULL || gates->kind != GOV_LIST) {
        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条没有 gates 列表", row);
    }

    gov_each(gate, gates) {
        if (gate->kind != GOV_STR || gov_gate_parse(gate->u.s) < 0) {
            return gov_fail(err, GOV_INVALID, "rules",
                            "第 %u 条有未知的上线条件", row);
        }
    }

    return GOV_OK;
}


/* one line of security.txt: a URI that a person can be reached by */

static gov_rc_t
gov_security_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err)
{
    gov_str_t  contact;

    (void) a;

    contact = gov_get_str(rule, "contact");

    if (contact.len > 500 || !gov_text_clean(contact)
        || memchr(contact.data, '\n', contact.len) != NULL
        || memchr(contact.data, ' ', contact.len) != NULL
        || (!gov_str_starts(contact, "mailto:")
            && !gov_str_starts(contact, "https://")
            && !gov_str_starts(contact, "tel:")))
    {
        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条的 contact 应以 mailto:、https:// 或 tel: "
                        "开头", row);
    }

    if (!gov_minutes_valid(rule, "idle")
        || !gov_minutes_valid(rule, "absolute"))
    {
        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条的 idle、absolute 应是 1 至 %d 分钟", row,
                        GOV_POLICY_MINUTES);
    }

    return GOV_OK;
}


static int
gov_minutes_valid(gov_value_t *rule, const char *key)
{
    gov_value_t  *v;

    v = gov_member(rule, key);

    return v == NULL || (v->kind == GOV_INT && v->u.i >= 1
                         && v->u.i <= GOV_POLICY_MINUTES);
}


static gov_rc_t
gov_flow_rule(gov_arena_t *a, gov_value_t *rule, unsigned row,
    gov_err_t *err)
{
    (void) a;

    return gov_flow_set_valid(rule)
           ? GOV_OK
           : gov_fail(err, GOV_INVALID, "rules",
                      "第 %u 条：reviews 应是 0 至 3，apart、alt、openness、"
                      "secrecy 应是 true 或 false", row);
}


int
gov_flow_set_valid(gov_value_t *v)
{
    unsigned      i;
    gov_value_t  *m;

    static const char  *names[] = {
        "apart", "alt", "openness", "secrecy", NULL
    };

    if (v == NULL || v->kind != GOV_MAP) {
        return 0;
    }

    m = gov_member(v, "reviews");

    if (m != NULL && (m->kind != GOV_INT || m->u.i < 0 || m->u.i > 3)) {
        return 0;
    }

    for (i = 0; names[i] != NULL; i++) {
        m = gov_member(v, names[i]);

        if (m != NULL && m->kind != GOV_BOOL) {
            return 0;
        }
    }

    return 1;
}


static gov_rc_t
gov_suffixes_check(gov_arena_t *a, gov_value_t *list, const char *key,
    unsigned row, gov_err_t *err)
{
    gov_str_t     bare, canon;
    gov_value_t  *v;

    if (list == NULL || list->kind != GOV_LIST) {
        return gov_fail(err, GOV_INVALID, "rules", "第 %u 条没有 %s 列表",
                        row, key);
    }

    gov_each(v, list) {
        if (v->kind == GOV_STR && v->u.s.len > 1 && v->u.s.data[0] == '.') {
            bare.data = v->u.s.data + 1;
            bare.len = v->u.s.len - 1;

            if (gov_host_canon(a, bare, &canon, NULL) == GOV_OK) {
                continue;
            }
        }

        return gov_fail(err, GOV_INVALID, "rules",
                        "第 %u 条的 %s 应是以“.”开头的后缀", row, key);
    }

    return GOV_OK;
}
