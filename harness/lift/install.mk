# make install: the program, and the response parser as a library of its own (static and shared), with pkg-config.
# The library is what src/parser.files names; the emulator is not in it.  DESTDIR is put before every path.

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

# The instance is the caller's, so that its size is part of the interface: a new one whenever that changes.
SOVERSION = 0

PARSER   := $(shell cat src/parser.files)
PARSEROBJ = $(patsubst %.c,$(BUILD)/src/%.o,$(filter %.c,$(PARSER)))
PARSERPIC = $(patsubst %.c,$(BUILD)/pic/%.o,$(filter %.c,$(PARSER)))
# What at_reply.h and at_fields.h include, and so on.
PARSERHDR = span.h at_codes.h at_lexer.h at_noise.h at_fields.h at_reply.h
VERSION   = $(shell sed -n 's/^\#define ATTEST_VERSION "\(.*\)"/\1/p' harness/version.h)

define ATTEST_PC
prefix=$(PREFIX)
libdir=$(LIBDIR)
includedir=$(INCLUDEDIR)

Name: attest
Description: Parser of what SIM800-series cellular modules say (AT response codes, HTTP and FTP)
Version: $(VERSION)
Libs: -L$${libdir} -lattest
Cflags: -I$${includedir}
endef
export ATTEST_PC

.PHONY: lib install install-bin install-lib uninstall
lib: $(BUILD)/lib/libattest.a $(BUILD)/lib/libattest.so.$(SOVERSION)
	@:

$(BUILD)/pic/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $@")
	$(Q)$(CC) $(CPPFLAGS_src) $(CFLAGS_all) -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/lib/libattest.a: $(PARSEROBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(if $(V),,@echo "  AR $@")
	$(Q)$(AR) rcs $@ $^

# Only what the headers declare leaves it.
$(BUILD)/lib/libattest.so.$(SOVERSION): $(PARSERPIC) harness/lift/libattest.map
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS_$(FLAVOUR)) $(LDFLAGS) -shared -Wl,-soname,$(@F) -Wl,-z,defs -Wl,--version-script,harness/lift/libattest.map -o $@ $(PARSERPIC)

install: install-bin install-lib

install-bin: $(BUILD)/attest
	install -d "$(DESTDIR)$(BINDIR)"
	install -m 755 $(BUILD)/attest "$(DESTDIR)$(BINDIR)/attest"

install-lib: lib
	install -d "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(DESTDIR)$(INCLUDEDIR)/attest"
	install -m 644 $(BUILD)/lib/libattest.a "$(DESTDIR)$(LIBDIR)/libattest.a"
	install -m 644 $(BUILD)/lib/libattest.so.$(SOVERSION) "$(DESTDIR)$(LIBDIR)/libattest.so.$(SOVERSION)"
	ln -sf libattest.so.$(SOVERSION) "$(DESTDIR)$(LIBDIR)/libattest.so"
	install -m 644 $(patsubst %,src/%,$(PARSERHDR)) "$(DESTDIR)$(INCLUDEDIR)/attest"
	@echo "$$ATTEST_PC" >"$(DESTDIR)$(LIBDIR)/pkgconfig/attest.pc" && chmod 644 "$(DESTDIR)$(LIBDIR)/pkgconfig/attest.pc"

uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/attest" "$(DESTDIR)$(LIBDIR)/libattest.a" "$(DESTDIR)$(LIBDIR)/libattest.so.$(SOVERSION)" "$(DESTDIR)$(LIBDIR)/libattest.so"
	rm -f "$(DESTDIR)$(LIBDIR)/pkgconfig/attest.pc" $(patsubst %,"$(DESTDIR)$(INCLUDEDIR)/attest/%",$(PARSERHDR))
	[ ! -d "$(DESTDIR)$(INCLUDEDIR)/attest" ] || rmdir "$(DESTDIR)$(INCLUDEDIR)/attest"

-include $(wildcard $(BUILD)/pic/*.d)
