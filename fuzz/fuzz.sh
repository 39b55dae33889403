#!/bin/sh
# `make fuzz`: libFuzzer on each target, FUZZ_SECONDS each, FUZZ_JOBS at once; one line a target at the end.
# usage: fuzz/fuzz.sh TREE TARGET...	TREE/NAME is a target; what it grows goes to TREE/corpus, what it finds to TREE/finds
# corpus/NAME is read and never written: `make fuzz-min` brings over what is worth keeping.
# Exit status: 0 nothing found, 1 something found, 3 a target could not run.
set -u

tree=$1
shift

# One target: its output in TREE/log/NAME, its line in TREE/log/NAME.line, its status in the line's first word.
one() {
	name=$1 grown=$tree/corpus/$1 finds=$tree/finds/$1 log=$tree/log/$1
	mkdir -p "$grown" "$finds" "$tree/log" "corpus/$name"
	set -- -max_total_time="${FUZZ_SECONDS:-20}" -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$finds/"
	[ -f "fuzz/$name.dict" ] && set -- "$@" -dict="fuzz/$name.dict"
	"$tree/$name" "$@" $(sh fuzz/options.sh "$name") ${FUZZ_FLAGS:-} "$grown" "corpus/$name" >"$log" 2>&1
	status=$?
	found=$(grep -c 'Test unit written to' "$log")
	awk -v name="$name" -v status="$status" -v found="$found" '
	/ cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "ft:") ft = $(i + 1) } }
	/^stat::/ { split($1, word, ":"); stat[word[3]] = $2 }
	END {
		verdict = found > 0 ? "FOUND" : status != 0 ? "BROKEN" : "ok"
		printf "%s %-12s %10d runs %8d/s %6d edges %6d features %5d new %3d finds\n", verdict, name, stat["number_of_executed_units"],
		    stat["average_exec_per_sec"], cov, ft, stat["new_units_added"], found
	}' "$log" >"$log.line"
}

if [ "${1:-}" = --one ]; then
	one "$2"
	exit 0
fi
[ $# -gt 0 ] || { echo "fuzz/fuzz.sh: no targets" >&2; exit 3; }
case ${FUZZ_SECONDS:-20} in '' | *[!0-9]* | 0*) echo "fuzz: FUZZ_SECONDS=$FUZZ_SECONDS: a number of seconds, at least 1, expected" >&2; exit 2 ;; esac
echo "fuzzing $* for ${FUZZ_SECONDS:-20} s each, ${FUZZ_JOBS:-2} at once; output in $tree/log"
rm -f "$tree"/log/*.line
printf '%s\n' "$@" | xargs -P "${FUZZ_JOBS:-2}" -n 1 sh "$0" "$tree" --one

worst=0
for name in "$@"; do
	line=$(cat "$tree/log/$name.line")
	echo "${line#* }"
	case $line in
	FOUND*)
		[ "$worst" -eq 3 ] || worst=1
		echo "  $(sh fuzz/why.sh "$tree/log/$name")"
		for find in $(sed -n 's/.*Test unit written to //p' "$tree/log/$name"); do
			echo "  look:    $tree/$name $find"
			echo "  shorten: $tree/$name -minimize_crash=1 -max_total_time=30 -exact_artifact_path=$find.short $find"
			echo "  keep:    cp $find corpus/$name/what-it-shows    (make check plays it from then on)"
		done
		;;
	BROKEN*)
		worst=3
		tail -n 20 "$tree/log/$name" | sed 's/^/    /'
		;;
	esac
done
exit $worst
