
/*
 * Copyright (C) ngx_gov authors
 *
 * Sealing with a key from a file, see gov_seal.h.
 */


#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/gov_base.h"


#define GOV_SEAL_VERSION  1
#define GOV_SEAL_MARK     4             /* head of the key's digest */
#define GOV_SEAL_NONCE    12
#define GOV_SEAL_TAG      16
#define GOV_SEAL_HEAD     (1 + GOV_SEAL_MARK + GOV_SEAL_NONCE)
#define GOV_SEAL_FILE     (2 * GOV_KEY_LEN + 1)


static gov_rc_t gov_seal_read(gov_seal_t *key, const char *path,
    gov_err_t *err);
static gov_rc_t gov_seal_make(const char *path, gov_err_t *err);
static int gov_seal_write(int fd);
static int gov_seal_folder(const char *path);
static gov_rc_t gov_seal_mark(gov_seal_t *key, u_char mark[GOV_SEAL_MARK]);
static int gov_seal_crypt(gov_seal_t *key, int enc, u_char *nonce,
    gov_str_t about, gov_str_t in, u_char *out, u_char *tag);


gov_rc_t
gov_seal_open(gov_seal_t *key, const char *path, int *made, gov_err_t *err)
{
    gov_rc_t  rc;

    *made = 0;

    rc = gov_seal_read(key, path, err);

    if (rc == GOV_NOT_FOUND) {
        rc = gov_seal_make(path, err);
        *made = rc == GOV_OK;

        if (rc == GOV_OK) {
            rc = gov_seal_read(key, path, err);
        }
    }

    return rc;
}


static gov_rc_t
gov_seal_read(gov_seal_t *key, const char *path, gov_err_t *err)
{
    int          fd;
    char         text[GOV_SEAL_FILE + 1];
    ssize_t      n;
    struct stat  st;

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NOFOLLOW);

    if (fd == -1) {
        return errno == ENOENT
               ? GOV_NOT_FOUND
               : gov_fail(err, GOV_ERROR, "", "无法读取密钥文件 %s：%s", path,
                          strerror(errno));
    }

    if (fstat(fd, &st) == -1 || (st.st_mode & 077)) {
        (void) close(fd);
        return gov_fail(err, GOV_DENIED, "",
                        "密钥文件 %s 不只有它的主人能读，请执行 chmod 600",
                        path);
    }

    n = read(fd, text, sizeof(text));
    (void) close(fd);

    if (n != GOV_SEAL_FILE || text[n - 1] != '\n'
        || gov_unhex(key->bytes, (gov_str_t) { GOV_SEAL_FILE - 1,
                                               (u_char *) text },
                     GOV_KEY_LEN) != 0)
    {
        return gov_fail(err, GOV_CORRUPT, "", "密钥文件 %s 的内容不完整",
                        path);
    }

    gov_forget(text, sizeof(text));

    return GOV_OK;
}


/* written under another name: who reads it finds all of it or nothing */

static gov_rc_t
gov_seal_make(const char *path, gov_err_t *err)
{
    int   fd;
    char  name[4096];

    if (snprintf(name, sizeof(name), "%s.new", path) >= (int) sizeof(name)) {
        return gov_fail(err, GOV_ERROR, "", "无法建立密钥文件 %s：%s", path,
                        strerror(ENAMETOOLONG));
    }

    (void) unlink(name);
    fd = open(name, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);

    if (fd == -1 || gov_seal_write(fd) == -1 || rename(name, path) == -1
        || gov_seal_folder(path) == -1)
    {
        (void) gov_fail(err, GOV_ERROR, "", "无法建立密钥文件 %s：%s", path,
                        strerror(errno));
    }

    if (fd != -1) {
        (void) close(fd);
    }

    return err->code;
}


static int
gov_seal_write(int fd)
{
    u_char  key[GOV_KEY_LEN], text[GOV_SEAL_FILE];

    if (gov_random(key, GOV_KEY_LEN) != 0) {
        return -1;
    }

    gov_hex(text, key, GOV_KEY_LEN);
    text[GOV_SEAL_FILE - 1] = '\n';

    if (write(fd, text, GOV_SEAL_FILE) != GOV_SEAL_FILE || fsync(fd) == -1) {
        return -1;
    }

    gov_forget(key, sizeof(key));
    gov_forget(text, sizeof(text));

    return 0;
}


