
/*
 * Copyright (C) ngx_gov authors
 *
 * What the daemon, its works and `govd --once` must agree on stands in
 * govd.conf in the data folder, a name and a value a line:
 *
 *     # a comment
 *     quota   2G
 *     digest  sm3
 *     password  sm3
 *
 * The file need not be there; an option of the command line counts more.
 */


#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "govd/govd_int.h"
#include "people/gov_notice.h"


#define GOVD_CONF  "govd.conf"

#define GOVD_MAILS  60          /* in a minute, when nobody says */

#define GOVD_MEMORY_LEAST  ((size_t) 64 * 1024)     /* for a password */
#define GOVD_MEMORY_MOST   ((size_t) 1024 * 1024 * 1024)


static gov_rc_t govd_conf_file(govd_conf_t *conf, FILE *f, gov_err_t *err);
static const char **govd_conf_place(govd_conf_t *conf, const char *name);
static gov_rc_t govd_conf_size(const char *name, const char *text,
    size_t *size, gov_err_t *err);
static gov_rc_t govd_conf_passwords(govd_conf_t *conf, gov_err_t *err);
static gov_rc_t govd_conf_mail(govd_conf_t *conf, gov_err_t *err);
static gov_rc_t govd_conf_number(const char *name, const char *text,
    uint32_t least, uint32_t most, uint32_t *n, gov_err_t *err);


gov_rc_t
govd_conf_read(govd_conf_t *conf, gov_err_t *err)
{
    FILE      *f;
    size_t     readers;
    gov_rc_t   rc;

    f = fopen(GOVD_CONF, "r");

    if (f != NULL) {
        rc = govd_conf_file(conf, f, err);
        (void) fclose(f);

        if (rc != GOV_OK) {
            return rc;
        }

    } else if (errno != ENOENT) {
        return gov_fail(err, GOV_ERROR, "", "无法读取 %s：%s", GOVD_CONF,
                        strerror(errno));
    }

    readers = 0;

    rc = govd_conf_size("map-size", conf->map_size, &conf->store.map_size,
                        err);

    if (rc == GOV_OK) {
        rc = govd_conf_size("quota", conf->quota, &conf->store.quota, err);
    }

    if (rc == GOV_OK) {
        rc = govd_conf_size("readers", conf->readers, &readers, err);
        conf->store.max_readers = (unsigned) readers;
    }

    if (rc == GOV_OK) {
        rc = govd_conf_size("commit-bytes", conf->commit,
                            &conf->commit_bytes, err);
    }

    if (rc == GOV_OK) {
        rc = govd_conf_passwords(conf, err);
    }

    if (rc == GOV_OK) {
        rc = govd_conf_mail(conf, err);
    }

    if (rc != GOV_OK || conf->digest == NULL) {
        return rc;
    }

    if (strcmp(conf->digest, "sm3") == 0) {
        conf->store.digest = GOV_SM3;

    } else if (strcmp(conf->digest, "sha256") != 0) {
        return gov_fail(err, GOV_INVALID, "digest",
                        "digest 可以是 sha256 或 sm3，不能是“%s”",
                        conf->digest);
    }

    return GOV_OK;
}


static gov_rc_t
govd_conf_file(govd_conf_t *conf, FILE *f, gov_err_t *err)
{
    int           n;
    char          line[256], name[64], value[128], rest[2];
    unsigned      number;
    const char  **place;

    for (number = 1; fgets(line, sizeof(line), f); number++) {
        n = sscanf(line, "%63s %127s %1s", name, value, rest);

        if (n <= 0 || name[0] == '#') {
            continue;
        }

        place = govd_conf_place(conf, name);

        if (place == NULL || n == 1 || (n == 3 && rest[0] != '#')) {
            return gov_fail(err, GOV_INVALID, "", "%s 第 %u 行有误：%s",
                            GOVD_CONF, number, name);
        }

        if (*place == NULL) {
            *place = strdup(value);         /* lives as long as the process */
        }
    }

    return GOV_OK;
}


static const char **
govd_conf_place(govd_conf_t *conf, const char *name)
{
    unsigned  i;

    struct {
        const char   *name;
        const char  **place;
    } known[] = {
        { "map-size", &conf->map_size },
        { "quota", &conf->quota },
        { "readers", &conf->readers },
        { "digest", &conf->digest },
        { "clamd", &conf->clamd },
        { "commit-bytes", &conf->commit },
        { "password", &conf->password },
        { "password-memory", &conf->password_memory },
        { "password-passes", &conf->password_passes },
        { "password-lanes", &conf->password_lanes },
        { "password-rounds", &conf->password_rounds },
        { "smtp", &conf->smtp },
        { "mail-from", &conf->mail_from },
        { "mail-rate", &conf->mail_rate },
        { "portal-url", &conf->portal_url }
    };

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(name, known[i].name) == 0) {
            return known[i].place;
        }
    }

    return NULL;
}


