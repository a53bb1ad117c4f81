#!/bin/sh
# Every test that docs/requirements.tsv names is there.  Its third column is
# "later" or a list divided by ";": a file of tests/, or "FILE: words" where
# the words stand in that file (the title of one test).
#   requirements.sh [FILE]    another table, for the checker's own test
cd "$(dirname "$0")/../.." || exit 1
table=${1:-docs/requirements.tsv}

if [ ! -f "$table" ]; then
    echo "$table is not there"
    exit 1
fi

awk -F '\t' '
    /^#/ || !NF || (FNR == 1 && $1 == "id") { next }
    NF < 3 { print FNR "\t!\tfewer than three columns"; next }
    $1 in seen { print FNR "\t!\t" $1 " stands twice" }
    {
        seen[$1] = 1
        n = split($3, name, ";")
        for (i = 1; i <= n; i++) {
            gsub(/^ +| +$/, "", name[i])
            if (name[i] != "" && name[i] !~ /^later/) {
                file = title = name[i]
                if (sub(/: .*/, "", file)) {
                    sub(/^[^:]*: /, "", title)
                } else {
                    title = ""
                }
                print FNR "\t" file "\t" title
            }
        }
    }' "$table" | {
    bad=0
    while IFS="$(printf '\t')" read -r line file title; do
        case $file in !) echo "$table:$line: $title"; bad=1; continue ;; esac
        case $file in tests/*) ;; *) file=tests/$file ;; esac
        if [ ! -f "$file" ]; then
            echo "$table:$line: $file is not there"
            bad=1
        elif [ -n "$title" ] && ! grep -qF "$title" "$file"; then
            echo "$table:$line: $file has no test \"$title\""
            bad=1
        fi
    done
    exit $bad
} && echo "every test named is there"
