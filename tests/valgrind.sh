#!/bin/sh
# The unit tests under valgrind's memcheck:
#   tests/valgrind.sh FOLDER [PROGRAM...]    build-test/unit store/t_gov_txn
# An error or a lost block fails; what a test itself says of time under a
# machine this slow does not.  Children are not listened to: those of the
# tests of damaged stores die by signals, which is what is tested.
cd "$(dirname "$0")/.." || exit 1

T_STEPS=${T_STEPS:-100}           # of the random walk in page/t_gov_fresh
export T_STEPS

folder=$1
shift
[ $# -gt 0 ] || set -- $(cd "$folder" && find . -type f -name 't_*' \
                              -not -name '*.d' | sed 's|^\./||' | sort)

bad=0
good=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

for program; do
    valgrind -q --child-silent-after-fork=yes --leak-check=full \
        --errors-for-leak-kinds=definite,indirect \
        --show-leak-kinds=definite,indirect --error-exitcode=99 \
        --log-file="$log" "$folder/$program" >/dev/null 2>&1

    if [ -s "$log" ] && grep -q '^==' "$log"; then
        bad=$((bad + 1))
        echo "FAILED $program"
        head -60 "$log"
    else
        good=$((good + 1))
        echo "ok     $program"
    fi
done

echo
echo "$good passed, $bad failed"
[ $bad = 0 ]