/* "64G", "512M", "4096"; nothing given leaves it as it is */

static gov_rc_t
govd_conf_size(const char *name, const char *text, size_t *size,
    gov_err_t *err)
{
    char                *end;
    unsigned             shift;
    unsigned long long   n;

    if (text == NULL) {
        return GOV_OK;
    }

    n = strtoull(text, &end, 10);

    shift = *end == 'G' ? 30 : *end == 'M' ? 20 : *end == 'K' ? 10 : 0;
    if (shift) {
        end++;
    }

    if (end == text || *end || n == 0 || n > (1ull << 46) >> shift) {
        return gov_fail(err, GOV_INVALID, name, "%s 的值“%s”不对，应如 64G",
                        name, text);
    }

    *size = (size_t) n << shift;

    return GOV_OK;
}


/* hashes that stand already are verified by what made them */

static gov_rc_t
govd_conf_passwords(govd_conf_t *conf, gov_err_t *err)
{
    size_t                 memory;
    gov_rc_t               rc;
    gov_password_conf_t   *p = &conf->passwords;

    gov_password_defaults(p);
    memory = (size_t) p->memory * 1024;

    if (conf->password && strcmp(conf->password, "sm3") == 0) {
        p->kind = GOV_PASSWORD_SM3;

    } else if (conf->password && strcmp(conf->password, "argon2id") != 0) {
        return gov_fail(err, GOV_INVALID, "password",
                        "password 可以是 argon2id 或 sm3，不能是“%s”",
                        conf->password);
    }

    rc = govd_conf_size("password-memory", conf->password_memory, &memory,
                        err);

    if (rc == GOV_OK && (memory < GOVD_MEMORY_LEAST
                         || memory > GOVD_MEMORY_MOST))
    {
        rc = gov_fail(err, GOV_INVALID, "password-memory",
                      "password-memory 应在 %zu 与 %zu 字节之间",
                      GOVD_MEMORY_LEAST, GOVD_MEMORY_MOST);
    }

    p->memory = (uint32_t) (memory / 1024);

    if (rc == GOV_OK) {
        rc = govd_conf_number("password-passes", conf->password_passes, 1,
                              100, &p->passes, err);
    }

    if (rc == GOV_OK) {
        rc = govd_conf_number("password-lanes", conf->password_lanes, 1, 8,
                              &p->lanes, err);
    }

    if (rc == GOV_OK) {
        rc = govd_conf_number("password-rounds", conf->password_rounds,
                              GOV_ROUNDS_LEAST, 100000000, &p->rounds, err);
    }

    return rc;
}


/* links in mails need the portal's address: whoever sends mail must say it */

static gov_rc_t
govd_conf_mail(govd_conf_t *conf, gov_err_t *err)
{
    conf->mails = GOVD_MAILS;

    if (conf->smtp == NULL) {
        return GOV_OK;
    }

    if (strncmp(conf->smtp, "smtp://", 7) != 0
        && strncmp(conf->smtp, "smtps://", 8) != 0
        && strncmp(conf->smtp, "starttls://", 11) != 0)
    {
        return gov_fail(err, GOV_INVALID, "smtp",
                        "smtp 应以 smtp://、starttls:// 或 smtps:// 开头");
    }

    if (conf->mail_from == NULL
        || !gov_mail_valid(gov_str_of(conf->mail_from)))
    {
        return gov_fail(err, GOV_INVALID, "mail-from",
                        "发邮件要在 mail-from 写明发件地址");
    }

    if (conf->portal_url == NULL
        || (strncmp(conf->portal_url, "https://", 8) != 0
            && strncmp(conf->portal_url, "http://", 7) != 0))
    {
        return gov_fail(err, GOV_INVALID, "portal-url",
                        "发邮件要在 portal-url 写明门户的网址");
    }

    return govd_conf_number("mail-rate", conf->mail_rate, 1, 10000,
                            &conf->mails, err);
}


static gov_rc_t
govd_conf_number(const char *name, const char *text, uint32_t least,
    uint32_t most, uint32_t *n, gov_err_t *err)
{
    int64_t  value;

    if (text == NULL) {
        return GOV_OK;
    }

    if (gov_str_int(gov_str_of(text), &value) != 0 || value < least
        || value > most)
    {
        return gov_fail(err, GOV_INVALID, name, "%s 应在 %u 与 %u 之间", name,
                        least, most);
    }

    *n = (uint32_t) value;

    return GOV_OK;
}
