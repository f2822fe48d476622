# clang-tidy with .clang-tidy; a file is looked at again only when it, what it includes or the
# settings changed (a stamp by hash in build/lint/tidy).
out=$LINT_OUT/tidy
mkdir -p "$out"
flags="-std=c11 -D_GNU_SOURCE -I. -Ilib -I$B/gen -isystem /usr/include/ClearSilver -isystem /usr/include/flite"
flags="$flags $(pkg-config --cflags-only-I pocketsphinx 2>/dev/null | sed 's/-I/-isystem /g')"
export out flags
tidy() {
    local hash log
    hash=$({ cat .clang-tidy "$1"; gcc $flags -DDESK_PREFIX='""' -E -P "$1"; } 2>/dev/null | sha256sum | cut -c1-40)
    [ -e "$out/$hash" ] && return 0
    log=$(clang-tidy --quiet --warnings-as-errors='*' "$1" -- $flags -DDESK_PREFIX='""' 2>/dev/null)
    if grep -q 'error:' <<<"$log"; then
        grep -E 'error:' <<<"$log" | sed "s|$PWD/||; s/,-warnings-as-errors//"
        return 1
    fi
    : >"$out/$hash"
}
export -f tidy
find lib cgi-bin ws-bridge worker speech cli -name '*.c' | sort |
    nice xargs -P "$(nproc)" -I{} bash -c 'tidy {}'
