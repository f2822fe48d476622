# Functions ≤ 100 lines and complexity ≤ 20, files ≤ 800 lines. Over 60/10/400 is worth a look.
files=$(find lib cgi-bin ws-bridge worker speech cli -name '*.[ch]' 2>/dev/null | sort)
# pmccabe: modified complexity, complexity, statements, first line, lines, file(line): function
pmccabe $files | awk '
    { sub(/:$/, "", $6); name = $7 }
    $5 > 100 || $1 > 20 { printf "%s: %s has %d lines, complexity %d\n", $6, name, $5, $1; bad = 1; next }
    $5 > 60 || $1 > 10  { notes++ }
    END { if (notes) printf "note: %d functions over 60 lines or complexity 10\n", notes; exit bad }'
rc=$?
wc -l $files | awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines"; bad = 1 }
    $2 != "total" && $1 > 400 && $1 <= 800 { big = big " " $2 "(" $1 ")" }
    END { if (big) print "note: files over 400 lines:" big; exit bad }' || rc=1
exit $rc
