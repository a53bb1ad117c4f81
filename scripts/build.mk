# What is compiled and linked, and how.  The Makefile calls this one after the
# packages are there; called by hand it takes the same variables:
#
#   TEST_CLOCK=1    programs that read an injected clock       -> build-test/
#   SANITIZE=...    gcc's -fsanitize list                      -> build*-asan/
#   BUILD=folder    objects somewhere else
#   ROOMS="a b"     these rooms only (a library of part of the house)

TEST_CLOCK ?=
SANITIZE   ?=
LOCKED     ?=
BUILD      ?= build$(if $(TEST_CLOCK),-test)$(if $(SANITIZE),-asan)
ROOMS      ?= $(shell awk '!/^#/ && NF { print $$1 }' ngx_gov_module/rooms)

# Two makes never work in one folder at a time: files are written anew in place
# (the library, nginx's own Makefile), and the other would read half of them.
# So the first call takes the folder's lock and calls this file again.

ifeq ($(LOCKED),)

GOALS := $(or $(MAKECMDGOALS),all)

.PHONY: $(GOALS) locked

$(GOALS): locked
	@:

locked:
	@mkdir -p $(BUILD)
	+@flock -o $(BUILD)/lock $(MAKE) --no-print-directory \
	    -f $(firstword $(MAKEFILE_LIST)) LOCKED=1 $(GOALS)

else

B    := $(BUILD)
ROOT := ngx_gov_module

PACKAGES := jansson msgpack lmdb libcrypto zlib libdeflate libbrotlienc \
            lua5.4 gumbo md4c md4c-html libidn2 libmicrohttpd libcurl \
            libargon2 liboath libqrencode

ifneq ($(SANITIZE),)
HARDEN := -U_FORTIFY_SOURCE -fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
          -fno-sanitize-recover=all
else
HARDEN := -D_FORTIFY_SOURCE=2
endif

# One section a function, and those that nobody calls are left out: the module
# must not carry what writes, nor the libraries that only writing needs.

SECTIONS := -ffunction-sections -fdata-sections

WARN     := -Wall -Wextra -Werror
CFLAGS   := -std=gnu11 -O2 -g -fPIC -pthread $(WARN) \
            -fstack-protector-strong -fstack-clash-protection \
            -fcf-protection $(SECTIONS) $(HARDEN)
CPPFLAGS := -I$(ROOT) $(shell pkg-config --cflags $(PACKAGES)) \
            $(if $(TEST_CLOCK),-DGOV_TEST_CLOCK -DGOV_TEST)
LDFLAGS  := -pthread -Wl,-z,relro,-z,now,--as-needed,--gc-sections \
            $(if $(SANITIZE),-fsanitize=$(SANITIZE))
LDLIBS   := $(shell pkg-config --libs $(PACKAGES)) -lzxcvbn -lm

# What reads foreign formats is in a program of its own, and so are its
# libraries.

LOOK        := libmagic vips libarchive
LOOK_CFLAGS := $(shell pkg-config --cflags $(LOOK))
LOOK_LIBS   := $(shell pkg-config --libs $(LOOK))

MAINS    := $(ROOT)/govd/govd_main.c $(ROOT)/ctl/govctl_main.c \
            $(ROOT)/look/govlook_main.c
SOURCES  := $(foreach room,$(ROOMS),$(sort $(wildcard $(ROOT)/$(room)/*.c)))
CORE     := $(filter-out $(ROOT)/nginx/% $(MAINS),$(SOURCES))
object    = $(patsubst $(ROOT)/%.c,$(B)/obj/%.o,$(1))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: core govd govctl govlook module units crash all FORCE

all:    core govd govctl govlook module
core:   $(B)/libgov.a
govd:   $(B)/govd
govctl: $(B)/govctl
govlook: $(B)/govlook
module: $(B)/ngx_http_gov_module.so

FORCE:

# A file that is touched only when its text changes: flags, and which sources
# there are (a removed one must leave the library).

keep = @mkdir -p $(@D); printf '%s\n' '$(strip $(1))' >$@.new; \
        if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(B)/flags: FORCE
	$(call keep,$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LDLIBS) \
	    $(LOOK_CFLAGS) $(LOOK_LIBS))

$(B)/sources: FORCE
	$(call keep,$(CORE))

$(B)/obj/%.o: $(ROOT)/%.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/look/%.o: CPPFLAGS += $(LOOK_CFLAGS)

$(B)/libgov.a: $(call object,$(CORE)) $(B)/sources
	@rm -f $@
	@ar qcs $@ $(filter %.o,$^)

$(B)/govd: $(B)/obj/govd/govd_main.o $(B)/libgov.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/govctl: $(B)/obj/ctl/govctl_main.o $(B)/libgov.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/govlook: $(B)/obj/look/govlook_main.o $(B)/libgov.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LOOK_LIBS)

# Unit tests: tests/unit/ROOM/t_FILE.c, each a program of its own.

UNITS := $(patsubst tests/unit/%.c,$(B)/unit/%,\
            $(sort $(wildcard tests/unit/*/t_*.c)))

