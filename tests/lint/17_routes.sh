# Every route of every zone is asked for by a page test or an end-to-end test.
bad=$(
    for zone in hook api admin; do
        bin=$B/cgi-bin/$zone.fcgi
        [ -x "$bin" ] || { echo "$bin is not built"; continue; }
        routes=$("$bin" --routes 2>/dev/null)
        [ -n "$routes" ] || { echo "$bin --routes prints nothing"; continue; }
        # first word that starts with a slash is the path; ":id" stands for anything
        while read -r path; do
            # a test may build the address: "%s" stands for any segment but the first
            pattern=$(sed -E 's/[.+*]/\\&/g; s#/([a-z][a-z_-]*)#/(\1|%s)#g; s#^/\(([^|]*)\|%s\)#/\1#; s/:[a-z_]+/[^"\/? ]+/g' <<<"$path")
            grep -rqE "[\"'\`}]$pattern([\"'\`?#]|\\\$)" tests/page tests/e2e tests/web --include='*.c' --include='*.mjs' --include='*.h' 2>/dev/null ||
                echo "$zone: no test asks for $path"
        done < <(grep -oE '(^|[[:space:]])/[^[:space:]]*' <<<"$routes" | tr -d ' \t' | sort -u)
    done
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
