# attest: build, certify, check.  `make help` lists the targets.

CC       ?= gcc
FLAVOUR  ?= release
# V=1 shows the commands.
Q         = $(if $(V),,@)
BUILD     = build$(if $(filter-out release,$(FLAVOUR)),/$(FLAVOUR))
PORT     ?= emulator
RUNFLAGS ?=
# As many compilers as processors, unless -j says how many.
PARALLEL  = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))
# A port in the name of a file: exec:'a b' has blanks and quotes, so the shell sees it as a variable.
export PORT
# A lab file, which may name the port.
LAB      ?=
export LAB
PORTFLAG  = $(if $(and $(LAB),$(filter file,$(origin PORT))),,--port "$$PORT")
REPORT    = $$(printf %s $(if $(PORTFLAG),"$$PORT","$$LAB") | sed 's/^emulator$$/sim800-r14.18/; s/^emulator://; s/[^A-Za-z0-9._]\{1,\}/-/g; s/^-//; s/-$$//')

WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wpedantic -Wvla -Wpointer-arith -Wcast-qual \
       -Wwrite-strings -Wundef -Wformat=2 -Wimplicit-fallthrough -Werror
PKGS = libxml-2.0 jansson libcurl libserialport

ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS_release = -O2 -g
CFLAGS_asan    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_asan   = -fsanitize=address,undefined

# src sees only the language; harness sees the system, too.
CPPFLAGS_src     = -Isrc
CPPFLAGS_harness = -Isrc -Iharness -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS_all       = -std=c11 $(WARN) $(CFLAGS_$(FLAVOUR)) $(CFLAGS)
LIBS             = $(shell pkg-config --libs $(PKGS) 2>/dev/null)

