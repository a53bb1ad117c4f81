
/*
 * Copyright (C) ngx_gov authors
 *
 * The table of media types.
 */


#include <strings.h>

#include "base/gov_base.h"


#define GOV_MEDIA_OLE  "application/x-ole-storage application/cdfv2 "         \
                       "application/vnd.ms-office "
#define GOV_MEDIA_OOXML  "application/vnd.openxmlformats-officedocument."
#define GOV_MEDIA_ZIP  "application/zip "


const gov_media_t  gov_media[] = {
    { ".pdf", "application/pdf", GOV_MEDIA_DOCUMENT, "application/pdf" },
    { ".doc", "application/msword", GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_OLE "application/msword text/rtf" },
    { ".docx", GOV_MEDIA_OOXML "wordprocessingml.document",
      GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_ZIP GOV_MEDIA_OOXML "wordprocessingml.document" },
    { ".xls", "application/vnd.ms-excel", GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_OLE "application/vnd.ms-excel" },
    { ".xlsx", GOV_MEDIA_OOXML "spreadsheetml.sheet", GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_ZIP GOV_MEDIA_OOXML "spreadsheetml.sheet" },
    { ".ppt", "application/vnd.ms-powerpoint", GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_OLE "application/vnd.ms-powerpoint" },
    { ".pptx", GOV_MEDIA_OOXML "presentationml.presentation",
      GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_ZIP GOV_MEDIA_OOXML "presentationml.presentation" },
    { ".ofd", "application/ofd", GOV_MEDIA_DOCUMENT, GOV_MEDIA_ZIP },
    { ".wps", "application/vnd.ms-works", GOV_MEDIA_DOCUMENT,
      GOV_MEDIA_OLE "application/msword application/vnd.ms-works" },
    { ".zip", "application/zip", GOV_MEDIA_ARCHIVE, GOV_MEDIA_ZIP },
    { ".rar", "application/vnd.rar", GOV_MEDIA_ARCHIVE,
      "application/x-rar application/vnd.rar" },
    { ".txt", "text/plain; charset=utf-8", GOV_MEDIA_DOCUMENT,
      "text/ application/csv application/json" },
    { ".csv", "text/csv; charset=utf-8", GOV_MEDIA_DOCUMENT,
      "text/ application/csv" },
    { ".png", "image/png", GOV_MEDIA_IMAGE, "image/png" },
    { ".jpg", "image/jpeg", GOV_MEDIA_IMAGE, "image/jpeg" },
    { ".jpeg", "image/jpeg", GOV_MEDIA_IMAGE, "image/jpeg" },
    { ".gif", "image/gif", GOV_MEDIA_IMAGE, "image/gif" },
    { ".webp", "image/webp", GOV_MEDIA_IMAGE, "image/webp" },
    { ".mp3", "audio/mpeg", GOV_MEDIA_SOUND, "audio/mpeg" },
    { ".mp4", "video/mp4", GOV_MEDIA_SOUND, "video/mp4 video/x-m4v" },
    { NULL, NULL, GOV_MEDIA_OTHER, NULL }
};

static const char  *gov_media_kinds[GOV_MEDIA_KINDS] = {
    [GOV_MEDIA_OTHER] = "other",
    [GOV_MEDIA_IMAGE] = "image",
    [GOV_MEDIA_DOCUMENT] = "document",
    [GOV_MEDIA_SOUND] = "sound",
    [GOV_MEDIA_ARCHIVE] = "archive",
};


const gov_media_t *
gov_media_named(gov_str_t name)
{
    size_t              n;
    const gov_media_t  *m;

    for (m = gov_media; m->ending; m++) {
        n = strlen(m->ending);

        if (name.len > n
            && strncasecmp((char *) name.data + name.len - n, m->ending, n)
               == 0)
        {
            return m;
        }
    }

    return NULL;
}


const gov_media_t *
gov_media_typed(gov_str_t type)
{
    size_t              n;
    const gov_media_t  *m;

    for (m = gov_media; m->ending; m++) {
        n = strcspn(m->type, ";");

        if (type.len >= n && memcmp(type.data, m->type, n) == 0
            && (type.len == n || type.data[n] == ';'))
        {
            return m;
        }
    }

    return NULL;
}


/* "text/" stands for all of them but those a browser would run */

int
gov_media_agrees(const gov_media_t *m, gov_str_t looks)
{
    size_t       n;
    const char  *p;

    for (p = m->looks; *p; p += n + (p[n] == ' ')) {
        n = strcspn(p, " ");

        if (p[n - 1] == '/') {
            if (gov_str_starts(looks, "text/")
                && !gov_str_is(looks, "text/html")
                && !gov_str_is(looks, "text/xml"))
            {
                return 1;
            }

        } else if (looks.len == n
                   && strncasecmp((char *) looks.data, p, n) == 0)
        {
            return 1;
        }
    }

    return 0;
}


const char *
gov_media_kind_name(gov_media_kind_t kind)
{
    return gov_media_kinds[kind];
}


int
gov_media_kind_parse(gov_str_t name)
{
    int  i;

    for (i = 0; i < GOV_MEDIA_KINDS; i++) {
        if (gov_str_is(name, gov_media_kinds[i])) {
            return i;
        }
    }

    return -1;
}
