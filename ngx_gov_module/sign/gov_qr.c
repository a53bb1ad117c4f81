
/*
 * Copyright (C) ngx_gov authors
 *
 * A QR code as an SVG element: one path, a run of dark modules a rectangle.
 * It holds no text that anybody gave, only numbers.
 */


#include <qrencode.h>

#include "sign/gov_sign.h"


#define GOV_QR_MARGIN  4


static void gov_qr_row(gov_buf_t *b, const u_char *row, int width, int y);


gov_rc_t
gov_qr_svg(gov_arena_t *a, gov_str_t text, gov_str_t *svg)
{
    int         y, size;
    QRcode     *qr;
    gov_buf_t   b;

    qr = QRcode_encodeString8bit(gov_str_c(a, text), 0, QR_ECLEVEL_M);

    if (qr == NULL) {
        return GOV_ERROR;
    }

    size = qr->width + 2 * GOV_QR_MARGIN;

    gov_buf_init(&b, a, 16384);
    gov_buf_fmt(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"QR\" "
                "shape-rendering=\"crispEdges\">"
                "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
                "<path d=\"", size, size, size, size);

    for (y = 0; y < qr->width; y++) {
        gov_qr_row(&b, qr->data + y * qr->width, qr->width, y);
    }

    gov_buf_c(&b, "\"/></svg>");
    QRcode_free(qr);

    *svg = b.s;

    return GOV_OK;
}


static void
gov_qr_row(gov_buf_t *b, const u_char *row, int width, int y)
{
    int  x, begin;

    for (x = 0; x < width; x++) {
        if ((row[x] & 1) == 0) {
            continue;
        }

        begin = x;

        while (x < width && (row[x] & 1)) {
            x++;
        }

        gov_buf_fmt(b, "M%d %dh%dv1h-%dz", begin + GOV_QR_MARGIN,
                    y + GOV_QR_MARGIN, x - begin, x - begin);
    }
}
