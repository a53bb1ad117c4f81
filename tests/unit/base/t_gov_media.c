
/*
 * Copyright (C) ngx_gov authors
 *
 * Media types: by a name's ending, by a type, and what bytes look like.
 */


#include "base/t_base.h"


static void
a_name_says_what_a_file_is(void **state)
{
    unsigned            i;
    const gov_media_t  *m;

    static struct {
        const char        *name;
        const char        *type;
        gov_media_kind_t   kind;
    } rows[] = {
        { "a.pdf", "application/pdf", GOV_MEDIA_DOCUMENT },
        { "公告.JPG", "image/jpeg", GOV_MEDIA_IMAGE },
        { "a.tar.zip", "application/zip", GOV_MEDIA_ARCHIVE },
        { "a.txt", "text/plain; charset=utf-8", GOV_MEDIA_DOCUMENT },
        { "a.mp4", "video/mp4", GOV_MEDIA_SOUND },
        { ".pdf", NULL, GOV_MEDIA_OTHER },
        { "pdf", NULL, GOV_MEDIA_OTHER },
        { "a.pdf.html", NULL, GOV_MEDIA_OTHER },
        { "a.svg", NULL, GOV_MEDIA_OTHER },
        { "", NULL, GOV_MEDIA_OTHER }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        m = gov_media_named(gov_str_of(rows[i].name));

        if (rows[i].type == NULL) {
            assert_null(m);
            continue;
        }

        assert_non_null(m);
        assert_string_equal(m->type, rows[i].type);
        assert_int_equal(m->kind, rows[i].kind);
        assert_non_null(gov_media_typed(gov_str_of(m->type)));
    }

    assert_string_equal(gov_media_typed(gov_s("text/plain; charset=gb18030"))
                        ->ending, ".txt");
    assert_null(gov_media_typed(gov_s("text/plainer")));
    assert_null(gov_media_typed(gov_s("application/octet-stream")));
}


static void
bytes_are_believed_only_as_what_the_name_says(void **state)
{
    unsigned  i;

    static struct {
        const char  *name;
        const char  *looks;
        int          agrees;
    } rows[] = {
        { "a.pdf", "application/pdf", 1 },
        { "a.pdf", "text/html", 0 },
        { "a.pdf", "application/octet-stream", 0 },
        { "a.txt", "text/plain", 1 },
        { "a.txt", "text/x-script.python", 1 },
        { "a.txt", "text/html", 0 },
        { "a.txt", "text/xml", 0 },
        { "a.txt", "image/svg+xml", 0 },
        { "a.csv", "application/csv", 1 },
        { "a.docx", "application/zip", 1 },
        { "a.docx", "application/vnd.openxmlformats-officedocument."
          "wordprocessingml.document", 1 },
        { "a.docx", "application/vnd.openxmlformats-officedocument."
          "spreadsheetml.sheet", 0 },
        { "a.doc", "application/CDFV2", 1 },
        { "a.png", "image/jpeg", 0 },
        { "a.jpeg", "image/jpeg", 1 },
        { "a.jpeg", "image/jp", 0 },
        { "a.ofd", "application/zip", 1 },
        { "a.ofd", "", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (gov_media_agrees(gov_media_named(gov_str_of(rows[i].name)),
                             gov_str_of(rows[i].looks)) != rows[i].agrees)
        {
            fail_msg("%s, %s", rows[i].name, rows[i].looks);
        }
    }
}


static void
a_kind_has_a_name(void **state)
{
    int  i;

    (void) state;

    for (i = 0; i < GOV_MEDIA_KINDS; i++) {
        assert_int_equal(gov_media_kind_parse(
                             gov_str_of(gov_media_kind_name(i))), i);
    }

    assert_int_equal(gov_media_kind_parse(gov_s("Image")), -1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_name_says_what_a_file_is),
        cmocka_unit_test(bytes_are_believed_only_as_what_the_name_says),
        cmocka_unit_test(a_kind_has_a_name)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
