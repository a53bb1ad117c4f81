#!/bin/sh
# The marks of the house style that a machine can see.  One line a breach,
# "FILE:LINE: what"; exit 1 if any.
#   style.sh [FILE...]    these files instead of the whole tree
cd "$(dirname "$0")/../.." || exit 1

out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

if [ $# -gt 0 ]; then
    all=$(printf '%s\n' "$@")
else
    all=$(git ls-files -co --exclude-standard 2>/dev/null \
          || find . -type f -not -path './.git/*' \
                 -not -path './node_modules/*' -not -path './build*' \
             | sed 's|^\./||')
fi

# kind EXTENSIONS: those of our own writing
kind() {
    printf '%s\n' "$all" | grep -E "\.($1)\$" | grep -vE '\.min\.|/vendor/' \
        | while read -r f; do [ -f "$f" ] && echo "$f"; done
}

# report WHAT PATTERN FILES...
report() {
    what=$1
    pattern=$2
    shift 2
    [ $# -gt 0 ] || return 0
    LC_ALL=C.UTF-8 grep -nE "$pattern" /dev/null "$@" \
        | sed -E "s/^([^:]*:[0-9]+):.*/\1: $what/" >>"$out"
}

c=$(kind 'c|h')
lua=$(kind lua)
js=$(kind 'mjs|js' | grep -vE '^lua/assets/dist/|^sites/.*/assets/')
sh=$(printf '%s\n' "$all" | grep -E '^(scripts|tests/house)/[a-z.]*$' \
     | grep -vE '\.(mk|in|mjs)$')
text=$(kind 'c|h|lua|mjs|js|sh|md|tsv|html|json|css|in|mk')
tab=$(printf '\t')

# shellcheck disable=SC2086
{
    report 'longer than 80 columns' '^.{81,}$' $c $lua $js $sh
    report 'a tab' "$tab" $c $lua $js
    report 'a space at the end' ' +$' $c $lua $js $sh
    report "a path of somebody's machine" '(/home/|/root/|/Users/)[a-z]' \
        $c $lua $js $sh config Makefile
    report 'say site' '\b[Tt]enants?\b' $c $lua $js
    report 'say allow-list or refuse-list' '\b([Ww]hite|[Bb]lack)-?list' $text

    # a C comment of the other kind: what is left of // outside strings,
    # block comments and addresses
    [ -z "$c" ] || awk '
        {
            line = $0
            gsub(/\\./, "", line)
            gsub(/"[^"]*"/, "", line)
            gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
            sub(/\/\*.*/, "", line)
            if (line ~ /^ *\*/) next
            gsub(/[a-z]:\/\//, "", line)
            if (line ~ /\/\//) print FILENAME ":" FNR ": a // comment"
        }' $c >>"$out"
}

for f in $(printf '%s\n' "$all" | grep '^ngx_gov_module/'); do
    case ${f##*/} in
        *util*|*misc*|*common*|*helper*)
            echo "$f: a file is named after what it holds" >>"$out" ;;
    esac
done

# The newest head line only: older ones cannot be mended any more.
if [ $# -eq 0 ]; then
    git log -1 --format='commit %h: %s' 2>/dev/null \
        | LC_ALL=C.UTF-8 grep -E '^commit [0-9a-f]*: .{73,}' \
        | sed 's/$/: longer than 72 columns/' >>"$out"
fi

cat "$out"
if [ -s "$out" ]; then
    echo "$(wc -l <"$out") breaches of style"
    exit 1
fi
echo "style holds"