SRC     = $(wildcard src/*.c)
HARNESS = $(wildcard harness/*.c)
UNIT    = $(patsubst harness/unit/%.c,$(BUILD)/unit/%,$(wildcard harness/unit/test_*.c))
OBJ     = $(patsubst %.c,$(BUILD)/%.o,$(SRC))
HOBJ    = $(patsubst %.c,$(BUILD)/%.o,$(filter-out harness/main.c,$(HARNESS)))

.DEFAULT_GOAL = all
include fuzz/fuzz.mk
include harness/lift/install.mk

.PHONY: all units certify check check-lab soak bench clean help
all: $(BUILD)/attest
	@:
units: $(UNIT) $(REPLAY)
	@:

# Build and play every case; PORT, LAB, RUNFLAGS and INSTALL=no may be given.
certify:
	@harness/install.sh build
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@mkdir -p reports/out
	@report=$(REPORT); build/attest run $(PORTFLAG) $(if $(LAB),--lab "$$LAB") --junit "reports/out/TEST-attest-$$report.xml" --journal "reports/out/$$report.jsonl" $(RUNFLAGS) cases/sim800

# Prove the tool itself: both flavours, both compilers.
check:
	@harness/install.sh check
	@harness/install.sh lift || echo "Without them the parser is tried on fewer processors: see SKIP below."
	@$(MAKE) --no-print-directory $(PARALLEL) CC=gcc FLAVOUR=release all units
	@$(MAKE) --no-print-directory $(PARALLEL) CC=clang FLAVOUR=asan all units
	@harness/check.sh release asan

# Real ports and real networks: servers, serial servers and a machine of its own, all on loopback.
check-lab:
	@harness/install.sh build
	@harness/install.sh lab || echo "Without them some of it is skipped: see SKIP below."
	@$(MAKE) --no-print-directory $(PARALLEL) CC=gcc all build/lab_fixture build/lab_ftp_host build/lab_fixtures build/lab_hosts_http build/lab_hosts_ftp
	@harness/check-lab.sh

# 10,000 case runs over ptys on a loaded machine: about six minutes.
soak:
	@harness/install.sh build
	@$(MAKE) --no-print-directory all
	@harness/lab/soak.sh $(SOAK_RUNS)

bench:
	@harness/install.sh build
	@$(MAKE) --no-print-directory all build/bench build/bench_wire build/bench_peer build/bench_ftpget build/bench_parser
	@build/bench build/attest
	@build/bench_wire build/attest build/bench_peer
	@build/bench_ftpget build/attest
	@harness/bench/paced.sh build/attest
	@build/bench_parser
	@harness/lift/lift.sh sizes build/lift

help:
	@echo "make certify   build, play every case on PORT (emulator) in the lab of the lab file LAB, write reports/out/TEST-attest-*.xml"
	@echo "make check     prove the tool: unit tests, lint, cases, selftests, two compilers, sanitizers"
	@echo "make check-lab  the same cases on real ports and networks: nginx, proftpd, tinyproxy, ser2net, a kernel in QEMU"
	@echo "make soak      SOAK_RUNS (10000) case runs over ptys while busy loops load the machine: none may fail"
	@echo "make bench     rates and ratios"
	@echo "make fuzz      libFuzzer on every target, FUZZ_SECONDS (20) each; FUZZ_TARGETS=\"...\" selects, FUZZ_JOBS (2) at once"
	@echo "make fuzz-afl  the same with AFL++"
	@echo "make fuzz-min  bring what fuzzing has grown over to corpus/, minimised"
	@echo "make fuzz-cov  what replay of corpus/ reaches of the parser and the emulator, and whether it is enough"
	@echo "make fuzz-oss  build and run the targets as the builder of a fuzzing cluster does, engine by engine"
	@echo "make fuzz-bench  plant the faults of fuzz/planted/, one after the other: which are found, by what, after how long"
	@echo "make fuzz-rate  executions a second of at_reply under libFuzzer, and under AFL++ against a target that does nothing"
	@echo "make install   program and parser library into DESTDIR, PREFIX (/usr/local); make install-lib, make uninstall"
	@echo "make           build build/attest"
	@echo "make clean     remove what was built and reported"
	@echo "INSTALL=no     only say what is missing, install nothing"

$(BUILD)/attest: $(BUILD)/harness/main.o $(BUILD)/libharness.a $(BUILD)/libattest.a
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS_$(FLAVOUR)) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libattest.a: $(OBJ)
	@rm -f $@
	$(if $(V),,@echo "  AR $@")
	$(Q)$(AR) rcs $@ $^

$(BUILD)/libharness.a: $(HOBJ)
	@rm -f $@
	$(if $(V),,@echo "  AR $@")
	$(Q)$(AR) rcs $@ $^

$(BUILD)/src/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS_src) $(CFLAGS_all) -MMD -MP -c -o $@ $<

$(BUILD)/harness/%.o: harness/%.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS_harness) $(CFLAGS_all) -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: harness/unit/%.c $(wildcard harness/unit/*.h) $(TARGETLIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) -Iharness/unit -Ifuzz $(CFLAGS_all) $(LDFLAGS_$(FLAVOUR)) -MMD -MP -o $@ $< $(TARGETLIB) $(LIBS) -lcmocka

build/bench: harness/bench/bench.c Makefile
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) $(CFLAGS_all) -o $@ $<

build/lab_%: harness/lab/%.c $(wildcard harness/*.h src/*.h) build/libharness.a build/libattest.a
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) $(CFLAGS_all) -o $@ $(filter %.c %.a,$^) $(LIBS)

build/bench_wire build/bench_peer build/bench_ftpget: build/%: harness/bench/%.c harness/bench/bench_peer.h Makefile
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) $(CFLAGS_all) -o $@ $<

# For a machine that has no shared libraries (harness/lab/check-qemu.sh).  ld warns of what glibc loads at run time all the same: names
# of hosts, which nobody looks up there.
LIBS_static = $(shell pkg-config --static --libs $(sort libserialport $(filter-out libcurl,$(PKGS))) 2>/dev/null) -lstdc++
build/lab/attest: build/harness/main.o harness/lab/qemu/no_curl.c build/libharness.a build/libattest.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) -static -Wl,-w $(CPPFLAGS_harness) $(CFLAGS_all) -o $@ $^ $(LIBS_static)

# The host programs' dialogues of a unit test, with real servers behind them.
build/lab_hosts_%: harness/unit/test_hosts_%.c harness/lab/hosts_servers.c $(wildcard harness/lab/*.h harness/unit/hosts_rig.h harness/*.h src/*.h) build/libharness.a build/libattest.a
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) -Iharness/lab -Iharness/unit -DHOSTS_RIG='"hosts_pty_rig.h"' $(CFLAGS_all) -o $@ $(filter %.c %.a,$^) $(LIBS) -lcmocka

build/bench_parser: harness/bench/bench_parser.c harness/bench/stream.c harness/bench/baseline.c $(wildcard harness/bench/*.h src/*.h) build/libattest.a
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(CPPFLAGS_harness) $(CFLAGS_all) -o $@ $(filter %.c %.a,$^)

clean:
	rm -rf build reports/out

-include $(wildcard $(BUILD)/src/*.d $(BUILD)/harness/*.d $(BUILD)/unit/*.d)
