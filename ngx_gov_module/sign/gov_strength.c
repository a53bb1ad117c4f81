
/*
 * Copyright (C) ngx_gov authors
 *
 * A password is judged by how many guesses it takes (zxcvbn), not by what
 * kinds of characters it holds.  The library knows English words; what is
 * guessed first in Chinese stands below, and the names of its owner count as
 * words too.
 */


#include <zxcvbn.h>

#include "sign/gov_sign.h"


#define GOV_STRENGTH_BITS   40
#define GOV_STRENGTH_BYTES  256
#define GOV_STRENGTH_NAMES  16


/* pinyin, numbers that sound like words, keyboard walks, and the words of an
 * office */

static const char  *const  gov_strength_common[] = {
    "woaini", "woaiwojia", "woaizhongguo", "woaibeijing", "zhongguo",
    "zhonghua", "beijing", "shanghai", "xianyang", "shaanxi", "shanxi",
    "renmin", "zhengfu", "xianzhengfu", "quzhengfu", "shizhengfu",
    "xinxiban", "xinxi", "xinxizhongxin", "bangongshi", "guanliyuan",
    "guanli", "houtai", "denglu", "mima", "wodemima", "zhanghao", "wangzhan",
    "menhu", "gongkai", "yonghu", "xitong", "jiayou", "nihao", "xiexie",
    "qinqin", "baobei", "baobao", "laopo", "laogong", "mama", "baba",
    "xiaoming", "zhangsan", "lisi", "wangwu", "kaixin", "kuaile", "facai",
    "gongxifacai", "shengrikuaile", "xinnian", "chunjie", "guoqing",
    "taiyang", "yueliang", "meinv", "shuaige", "tiankong", "aini", "iloveyou",
    "5201314", "1314520", "520520", "521521", "7758521", "147258369",
    "123123", "112233", "123321", "666666", "888888", "168168", "987654321",
    "qazwsx", "qazwsxedc", "1qaz2wsx", "1q2w3e4r", "zxcvbnm", "asdfghjkl",
    "qwertyuiop", "admin", "administrator", "root", "gov", "govcn", "gov.cn",
    "govweb", "manager", "operator", "password", "passw0rd", "test", "web",
    "我爱你", "我爱中国", "我爱北京天安门", "天安门", "中国", "北京", "人民",
    "政府", "密码", "管理员", "为人民服务", "社会主义", "你好", "恭喜发财",
    "生日快乐", "一二三四", "一二三四五"
};

#define GOV_STRENGTH_COMMON  (sizeof(gov_strength_common) / sizeof(char *))


gov_rc_t
gov_password_check(gov_arena_t *a, gov_str_t password, gov_str_t *about,
    unsigned n, gov_err_t *err)
{
    size_t       chars;
    unsigned     i, k;
    const char  *words[GOV_STRENGTH_COMMON + GOV_STRENGTH_NAMES + 1];

    if (!gov_text_clean(password)) {
        return gov_fail(err, GOV_INVALID, "password", "密码含有控制字符");
    }

    chars = gov_utf8_chars(password);

    if (chars < GOV_PASSWORD_LEAST) {
        return gov_fail(err, GOV_INVALID, "password", "密码至少 %d 个字符",
                        GOV_PASSWORD_LEAST);
    }

    if (chars > GOV_PASSWORD_MOST || password.len > GOV_STRENGTH_BYTES) {
        return gov_fail(err, GOV_INVALID, "password", "密码最多 %d 个字符",
                        GOV_PASSWORD_MOST);
    }

    for (k = 0; k < GOV_STRENGTH_COMMON; k++) {
        words[k] = gov_strength_common[k];
    }

    for (i = 0; i < n && i < GOV_STRENGTH_NAMES; i++) {
        if (about[i].len) {
            words[k++] = gov_str_c(a, about[i]);
        }
    }

    words[k] = NULL;

    if (ZxcvbnMatch(gov_str_c(a, password), words, NULL) < GOV_STRENGTH_BITS)
    {
        return gov_fail(err, GOV_INVALID, "password",
                        "这个密码容易被猜到，请用几个互不相干的词或更长的字符");
    }

    return GOV_OK;
}
