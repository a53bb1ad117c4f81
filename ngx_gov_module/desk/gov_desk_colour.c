
/*
 * Copyright (C) ngx_gov authors
 *
 * A site's colour.  White text stands on it, so its contrast to white is at
 * least 4.5 to 1 (WCAG 2.2, 1.4.3; GB/T 37668): whoever cannot read a pale
 * header never learns whose page it is.
 */


#include "desk/gov_desk_int.h"

#include <math.h>


#define GOV_CONTRAST_MIN  4.5


/* one channel's share of the light, WCAG 2.2 "relative luminance" */

static double
gov_colour_linear(u_char channel)
{
    double  c;

    c = channel / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}


static double
gov_colour_contrast(u_char rgb[3])
{
    double  light;

    light = 0.2126 * gov_colour_linear(rgb[0])
            + 0.7152 * gov_colour_linear(rgb[1])
            + 0.0722 * gov_colour_linear(rgb[2]);

    return 1.05 / (light + 0.05);
}


gov_rc_t
gov_desk_colour(gov_cmd_t *c, gov_str_t colour)
{
    double     contrast;
    u_char     rgb[3];
    gov_str_t  hex;

    if (colour.len == 0) {
        return GOV_OK;
    }

    hex.data = colour.data + 1;
    hex.len = 6;

    if (colour.len != 7 || colour.data[0] != '#'
        || gov_unhex(rgb, hex, 3) != 0)
    {
        return gov_fail(c->err, GOV_INVALID, "brand", "颜色应写作 #rrggbb");
    }

    contrast = gov_colour_contrast(rgb);

    if (contrast < GOV_CONTRAST_MIN) {
        return gov_fail(c->err, GOV_INVALID, "brand",
                        "%.*s 与白色文字的对比度为 %.1f，应不低于 4.5，"
                        "请选深一些的颜色", gov_strf(colour),
                        floor(contrast * 10) / 10);
    }

    return GOV_OK;
}
