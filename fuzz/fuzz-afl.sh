#!/bin/sh
# `make fuzz-afl`: AFL++ on each target, FUZZ_SECONDS each, FUZZ_JOBS at once; one line a target at the end.
# usage: fuzz/fuzz-afl.sh TREE CHECKED TARGET...	TREE/NAME is built for AFL++, CHECKED/NAME for libFuzzer with sanitizers
# AFL++'s own build has no sanitizers, for speed, and may miss a crash (it warns of that where a core dump is piped);
# so all that it kept is played by the checked build afterwards, and what is new there joins CHECKED/corpus/NAME.
# Exit status: 0 nothing found, 1 something found, 3 a target could not run.
set -u

tree=$1 checked=$2
shift 2

# Play files by the checked build; those it does not survive are copied to its finds.
replay() { # NAME FILE...
	name=$1
	shift
	[ $# -gt 0 ] && [ -f "$1" ] || return 0
	"$checked/$name" -timeout=5 -rss_limit_mb=2048 "$@" >"$tree/log/$name.replay" 2>&1 && return 0
	for file in "$@"; do
		"$checked/$name" -timeout=5 -rss_limit_mb=2048 "$file" >"$tree/log/$name.replay-one" 2>&1 && continue
		find=$checked/finds/$name/afl-$(sha1sum <"$file" | cut -c 1-12)
		cp "$file" "$find"
		printf '%s\t%s\n' "$find" "$(sh fuzz/why.sh "$tree/log/$name.replay-one")" >>"$tree/log/$name.finds"
	done
}

one() {
	name=$1 seeds=$tree/in/$1 out=$tree/out/$1 log=$tree/log/$1
	rm -rf "$seeds" "$out" "$log" "$log".*
	mkdir -p "$seeds" "$tree/out" "$tree/log" "$checked/corpus/$name" "$checked/finds/$name" "corpus/$name"
	find "corpus/$name" "$checked/corpus/$name" -type f -size -1024k -exec cp {} "$seeds" \;
	[ -n "$(ls "$seeds")" ] || printf 'OK\r\n' >"$seeds/ok"
	set -- -i "$seeds" -o "$out" -V "${FUZZ_SECONDS:-20}" -t 2000 -m none
	[ -f "fuzz/$name.dict" ] && set -- "$@" -x "fuzz/$name.dict"
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FAST_CAL=1 AFL_NO_COLOR=1 \
	    afl-fuzz "$@" ${FUZZ_FLAGS:-} -- "$tree/$name" >"$log" 2>&1
	status=$?
	: >"$log.finds"
	replay "$name" "$out"/default/crashes/id:*
	replay "$name" "$out"/default/hangs/id:*
	replay "$name" "$out"/default/queue/id:*
	[ -d "$out/default/queue" ] && "$checked/$name" -merge=1 "$checked/corpus/$name" "corpus/$name" "$out/default/queue" >"$log.merge" 2>&1
	lost=$(ls "$out/default/crashes" 2>/dev/null | grep -c '^id:')
	awk -F ' *: *' -v name="$name" -v status="$status" -v finds="$(grep -c . <"$log.finds")" -v crashes="$lost" '
	{ stat[$1] = $2 }
	END {
		verdict = finds > 0 || crashes > 0 ? "FOUND" : status != 0 ? "BROKEN" : "ok"
		printf "%s %-12s %10d runs %8d/s %6d edges %6d in queue %5d crashes %3d finds by the checked build\n", verdict, name, stat["execs_done"],
		    stat["execs_per_sec"], stat["edges_found"], stat["corpus_count"], crashes, finds
	}' "$out/default/fuzzer_stats" >"$log.line" 2>/dev/null || echo "BROKEN $name" >"$log.line"
}

if [ "${1:-}" = --one ]; then
	one "$2"
	exit 0
fi
[ $# -gt 0 ] || { echo "fuzz/fuzz-afl.sh: no targets" >&2; exit 3; }
echo "fuzzing $* by AFL++ for ${FUZZ_SECONDS:-20} s each, ${FUZZ_JOBS:-2} at once; output in $tree/log, queues in $tree/out"
printf '%s\n' "$@" | xargs -P "${FUZZ_JOBS:-2}" -n 1 sh "$0" "$tree" "$checked" --one

worst=0
for name in "$@"; do
	line=$(cat "$tree/log/$name.line")
	echo "${line#* }"
	case $line in
	FOUND*)
		[ "$worst" -eq 3 ] || worst=1
		# One of each kind; addresses in a message do not make another kind.
		sort -t '	' -k 2,2 -u "$tree/log/$name.finds" | while IFS='	' read -r find why; do
			echo "  $why"
			echo "  look: $checked/$name $find"
			echo "  keep: cp $find corpus/$name/what-it-shows    (make check plays it from then on)"
		done
		[ -s "$tree/log/$name.finds" ] || echo "  AFL++ alone saw it: look: $tree/$name $tree/out/$name/default/crashes/..."
		;;
	BROKEN*)
		worst=3
		tail -n 20 "$tree/log/$name" | sed 's/^/    /'
		;;
	esac
done
exit $worst
