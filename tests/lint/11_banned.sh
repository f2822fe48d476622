# Calls that overflow, block, or depend on the machine's locale and zone.
cd "$LINT_OUT/code" || exit 2
calls='strcpy|strcat|sprintf|vsprintf|strncpy|strtok|atoi|atol|atof|gets|sscanf|localtime|gmtime|asctime|ctime|mktime|system|popen|alloca|setlocale|tmpnam|mktemp'
bad=$(grep -rnE "(^|[^a-zA-Z0-9_>.])($calls)\s*\(" lib cgi-bin ws-bridge worker speech cli tests 2>/dev/null
    # tests may roll dice with a seed; programs ask the kernel (base/ids.h)
    grep -rnE "(^|[^a-zA-Z0-9_>.])s?rand(om)?\s*\(" lib cgi-bin ws-bridge worker speech cli 2>/dev/null)
[ -z "$bad" ] || { echo "$bad"; exit 1; }
