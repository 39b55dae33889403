# Fuzz targets, and the ways to run them.  A target is fuzz/NAME.c with NAME in fuzz/targets; all other
# fuzz/*.c are support and linked into each.  Each way is a flavour of the whole build, with a tree of its own:
#
#	release, asan	$(BUILD)/unit/replay_NAME: cmocka plays corpus/NAME, one test a file (`make check`)
#	fuzz		build/fuzz/NAME: libFuzzer with ASan and UBSan
#	afl		build/afl/NAME: AFL++, persistent, input in shared memory
#	cov		build/cov/NAME: plays files and counts what they reach
#	cluster		for fuzz/oss-fuzz/build.sh: compilers, flags and engine are given

FUZZ_TARGETS ?= $(TARGETS)
FUZZ_SECONDS ?= 20
FUZZ_JOBS    ?= 2
FUZZ_CC      ?= clang
AFL_CC       ?= afl-clang-fast
# What replay of the corpora must reach of src/at_* and src/modem*, in percent.
COV_PARSER_REGIONS  ?= 98
COV_PARSER_BRANCHES ?= 95
COV_MODEM_REGIONS   ?= 95
# Planted faults: seconds of fuzzing each, how many at once, and how many must be found, in percent.
PLANTED_SECONDS    ?= 60
PLANTED_JOBS       ?= 2
PLANTED_CORPUS_MIN ?= 80
PLANTED_FOUND_MIN  ?= 95
# Rates: runs, seconds of each, and what must be reached: executions a second, share of an empty target's, bytes of the median seed.
RATE_RUNS     ?= 3
RATE_SECONDS  ?= 10
RATE_MIN      ?= 35000
RATE_AFL_MIN  ?= 0.6
RATE_SEED_MIN ?= 100
export RATE_RUNS RATE_SECONDS RATE_MIN RATE_AFL_MIN RATE_SEED_MIN
export PLANTED_SECONDS PLANTED_JOBS PLANTED_CORPUS_MIN PLANTED_FOUND_MIN
export FUZZ_SECONDS FUZZ_JOBS FUZZ_FLAGS COV_PARSER_REGIONS COV_PARSER_BRANCHES COV_MODEM_REGIONS

