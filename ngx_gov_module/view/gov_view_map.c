
/*
 * Copyright (C) ngx_gov authors
 *
 * The site map: every column, and every site around this one.
 */


#include "view/gov_view_int.h"


static void
gov_map_columns(gov_view_t *v, uint32_t parent, gov_value_t *list)
{
    unsigned      i;
    gov_value_t  *m;

    for (i = 0; i < v->ncolumns; i++) {
        if (v->columns[i].rec.parent != parent) {
            continue;
        }

        m = gov_add_map(v->arena, list);
        gov_put_str(v->arena, m, "title", v->columns[i].rec.name);
        gov_put_str(v->arena, m, "url",
                    gov_view_column_url(v, v->columns[i].id));
        gov_map_columns(v, v->columns[i].id,
                        gov_put_list(v->arena, m, "children"));
    }
}


gov_rc_t
gov_view_map(gov_view_t *v, gov_value_t **out)
{
    gov_rc_t         rc;
    gov_page_head_t  head;

    *out = gov_map(v->arena);

    memset(&head, 0, sizeof(gov_page_head_t));
    head.kind = "map";
    head.heading = gov_word(GOV_W_map);
    head.leaf = head.heading;
    head.path = gov_s("map.html");

    rc = gov_view_chrome(v, &head, *out);
    if (rc != GOV_OK) {
        return rc;
    }

    gov_map_columns(v, 0, gov_put_list(v->arena, *out, "columns"));

    return gov_view_link_groups(v, *out);
}
