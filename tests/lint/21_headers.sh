# Each header stands alone, has a guard and says at its top what it is for.
flags="-std=c11 -D_GNU_SOURCE -I. -Ilib -I$B/gen -isystem /usr/include/ClearSilver -isystem /usr/include/flite $(pkg-config --cflags-only-I pocketsphinx 2>/dev/null | sed s/-I/-isystem/g) -Wall -Wextra -Werror -fsyntax-only"
bad=$(
    find lib cgi-bin ws-bridge worker speech cli -name '*.h' | sort | while read -r h; do
        printf '#include "%s"\nextern int desk_lint;\n' "${h#lib/}" | gcc $flags -x c - 2>&1 | head -3 | sed "s|^|$h does not stand alone: |"
        grep -qE '^#ifndef [A-Z0-9_]+_H$' "$h" || echo "$h: no guard …_H"
        head -c 2 "$h" | grep -q '/\*' || echo "$h: no comment at the top"
    done
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
