#!/bin/sh
# What `make install` puts there, used as others use it: pkg-config, headers, both libraries, and the README's host.
# usage: harness/lift/check-install.sh ATTEST FOLDER     prints "ok NAME" or "FAIL NAME" a check, and "done"
set -u

attest=$1
mkdir -p "$2"
tmp=$(cd "$2" && pwd)
dest=$tmp/dest
warn="-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Werror"

try() {
	name=$1
	shift
	if "$@" >"$tmp/log" 2>&1; then
		echo "ok $name"
	else
		echo "FAIL $name"
		tail -n 20 "$tmp/log" | sed 's/^/    /'
	fi
}

make_for() { make --no-print-directory CC=gcc FLAVOUR=release DESTDIR="$dest" PREFIX=/usr "$1"; }

packages() { PKG_CONFIG_SYSROOT_DIR=$dest PKG_CONFIG_LIBDIR=$dest/usr/lib/pkgconfig pkg-config "$@" attest; }

header() { # NAME
	printf '#include <attest/%s>\n#include <attest/%s>\n' "$1" "$1" >"$tmp/header.c"
	# shellcheck disable=SC2086,SC2046
	gcc $warn $(packages --cflags) -fsyntax-only "$tmp/header.c"
}

# The functions that the installed headers declare, no more and no less, and no tables.
exports() {
	cat "$dest"/usr/include/attest/*.h | grep -oE '\bat_[a-z_]+\(' | tr -d '(' | sort -u >"$tmp/declared"
	nm --defined-only "$dest/usr/lib/libattest.a" | awk '$2 == "T" { print $3 }' | sort -u | comm -12 - "$tmp/declared" >"$tmp/expected"
	nm -D --defined-only "$dest/usr/lib/libattest.so" | awk '{ print $3 }' | grep -v '^_' | sort -u | diff "$tmp/expected" - && [ -s "$tmp/expected" ]
}

# The parser alone, without the emulator and without the C library's stdio or heap.
nothing_else() {
	[ -z "$(nm "$dest/usr/lib/libattest.a" | grep -E ' [TtU] (modem_|malloc|printf)')" ] && readelf -d "$dest/usr/lib/libattest.so" | grep -q 'soname: \[libattest.so.0\]'
}

# The README's C, as it stands there.
example() { awk '/^```c$/ { on = 1; next } /^```/ { on = 0 } on' README.md >"$tmp/example.h" && grep -q at_reply_feed "$tmp/example.h"; }

host() { # COMPILER shared|static
	libs=$(packages --libs)
	[ "$2" = shared ] || libs="-Wl,-Bstatic $libs -Wl,-Bdynamic"
	# shellcheck disable=SC2086,SC2046
	$1 $warn -O2 -I"$tmp" $(packages --cflags) -o "$tmp/host" harness/lift/host_main.c $libs || return 1
	needed=$(readelf -d "$tmp/host" | grep -c 'NEEDED.*libattest\.so\.0')
	[ "$2" = shared ] && [ "$needed" -eq 1 ] || { [ "$2" = static ] && [ "$needed" -eq 0 ]; } || return 1
	LD_LIBRARY_PATH=$dest/usr/lib "$tmp/host" "$attest" "$tmp/world" "$(printf 'It was \r\nOK\r\n> so far.')"
}

rm -rf "$dest"
cat >"$tmp/world" <<'END'
world http www.example.com/page "It was \r\nOK\r\n> so far."
world ftp ftp.example.com user "u" password "p"
END

try "make install" make_for install
for name in "$dest"/usr/include/attest/*.h; do
	try "attest/${name##*/} is included alone" header "${name##*/}"
done
try "the shared library gives the functions that the headers declare" exports
try "the library is the parser and nothing else" nothing_else
try "the program that was installed runs" "$dest/usr/bin/attest" --version
try "the README has a host" example
for compiler in gcc clang; do
	for kind in shared static; do
		try "the README's host, by $compiler with the $kind library, fetches a page and uploads a file" host "$compiler" "$kind"
	done
done
try "make uninstall" make_for uninstall
try "make uninstall leaves nothing" sh -c '[ -z "$(find "$1" ! -type d -print)" ] && [ ! -d "$1/usr/include/attest" ]' sh "$dest"
echo "done"
