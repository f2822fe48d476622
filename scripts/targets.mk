# What people type: demo, run, install. (test, check and the like: scripts/checks.mk)

# First what is missing, then a make of its own: only then is what pkg-config says worth reading.
.PHONY: packages demo run
packages:
	@scripts/install-packages.sh build run

demo: packages
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@$(B)/bin/frontdesk demo

run: packages
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@exec $(B)/bin/frontdesk run

# ---- .env.example is made from the settings table -------------------------------------------------
.env.example: $(B)/bin/frontdesk
	@env -i $(B)/bin/frontdesk settings example > $@.new
	@if cmp -s $@ $@.new; then rm $@.new; touch $@; else mv $@.new $@; fi

.PHONY: check-env-example
check-env-example: $(B)/bin/frontdesk
	@env -i $(B)/bin/frontdesk settings example | diff - .env.example || \
	    { echo ".env.example is not what the settings table says: make .env.example"; exit 1; }

# ---- make install DESTDIR= PREFIX= HOST= CERT= RECORDING= ---------------------------------------------
# Programs, share files, systemd units and the nginx site of a public host. Starts nothing, enables
# nothing; the last lines it prints say what comes next.
HOST      ?= desk.example.com
CERT      ?= /etc/letsencrypt/live/$(HOST)
# false: the fallback without programs asks for no recorded message (as RECORDING_ENABLED)
RECORDING ?= true
# json: nginx's log as one JSON object a line (as the setting LOG_FORMAT of the programs)
LOG_FORMAT ?= text
# bridge processes that share the calls: one carries hundreds; more than one for more cores
BRIDGES   ?= 1
# (8082 is the offline voice's)
BRIDGE_PORTS := 8081 $(shell seq 8083 $$((8081 + $(BRIDGES))))
BRIDGE_HOMES := $(if $(filter-out 1,$(BRIDGES)),$(join $(patsubst %,/media-stream/%-,$(shell seq $(BRIDGES))),$(BRIDGE_PORTS:%=127.0.0.1:%;)))
BRIDGE_UNITS := $(BRIDGE_PORTS:%=frontdesk-bridge@%.service)
LIBDIR    := $(PREFIX)/lib/frontdesk
SHAREDIR  := $(PREFIX)/share/frontdesk
UNITDIR   := $(PREFIX)/lib/systemd/system
SYSUSERS  := $(PREFIX)/lib/sysusers.d
UNITS     := $(wildcard scripts/systemd/*.service scripts/systemd/*.socket scripts/systemd/*.target scripts/systemd/*.timer)
SITE_WORDS := -e 's|@SHARE@|$(SHAREDIR)|g' -e 's|@HOST@|$(HOST)|g' -e 's|@CERT@|$(CERT)|g' -e 's|@FORMAT@|frontdesk$(if $(filter json,$(LOG_FORMAT)),_json)|g' \
              -e 's|@HOOK@|/run/frontdesk/hook.sock|g' -e 's|@API@|/run/frontdesk/api.sock|g' \
              -e 's|@ADMIN@|/run/frontdesk/admin.sock|g' -e 's|@BRIDGE@|$(BRIDGE_PORTS:%=server 127.0.0.1:% max_fails=0;)|g' \
              -e 's|@HOMES@|$(subst -127, 127,$(BRIDGE_HOMES))|g' \
              -e 's|@FALLBACK@|$(if $(filter false,$(RECORDING)),fallback,fallback-record).xml|g'
D         := $(DESTDIR)

.PHONY: install
install: $(if $(DESTDIR),,packages)
	@$(MAKE) --no-print-directory -j$$(nproc) all
	install -d $(D)$(LIBDIR)/bin $(D)$(LIBDIR)/cgi-bin $(D)$(PREFIX)/bin $(D)$(SHAREDIR)/nginx \
	    $(D)$(UNITDIR) $(D)$(SYSUSERS) $(D)/etc/frontdesk $(D)/etc/nginx/sites-available
	install -m 755 $(filter $(B)/bin/%,$(PROGRAMS)) $(D)$(LIBDIR)/bin/
	install -m 755 $(filter $(B)/cgi-bin/%,$(PROGRAMS)) $(D)$(LIBDIR)/cgi-bin/
	ln -sf ../lib/frontdesk/bin/frontdesk $(D)$(PREFIX)/bin/frontdesk
	for dir in templates static businesses; do \
	    (cd $$dir && find . -type f -exec install -D -m 644 {} $(D)$(SHAREDIR)/$$dir/{} \;) || exit 1; done
	install -m 644 nginx/*.in nginx/*.xml $(D)$(SHAREDIR)/nginx/
	for f in maps server; do sed $(SITE_WORDS) nginx/$$f.conf.in > $(D)$(SHAREDIR)/nginx/$$f.conf || exit 1; done
	sed $(SITE_WORDS) nginx/frontdesk-site.conf.in > $(D)/etc/nginx/sites-available/frontdesk
	for u in $(UNITS); do \
	    sed -e '/^@COMMON@$$/{r scripts/systemd/common.conf' -e 'd}' $$u | \
	        sed -e 's|@LIB@|$(LIBDIR)|g' -e 's|@BRIDGES@|$(BRIDGE_UNITS)|g' -e 's|@PORTS@|$(strip $(BRIDGE_PORTS))|g' \
	        > $(D)$(UNITDIR)/$${u##*/} || exit 1; done
	install -m 644 scripts/systemd/frontdesk.sysusers $(D)$(SYSUSERS)/frontdesk.conf
	install -m 644 .env.example $(D)/etc/frontdesk/frontdesk.env.example
	@echo
	@echo "Installed. What comes next, on the host itself:"
	@echo "  systemd-sysusers; systemctl daemon-reload; systemctl enable --now frontdesk.target"
	@echo "  then the nginx site: see the head of /etc/nginx/sites-available/frontdesk"

