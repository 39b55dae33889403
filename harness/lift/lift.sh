#!/bin/sh
# The parser lifted out: the files of src/parser.files, alone in a folder, as firmware would build them.
# usage: harness/lift/lift.sh check FOLDER     prints "ok NAME", "FAIL NAME" or "SKIP NAME: why" a check, and "done"
#        harness/lift/lift.sh sizes FOLDER     prints text, stack and memory of an instance for each processor
set -u

mode=$1
mkdir -p "$2"
tmp=$(cd "$2" && pwd)
files=$(cat src/parser.files)
warn="-std=c11 -Wall -Wextra -Wshadow -Wpedantic -Wcast-qual -Wconversion -Wno-sign-conversion -Wundef -Werror"

ok() { echo "ok $1"; }
bad() { echo "FAIL $*"; head -n 20 "$tmp/log" | sed 's/^/    /'; }
skip() { echo "SKIP $1: $2"; }

# try NAME COMMAND...: one check.
try() {
	name=$1
	shift
	if "$@" >"$tmp/log" 2>&1; then ok "$name"; else bad "$name"; return 1; fi
}

# Processor, compiler, Debian packages, how to run a program, and flags that choose the processor (no program then: objects only).
processors() {
	cat <<'END'
x86-64|gcc|gcc|env|
x86-64 by clang|clang|clang|env|
i686|i686-linux-gnu-gcc|gcc-i686-linux-gnu libc6-dev-i386-cross|env|
Arm|arm-linux-gnueabihf-gcc|gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user|qemu-arm|
PowerPC|powerpc-linux-gnu-gcc|gcc-powerpc-linux-gnu libc6-dev-powerpc-cross qemu-user|qemu-ppc|-msdata=none
Cortex-M0|arm-linux-gnueabihf-gcc|gcc-arm-linux-gnueabihf||-mthumb -mcpu=cortex-m0 -mfloat-abi=soft
Cortex-M3|arm-linux-gnueabihf-gcc|gcc-arm-linux-gnueabihf||-mthumb -mcpu=cortex-m3 -mfloat-abi=soft
END
}

# Compile the lifted files with nothing but the compiler's own headers, and link them to one object.
build() { # COMPILER FLAGS
	rm -f "$tmp"/lifted/*.o "$tmp"/lifted/*.ci
	for file in $files; do
		case $file in *.c) ;; *) continue ;; esac
		# shellcheck disable=SC2086
		(cd "$tmp/lifted" && $1 $warn $2 -ffreestanding -fno-pie -fno-stack-protector -nostdinc -isystem "$($1 -print-file-name=include)" -c "$file") || return 1
	done
	# shellcheck disable=SC2086
	$1 $2 -nostdlib -no-pie -r -o "$tmp/parser.o" "$tmp"/lifted/*.o
}

# What the object wants is the four, or the compiler's own arithmetic (libgcc: 64-bit division on Cortex-M0).
wants_four() { # COMPILER FLAGS
	# shellcheck disable=SC2086
	nm --defined-only "$($1 $2 -print-libgcc-file-name)" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$tmp/libgcc"
	nm -u "$tmp/parser.o" | awk '{ print $2 }' | sort -u | comm -23 - "$tmp/libgcc" >"$tmp/wanted"
	! grep -vxE 'mem(cpy|chr|cmp|set)' "$tmp/wanted"
}

# Constant data and code: nothing that could be written to.
nothing_writable() {
	[ "$(nm --defined-only "$tmp/parser.o" | awk '$2 ~ /[TR]/' | wc -l)" -gt 0 ] && ! nm --defined-only "$tmp/parser.o" | awk '$2 ~ /[bBcCdDgGsSvVwW]/ { print; found = 1 } END { exit !found }'
}

stack() { awk -f harness/lift/stack.awk "$tmp"/lifted/*.ci; }

program() { # COMPILER OUT
	# shellcheck disable=SC2046
	$1 $warn -O2 -static -I"$tmp/lifted" -Iharness/bench -idirafter src -o "$2" harness/lift/replay.c harness/bench/stream.c $(ls "$tmp"/lifted/*.c)
}

replay() { # COMPILER RUNNER
	program "$1" "$tmp/replay" && "$2" "$tmp/replay" corpus/at_reply/* >"$tmp/said" && cat "$tmp/said" && { [ ! -f "$tmp/first" ] || cmp "$tmp/first" "$tmp/said"; }
}

check_one() { # PROCESSOR COMPILER PACKAGES RUNNER FLAGS
	for need in "$2" ${4:+"$4"}; do
		command -v "$need" >/dev/null 2>&1 && continue
		skip "the parser on $1" "no $need here (Debian: $3)"
		return
	done
	try "the parser compiles alone for $1" build "$2" "-O2 $5" || return
	try "on $1 it wants memcpy, memchr, memcmp and memset at most" wants_four "$2" "$5"
	try "on $1 it has nothing that can be written to" nothing_writable
	if [ "$2" != clang ]; then
		try "the parser compiles alone for $1, at -Os, with its calls written down" build "$2" "-Os -fno-optimize-sibling-calls -fcallgraph-info=su $5"
		try "on $1 it never calls itself, and its stack is bounded" stack
	fi
	[ -n "$4" ] || return
	try "on $1 it says of the captures what it says on x86-64" replay "$2" "$4"
	[ -f "$tmp/first" ] || cp "$tmp/said" "$tmp/first"
}

size_one() { # PROCESSOR COMPILER PACKAGES RUNNER FLAGS
	command -v "$2" >/dev/null 2>&1 || return
	[ "$2" != clang ] || return
	build "$2" "-Os -fcallgraph-info=su $5" >"$tmp/log" 2>&1 || { cat "$tmp/log"; return; }
	# of an array as long as the struct, nm tells the length
	printf '#include "at_reply.h"\n#include "at_fields.h"\nconst char parser[sizeof(struct at_reply_parser)] = {0}, reply[sizeof(struct at_reply)] = {0};\n' >"$tmp/lifted/sizes.c"
	# shellcheck disable=SC2086
	(cd "$tmp/lifted" && $2 -std=c11 $5 -ffreestanding -nostdinc -isystem "$($2 -print-file-name=include)" -c -o "$tmp/sizes.o" sizes.c)
	rm -f "$tmp/lifted/sizes.c"
	parser=$(nm -S "$tmp/sizes.o" | awk '$4 == "parser" { print $2 }')
	reply=$(nm -S "$tmp/sizes.o" | awk '$4 == "reply" { print $2 }')
	text=$(size "$tmp/parser.o" | awk 'NR == 2 { print $1 }')
	deepest=$(stack) || deepest="none: it calls itself"
	printf '  %-10s %6d %8d %8d %8s\n' "$1" "$text" "$((0x$parser))" "$((0x$reply))" "${deepest%% *}"
}

rm -rf "$tmp"
mkdir -p "$tmp/lifted"
for file in $files; do cp "src/$file" "$tmp/lifted/" || exit 3; done

case $mode in
check)
	processors | while IFS='|' read -r processor compiler packages runner flags; do
		check_one "$processor" "$compiler" "$packages" "$runner" "$flags" </dev/null
	done
	;;
sizes)
	echo "the parser lifted out, at -Os: bytes of code and constants, of an instance (struct at_reply_parser), of a reply, and of the deepest stack"
	printf '  %-10s %6s %8s %8s %8s\n' "" text instance reply stack
	processors | while IFS='|' read -r processor compiler packages runner flags; do
		size_one "$processor" "$compiler" "$packages" "$runner" "$flags" </dev/null
	done
	;;
esac
[ "$mode" != check ] || echo "done"
