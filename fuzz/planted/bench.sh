#!/bin/sh
# `make fuzz-bench`: which planted faults are noticed, by what, after how long.
# usage: fuzz/planted/bench.sh TREE [NAME...]	TREE/TARGET and its objects are built for libFuzzer with sanitizers
# From the environment: FAULT_CC, FAULT_CFLAGS, FAULT_LDFLAGS, FAULT_LIBS as TREE was built with; PLANTED_SECONDS of
# fuzzing one fault on one core, PLANTED_JOBS at once, PLANTED_CORPUS_MIN and PLANTED_FOUND_MIN in percent.
# Exit status: 0 enough was found, 1 too little, 3 a fault could not be built or the parser as it is does not hold.
set -u

tree=$1 work=build/planted
shift
seconds=${PLANTED_SECONDS:-60}
header() { sed -n "/^--- /q; s/^$2: *//p" "fuzz/planted/$1.patch"; }
target_of() { header "$1" Target | grep . || echo at_reply; }
is_harmless() { grep -q "^$1:" fuzz/planted/harmless; }

# Only the patched file is compiled; it comes before the archive, whose own member is then never asked for.
# A patched header makes another parser of every file.
build() { # NAME TARGET
	dir=$work/$1
	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r src "$dir/src" || return 1
	patch -s -p1 -d "$dir" --fuzz=0 <"fuzz/planted/$1.patch" || return 1
	changed=$(sed -n 's|^--- a/||p' "fuzz/planted/$1.patch")
	objects=
	case $changed in *.h) changed=$(cd "$dir" && ls src/at_*.c) ;; esac
	for source in $changed; do
		object=$dir/$(basename "$source" .c).o
		# shellcheck disable=SC2086
		$FAULT_CC -I"$dir/src" $FAULT_CFLAGS -w -c -o "$object" "$dir/$source" || return 1
		objects="$objects $object"
	done
	# shellcheck disable=SC2086
	$FAULT_CC $FAULT_LDFLAGS -o "$dir/$2" "$tree/target/$2.o" $objects "$tree/libtarget.a" "$tree/libharness.a" "$tree/libattest.a" -Wl,--as-needed $FAULT_LIBS
}

# play BINARY LOG FILE...: 0 when all hold.
play() {
	binary=$1 log=$2
	shift 2
	"$binary" -timeout=5 -rss_limit_mb=2048 "$@" >"$log" 2>&1
}

# One fault: a line "how <tab> seconds <tab> name <tab> target <tab> why" in TREE/line.
one() {
	name=$1 target=$(target_of "$1") dir=$work/$1
	say() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$name" "$target" "$3" >"$dir/line"; }
	mkdir -p "$dir"
	if ! build "$name" "$target" >"$work/$name.log" 2>&1; then
		mkdir -p "$dir"
		say broken - "$(tail -n 1 "$work/$name.log")"
		return
	fi
	if ! play "$dir/$target" "$dir/replay.log" "corpus/$target"/*; then
		how=corpus
		is_harmless "$name" && how=noticed
		file=$(sed -n 's/^Running: //p' "$dir/replay.log" | tail -n 1)
		say $how 0 "$(sh fuzz/why.sh "$dir/replay.log" | sed "s|^\(ORACLE [^:]*\): |\1: ${file##*/}: |")"
		return
	fi
	if is_harmless "$name"; then
		say harmless - "$(sed -n "s/^$name: *//p" fuzz/planted/harmless)"
		return
	fi
	mkdir -p "$dir/grown" "$dir/finds"
	set -- -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -seed="${PLANTED_SEED:-1}" -artifact_prefix="$dir/finds/"
	[ -f "fuzz/$target.dict" ] && set -- "$@" -dict="fuzz/$target.dict"
	begin=$(date +%s)
	if "$dir/$target" "$@" $(sh fuzz/options.sh "$target") "$dir/grown" "corpus/$target" >"$dir/fuzz.log" 2>&1; then
		say survived "$seconds" "$(header "$name" Story)"
		return
	fi
	end=$(date +%s)
	if ! play "$tree/$target" "$dir/unpatched.log" "$dir/finds"/*; then
		say real $((end - begin)) "the parser as it is fails, too: $tree/$target $(ls "$dir/finds"/* | head -n 1)"
		return
	fi
	say fuzz $((end - begin)) "$(sh fuzz/why.sh "$dir/fuzz.log")"
}

if [ "${1:-}" = --one ]; then
	one "$2"
	exit 0
fi
[ $# -gt 0 ] || set -- $(cd fuzz/planted && ls ./*.patch | sed 's|^\./||; s/\.patch$//')
rm -rf "$work"
mkdir -p "$work"
for target in $(for name in "$@"; do target_of "$name"; done | sort -u); do
	play "$tree/$target" "$work/$target.log" "corpus/$target"/* && continue
	echo "$target: the parser as it is does not hold on its corpus: $(sh fuzz/why.sh "$work/$target.log")"
	exit 3
done
echo "$# planted faults: the corpus, then up to $seconds s of fuzzing on one core, ${PLANTED_JOBS:-2} at once"
printf '%s\n' "$@" | xargs -P "${PLANTED_JOBS:-2}" -n 1 sh "$0" "$tree" --one

for name in "$@"; do cat "$work/$name/line"; done | awk -F '\t' -v corpus_min="${PLANTED_CORPUS_MIN:-80}" -v found_min="${PLANTED_FOUND_MIN:-95}" -v seconds="$seconds" '
{
	n[$1]++
	printf "%-36s %-10s %-8s %5s  %s\n", $3, $4, $1, $2 == "-" ? "" : $2 " s", (length($5) <= 110 ? $5 : substr($5, 1, 107) "...")
	if ($1 == "corpus" || $1 == "fuzz") { why = $5; if (why ~ /^ORACLE /) sub(/:.*/, "", why); else sub(/[: ].*/, "", why); by[why]++ }
}
END {
	all = n["corpus"] + n["fuzz"] + n["survived"]
	print ""
	for (why in by) printf "%4d by %s\n", by[why], why | "sort -rn"
	close("sort -rn")
	if (all > 0) {
		corpus = 100 * n["corpus"] / all
		found = 100 * (n["corpus"] + n["fuzz"]) / all
		printf "found by the corpus alone: %d of %d, %.1f %% (at least %s %% wanted)%s\n", n["corpus"], all, corpus, corpus_min, corpus < corpus_min ? ": TOO FEW" : ""
		printf "found within %d s:         %d of %d, %.1f %% (at least %s %% wanted)%s\n", seconds, n["corpus"] + n["fuzz"], all, found, found_min, found < found_min ? ": TOO FEW" : ""
	}
	if (n["harmless"] > 0) printf "harmless, not counted: %d\n", n["harmless"]
	if (n["noticed"] > 0) printf "listed as harmless, but noticed: %d\n", n["noticed"]
	if (n["broken"] + n["real"] > 0) printf "could not be judged: %d\n", n["broken"] + n["real"]
	exit n["broken"] + n["real"] > 0 ? 3 : n["noticed"] > 0 || all == 0 || corpus < corpus_min || found < found_min ? 1 : 0
}'
