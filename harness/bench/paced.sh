#!/bin/sh
# A subset of about 100 s over a pty at 115200 baud: how much longer it takes on the clock than in virtual time, with the same seed and pace.
# usage: harness/bench/paced.sh ATTEST
set -eu

attest=$1
pace=115200
# Of each kind some: data typed in, bearers, stray bytes.  None of them needs a far side.
cases=
for name in ftp/forms-extput-prompt http/forms-data-prompt bearer/again-and-again bearer/close-closed bearer/credentials \
    general/no-command-session; do cases="$cases cases/sim800/$name.case"; done
work=$(mktemp -d build/paced-XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# play PORT JOURNAL: seconds on the clock, from the start of the program to its end, land in $took.
play() {
	began=$(date +%s.%N)
	# shellcheck disable=SC2086
	"$attest" run --seed 1 --port "$1" --journal "$2" $cases >"$work/log" 2>&1 || { echo "attest run --port '$1' failed:"; tail -n 5 "$work/log"; exit 1; }
	took=$(echo "$(date +%s.%N) $began" | awk '{ print $1 - $2 }')
}

play "emulator,$pace" "$work/virtual"
on_wire() { sed -n 's/.*"wire_us":\([0-9]*\).*/\1/p' "$1" | awk '{ s += $1 } END { print s / 1e6 }'; }
passes() { grep -c '"verdict":"pass"' "$1"; }
play "exec:$attest emulate --stdio --seed 1 --baud $pace" "$work/real"
[ "$(passes "$work/real")" = "$(passes "$work/virtual")" ] || { echo "not every case passed"; exit 1; }
# All of it: finding the module first and putting it back between cases is more than the same cases do in virtual time.
echo "$took $(on_wire "$work/virtual") $(on_wire "$work/real") $(passes "$work/real")" | awk '{
	printf "%d cases at 115200 baud     %8.1f s over a pty, %.1f s in virtual time: %.3f of it (wanted: at most 1.020); ", $4, $1, $2, $1 / $2
	printf "%.3f without finding the module and putting it back\n", $3 / $2 }'
