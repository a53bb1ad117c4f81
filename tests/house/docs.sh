#!/bin/sh
# What the documents name is there: functions and other gov_ words, commands
# and questions, targets of make, files, and links between documents.
#   docs.sh [FILE...]    these documents, for the checker's own test
cd "$(dirname "$0")/../.." || exit 1

out=$(mktemp) || exit 1
known=$(mktemp) || exit 1
trap 'rm -f "$out" "$known"' EXIT

if [ $# -eq 0 ]; then
    set -- README*.md docs/*.md docs/adr/*.md docs/manual/*.md lua/*.md \
        lua/gov/*.md sites/*.md sites/demo/*.md tests/data/*.md
fi

# named PATTERN FILES...: "FILE:LINE:WORD" of what stands in the documents
named() {
    pattern=$1
    shift
    grep -HnoE "$pattern" "$@"
}

# strangers WHAT: those whose word is not in the list of the known
strangers() {
    awk -F: -v what="$1" '
        NR == FNR { known[$0]; next }
        !($3 in known) { print $1 ":" $2 ": " what " " $3 }' "$known" - \
        >>"$out"
}

# functions: defined at the beginning of a line, or as a macro
{
    grep -rhoE '^[a-z][a-z0-9_]*\(' ngx_gov_module --include='*.[ch]'
    grep -rhoE '^#define +[a-z][a-z0-9_]*\(' ngx_gov_module --include='*.[ch]' \
        | sed 's/^#define *//'
    grep -rhoE '\*?gov[a-z0-9_]*\(' ngx_gov_module --include='*.h' | tr -d '*'
} | sed 's/($//' | sort -u >"$known"
named '\b(gov|govd|govctl|ngx_http_gov)_[a-z0-9_]+\(\)' "$@" | sed 's/()$//' \
    | strangers 'no function'

# files by their bare names
find ngx_gov_module tests/unit -name '*.[ch]' | sed 's|.*/||' >"$known"
named '\b(t_|ngx_http_)?(gov|govd|govctl)[a-z0-9_]*\.[ch]\b' "$@" \
    | strangers 'no file'

# other words of ours: types, directives, metrics, variables
{
    grep -rhoE '\b(gov|govd|ngx_http_gov)_[a-z0-9_]+' ngx_gov_module lua \
        scripts tests/unit config
    find ngx_gov_module -name '*.[ch]' | sed 's|.*/||; s|\..$||'
} | sort -u >"$known"
named '\b(gov|govd|ngx_http_gov)_[a-z0-9_]*[a-z0-9]\b' "$@" \
    | strangers 'nothing is called'

# commands and questions
grep -hoE '"[a-z]+\.[a-z.]+"' ngx_gov_module/desk/gov_commands.h \
    ngx_gov_module/view/gov_queries.h | tr -d '"' | sort -u >"$known"
rooms='site|column|doc|release|file|link|banner|blueprint|policy|journal'
named "\`($rooms|operation|store)\.[a-z.]+\`" "$@" | tr -d '`' \
    | grep -vE '\.(c|h|md|sh|csv|html|json|jsonl|mdb)$' \
    | strangers 'no command'

# targets
sed -n 's/^\([a-z][a-z-]*\):[^=].*##.*/make \1/p' Makefile | sort -u >"$known"
named '`make [a-z-]+' "$@" | tr -d '`' | strangers 'no target'

# files, and links from one document to another
named '`(ngx_gov_module|lua|sites|tests|docs|scripts|\.ci)/[a-z0-9_./-]+`' \
    "$@" | tr -d '`' | while IFS=: read -r doc line path; do
    [ -e "$path" ] || echo "$doc:$line: no file $path"
done >>"$out"

named '\]\([^)#:]+[)#]' "$@" | sed 's/:](/:/; s/[)#]$//' \
    | while IFS=: read -r doc line path; do
    [ -e "$(dirname "$doc")/$path" ] || echo "$doc:$line: no file $path"
done >>"$out"

sort -u "$out"
if [ -s "$out" ]; then
    exit 1
fi
echo "the documents hold"
