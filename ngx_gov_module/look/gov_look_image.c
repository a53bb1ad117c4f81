
/*
 * Copyright (C) ngx_gov authors
 *
 * An image is decoded and written anew: upright, in the colours of the web,
 * without whatever else the file carried (where and by whom it was taken,
 * bytes behind its end).  An animation is its first picture.  How many
 * pixels it has is asked before any is decoded.  The only user of libvips.
 */


#include <stdlib.h>
#include <vips/vips.h>
#include <vips/vector.h>

#include "look/gov_look.h"


typedef struct {
    const char   *type;
    const char   *loader;
    const char   *save;             /* suffix and options of the writer */
} gov_look_form_t;

static const gov_look_form_t  gov_look_forms[] = {
    { "image/jpeg", "VipsForeignLoadJpegSource",
      ".jpg[Q=88,optimize_coding,interlace,strip]" },
    { "image/png", "VipsForeignLoadPngSource", ".png[compression=7,strip]" },
    { "image/webp", "VipsForeignLoadWebpSource", ".webp[Q=85,strip]" },
    { "image/gif", "VipsForeignLoadNsgifSource", ".gif[strip]" },
    { NULL, NULL, NULL }
};

static const int  gov_look_widths[GOV_LOOK_VARIANTS] = { 1280, 320 };


static VipsImage *gov_look_decode(const gov_look_form_t *form,
    int64_t pixels, const char **fault);
static VipsImage *gov_look_upright(VipsImage *image);
static int gov_look_encode(VipsImage *image, const gov_look_form_t *form,
    int fd);
static int gov_look_variants(gov_arena_t *a, VipsImage *image,
    const gov_look_form_t *form, gov_value_t *list);


gov_rc_t
gov_look_image_begin(void)
{
    const gov_look_form_t  *form;

    /* never a file beside it: a picture within the limit fits in memory */

    (void) setenv("VIPS_DISC_THRESHOLD", "2g", 1);
    (void) setenv("VIPS_WARNING", "off", 1);

    if (VIPS_INIT("govlook") != 0) {
        return GOV_ERROR;
    }

    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_vector_set_enabled(FALSE);     /* no code is made at run time */

    vips_operation_block_set("VipsForeignLoad", TRUE);

    for (form = gov_look_forms; form->type; form++) {
        vips_operation_block_set(form->loader, FALSE);
    }

    return GOV_OK;
}


void
gov_look_image(gov_arena_t *a, gov_look_limits_t *limits, gov_value_t *out)
{
    VipsImage              *image;
    const char             *fault;
    gov_value_t            *list;
    const gov_look_form_t  *form;

    for (form = gov_look_forms; form->type; form++) {
        if (gov_str_is(gov_get_str(out, "type"), form->type)) {
            break;
        }
    }

    if (form->type == NULL) {
        return;
    }

    image = gov_look_decode(form, limits->pixels, &fault);

    if (image == NULL) {
        gov_put_c(a, out, "fault", fault);
        return;
    }

    gov_put_int(a, out, "width", vips_image_get_width(image));
    gov_put_int(a, out, "height", vips_image_get_height(image));
    list = gov_put_list(a, out, "variants");

    if (gov_look_encode(image, form, GOV_LOOK_OUT) != 0
        || gov_look_variants(a, image, form, list) != 0)
    {
        gov_put_c(a, out, "fault", "broken");
    }

    g_object_unref(image);
}


static VipsImage *
gov_look_decode(const gov_look_form_t *form, int64_t pixels,
    const char **fault)
{
    VipsImage   *image;
    const char  *loader;
    VipsSource  *source;

    *fault = "broken";
    image = NULL;
    source = vips_source_new_from_descriptor(GOV_LOOK_IN);

    if (source == NULL) {
        return NULL;
    }

    loader = vips_foreign_find_load_source(source);

    if (loader != NULL && strcmp(loader, form->loader) == 0) {
        image = vips_image_new_from_source(source, "", "access",
                                           VIPS_ACCESS_RANDOM, "fail_on",
                                           VIPS_FAIL_ON_ERROR, NULL);
    }

    g_object_unref(source);

    if (image == NULL) {
        return NULL;
    }

    if ((int64_t) vips_image_get_width(image) * vips_image_get_height(image)
        > pixels)
    {
        *fault = "pixels";
        g_object_unref(image);
        return NULL;
    }

    return gov_look_upright(image);
}


/* takes the image; NULL when it cannot be decoded */

static VipsImage *
gov_look_upright(VipsImage *image)
{
    VipsImage  *next;

    if (vips_autorot(image, &next, NULL) != 0) {
        g_object_unref(image);
        return NULL;
    }

    g_object_unref(image);
    image = next;

    if (vips_icc_present()
        && vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0
        && vips_icc_transform(image, &next, "srgb", "embedded", TRUE, NULL)
           == 0)
    {
        g_object_unref(image);
        image = next;

    } else if (vips_image_get_interpretation(image)
               == VIPS_INTERPRETATION_CMYK
               && vips_colourspace(image, &next, VIPS_INTERPRETATION_sRGB,
                                   NULL) == 0)
    {
        g_object_unref(image);
        image = next;
    }

    /* decoded once, here, not once for each form of it */

    next = vips_image_copy_memory(image);
    g_object_unref(image);

    return next;
}


static int
gov_look_encode(VipsImage *image, const gov_look_form_t *form, int fd)
{
    int          rc;
    VipsTarget  *target;

    target = vips_target_new_to_descriptor(fd);

    if (target == NULL) {
        return -1;
    }

    rc = vips_image_write_to_target(image, form->save, target, NULL);
    g_object_unref(target);

    return rc;
}


/* the smaller forms that are smaller, in order, none left out between */

static int
gov_look_variants(gov_arena_t *a, VipsImage *image,
    const gov_look_form_t *form, gov_value_t *list)
{
    int           i, n, width, height;
    VipsImage    *small;
    gov_value_t  *m;

    width = vips_image_get_width(image);
    height = vips_image_get_height(image);

    for (i = 0, n = 0; i < GOV_LOOK_VARIANTS; i++) {

        if (width <= gov_look_widths[i] && height <= gov_look_widths[i]) {
            continue;
        }

        if (vips_thumbnail_image(image, &small, gov_look_widths[i], "size",
                                 VIPS_SIZE_DOWN, NULL) != 0)
        {
            return -1;
        }

        if (gov_look_encode(small, form, GOV_LOOK_OUT + 1 + n) != 0) {
            g_object_unref(small);
            return -1;
        }

        m = gov_add_map(a, list);
        gov_put_int(a, m, "width", vips_image_get_width(small));
        gov_put_int(a, m, "height", vips_image_get_height(small));
        g_object_unref(small);
        n++;
    }

    return 0;
}
