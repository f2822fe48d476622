# sql/queries/*.sql → OUT.h (enum desk_query_id) and OUT.c (array desk_queries).
# A block is:   -- name: call_insert
#               -- fields: call          (optional: {columns}/{values}/{sets} come from its table)
#               -- plan: idx_name        (optional: the test demands this index)
#               SQL text up to the next name
function flush_block() {
    if (name == "") return
    gsub(/[ \n]+$/, "", body)
    gsub(/\\/, "\\\\", body); gsub(/"/, "\\\"", body); gsub(/\n/, "\\n\"\n        \"", body)
    enums = enums "    DESK_Q_" toupper(name) ", /* " file " */\n"
    rows = rows "    [DESK_Q_" toupper(name) "] = {\"" name "\", " (fields == "" ? "NULL" : "&desk_" fields "_fields") ", " \
        (plan == "" ? "NULL" : "\"" plan "\"") ",\n        \"" body "\"},\n"
    if (fields != "" && !(fields in seen)) { seen[fields] = 1; externs = externs "extern const struct desk_fields desk_" fields "_fields;\n" }
    name = ""; body = ""; fields = ""; plan = ""
}
FNR == 1 { flush_block(); file = FILENAME }
/^-- name: / { flush_block(); name = $3; next }
/^-- fields: / { fields = $3; next }
/^-- plan: / { plan = $3; next }
/^--/ { next }
name != "" && (body != "" || $0 != "") { body = body $0 "\n" }
END {
    flush_block()
    h = out ".h"; c = out ".c"
    print "/* made by scripts/gen-queries.awk from sql/queries */\n#ifndef DESK_GEN_QUERIES_H\n#define DESK_GEN_QUERIES_H\n#include \"db/db.h\"\nenum desk_query_id {" > h
    printf "%s", enums > h
    print "    DESK_Q__MAX\n};\nextern const struct desk_query desk_queries[DESK_Q__MAX];\n#endif" > h
    print "/* made by scripts/gen-queries.awk from sql/queries */\n#include \"queries.h\"\n#include \"db/fields.h\"\n#include <stddef.h>\n" externs > c
    print "const struct desk_query desk_queries[DESK_Q__MAX] = {" > c
    printf "%s", rows > c
    print "};" > c
}
