#!/usr/bin/env bash
# The cases that run in both worlds, in the other one: against the lab's servers, through `attest emulate --world net`, in real time.
# Several at once, each with an emulator of its own: they mostly wait.
set -u
cd "$(dirname "$0")/../.."
out=build/check-lab/cases
shards=${LAB_SHARDS:-16}
least=120 least_far=60	# cases; of them with data moved, or ended by a code that a server provokes

if [ -z "$LAB_FILE" ]; then
	echo "SKIP cases: nginx, proftpd and tinyproxy are not all here"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
mkdir -p $out
# shellcheck disable=SC2046
set -- $(grep -rlE '^need +world lab$' cases/sim800 | sort)
for i in $(seq "$shards"); do
	build/attest run --lab "$LAB_FILE" --port "exec:exec build/attest emulate --stdio --world net --may-connect 127.0.0.1 --may-connect no-such-host.invalid" --shard "$i/$shards" \
	    --journal "$out/$i.jsonl" "$@" >"$out/$i.log" 2>&1 9>&- &
done
wait
# What was inconclusive and played once more ("again") counts by how it ended.
results() { cat $out/*.jsonl | grep '"verdict"' | grep -v '"again":1'; }
verdicts() { results | grep -cE "\"verdict\":\"($1)\""; }

passed=$(verdicts pass) skipped=$(verdicts skip) bad=$(verdicts 'fail|error|inconclusive')
[ "$bad" -eq 0 ] || for i in $(seq "$shards"); do grep -qE '"verdict":"(fail|error|inconclusive)"' "$out/$i.jsonl" && sed 's/^/    /' "$out/$i.log"; done
results | grep '"verdict":"skip"' | sed -E 's/.*"case":"([^"]*)".*"message":"([^"]*)".*/SKIP \1: \2/'
chosen=$(build/attest run --list "$@" | wc -l)
if [ $((passed + bad + skipped)) -ne "$chosen" ]; then
	echo "FAIL of $chosen cases $((passed + bad + skipped)) were finished"
	tail -n 3 $out/*.log
	bad=$((bad + 1))
fi
# A bearer that opens alone moves nothing: counted are those that fetched, sent, or were told a code by the far side.
far=$(results | grep '"verdict":"pass"' | sed -E 's/.*"path":"([^"]*)".*/\1/' | sort | uniq -c |
    while read -r n path; do
	grep -qE '^ *(< (\+HTTPACTION: [0-2],[^,]|\+FTP[A-Z]+: (1,[1-9]|2,)|\+FTP(SIZE|DELE|MKD|RMD): 1,)|until < \+FTP)' "$path" && echo "$n"
    done | awk '{ n += $1 } END { print n + 0 }')
echo "$passed cases pass in the simulated world and in the lab, $far of them with data or a code of a server"
[ "$passed" -ge $least ] || { echo "FAIL $passed cases, expected $least"; bad=$((bad + 1)); }
[ "$far" -ge $least_far ] || { echo "FAIL $far cases with data or a code of a server, expected $least_far"; bad=$((bad + 1)); }
echo "$passed passed, $bad failed, $skipped skipped"
[ "$bad" -eq 0 ]
