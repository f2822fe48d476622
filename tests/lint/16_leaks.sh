# Nothing of this machine or its package servers, and no key, goes into the tree.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    mapfile -t files < <(git ls-files --cached --others --exclude-standard | while read -r f; do [ -f "$f" ] && echo "$f"; done)
else
    mapfile -t files < <(find . -type f -not -path './build/*' -not -path '*/node_modules/*' -not -path './.git/*')
fi
hosts=$(
    { npm config get registry 2>/dev/null
      sed -n 's/^URIs: *//p; s/^deb[^h]*\(http[^ ]*\).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null
      env | sed -n 's/^[A-Za-z_]*\(PROXY\|proxy\|INDEX_URL\|REGISTRY\)=//p'; } |
        sed -nE 's#^[a-z]+://([^/@]*@)?([^/:]+).*#\2#p' | grep -vE '^(localhost|127\..*|registry\.npmjs\.org|.*\.debian\.org)$' | sort -u
)
bad=$(
    for h in $hosts; do grep -IlF -- "$h" "${files[@]}" | sed 's/^/names a package server of this machine: /'; done
    grep -InE '(^|[^a-zA-Z0-9_.])/(work|home|root)/[a-z]' -- "${files[@]}" | grep -vE '^(\./)?(tests/lint/16_leaks|scripts/systemd/)' | sed 's/^/machine path: /'
    grep -InE -- '-----BEGIN [A-Z ]*PRIVATE KEY-----|\bsk-[A-Za-z0-9]{20,}|\bghp_[A-Za-z0-9]{30,}|\bxox[bp]-[0-9]' "${files[@]}" | sed 's/^/looks like a key: /'
    printf '%s\n' "${files[@]}" | grep -E '(package-lock\.json|yarn\.lock|\.env|\.pem|data\.key)$' | sed 's/^/must not be in the tree: /'
    grep -InE '^(<<<<<<<|>>>>>>>) ' -- "${files[@]}" | sed 's/^/merge mark: /'
    grep -InwE 'TODO|FIXME|XXX' -- "${files[@]}" | grep -vE '^(\./)?tests/lint/|mkstemp|mkdtemp|XXXXXX' | sed 's/^/left behind: /'
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
