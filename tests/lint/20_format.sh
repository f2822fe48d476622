# clang-format says the same.
find lib cgi-bin ws-bridge worker speech cli tests -name node_modules -prune -o -name '*.[ch]' -print |
    sort | xargs clang-format --dry-run -Werror 2>&1 | grep -E 'error:' | sed 's/ \[-W.*//' | awk -F: '!seen[$1]++ { print $1 ":" $2 ": not formatted (make format)" }' | {
    out=$(cat)
    [ -z "$out" ] || { echo "$out"; exit 1; }
}
