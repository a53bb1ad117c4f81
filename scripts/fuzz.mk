# The fuzz targets, tests/fuzz/f_NAME.c, on top of build.mk:
#
#   make -f scripts/fuzz.mk fuzz             replay programs, any compiler
#   make -f scripts/fuzz.mk fuzz FUZZER=1    clang's libFuzzer  -> build-fuzz/

ifneq ($(FUZZER),)
CC         := clang
BUILD      := build-fuzz
SANITIZE   := fuzzer-no-link,address,undefined
TEST_CLOCK := 1
endif

# An empty string may be { 0, NULL }, and clang calls NULL + 0 an overflow;
# gcc and newer C do not.

FUZZ_CHECKS := $(if $(FUZZER),-fno-sanitize=pointer-overflow)

include scripts/build.mk

# build.mk calls this file again when it has the folder's lock.

ifneq ($(LOCKED),)

CFLAGS += $(FUZZ_CHECKS)

FUZZ := $(patsubst tests/fuzz/f_%.c,$(B)/fuzz/%,\
           $(sort $(wildcard tests/fuzz/f_*.c)))

FUZZ_MAIN := tests/fuzz/$(if $(FUZZER),found,replay).c

.PHONY: fuzz

fuzz: $(FUZZ)

# Compiled apart: one source has one file of what it depends on.

$(B)/obj/fuzz_main.o: $(FUZZ_MAIN) tests/fuzz/fuzz.h $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/fuzz/%: tests/fuzz/f_%.c $(B)/obj/fuzz_main.o $(B)/libgov.a $(B)/flags
	@mkdir -p $(@D)
	@rm -f $@
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) \
	    -o $@ $< $(B)/obj/fuzz_main.o $(if $(FUZZER),-fsanitize=fuzzer) \
	    $(B)/libgov.a $(LDLIBS)

$(B)/fuzz/zip: LDLIBS += $(LOOK_LIBS)
$(B)/fuzz/zip: CPPFLAGS += $(LOOK_CFLAGS)

-include $(addsuffix .d,$(FUZZ))

endif
