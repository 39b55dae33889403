#!/bin/bash
# `make fuzz-oss`: call fuzz/clusterfuzzlite/build.sh the way the builder of a cluster does, for each engine and
# sanitizer, from a copy of the sources, and run what comes out on its own seeds.
# usage: fuzz/oss-fuzz/try.sh TREE [BUILD...]	of address undefined coverage none afl
# Exit status: 0 all builds run, 1 one does not.
set -u

tree=$(realpath -m "$1") bad=0
shift
[ $# -gt 0 ] || set -- address undefined coverage none afl
common="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
complain() { bad=1; echo "FAIL $*"; }

# What infra's compile script exports for one engine and sanitizer.
environment() { # BUILD
	export SRC=$tree/src WORK=$tree/$1/work OUT=$tree/$1/out CC=clang CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer
	case $1 in
	address) CFLAGS="$common -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link" ;;
	undefined) CFLAGS="$common -fsanitize=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute,shift,signed-integer-overflow,unsigned-integer-overflow,unreachable,vla-bound,vptr -fno-sanitize-recover=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound,vptr -fsanitize=fuzzer-no-link" ;;
	coverage) CFLAGS="$common -fprofile-instr-generate -fcoverage-mapping -pthread -Wl,--no-as-needed -Wl,-ldl -Wl,-lm -Wno-unused-command-line-argument" ;;
	none) CFLAGS=$common LIB_FUZZING_ENGINE=$tree/none/standalone.o ;;
	afl) CFLAGS=$common CC=afl-clang-fast CXX=afl-clang-fast++ LIB_FUZZING_ENGINE=/usr/lib/afl/libAFLDriver.a ;;
	esac
	export CFLAGS CXXFLAGS=$CFLAGS AFL_QUIET=1 LLVM_PROFILE_FILE=/dev/null
}

# Run one target on its seeds and beyond, as its engine is run.
run() { # BUILD NAME SEEDS
	local fuzzer=$OUT/$2_fuzzer options
	options=$(awk -F ' *= *' '/^\[/ { mine = $0 == "[libfuzzer]"; next } mine && NF == 2 && $1 != "dict" { print "-" $1 "=" $2 }' "$fuzzer.options" 2>/dev/null)
	case $1 in
	none | coverage) "$fuzzer" "$3"/* ;;
	afl) AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1 \
		afl-fuzz -i "$3" -o "$WORK/$2.out" ${DICT:+-x "$DICT"} -t 5000 -m none -V 2 -- "$fuzzer" && ! ls "$WORK/$2.out"/default/crashes/id:* 2>/dev/null ;;
	# shellcheck disable=SC2086
	*) "$fuzzer" $options ${DICT:+-dict="$DICT"} -seed=1 -runs=2000 -max_total_time=10 -artifact_prefix="$WORK/" "$3" ;;
	esac
}

rm -rf "$tree"
mkdir -p "$tree/src/attest"
cp -r Makefile src harness fuzz corpus "$tree/src/attest/"
cp -r fuzz/clusterfuzzlite "$tree/src/attest/.clusterfuzzlite"
cp "$tree/src/attest/.clusterfuzzlite/build.sh" "$tree/src/build.sh"

for build in "$@"; do
	environment "$build"
	mkdir -p "$WORK" "$OUT"
	[ "$build" != none ] || clang $common -std=c11 -D_GNU_SOURCE -Ifuzz -c -o "$LIB_FUZZING_ENGINE" fuzz/engine/standalone.c
	if ! (cd "$SRC/attest" && bash "$SRC/build.sh") >"$tree/$build/log" 2>&1; then
		complain "$build: build.sh ended in an error"
		tail -n 20 "$tree/$build/log" | sed 's/^/    /'
		continue
	fi
	for name in $(cat fuzz/targets); do
		fuzzer=$OUT/${name}_fuzzer
		seeds=$WORK/seeds/$name
		[ -x "$fuzzer" ] || { complain "$build: no ${name}_fuzzer"; continue; }
		mkdir -p "$seeds"
		unzip -q "${fuzzer}_seed_corpus.zip" -d "$seeds" || complain "$build: $name has no seeds"
		DICT=
		[ ! -f "$fuzzer.dict" ] || DICT=$fuzzer.dict
		asked=$(sed -n 's/^dict = //p' "$fuzzer.options" 2>/dev/null)
		[ -z "$asked" ] || [ -f "$OUT/$asked" ] || complain "$build: ${name}_fuzzer.options names $asked, which is not there"
		ldd "$fuzzer" | awk '{ print $1 }' | grep -vE '^(linux-vdso|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+|libresolv|/lib64/ld-linux)' &&
			complain "$build: ${name}_fuzzer wants a library that a cluster lacks"
		n=$(ls "$seeds" | wc -l)
		if run "$build" "$name" "$seeds" >"$WORK/$name.log" 2>&1; then
			echo "$build: ${name}_fuzzer $n seeds$(sed -n 's/^Done \([0-9]*\) runs.*/, \1 runs/p; s/.*Time limit was reached.*/, 2 s of afl-fuzz/p' "$WORK/$name.log" | tail -n 1)"
		else
			complain "$build: ${name}_fuzzer: $(sh fuzz/why.sh "$WORK/$name.log"), see $WORK/$name.log"
		fi
	done
	find "$OUT" -type f -perm -u+x ! -name '*_fuzzer' | grep . && complain "$build: more than targets can be run"
done
exit $bad
