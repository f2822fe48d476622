#!/bin/bash
# All lints, as TAP. Each NN_name.sh here is one: silent and 0 when fine, else lines that say where.
#   tests/lint/run.sh [name …]     default: all; lines starting with "note:" never fail
set -u
cd "$(dirname "$0")/../.." || exit 2
export LINT_OUT=${LINT_OUT:-build/lint} B=${B:-build}
mkdir -p "$LINT_OUT"
tests/lint/strip.pl "$LINT_OUT" || exit 2

names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd tests/lint && ls [0-9][0-9]_*.sh | sed 's/^[0-9]*_//; s/\.sh$//')
n=0 failed=0
echo "1..${#names[@]}"
for name in "${names[@]}"; do
    n=$((n + 1))
    out=$(bash tests/lint/[0-9][0-9]_"$name".sh 2>&1)
    rc=$?
    if [ $rc -eq 0 ]; then
        echo "ok $n - $name"
    elif [ $rc -eq 77 ]; then
        echo "ok $n - $name # SKIP $(head -1 <<<"$out")"
        out=
    else
        echo "not ok $n - $name"
        failed=1
    fi
    [ -z "$out" ] || sed 's/^/#   /' <<<"$out"
done
exit $failed
