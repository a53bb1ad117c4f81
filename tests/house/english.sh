#!/bin/sh
# Every failure that is said in Chinese may stand in English beside it
# (ngx_gov_module/base/gov_english.c), with the same conversions in their order.
# Sentences without English are counted; they are shown in Chinese.
cd "$(dirname "$0")/../.." || exit 1
exec node tests/house/english.mjs
