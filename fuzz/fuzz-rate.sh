#!/bin/sh
# `make fuzz-rate`: how fast at_reply is fuzzed on one core, as medians of RATE_RUNS runs of RATE_SECONDS each.
# usage: fuzz/fuzz-rate.sh CHECKED TREE	CHECKED/at_reply is built for libFuzzer with sanitizers; TREE/at_reply and
#					TREE/empty, which does nothing, for AFL++: their runs take turns
# A rate depends on the length of inputs: they have RATE_LEN_MAX bytes at most.
# Exit status: 0 fast enough on seeds that are long enough, 1 not, 3 an engine did not run.
set -u

checked=$1 tree=$2 work=build/rate
seconds=${RATE_SECONDS:-10} runs=${RATE_RUNS:-3} name=at_reply
rm -rf "$work"
mkdir -p "$work/seeds"
find "corpus/$name" -type f ! -name '.*' -exec cp {} "$work/seeds" \;

find "$work/seeds" -type f | paste -sd, >"$work/list"

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# A second is one of the processor's own, so that what else runs on the machine does not count; what is found is kept in
# memory, since a run of seconds finds most of it and would write files for a tenth of its time.
libfuzzer() { # RUN
	# shellcheck disable=SC2046
	(
		"$checked/$name" -max_total_time="$seconds" -seed="$1" -print_final_stats=1 -dict="fuzz/$name.dict" -artifact_prefix="$work/" $(sh fuzz/options.sh "$name") -max_len="${RATE_LEN_MAX:-300}" \
		    -seed_inputs="@$work/list" >"$work/libfuzzer$1.log" 2>&1 || { echo "libFuzzer: $(sh fuzz/why.sh "$work/libfuzzer$1.log")" >&2; exit 1; }
		times >"$work/times$1"
	) || return 1
	awk 'FNR == NR { if (NR == 2) { split($1, u, /[ms]/); split($2, k, /[ms]/); used = 60 * (u[1] + k[1]) + u[2] + k[2] } next }
	/^stat::number_of_executed_units:/ && used { print $2 / used }' "$work/times$1" "$work/libfuzzer$1.log" >>"$work/libfuzzer"
}

afl() { # TARGET RUN
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1 \
	    afl-fuzz -i "$work/seeds" -o "$work/$1$2.out" -s "$2" -V "$seconds" -t 2000 -m none -- "$tree/$1" >"$work/$1$2.log" 2>&1 ||
	    { echo "AFL++ on $1: see $work/$1$2.log" >&2; return 1; }
	awk -F ' *: *' '$1 == "execs_done" { n = $2 } $1 == "run_time" { s = $2 } END { if (s > 0) print n / s }' "$work/$1$2.out/default/fuzzer_stats" >>"$work/afl-$1"
}

i=1
while [ "$i" -le "$runs" ]; do
	libfuzzer "$i" && afl "$name" "$i" && afl empty "$i" || exit 3
	i=$((i + 1))
done
for file in "$work/seeds"/*; do wc -c <"$file"; done | median >"$work/seed"
awk -v seed="$(cat "$work/seed")" -v lf="$(median <"$work/libfuzzer")" -v at="$(median <"$work/afl-$name")" -v empty="$(median <"$work/afl-empty")" \
    -v seed_min="${RATE_SEED_MIN:-100}" -v lf_min="${RATE_MIN:-35000}" -v ratio_min="${RATE_AFL_MIN:-0.6}" '
function line(what, value, unit, min) { printf "%-58s %10s%s, at least %s wanted%s\n", what, value, unit, min, value + 0 < min ? ": NOT REACHED" : ""; if (value + 0 < min) low = 1 }
BEGIN {
	line("median seed of corpus/at_reply", seed, " bytes", seed_min)
	line("libFuzzer, ASan and UBSan, oracles on, of one core", sprintf("%.0f", lf), "/s", lf_min)
	printf "%-58s %10.0f/s\n%-58s %10.0f/s\n", "AFL++, persistent, at_reply", at, "AFL++, persistent, a target that does nothing", empty
	line("AFL++, at_reply against that", sprintf("%.2f", empty > 0 ? at / empty : 0), "", ratio_min)
	exit low
}'
