# Shell and JavaScript at least parse; shellcheck where it is there.
bad=$(
    for f in $(find scripts tests .ci -name node_modules -prune -o \( -name '*.sh' -o -path '.ci/run' \) -print 2>/dev/null); do
        bash -n "$f" 2>&1
        command -v shellcheck >/dev/null && shellcheck -S warning -s bash -e SC1090,SC1091,SC2034,SC2044,SC2046 -f gcc "$f"
    done
    for f in $(find static tests -name node_modules -prune -o \( -name '*.mjs' -o -name '*.js' \) -print); do
        node --check "$f" 2>&1 | head -3
    done
    for f in $(find tests businesses -name node_modules -prune -o -name '*.json' -print); do
        node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$f" 2>&1 | grep -m1 Error | sed "s|^|$f: |"
    done
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
