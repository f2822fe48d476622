# sql/migrations/NNNN_name.sql → C array desk_migrations (text of each, in order of number).
BEGIN { print "/* made by scripts/gen-migrations.awk */\n#include \"db/migrate.h\"\n#include <stddef.h>\nconst struct desk_migration desk_migrations[] = {" }
FNR == 1 {
    if (n++) print "    \"\"},"
    f = FILENAME; sub(/.*\//, "", f)
    print "    {" (substr(f, 1, 4) + 0) ", \"" f "\","
}
{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); print "     \"" $0 "\\n\"" }
END { if (n) print "    \"\"},"; print "    {0, NULL, NULL}};" }