static int
gov_seal_folder(const char *path)
{
    int   fd, rc;
    char  name[4096], *slash;

    (void) snprintf(name, sizeof(name), "%s", path);
    slash = strrchr(name, '/');

    if (slash) {
        *slash = '\0';
    }

    fd = open(slash ? name : ".", O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    rc = fsync(fd);
    (void) close(fd);

    return rc;
}


gov_rc_t
gov_seal(gov_arena_t *a, gov_seal_t *key, gov_str_t about, gov_str_t plain,
    gov_str_t *sealed)
{
    u_char     *p;
    gov_buf_t   b;
    gov_str_t   s;

    s.len = GOV_SEAL_HEAD + plain.len + GOV_SEAL_TAG;
    s.data = p = gov_alloc(a, s.len);

    *p++ = GOV_SEAL_VERSION;

    if (gov_seal_mark(key, p) != GOV_OK
        || gov_random(p + GOV_SEAL_MARK, GOV_SEAL_NONCE) != 0
        || gov_seal_crypt(key, 1, p + GOV_SEAL_MARK, about, plain,
                          s.data + GOV_SEAL_HEAD,
                          s.data + s.len - GOV_SEAL_TAG) != 0)
    {
        return GOV_ERROR;
    }

    gov_buf_init(&b, a, 2 * s.len);
    gov_buf_base64url(&b, s);
    *sealed = b.s;

    return GOV_OK;
}


gov_rc_t
gov_unseal(gov_arena_t *a, gov_seal_t *key, gov_str_t about,
    gov_str_t sealed, gov_str_t *plain)
{
    u_char     mark[GOV_SEAL_MARK];
    gov_str_t  s, text;

    if (gov_unbase64url(a, sealed, &s) != 0
        || s.len < GOV_SEAL_HEAD + GOV_SEAL_TAG
        || s.data[0] != GOV_SEAL_VERSION)
    {
        return GOV_CORRUPT;
    }

    if (gov_seal_mark(key, mark) != GOV_OK) {
        return GOV_ERROR;
    }

    if (memcmp(mark, s.data + 1, GOV_SEAL_MARK) != 0) {
        return GOV_DENIED;
    }

    text.len = s.len - GOV_SEAL_HEAD - GOV_SEAL_TAG;
    text.data = s.data + GOV_SEAL_HEAD;

    plain->len = text.len;
    plain->data = gov_alloc(a, text.len + 1);
    plain->data[text.len] = '\0';

    return gov_seal_crypt(key, 0, s.data + 1 + GOV_SEAL_MARK, about, text,
                          plain->data, s.data + s.len - GOV_SEAL_TAG) == 0
           ? GOV_OK : GOV_CORRUPT;
}


static gov_rc_t
gov_seal_mark(gov_seal_t *key, u_char mark[GOV_SEAL_MARK])
{
    gov_rc_t  rc;
    u_char    d[GOV_DIGEST_LEN];

    rc = gov_seal_derive(key, gov_s("mark"), d);

    if (rc == GOV_OK) {
        memcpy(mark, d, GOV_SEAL_MARK);
    }

    return rc;
}


/* 0 or -1; the tag is written, or compared */

static int
gov_seal_crypt(gov_seal_t *key, int enc, u_char *nonce, gov_str_t about,
    gov_str_t in, u_char *out, u_char *tag)
{
    int              n, ok;
    EVP_CIPHER_CTX  *ctx;

    if (in.len > INT32_MAX || about.len > INT32_MAX) {
        return -1;
    }

    ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL) {
        return -1;
    }

    ok = EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, nonce,
                           enc) == 1
         && (enc || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG,
                                        GOV_SEAL_TAG, tag) == 1)
         && EVP_CipherUpdate(ctx, NULL, &n, about.data, (int) about.len) == 1
         && EVP_CipherUpdate(ctx, out, &n, in.data, (int) in.len) == 1
         && EVP_CipherFinal_ex(ctx, out + n, &n) == 1
         && (!enc || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG,
                                         GOV_SEAL_TAG, tag) == 1);

    EVP_CIPHER_CTX_free(ctx);

    return ok ? 0 : -1;
}


gov_rc_t
gov_seal_derive(gov_seal_t *key, gov_str_t about, u_char out[GOV_DIGEST_LEN])
{
    unsigned  n;

    return HMAC(EVP_sha256(), key->bytes, GOV_KEY_LEN, about.data, about.len,
                out, &n) != NULL && n == GOV_DIGEST_LEN ? GOV_OK : GOV_ERROR;
}


gov_rc_t
gov_stretch(gov_str_t password, gov_str_t salt, uint32_t rounds,
    u_char out[GOV_DIGEST_LEN])
{
    int            rc;
    EVP_KDF       *kdf;
    OSSL_PARAM     p[5];
    EVP_KDF_CTX   *ctx;

    kdf = EVP_KDF_fetch(NULL, "PBKDF2", NULL);
    ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;

    p[0] = OSSL_PARAM_construct_utf8_string("digest", "SM3", 0);
    p[1] = OSSL_PARAM_construct_octet_string("pass", password.data,
                                             password.len);
    p[2] = OSSL_PARAM_construct_octet_string("salt", salt.data, salt.len);
    p[3] = OSSL_PARAM_construct_uint32("iter", &rounds);
    p[4] = OSSL_PARAM_construct_end();

    rc = ctx ? EVP_KDF_derive(ctx, out, GOV_DIGEST_LEN, p) : 0;

    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);

    return rc == 1 ? GOV_OK : GOV_ERROR;
}


int
gov_same(gov_str_t a, gov_str_t b)
{
    return a.len == b.len && CRYPTO_memcmp(a.data, b.data, a.len) == 0;
}


void
gov_forget(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}