TARGETS  := $(patsubst fuzz/%.c,%,$(wildcard $(patsubst %,fuzz/%.c,$(shell cat fuzz/targets))))
SUPPORT   = $(filter-out $(patsubst %,fuzz/%.c,$(TARGETS)),$(wildcard fuzz/*.c))
SUPPOBJ   = $(patsubst fuzz/%.c,$(BUILD)/target/%.o,$(SUPPORT))
REPLAY    = $(patsubst %,$(BUILD)/unit/replay_%,$(TARGETS))
TARGETLIB = $(BUILD)/libtarget.a $(BUILD)/libharness.a $(BUILD)/libattest.a

CPPFLAGS_target = $(CPPFLAGS_harness) -Ifuzz

# Comparisons are not followed: with them at_reply runs a quarter as often, and dictionaries and mutators know the words.
# Nor is it watched where in a function a local ends, which takes a tenth.
CFLAGS_fuzz  = -O3 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
               -fno-sanitize-address-use-after-scope -fno-sanitize-coverage=trace-cmp -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
LDFLAGS_fuzz = -fsanitize=fuzzer,address,undefined
CFLAGS_afl   = -O2 -g
LDFLAGS_afl  = -fsanitize=fuzzer
CFLAGS_cov   = -O1 -g -fprofile-instr-generate -fcoverage-mapping
LDFLAGS_cov  = -fprofile-instr-generate

# An engine that is a file of ours.
ENGINE_cov = $(BUILD)/engine/standalone.o

.PHONY: targets no-such-target fuzz fuzz-afl fuzz-min fuzz-cov fuzz-oss fuzz-bench fuzz-rate
.SECONDARY: $(patsubst %,$(BUILD)/target/%.o,$(TARGETS))

UNKNOWN_TARGETS = $(filter-out $(TARGETS) empty,$(FUZZ_TARGETS))

# The targets of this flavour.
targets: $(if $(UNKNOWN_TARGETS),no-such-target) $(patsubst %,$(BUILD)/%,$(FUZZ_TARGETS))
	@:

no-such-target:
	@echo "FUZZ_TARGETS: there is no $(UNKNOWN_TARGETS); expected: $(TARGETS)" >&2
	@exit 2

fuzz:
	@harness/install.sh fuzz
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=fuzz targets
	@sh fuzz/fuzz.sh build/fuzz $(FUZZ_TARGETS)

fuzz-afl:
	@harness/install.sh fuzz afl
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=fuzz targets
	@AFL_QUIET=1 AFL_LLVM_ALLOWLIST=$(CURDIR)/fuzz/afl-follows $(MAKE) --no-print-directory CC="$(AFL_CC)" FLAVOUR=afl targets
	@sh fuzz/fuzz-afl.sh build/afl build/fuzz $(FUZZ_TARGETS)

fuzz-min:
	@harness/install.sh fuzz
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=fuzz targets
	@sh fuzz/fuzz-min.sh build/fuzz $(FUZZ_TARGETS)

fuzz-cov:
	@harness/install.sh cov
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=cov targets
	@sh fuzz/fuzz-cov.sh build/cov $(FUZZ_TARGETS)

fuzz-oss:
	@harness/install.sh fuzz afl oss
	@fuzz/oss-fuzz/try.sh build/oss

fuzz-bench:
	@harness/install.sh fuzz
	@fuzz/planted/check.sh
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=fuzz targets
	@FAULT_CC="$(FUZZ_CC)" FAULT_CFLAGS="-std=c11 $(CFLAGS_fuzz)" FAULT_LDFLAGS="$(LDFLAGS_fuzz)" FAULT_LIBS="$(LIBS)" sh fuzz/planted/bench.sh build/fuzz $(PLANTED)

fuzz-rate:
	@harness/install.sh fuzz afl
	@$(MAKE) --no-print-directory CC="$(FUZZ_CC)" FLAVOUR=fuzz FUZZ_TARGETS=at_reply targets
	@AFL_QUIET=1 AFL_LLVM_ALLOWLIST=$(CURDIR)/fuzz/afl-follows $(MAKE) --no-print-directory CC="$(AFL_CC)" FLAVOUR=afl FUZZ_TARGETS="at_reply empty" targets
	@sh fuzz/fuzz-rate.sh build/fuzz build/afl

$(BUILD)/libtarget.a: $(SUPPOBJ)
	@rm -f $@
	$(if $(V),,@echo "  AR $@")
	$(Q)$(AR) rcs $@ $^

# What judges is not counted.
$(BUILD)/target/%.o $(BUILD)/engine/%.o: CFLAGS_cov = -O1 -g

$(BUILD)/target/%.o: fuzz/%.c Makefile fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS_target) $(CFLAGS_all) -MMD -MP -c -o $@ $<

$(REPLAY): $(BUILD)/unit/replay_%: harness/unit/replay.c $(BUILD)/target/%.o $(TARGETLIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_target) -DREPLAY_TARGET='"$*"' $(CFLAGS_all) $(LDFLAGS_$(FLAVOUR)) -MMD -MP -o $@ $< $(BUILD)/target/$*.o $(TARGETLIB) -Wl,--as-needed $(LIBS) -lcmocka

$(BUILD)/engine/%.o: fuzz/engine/%.c Makefile fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS_target) $(CFLAGS_all) -MMD -MP -c -o $@ $<

# All of src is in what counts, so that a file no target calls is seen.
WHOLE_cov = -Wl,--whole-archive $(BUILD)/libattest.a -Wl,--no-whole-archive
# A cluster's machines have the C library and no other.
LIBS_cluster = $(LIB_FUZZING_ENGINE) -Wl,-Bstatic -ljansson -Wl,-Bdynamic

TARGET_LINK = $(if $(filter cluster,$(FLAVOUR)),$(CXX) $(CXXFLAGS),$(CC) $(LDFLAGS_$(FLAVOUR)) $(LDFLAGS))

ifneq ($(filter fuzz afl cov cluster,$(FLAVOUR)),)
$(patsubst %,$(BUILD)/%,$(TARGETS)): $(BUILD)/%: $(BUILD)/target/%.o $(ENGINE_$(FLAVOUR)) $(TARGETLIB)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(TARGET_LINK) -o $@ $< $(ENGINE_$(FLAVOUR)) $(WHOLE_$(FLAVOUR)) $(TARGETLIB) -Wl,--as-needed $(if $(LIBS_$(FLAVOUR)),$(LIBS_$(FLAVOUR)),$(LIBS))
endif

build/afl/empty: $(BUILD)/engine/empty.o
	$(if $(V),,@echo "  LD $@")
	$(Q)$(TARGET_LINK) -o $@ $<

-include $(wildcard $(BUILD)/target/*.d $(BUILD)/engine/*.d)
