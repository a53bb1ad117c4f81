#!/bin/sh
# What was built for release: the programs say who they are without a store,
# the clock cannot be set from outside, the module links only what it uses,
# everything is hardened.
cd "$(dirname "$0")/../.." || exit 1
build=build
[ -z "${SANITIZE:-}" ] || build=build-asan
module=$build/ngx_http_gov_module.so
bad=0

breach() {
    echo "$*"
    bad=1
}

empty=$(mktemp -d) || exit 1
trap 'rm -rf "$empty"' EXIT

for program in govd govctl; do
    for word in --version --help; do
        out=$(cd "$empty" && GOV_RUN=$empty "$OLDPWD/$build/$program" $word) \
            || breach "$program $word fails without a store"
        [ -n "$out" ] || breach "$program $word says nothing"
    done
done
[ -z "$(ls -A "$empty")" ] || breach "--version or --help left files"

for file in govd govctl govlook ngx_http_gov_module.so; do
    if [ ! -f "$build/$file" ]; then
        breach "$build/$file is not there"
        continue
    fi
    if grep -q GOV_TEST_CLOCK_FILE "$build/$file"; then
        breach "$file can be given another clock"
    fi
    if grep -q GOV_POINTS "$build/$file"; then
        breach "$file holds the points at which a test kills"
    fi
    if ! readelf -lW "$build/$file" | grep -q GNU_RELRO \
       || ! readelf -dW "$build/$file" | grep -qw NOW
    then
        breach "$file: its relocations stay writable"
    fi
done

needed() {
    readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

for library in gumbo md4c microhttpd curl luajit vips magic archive \
               argon2 zxcvbn oath qrencode; do
    ! needed "$module" | grep -q "$library" \
        || breach "the module links $library"
done
for library in lua brotli vips magic archive; do
    ! needed $build/govd | grep -q "$library" || breach "govd links $library"
    ! needed $build/govctl | grep -q "$library" \
        || breach "govctl links $library"
done

# what only writing needs is not in nginx at all
for symbol in gumbo_ md_ gov_desk_ gov_body_html; do
    ! nm "$module" | awk '{ print $NF }' | grep -q "^$symbol" \
        || breach "the module holds $symbol"
done

foreign=$(nm -D --defined-only "$module" | awk '{ print $3 }' \
          | grep -vE '^(ngx_modules|ngx_module_names|ngx_module_order)$' \
          | grep -vE '^(ngx_http_gov_|__odr_asan)' | head -5)
[ -z "$foreign" ] || breach "the module exports" $foreign

[ $bad = 0 ] && echo "the programs hold"
exit $bad
