#!/bin/sh
# Every command is given with each call of the store failing: a row of
# tests/unit/desk/t_*_fault.c.
cd "$(dirname "$0")/../.." || exit 1
rows=tests/unit/desk/t_*_fault.c
bad=0

names=$(sed -n 's/^    C([a-z_]*, "\([a-z_.]*\)".*/\1/p' \
    ngx_gov_module/desk/gov_commands.h)

if [ "$(echo "$names" | wc -l)" -lt 80 ]; then
    echo "gov_commands.h is not read as it should be"
    bad=1
fi

for name in $names; do
    if ! grep -qF "\"$name\"" $rows; then
        echo "$name has no row in $rows"
        bad=1
    fi
done

exit $bad
