#!/usr/bin/env bash
# No false failures: case runs over pseudo-terminals, many at a time, while four busy loops a processor load the machine.
# usage: harness/lab/soak.sh [RUNS]      (10000; build/attest has been built; status 0: RUNS case runs or more, and none failed)
#
# Each worker plays its share of the cases that take less than two seconds and run on any port, against an emulator of its own whose
# answers come after 1 ms, over and over.  The module is right and the same every time: whatever is a `fail` here is false.
set -u
cd "$(dirname "$0")/../.."

runs=${1:-10000}
workers=40
work=build/soak
attest=build/attest
children=

case $runs in '' | *[!0-9]*) sed -n '3s/^# //p' "$0" >&2; exit 2 ;; esac
[ -x $attest ] || { echo "harness/lab/soak.sh: $attest is missing; make builds it" >&2; exit 3; }

# What was started here ends with it: by the trap, and the loops by themselves if even that is not reached.
end_children() {
	[ -z "$children" ] || kill $children 2>/dev/null
	wait
}
trap end_children EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

rm -rf $work
mkdir -p $work

# ---- which cases -------------------------------------------------------------------
$attest run --journal $work/all.jsonl cases/sim800 >$work/all.log 2>&1 || { tail -n 5 $work/all.log; exit 1; }
# In virtual time it is known how long each file's rows take on a wire.
sed -nE 's/.*"path":"([^"]*)".*"wire_us":([0-9]+).*/\1 \2/p' $work/all.jsonl |
	awk '{ if ($2 > longest[$1]) longest[$1] = $2 } END { for (path in longest) if (longest[path] < 2000000) print path }' | sort >$work/cases
[ -s $work/cases ] || { echo "harness/lab/soak.sh: no case is short enough" >&2; exit 1; }

# ---- load --------------------------------------------------------------------------
busy() {
	local i
	while kill -0 $$ 2>/dev/null; do
		for ((i = 0; i < 200000; i++)); do :; done
	done
}
loops=$(($(nproc) * 4))
for ((n = 0; n < loops; n++)); do
	busy &
	children="$children $!"
done

# ---- runs --------------------------------------------------------------------------
verdicts() { cat $work/worker-*.jsonl 2>/dev/null | grep -o '"verdict":"[a-z]*"' | grep -c "$1"; }

worker() { # N
	local round=0
	while [ "$(verdicts 'pass\|fail\|error')" -lt "$runs" ]; do
		round=$((round + 1))
		$attest run --port "exec:$attest emulate --stdio --set latency=1" --shard "$1/$workers" --seed $round \
			--journal "$work/worker-$1-$round.jsonl" $(cat $work/cases) >"$work/worker-$1-$round.log" 2>&1
		# A stop, or a port that does not open: more rounds would not bring more.
		case $? in 0 | 1 | 3) ;; *) return ;; esac
		[ -s "$work/worker-$1-$round.jsonl" ] || return
	done
}

began=$SECONDS
crew=
for ((n = 1; n <= workers; n++)); do
	worker $n &
	crew="$crew $!"
	children="$children $!"
done
wait $crew
took=$((SECONDS - began))

# ---- verdict -----------------------------------------------------------------------
passes=$(verdicts '"pass"') fails=$(verdicts '"fail"') errors=$(verdicts '"error"') unsure=$(verdicts '"inconclusive"')
echo "$((passes + fails + errors)) case runs over ptys in $took s, $workers at a time, $loops busy loops on $(nproc) processors:" \
	"$passes passed, $fails failed, $errors errors; $unsure times inconclusive"
if [ "$fails" -gt 0 ] || [ "$errors" -gt 0 ]; then
	cat $work/worker-*.jsonl | grep '"verdict":"\(fail\|error\)"' | head -n 5
	exit 1
fi
[ $((passes + fails)) -ge "$runs" ]
