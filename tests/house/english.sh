#!/bin/sh
# Every failure that is said in Chinese stands in English too
# (ngx_gov_module/base/gov_english.c), with the same conversions in their order.
# A word that is put into a sentence is a sentence of its own, or a name.
# What is done with a document is told by a word of the console's catalogue.
cd "$(dirname "$0")/../.." || exit 1
exec node tests/house/english.mjs
