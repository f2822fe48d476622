# Which folder may name which library, and which folder may include which.
cd "$LINT_OUT/code" || exit 2
bad=$(
    while read -r where token; do
        grep -rnE "\b$token" --include='*.[ch]' lib cgi-bin ws-bridge worker speech cli 2>/dev/null |
            grep -vE "^$where" | awk -v w="$where" -v t="$token" '{ print "only " w " names " t "…: " $0 }'
    done <<'RULES'
lib/db/ sqlite3_
cgi-bin/fcgi\.c: FCGX_
lib/talk/template\.c: (hdf|cs|nerr)_[a-z]
lib/out/(http|curl_lazy)\.[ch]: curl_
worker/small_heif\.c: heif_[a-z]
worker/small_webp\.c: WebP[A-Z]
worker/small_gif\.c: DGif[A-Z]
(ws-bridge/(main|leg_[a-z_]+)\.c|speech/server(_http)?\.c|cli/call_socket\.c): lws_[a-z0-9_]+\s*\(
RULES
    # folder: the folders it may include from
    while IFS=: read -r folder may; do
        [ -d "$folder" ] || continue
        grep -rnE '^\s*#\s*include "' "$folder" |
            grep -vE "#\s*include \"(${may})" | awk -v f="$folder" '{ print f " may not include: " $0 }'
    done <<'RULES'
lib/base:base/
lib/wire:base/|wire/
lib/core:base/|core/
lib/db:base/|db/
lib/store:base/|db/|store/|queries\.h"
lib/out:base/|wire/|core/|store/|db/|out/
lib/talk:base/|wire/|core/|store/|db/|out/|talk/
worker:(base|wire|core|store|db|out|talk)/|worker/
speech:(base|wire|core|store|db|out|talk)/|speech/
cli:(base|wire|core|store|db|out|talk)/|cli/
ws-bridge:(base|wire|core|store|db|out|talk)/|ws-bridge/
cgi-bin/hook:(base|wire|core|store|db|out|talk)/|cgi-bin/[a-z_]+\.h|cgi-bin/hook/
cgi-bin/api:(base|wire|core|store|db|out|talk)/|cgi-bin/[a-z_]+\.h|cgi-bin/api/
cgi-bin/admin:(base|wire|core|store|db|out|talk)/|cgi-bin/[a-z_]+\.h|cgi-bin/admin/
RULES
    grep -nE '^\s*#\s*include "' cgi-bin/*.[ch] 2>/dev/null |
        grep -vE '#\s*include "((base|wire|core|store|db|out|talk)/|cgi-bin/[a-z_]+\.h)' |
        sed 's/^/the web floor may not include: /'
    grep -rnE '#\s*include "db/internal\.h"' lib cgi-bin ws-bridge worker speech cli 2>/dev/null |
        grep -v '^lib/db/' | sed 's/^/inside lib\/db only: /'
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
