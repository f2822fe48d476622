# Frontdesk. One file, not recursive: programs and tests are found by folder.
#   make            build everything into build/
#   make demo       install what is missing, start the whole stack, place one call, stop
#   make run        the stack in the foreground
#   make test       everything that can be checked; ends with "N passed, N failed"
# The README says more. SAN=san|tsan|cov builds the same tree into build/$(SAN)/ with sanitizers.

CC      = gcc
B      := build$(if $(SAN),/$(SAN))
GEN    := $(B)/gen
PREFIX ?= /usr
SHELL  := /bin/bash
Q      := $(if $(V),,@)
# V=1 shows the commands

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
        -Wcast-qual -Wformat=2 -Wno-format-truncation -Wno-format-zero-length -Werror
SAN_san  := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
SAN_tsan := -O1 -fno-omit-frame-pointer -fsanitize=thread
SAN_cov  := -O0 --coverage -fprofile-update=atomic
SPHINX   := $(shell pkg-config --cflags-only-I pocketsphinx 2>/dev/null | sed 's/-I/-isystem /g')
CPPFLAGS := -D_GNU_SOURCE -DDESK_PREFIX='"$(PREFIX)"' -I. -Ilib -I$(GEN) \
            -isystem /usr/include/ClearSilver -isystem /usr/include/flite $(SPHINX)
CFLAGS   := -std=c11 -g $(if $(SAN),$(SAN_$(SAN)),-O2) $(WARN) -fstack-protector-strong -pthread
LDFLAGS  := -pthread -Wl,--as-needed $(SAN_$(SAN))

# ---- what links what: a program alone links its own library ------------------------------------
LIBS        := -lneo_cgi -lneo_cs -lneo_utl -lz -lsqlite3 -lsodium -ljansson -lcrypto -lm
LIBS_fcgi   := -lfcgi
LIBS_worker := -ljpeg -lpng -lgif -lwebp -lwebpdemux
LIBS_lws    := -lwebsockets -lev
LIBS_bridge := $(LIBS_lws) -lssl -lspeexdsp
FLITE       := -lflite_cmu_us_slt -lflite_cmu_us_rms -lflite_cmu_us_kal -lflite_usenglish -lflite_cmulex -lflite
LIBS_speech := $(LIBS_lws) -lpocketsphinx -lsphinxbase $(FLITE) -lspeexdsp
LIBS_cli    := -lwebsockets -lexpat -lsndfile -lspeexdsp $(FLITE)

