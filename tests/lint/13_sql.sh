# SQL lives in sql/: none in C but for the plumbing in lib/db. Every query there is used.
bad=$(
    cd "$LINT_OUT/text" &&
        grep -rnE '"[^"]*\b(SELECT [a-z(*]|INSERT INTO |UPDATE [a-z_]+ SET|DELETE FROM |CREATE (TABLE|INDEX)|DROP TABLE)' \
            lib cgi-bin ws-bridge worker speech cli 2>/dev/null | grep -v '^lib/db/'
    cd "$OLDPWD" || exit
    for name in $(sed -n 's/^-- name: *//p' sql/queries/*.sql); do
        grep -rqw "DESK_Q_${name^^}" "$LINT_OUT"/code/{lib,cgi-bin,ws-bridge,worker,speech,cli} 2>/dev/null ||
            echo "query $name is not used"
    done
    sed -n 's/^-- name: *//p' sql/queries/*.sql | sort | uniq -d | sed 's/^/query named twice: /'
)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
