# No function has two homes: a program's own would silently stand in for the library's.
lib=$(find "$B/obj/lib" -name '*.o' 2>/dev/null)
[ -n "$lib" ] || { echo "nothing is built in $B"; exit 1; }
bad=$(
    for zone in ws-bridge worker speech cli cgi-bin:cgi-bin/hook cgi-bin:cgi-bin/api cgi-bin:cgi-bin/admin; do
        own=
        for dir in ${zone//:/ }; do own="$own $(ls "$B/obj/$dir"/*.o 2>/dev/null)"; done
        nm -g --defined-only $lib $own 2>/dev/null | awk 'NF == 3 && $2 ~ /[TDBRC]/ { print $3 }' |
            grep -v '^main$' | sort | uniq -d | sed "s|^|defined twice in what ${zone##*:} links: |"
    done
    # what another folder may call has our prefix
    nm -g --defined-only $lib 2>/dev/null | awk 'NF == 3 && $2 ~ /[TDBRC]/ && $3 !~ /^(desk_|__)/ { print "no prefix desk_: " $3 }' | sort -u
)
[ -z "$bad" ] || { sort -u <<<"$bad"; exit 1; }