units: $(UNITS)

$(B)/unit/look/%: LDLIBS += $(LOOK_LIBS)
$(B)/unit/look/%: CPPFLAGS += $(LOOK_CFLAGS)

$(B)/unit/%: tests/unit/%.c $(B)/libgov.a $(B)/flags
	@mkdir -p $(@D)
	@rm -f $@
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) \
	    -o $@ $< $(B)/libgov.a $(LDLIBS) $$(pkg-config --libs cmocka)

# What a page costs without a copy, a commit, and who publishes, for
# tests/bench.

$(B)/bench/%: tests/bench/%.c $(B)/libgov.a $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libgov.a $(LDLIBS)

# Points inside LMDB's commit, preloaded by tests/crash.

$(B)/crash/disk.so: tests/crash/disk.c $(ROOT)/base/gov_point.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(filter-out $(HARDEN),$(CFLAGS)) -shared -o $@ \
	    $(filter %.c,$^) -ldl

$(B)/crash/cut: tests/crash/cut.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $<

crash: $(B)/crash/disk.so $(B)/crash/cut

# The module, as Debian's own build system for nginx modules does it: in the
# source tree of nginx-dev, with its flags, everything written to $(B)/nginx.

NGINX_SRC    ?= /usr/share/nginx/src
MODULE_SRC   := $(sort $(wildcard $(ROOT)/nginx/*.c))
MODULE_FLAGS := -O2 -g -fPIC $(WARN) -Wno-unused-parameter \
                -fstack-protector-strong -fstack-clash-protection \
                -fcf-protection $(HARDEN) \
                $(if $(TEST_CLOCK),-DGOV_TEST_CLOCK -DGOV_TEST)

$(B)/module_sources: FORCE
	$(call keep,$(MODULE_SRC))

$(B)/nginx/Makefile: config $(ROOT)/rooms $(B)/flags $(B)/module_sources \
                     $(NGINX_SRC)/conf_flags scripts/build.mk
	@rm -rf $(B)/nginx
	@mkdir -p $(B)/nginx
	@echo "configuring nginx's module ($(B)/configure.log)"
	@root=$$PWD && cd $(NGINX_SRC) && GOV_BUILD=$(abspath $(B)) bash -c '\
	    . ./conf_flags; exec ./configure "$${NGX_CONF_FLAGS[@]}" "$$@"' - \
	    --with-cc-opt='$(MODULE_FLAGS)' \
	    --with-ld-opt='$(LDFLAGS) -fPIC' \
	    --add-dynamic-module=$$root --builddir=$(abspath $(B))/nginx \
	    >$(abspath $(B))/configure.log 2>&1 \
	    || { tail -5 $(abspath $(B))/configure.log; exit 1; }

$(B)/ngx_http_gov_module.so: $(B)/nginx/Makefile $(B)/libgov.a $(MODULE_SRC) \
                             $(wildcard $(ROOT)/*/*.h)
	@rm -f $(B)/nginx/ngx_http_gov_module.so
	$(MAKE) --no-print-directory -f $(abspath $(B))/nginx/Makefile \
	    -C $(NGINX_SRC) modules
	@rm -f $@
	@cp $(B)/nginx/ngx_http_gov_module.so $@

-include $(patsubst %.o,%.d,$(call object,$(SOURCES))) $(addsuffix .d,$(UNITS))

endif
