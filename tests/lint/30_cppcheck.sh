# cppcheck, results kept by file in build/lint/cppcheck.
mkdir -p "$LINT_OUT/cppcheck"
suppress=(
    --suppress=missingIncludeSystem        # system headers are not its business
    --suppress=normalCheckLevelMaxBranches # says it could look longer, nothing else
    --suppress=unusedFunction              # the linker and the orphan lints know better
    --suppress=unknownMacro:tests/*        # cmocka's test tables
    --suppress=constParameterCallback      # callbacks have the library's signature
    --suppress=constParameter              # the same
    --suppress=constParameterPointer       # the same
    --suppress=constVariablePointer        # style; const where it tells something
    --suppress=variableScope               # one list of locals at the top is house style with goto out
    --suppress=shadowFunction              # statics of other files
    --suppress=knownConditionTrueFalse     # tables that could be longer one day
    --suppress=unreadVariable              # gcc -Wunused does this better; rc = … (void)rc is our must-check idiom
    --suppress=redundantInitialization     # NULL first, for goto out
    --suppress=cstyleCast                  # this is C
)
# cppcheck does not read jansson's header: the shape of its loops is enough
macros=(
    '-Djson_array_foreach(a,i,v)=for(i=0;(v=json_array_get(a,i));i++)'
    '-Djson_object_foreach(o,k,v)=for(k=0;(v=json_object_get(o,k));)'
    '-Djson_object_foreach_safe(o,n,k,v)=for(k=0;(v=json_object_get(o,k));)'
)
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
    --cppcheck-build-dir="$LINT_OUT/cppcheck" -j "$(nproc)" -D_GNU_SOURCE -I. -Ilib -I"$B/gen" \
    --template='{file}:{line}: {id}: {message}' "${macros[@]}" "${suppress[@]}" \
    $(for d in lib cgi-bin ws-bridge worker speech cli; do [ -d $d ] && echo $d; done)
