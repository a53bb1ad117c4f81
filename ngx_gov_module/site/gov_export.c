
/*
 * Copyright (C) ngx_gov authors
 *
 * A site as lines: the hub's record of it, with its parent's code in place of
 * a number that means nothing elsewhere, then the dump of its own range.
 * site.restore reads what is written here.
 */


#include "site/gov_site_int.h"


gov_rc_t
gov_site_export(gov_txn_t *t, gov_arena_t *a, uint32_t id, gov_line_pt line,
    void *data, gov_err_t *err)
{
    gov_rc_t      rc;
    gov_buf_t     b;
    gov_site_t    site, parent;
    gov_value_t  *v;

    rc = gov_site_get(t, a, id, &site);

    if (rc == GOV_OK && site.rec.parent) {
        rc = gov_site_get(t, a, site.rec.parent, &parent);
    }

    if (rc != GOV_OK) {
        return gov_fail(err, rc, "site", "没有这个站点");
    }

    v = gov_map(a);
    gov_put_int(a, v, "site", GOV_HUB);
    gov_put_c(a, v, "table", "SITES");
    gov_add(gov_put_list(a, v, "key"), gov_val_int(a, id));
    gov_put(v, "value", gov_rec_value(a, &gov_rec_site, &site.rec));

    if (site.rec.parent) {
        gov_put_str(a, v, "parent_code", parent.rec.code);
    }

    gov_buf_init(&b, a, 1024);
    gov_json_write(&b, v, GOV_JSON_CANON);

    rc = line(data, b.s);
    if (rc != GOV_OK) {
        return gov_fail(err, rc, "", "导出没有写完");
    }

    return gov_store_dump(t, id, 0, line, data, err);
}
