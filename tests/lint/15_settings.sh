# Every setting is read somewhere; .env.example is what the table says.
bad=$(
    for id in $(grep -oE '\bDESK_S_[A-Z0-9_]+' lib/base/config.h | sort -u | grep -v '__MAX$'); do
        grep -rqw "$id" "$LINT_OUT"/code/{lib,cgi-bin,ws-bridge,worker,speech,cli} \
            --include='*.c' --exclude=config.c --exclude=settings_table.c 2>/dev/null || echo "setting ${id#DESK_S_} is never read"
    done
    if [ -x "$B/bin/frontdesk" ]; then
        diff <("$B/bin/frontdesk" settings example 2>&1) .env.example ||
            echo ".env.example is stale: build/bin/frontdesk settings example >.env.example"
    else
        echo "$B/bin/frontdesk is not built"
    fi
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
