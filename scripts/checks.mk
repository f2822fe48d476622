# Everything that checks: test, check, coverage, format, bench, fuzz.
#   make test               all suites; ONLY="unit sql" some of them (check unit sql page fuzz tsan judge e2e web)
#   make check RULES=sizes  one lint of tests/lint
#   make count              all suites, and writes tests/COUNT anew
#   make judge              figures of judgement on tests/eval; RECORD=1 writes down what may not fall
#   make soak MINUTES=10    calls that open, talk, interrupt, hang up and drop, and what that leaves behind
#   make fuzz SECONDS=600   longer, what it finds stays in build/test
SUITES  := $(ONLY)
SECONDS ?= 60
NPROC   := $(shell nproc)
BENCH_C := $(sort $(wildcard tests/bench/bench_*.c))
BENCH   := $(BENCH_C:tests/bench/%.c=$(B)/bench/%)
# what browser tests need beside the programs
WEBT    := $(patsubst tests/web/%.c,$(B)/web/%,$(wildcard tests/web/*.c))
want     = $(if $(SUITES),$(filter $(1),$(SUITES)),$(1))
# our make, with a sanitizer, without ONLY changing what it builds
submake  = $(MAKE) --no-print-directory -j$(NPROC)

.PHONY: test count judge check coverage format bench soak fuzz test-tools test-build test-programs fuzz-programs tsan-programs npm

test-programs: all $(UNIT) $(SQLT) $(PAGE) $(B)/bench/load/load
tsan-programs: $(B)/bench/load/load $(B)/bin/ws-bridge $(B)/bin/speech $(B)/bin/frontdesk $(patsubst tests/%.c,$(B)/%,$(if $(filter tsan,$(SAN)),$(shell tests/threaded.sh)))
fuzz-programs: $(FUZZ)

# One object per source for all fuzz targets, instead of all sources for each of them
FUZZ_SRC := $(filter-out lib/db/% lib/store/% lib/talk/% lib/out/%,$(LIB_SRC))
FUZZ_OBJ := $(FUZZ_SRC:%.c=$(B)/fuzz/obj/%.o)
$(B)/fuzz/obj/%.o: %.c | $(GEN)/queries.h
	@mkdir -p $(@D)
	@echo "  fuzz $@"
	$(Q)clang $(filter-out -fsanitize=%,$(FUZZ_FLAGS)) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -MMD -MP -c -o $@ $<
$(FUZZ): $(B)/fuzz/fuzz_%: $(B)/fuzz/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJ)
	@mkdir -p $(@D)
	$(Q)clang -fsanitize=fuzzer,address,undefined -o $@ $^ -ljansson -lcrypto -lspeexdsp -lm -pthread
-include $(shell find $(B)/fuzz/obj -name '*.d' 2>/dev/null)

test-tools:
	@if [ -x scripts/install-packages.sh ]; then scripts/install-packages.sh test; fi

# Exact versions, no lock file (it would name this machine's package server); again only when changed
npm: build/npm.stamp
build/npm.stamp: tests/package.json
	@mkdir -p build
	cd tests && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

test-build: test-tools
	@$(submake) all $(BENCH)
	$(if $(call want,unit sql page e2e),@$(submake) SAN=san test-programs)
	$(if $(call want,tsan),@$(submake) SAN=tsan tsan-programs)
	$(if $(call want,fuzz),@$(submake) fuzz-programs)
	$(if $(call want,web),@$(submake) $(WEBT))
	$(if $(call want,tsan e2e web),@$(submake) npm)

test: test-build
	@node tests/run.mjs $(SUITES)
count: test-build
	@RECORD=1 node tests/run.mjs $(SUITES)

# Emergencies, routing, dates, screening, escalation, numbers, masking: how often right, and how sure
judge: test-tools $(B)/bin/frontdesk
	@BUILD=$(B) node tests/eval/score.mjs $(if $(RECORD),--record) $(if $(ERRORS),--errors $(ERRORS))

check: test-tools
	@$(submake) all
	@tests/lint/run.sh $(RULES)

fuzz: test-tools
	@$(submake) fuzz-programs
	@FUZZ_SECONDS=$(SECONDS) node tests/run.mjs fuzz

format: test-tools
	find lib cgi-bin ws-bridge worker speech cli tests -name node_modules -prune -o -name '*.[ch]' -print | xargs clang-format -i

# Line coverage of our own C over every suite that runs it; 80 % or it fails
COVER_MIN ?= 80
coverage: test-tools npm
	@$(submake) all
	@$(submake) SAN=cov test-programs
	@find build/cov -name '*.gcda' -delete
	@mkdir -p build/cov/report
	@BUILD=build/cov node tests/run.mjs unit sql page e2e; tests=$$?; \
	gcovr --root . --object-directory build/cov --filter 'lib/' --filter 'cgi-bin/' --filter 'ws-bridge/' --filter 'worker/' \
	    --filter 'speech/' --filter 'cli/' --gcov-ignore-parse-errors --print-summary \
	    --fail-under-line $(COVER_MIN) --txt build/cov/report/lines.txt; cover=$$?; \
	echo "line by line: build/cov/report/lines.txt"; exit $$((tests | cover))

# Costs as ratios to a floor measured in the same run (absolute times mean nothing on shared cores)
$(B)/bench/%: $(B)/obj/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(LIB) $(LINK_$(@F)) $(LIBS)
$(B)/bench/bench_page: $(B)/obj/tests/bench/bench_page.o $(call zone_obj,admin) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
# calls through relay, bridge and nginx: its own folder, one program (what it prints: tests/bench/load/main.c)
LOAD_OBJ := $(call src,tests/bench/load) $(addprefix $(B)/obj/cli/,nginx_conf.o setup.o business_file.o)
$(B)/bench/load/load: $(LOAD_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lssl $(LIBS)
# calls of every kind for so long; what must hold is printed at the end
MINUTES ?= 10
soak: test-tools
	@$(submake) all $(B)/bench/load/load
	@BUILD=$(B) $(B)/bench/load/load soak $$(( $(MINUTES) * 60 ))
bench: test-tools
	@$(submake) all $(BENCH) $(B)/bench/load/load $(B)/bench/million $(B)/bench/hook_load $(B)/bench/empty_fcgi $(B)/web/serve
	@printf '%-44s %12s %12s %8s\n' what ns/op 'floor ns/op' ratio
	@for b in $(BENCH); do $$b || exit 1; done
	@BUILD=$(B) $(B)/bench/load/load table
	@BUILD=$(B) node tests/bench/hooks.mjs
	@BUILD=$(B) node tests/bench/million.mjs
