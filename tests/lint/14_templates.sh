# Pages: strict CSP (no inline style, script or handler), escaping never switched off, no orphans.
[ -d templates ] || exit 0
html=$(find templates -name '*.cs' -path '*/admin/*')
bad=$(
    [ -z "$html" ] || {
        grep -nHE '[[:space:]]style[[:space:]]*=' $html | sed 's/^/inline style: /'
        grep -nHiE '[[:space:]]on[a-z]+[[:space:]]*=[[:space:]]*["'\'']' $html | sed 's/^/inline handler: /'
        grep -nHiE '<script' $html | grep -viE '<script[^>]* src="' | sed 's/^/inline script: /'
        grep -nHiE '<style|javascript:' $html | sed 's/^/inline code: /'
        grep -nHE '<a [^>]*target="_blank"' $html | grep -v noopener | sed 's/^/needs rel=noopener: /'
    }
    find templates -name '*.cs' -exec grep -nHE '<\?cs *uvar|escape: *"none"|<\?cs *evar|<\?cs *lvar' {} + |
        grep -v '/prompts/' | sed 's/^/unescaped: /'
    for t in $(find templates -name '*.cs'); do
        short=${t#templates/}
        stem=$(basename "$t" .cs)
        grep -rqF "\"$short\"" "$LINT_OUT/text" --include='*.c' --include='*.h' && continue
        grep -qF "\"$short\"" cgi-bin/admin/routes_*.inc 2>/dev/null && continue
        grep -rqE "l?include[:!]? *\"([a-z/]*/)?$stem\.cs\"" templates && continue
        grep -rqF "\"$stem.cs\"" "$LINT_OUT/text" && continue
        grep -rqF "\"${short%/*}/\"" "$LINT_OUT/text/lib" "$LINT_OUT/text/cgi-bin" 2>/dev/null && grep -rqF "\"$stem\"" "$LINT_OUT/text" && continue
        echo "nothing uses $t"
    done
    grep -rnE '(^|[^-a-z])(http|https)://(fonts|cdn|unpkg|ajax|www\.google)' templates static 2>/dev/null | sed 's/^/outside resource: /'
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