GEN_C   := $(GEN)/queries.c $(GEN)/migrations.c
LIB_SRC := $(wildcard lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o) $(GEN_C:$(GEN)/%.c=$(B)/obj/gen/%.o)
LIB     := $(B)/libfrontdesk.a
WEB_SRC := $(wildcard cgi-bin/*.c)
WEB_OBJ := $(WEB_SRC:%.c=$(B)/obj/%.o)
src      = $(patsubst %.c,$(B)/obj/%.o,$(wildcard $(1)/*.c))

PROGRAMS := $(B)/bin/frontdesk $(B)/bin/ws-bridge $(B)/bin/worker $(B)/bin/speech \
            $(B)/cgi-bin/hook.fcgi $(B)/cgi-bin/api.fcgi $(B)/cgi-bin/admin.fcgi

.PHONY: all
all: $(PROGRAMS)

$(B)/bin/frontdesk: $(call src,cli) $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_cli) $(LIBS)
$(B)/bin/ws-bridge: $(call src,ws-bridge) $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_bridge) $(LIBS)
$(B)/bin/worker: $(call src,worker) $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_worker) $(LIBS)
$(B)/bin/speech: $(call src,speech) $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_speech) $(LIBS)
$(B)/cgi-bin/hook.fcgi: $(call src,cgi-bin/hook) $(WEB_OBJ) $(LIB)
$(B)/cgi-bin/api.fcgi: $(call src,cgi-bin/api) $(WEB_OBJ) $(LIB)
$(B)/cgi-bin/admin.fcgi: $(call src,cgi-bin/admin) $(WEB_OBJ) $(LIB)
$(B)/cgi-bin/%.fcgi:
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_fcgi) $(LIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/obj/%.o: %.c | $(GEN)/queries.h
	@mkdir -p $(@D)
	@echo "  cc   $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	@echo "  cc   $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# SQL text becomes an enum and an array: no SQL in any .c file
$(GEN)/queries.c $(GEN)/queries.h &: $(wildcard sql/queries/*.sql) scripts/gen-queries.awk
	@mkdir -p $(@D)
	$(Q)awk -v out=$(GEN)/queries -f scripts/gen-queries.awk $(sort $(wildcard sql/queries/*.sql))
$(GEN)/migrations.c: $(wildcard sql/migrations/*.sql) scripts/gen-migrations.awk
	@mkdir -p $(@D)
	$(Q)awk -f scripts/gen-migrations.awk $(sort $(wildcard sql/migrations/*.sql)) > $@

# ---- tests -------------------------------------------------------------------------------------
UNIT := $(patsubst tests/unit/test_%.c,$(B)/unit/test_%,$(wildcard tests/unit/test_*.c))
PAGE := $(patsubst tests/page/test_%.c,$(B)/page/test_%,$(wildcard tests/page/test_*.c))
SQLT := $(patsubst tests/sql/test_%.c,$(B)/sql/test_%,$(wildcard tests/sql/test_*.c))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,$(B)/fuzz/fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))

# tests may include the .c under test, so they see statics; the library supplies the rest
$(B)/unit/test_%: $(B)/obj/tests/unit/test_%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(filter %.o,$(EXTRA_$*)) $(LIB) -lcmocka $(LINK_$*) $(LIBS)
$(B)/sql/test_%: $(B)/obj/tests/sql/test_%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $< $(LIB) -lcmocka $(LIBS)
# a page test (test_ZONE or test_ZONE_more) links one zone's routes and handlers (all but its main)
# and the web floor without fcgi.c
zone_obj = $(filter-out %/main.o,$(call src,cgi-bin/$(1))) $(filter-out %/fcgi.o,$(WEB_OBJ))
define page_test
$(B)/page/$(1): $(B)/obj/tests/page/$(1).o $(call zone_obj,$(word 2,$(subst _, ,$(1)))) $(LIB)
	@mkdir -p $$(@D)
	@echo "  link $$@"
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ -lcmocka $(LIBS)
endef
$(foreach t,$(notdir $(PAGE)),$(eval $(call page_test,$(t))))

# helpers of the browser tests: a filled data folder, and a listening socket as fd 0
$(B)/web/%: $(B)/obj/tests/web/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# what scripts/train-linear.mjs asks for the features of a text
$(B)/train/%: $(B)/obj/scripts/train/%.o $(LIB)
	@mkdir -p $(@D)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# clang's libFuzzer over the same sources; built apart because of the compiler
FUZZ_FLAGS := -std=c11 -g -O1 -D_GNU_SOURCE -DDESK_PREFIX='"$(PREFIX)"' -I. -Ilib -I$(GEN) -fsanitize=fuzzer,address,undefined
$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(filter-out lib/db/% lib/store/% lib/talk/% lib/out/%,$(LIB_SRC)) | $(GEN)/queries.h
	@mkdir -p $(@D)
	@echo "  fuzz $@"
	$(Q)clang $(FUZZ_FLAGS) -o $@ $(filter %.c,$^) -ljansson -lcrypto -lspeexdsp -lm -pthread

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
.SECONDARY:

# per-test additions: objects of a program a unit test needs, and libraries
KIND_OBJ := $(patsubst %,$(B)/obj/worker/%.o,kinds probe telegram_send dtools_lead recording_fetch transcribe owner_text call_out webhook remind_call picture_fetch \
              google google_look google_event google_sync google_connect calendar_import sheet_row)
EXTRA_voicemail := $(KIND_OBJ)
EXTRA_picture := $(KIND_OBJ) $(patsubst %,$(B)/obj/worker/%.o,small small_decode small_gif small_webp small_heif files)
EXTRA_webhook_worker := $(KIND_OBJ) $(B)/obj/worker/deliver.o
EXTRA_probe_worker := $(KIND_OBJ)
EXTRA_dtools := $(KIND_OBJ) $(B)/obj/worker/deliver.o
EXTRA_remind_call := $(KIND_OBJ) $(patsubst %,$(B)/obj/worker/%.o,deliver reminders occasions)
EXTRA_jobs := $(patsubst %,$(B)/obj/worker/%.o,jobs job_kinds)
$(B)/unit/test_jobs: $(EXTRA_jobs)
$(B)/unit/test_voicemail: $(EXTRA_voicemail)
$(B)/unit/test_picture: $(EXTRA_picture)
$(B)/unit/test_webhook_worker: $(EXTRA_webhook_worker)
$(B)/unit/test_probe_worker: $(EXTRA_probe_worker)
$(B)/unit/test_dtools: $(EXTRA_dtools)
$(B)/unit/test_remind_call: $(EXTRA_remind_call)
LINK_speech := $(LIBS_speech)
LINK_sentences := $(LIBS_speech)
LINK_call_twiml := -lexpat
LINK_picture := $(LIBS_worker) -lwebpmux
LINK_warm := -lev
LINK_watchdog := -lev
LINK_webhook_send := -Wl,--export-dynamic-symbol=getaddrinfo,--export-dynamic-symbol=freeaddrinfo
LINK_turns := $(LIBS_speech)
LINK_resume := $(LIBS_speech)
LINK_ear := $(FLITE) -lspeexdsp
LINK_bench_ear := -lspeexdsp
LINK_empty_fcgi := -lfcgi

include scripts/targets.mk
include scripts/checks.mk
