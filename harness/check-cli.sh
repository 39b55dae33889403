#!/bin/sh
# The program as its users meet it: wrong input, full disks, Ctrl-C, kill -9, and the subcommands end to end.
# usage: harness/check-cli.sh ATTEST FOLDER     prints "ok NAME", "FAIL NAME" or "SKIP NAME: why" a check, and "done"
set -u

attest=$1
tmp=$2
rm -rf "$tmp"
mkdir -p "$tmp"

ok() { echo "ok $1"; }
bad() { echo "FAIL $*"; sed 's/^/    /' "$tmp/out" "$tmp/err" 2>/dev/null | head -n 20; }
skip() { echo "SKIP $1: $2"; }

# expect NAME STATUS PATTERN COMMAND...: the status, and a line of its output or error that matches.
expect() {
	name=$1 status=$2 pattern=$3
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" -ne "$status" ]; then
		bad "$name: status $got, expected $status"
	elif ! grep -aqE -e "$pattern" "$tmp/out" "$tmp/err"; then
		bad "$name: no line matches $pattern"
	else
		ok "$name"
	fi
}

# Wait for a condition with a generous limit, never for a fixed time.
until_true() {
	tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 0.1
	done
}

# A table of N dialogues, big enough to be caught in the middle.
table() {
	awk -v n="$1" 'BEGIN {
		print "title   Row {row}\nspec    SIM800 IP Application Note V1.01, 3.2\nworld   http www.sim.com 100 bytes lines\neach\n  | row |"
		for (i = 1; i <= n; i++) print "  | " i " |"
		print "\n> AT+SAPBR=1,1\n< OK\n> AT+HTTPINIT\n< OK\n> AT+HTTPPARA=\"URL\",\"www.sim.com\"\n< OK\n> AT+HTTPACTION=0\n< OK\n< +HTTPACTION: 0,200,100\n> AT+HTTPTERM\n< OK"
	}'
}

# ---- usage -----------------------------------------------------------------
expect "no argument is a usage error" 2 'usage' "$attest"
expect "an unknown subcommand is named" 2 'nonsense' "$attest" nonsense
expect "an unknown option is named" 2 'nonsense' "$attest" run --nonsense
for command in emulate lint parse report mutate; do
	expect "an unknown option of $command is named" 2 'nonsense' "$attest" "$command" --nonsense
done
expect "an unknown port is named" 2 'carrier-pigeon' "$attest" run --port carrier-pigeon cases/sim800/bearer
expect "an unknown profile is named, and the known ones listed" 2 'sim800-r14.18' "$attest" run --profile sim9000 cases/sim800/bearer
expect "--help lists the subcommands" 0 'emulate' "$attest" --help
expect "--version names it" 0 '^attest [0-9]' "$attest" --version
expect "run --help lists its options" 0 '--resume' "$attest" run --help

# ---- deviations ----------------------------------------------------------------
expect "mutate kills what it plants in FTPQUIT" 0 'rows of documents and logs: [0-9]+ deviations, .* killed' "$attest" mutate --only ftp-quit
printf 'title Blind\nspec A document, 3.1\n> AT+SAPBR=2,1\n< {: text}\n< OK\n' >"$tmp/blind.case"
expect "mutate names what a blind case lets live, and ends with 1" 1 '^survived: bearer-query-1: another value in a field' "$attest" mutate --only bearer-query "$tmp/blind.case"
expect "mutate with cases that reach nothing of it proves nothing, and ends with 1" 1 ', 0 reached' "$attest" mutate --only ftp-quit cases/sim800/bearer
expect "mutate --list prints row, operator and argument" 0 'http-action-4.*another value|ftp-get-2.*URC missing' "$attest" mutate --list --only 'ftp-get-2'
expect "mutate without a deviation says so" 4 'no deviation' "$attest" mutate --only nonsense
expect "mutate takes a number of processes" 2 'jobs' "$attest" mutate --jobs 0
expect "no case selected is status 4" 4 '.' "$attest" run --only 'no such case' cases/sim800
expect "a missing case file is named" 2 'nowhere\.case' "$attest" run "$tmp/nowhere.case"
expect "the summary names the area of what failed" 1 '^  ftp +1  1 fail$' "$attest" run --profile sim900 cases/sim800/ftp/3.15-rest.case
expect "the summary names document and clause of what failed" 1 '^  SIM800 IP Application Note V1\.01, 3\.15 +1  1 fail$' "$attest" run --profile sim900 cases/sim800/ftp/3.15-rest.case
sed -n '/^# the transcript/,/^areas: /p' "$tmp/err" | sed '$d' >"$tmp/transcript.case"
expect "the transcript of a failure is a case" 0 '1 cases, 0 errors' "$attest" lint "$tmp/transcript.case"
expect "which plays again" 0 '1 pass' "$attest" run --profile sim900 "$tmp/transcript.case"
expect "a list names path and title" 0 'HTTP GET fetches 1000 bytes' "$attest" run --list cases/sim800/http/3.2-get.case

# ---- case files that are none -------------------------------------------------
: >"$tmp/empty.case"
head -c 4096 /dev/urandom >"$tmp/binary.case"
head -c 10485760 /dev/zero | tr '\0' 'x' >"$tmp/long.case"
printf 'title   T\n\n> AT\n   < OK\n\t< OK\n' >"$tmp/indent.case"
printf 'title   T\nfrobnicate\n\n> AT\n< OK\n' >"$tmp/word.case"
printf 'title   T\n\n> AT\n< OK  within 99999999999999999999s\n' >"$tmp/number.case"
printf 'title   T\nuse     nowhere\n\n> AT\n< OK\n' >"$tmp/use.case"
{ printf 'title   T\n\n'; for i in $(seq 40); do echo "bogus $i"; done; } >"$tmp/many.case"
for f in empty binary long indent word number use many; do
	expect "lint of $f.case names the place" 2 "$f\.case:[0-9]+:[0-9]+: " "$attest" lint "$tmp/$f.case"
	expect "run of $f.case names the place" 2 "$f\.case:[0-9]+:[0-9]+: " "$attest" run "$tmp/$f.case"
done
"$attest" lint "$tmp/many.case" >"$tmp/out" 2>&1
[ "$(grep -c 'many\.case:[0-9]*:[0-9]*:' "$tmp/out")" = 20 ] && grep -q '20 more' "$tmp/out" && ok "20 errors are shown, and the rest counted" || bad "20 errors are shown, and the rest counted"
size=$(wc -c <cases/sim800/ftp/3.9-get.case)
cut_bad=0
for n in $(seq 0 17 "$size"); do
	head -c "$n" cases/sim800/ftp/3.9-get.case >"$tmp/cut.case"
	"$attest" lint "$tmp/cut.case" >"$tmp/out" 2>"$tmp/err"
	case $? in 0 | 2) ;; *) cut_bad=$((cut_bad + 1)) ;; esac
done
[ "$cut_bad" = 0 ] && ok "a case cut anywhere is read or refused" || bad "a case cut anywhere: $cut_bad crashes"

# ---- verdicts and reports --------------------------------------------------------
cp cases/selftest/wrong-byte.case "$tmp/fail.case"
sed -i '/^must fail/d' "$tmp/fail.case"
expect "a broken clause is status 1 and names its place" 1 "fail\.case:[0-9]+:[0-9]+" "$attest" run --junit "$tmp/fail.xml" --journal "$tmp/fail.jsonl" "$tmp/fail.case"
expect "attest report exits as the run did" 1 '.' "$attest" report --junit "$tmp/fail2.xml" "$tmp/fail.jsonl"
if command -v xmllint >/dev/null 2>&1; then
	expect "the JUnit file is valid by its schema" 0 'validates' xmllint --noout --schema reports/attest-junit.xsd "$tmp/fail.xml"
else
	skip "the JUnit file is valid by its schema" "xmllint is not installed (the unit tests validate in process)"
fi
expect "a report folder that does not exist is made" 0 'new/folder/x.xml' "$attest" run --junit "$tmp/new/folder/x.xml" cases/sim800/bearer
expect "a report that cannot be written is status 3" 3 '/dev/null' "$attest" run --junit /dev/null/x.xml cases/sim800/bearer
expect "a journal that cannot be written is status 3" 3 '/dev/null' "$attest" run --journal /dev/null/x.jsonl cases/sim800/bearer
expect "a full disk is status 3 and says so" 3 'No space left' "$attest" run --journal /dev/full cases/sim800/bearer
expect "a journal that is none is status 3" 3 'empty\.case' "$attest" report "$tmp/empty.case"

"$attest" run --seed 7 --journal "$tmp/a.jsonl" cases/sim800/ftp >"$tmp/out" 2>"$tmp/err"
"$attest" run --seed 7 --journal "$tmp/b.jsonl" cases/sim800/ftp >"$tmp/out" 2>"$tmp/err"
"$attest" run --seed 7 --shuffle --journal "$tmp/c.jsonl" cases/sim800/ftp >"$tmp/out" 2>"$tmp/err"
verdicts() { grep -ao '"case":"[^"]*"\|"verdict":"[a-z]*"\|"wire_us":[0-9]*' "$1"; }
[ "$(verdicts "$tmp/a.jsonl")" = "$(verdicts "$tmp/b.jsonl")" ] && [ -n "$(verdicts "$tmp/a.jsonl")" ] && ok "a seed repeats a run exactly" || bad "a seed repeats a run exactly"
sums() { grep -ao '"verdict":"[a-z]*"' "$1" | sort | uniq -c; }
[ "$(sums "$tmp/a.jsonl")" = "$(sums "$tmp/c.jsonl")" ] && ok "order does not change the verdicts" || bad "order does not change the verdicts"
! grep -aq '12345\|3214567' "$tmp/a.jsonl" && ok "no password is in the journal" || bad "no password is in the journal"
titles() { grep -aho '"case":"[^"]*"' "$@" | sort; }
for i in 1 2 3; do "$attest" run --shard "$i/3" --journal "$tmp/s$i.jsonl" cases/sim800/ftp >"$tmp/out" 2>"$tmp/err"; done
[ "$(titles "$tmp/a.jsonl")" = "$(titles "$tmp/s1.jsonl" "$tmp/s2.jsonl" "$tmp/s3.jsonl")" ] && ok "three shards make the whole" || bad "three shards make the whole"
expect "shards merge into one report" 0 '.' "$attest" report --junit "$tmp/merged.xml" "$tmp/s1.jsonl" "$tmp/s2.jsonl" "$tmp/s3.jsonl"
[ "$(grep -c '<testcase ' "$tmp/merged.xml")" = "$(titles "$tmp/a.jsonl" | wc -l)" ] && ok "the merged report holds every case once" || bad "the merged report holds every case once"

# ---- stopped in the middle ------------------------------------------------------------
table 50000 >"$tmp/big.case"
lines() { wc -l <"$1" 2>/dev/null || echo 0; }
"$attest" run --journal "$tmp/int.jsonl" --junit "$tmp/int.xml" "$tmp/big.case" >"$tmp/out" 2>"$tmp/err" &
pid=$!
until_true '[ "$(lines "$tmp/int.jsonl")" -gt 50 ]'
kill -INT "$pid"
wait "$pid"
status=$?
n=$(grep -c '"verdict":"pass"' "$tmp/int.jsonl")
if [ "$status" -eq 130 ] && [ "$n" -lt 50000 ] && [ "$(grep -c '<testcase ' "$tmp/int.xml")" = "$n" ]; then
	ok "Ctrl-C writes the reports of what is done and exits with 130"
else
	bad "Ctrl-C: status $status, $n cases in the journal"
fi
"$attest" run --journal "$tmp/kill.jsonl" "$tmp/big.case" >"$tmp/out" 2>"$tmp/err" &
pid=$!
until_true '[ "$(lines "$tmp/kill.jsonl")" -gt 50 ]'
kill -KILL "$pid"
wait "$pid" 2>/dev/null
printf '{"torn' >>"$tmp/kill.jsonl"
"$attest" report --junit "$tmp/kill.xml" "$tmp/kill.jsonl" >"$tmp/out" 2>"$tmp/err"
n=$(grep -c '"verdict":"pass"' "$tmp/kill.jsonl")
[ "$n" -gt 49 ] && [ "$(grep -c '<testcase ' "$tmp/kill.xml")" = "$n" ] && ok "a killed run leaves a journal that makes a report" || bad "a killed run leaves a journal that makes a report: $n cases"
"$attest" run --resume "$tmp/kill.jsonl" --junit "$tmp/resumed.xml" "$tmp/big.case" >"$tmp/out" 2>"$tmp/err"
status=$?
[ "$status" -eq 0 ] && [ "$(grep -c '<testcase ' "$tmp/resumed.xml")" = 50000 ] && ok "--resume finishes the rest" || bad "--resume: status $status, $(grep -c '<testcase ' "$tmp/resumed.xml") cases"

expect "--resume goes on with no journal of another profile" 2 'is of profile sim800-r14.18, this run of sim900' "$attest" run --profile sim900 --resume "$tmp/s1.jsonl" cases/sim800/ftp
expect "--junit does not overwrite the journal" 2 'it would overwrite the journal' "$attest" run --journal "$tmp/same" --junit "$tmp/same" cases/sim800/ftp
expect "a seed with a leading 0 is decimal" 0 'seed 10$' "$attest" run --seed 010 cases/sim800/general
"$attest" run --journal "$tmp/closed.jsonl" cases/sim800/general <&- >&- 2>&-
expect "closed standard streams leave the journal alone" 0 'pass' "$attest" report "$tmp/closed.jsonl"
"$attest" run --journal "$tmp/closed.jsonl" cases/sim800/general 2>&-
expect "a closed standard error leaves the journal alone" 0 'pass' "$attest" report "$tmp/closed.jsonl"

# ---- parse and emulate ---------------------------------------------------------------------
printf 'AT+HTTPREAD\r\r\n+HTTPREAD: 7\r\nO\r\nK\r\n!\r\nOK\r\n\r\n+SAPBR 1: DEACT\r\n' >"$tmp/capture"
"$attest" parse "$tmp/capture" >"$tmp/out" 2>"$tmp/err"
[ "$(grep -ao '"kind": *"[a-z]*"' "$tmp/out" | tr -d ' ' | tr '\n' ' ')" = '"kind":"echo" "kind":"info" "kind":"payload" "kind":"final" "kind":"urc" ' ] && ok "parse tells the events of a capture" || bad "parse tells the events of a capture"
expect "parse of a missing file is status 2" 2 'nowhere' "$attest" parse "$tmp/nowhere"

mkfifo "$tmp/in"
"$attest" emulate --stdio <"$tmp/in" >"$tmp/said" 2>"$tmp/err" &
pid=$!
exec 3>"$tmp/in"
printf 'AT+CSQ\r' >&3
if until_true 'grep -aq "^OK" "$tmp/said"'; then ok "emulate --stdio answers"; else bad "emulate --stdio answers"; fi
exec 3>&-
wait "$pid"
[ $? -eq 0 ] && ok "emulate --stdio ends with its input" || bad "emulate --stdio ends with its input"

"$attest" emulate --pty >"$tmp/pty" 2>"$tmp/err" &
pid=$!
until_true '[ -s "$tmp/pty" ]'
pty=$(grep -o '/dev/[a-z0-9/]*' "$tmp/pty" | head -n 1)
if [ -c "$pty" ]; then
	( exec 3<>"$pty"; printf 'ATI\r' >&3; until IFS= read -r line <&3 && case $line in *SIM800*) true ;; *) false ;; esac; do :; done; echo "$line" ) >"$tmp/said" 2>/dev/null &
	reader=$!
	if until_true 'grep -aq SIM800 "$tmp/said"'; then ok "emulate --pty answers"; else bad "emulate --pty answers"; fi
	kill "$reader" 2>/dev/null
else
	bad "emulate --pty prints its path"
fi
kill -INT "$pid"
wait "$pid"
status=$?
[ "$status" -eq 130 ] || [ "$status" -eq 0 ] && ok "emulate ends cleanly on Ctrl-C" || bad "emulate ends cleanly on Ctrl-C: $status"
expect "an address that is none is named" 2 'nonsense' "$attest" emulate --tcp nonsense
expect "a port number that is none is named" 2 '99999' "$attest" emulate --tcp 127.0.0.1:99999
expect "an address of another machine needs --remote" 2 'remote' "$attest" emulate --tcp 0.0.0.0:0
expect "an unknown fault is named" 2 'gremlins' "$attest" emulate --stdio --fault gremlins
expect "a fault's bad value is named" 2 'often' "$attest" emulate --stdio --fault drop=often
expect "a number of emulators that is none is named" 2 'count 0' "$attest" emulate --pty --count 0
expect "there is one standard input" 2 'standard input' "$attest" emulate --stdio --count 2
expect "a baud that is none is named" 2 'baud fast' "$attest" emulate --pty --baud fast
expect "only RFC 2217 tells the baud" 2 'rfc2217' "$attest" emulate --pty --baud auto
expect "RFC 2217 on another machine's address needs --remote" 2 'remote' "$attest" emulate --rfc2217 0.0.0.0:0
expect "a baud of the emulator that is none is named" 2 'baud slow' "$attest" run --port emulator,slow cases/sim800/bearer
# The shell's words for a report's name, as make certify has them.
report_name() { env -u MAKEFLAGS -u MAKELEVEL -u PORT -u LAB make -n certify "$@" | sed -n 's|^report=\(.*\); build/attest run.*|echo \1|p' >"$tmp/name"; }
named() { # NAME WANT VARIABLE=VALUE...
	name=$1 want=$2
	shift 2
	report_name "$@"
	got=$(env PORT=emulator "$@" sh "$tmp/name")
	[ "$got" = "$want" ] && ok "$name" || bad "$name: $got"
}
named "make certify names its reports after the port" dev-ttyUSB0 PORT=/dev/ttyUSB0 LAB=my/lab.conf
named "or after the lab file, which has the port then, never after the emulator" my-lab.conf LAB=my/lab.conf
named "the emulator's are named after its profile" sim800-r14.18 LAB=
fail=$("$attest" run --profile sim900 cases/sim800/ftp/3.15-rest.case 2>&1 | grep '^fail:')
[ -n "$fail" ] && grep -qF "$fail" README.md && ok "README shows what attest run prints" || bad "README shows what attest run prints: $fail"
for line in '/dev/no-such-port' 'rfc2217:127.0.0.1:1'; do
	printf 'port = %s\nbaud = 9600\n' "$line" >"$tmp/baud.conf"
	expect "the lab's baud is that of $line, which says none" 3 "$line,9600: " "$attest" run --lab "$tmp/baud.conf" cases/sim800/bearer
	printf 'port = %s,19200\nbaud = 9600\n' "$line" >"$tmp/baud.conf"
	expect "the lab's baud is not that of $line,19200" 3 "$line,19200: " "$attest" run --lab "$tmp/baud.conf" cases/sim800/bearer
done
expect "cases pass on a slow line" 0 '[0-9] pass' "$attest" run --port emulator,115200 cases/sim800/http
"$attest" emulate --pty --count 20 >"$tmp/many" 2>"$tmp/err" &
pid=$!
if until_true '[ "$(lines "$tmp/many")" = 20 ]' && [ "$(sort -u "$tmp/many" | wc -l)" = 20 ]; then
	answered=0
	while IFS= read -r pty; do
		[ "$({ printf 'ATE0\r' >&7; IFS= read -r line <&7; IFS= read -r line <&7; echo "$line"; } 7<>"$pty" | tr -d '\r')" = OK ] && answered=$((answered + 1))
	done <"$tmp/many"
	[ "$answered" = 20 ] && ok "emulate --pty --count 20: each of them answers" || bad "emulate --pty --count 20: $answered answer"
else
	bad "emulate --pty --count 20 prints 20 paths"
fi
kill -INT "$pid"
wait "$pid"
status=$?
gone=0
while IFS= read -r pty; do [ -e "$pty" ] || gone=$((gone + 1)); done <"$tmp/many"
[ "$status" -eq 130 ] && [ "$gone" -eq 20 ] && ok "Ctrl-C ends all of them with 130, and no path is left" || bad "Ctrl-C of 20 emulators: $status, $gone paths gone"
expect "a closed standard output is status 3" 3 'standard input and output' sh -c 'printf "AT\r" | "$1" emulate --stdio >&-' sh "$attest"

# 500 commands in one go are more than the module's buffer holds; by redirection none is lost.
awk 'BEGIN { for (i = 0; i < 500; i++) printf "AT+CSQ\r" }' >"$tmp/commands"
"$attest" emulate --stdio --set latency=0 --set urc-gap=0 <"$tmp/commands" >"$tmp/said" 2>"$tmp/err"
[ "$(grep -ac '^OK' "$tmp/said")" = 500 ] && ok "emulate --stdio loses none of 500 commands" || bad "emulate --stdio answers $(grep -ac '^OK' "$tmp/said") of 500 commands"

# Faults go by seed, to the byte.
faulty() { "$attest" emulate --stdio --set latency=0 --seed "$1" --fault drop=1/20 --fault garble=1/30 --fault line-double=1/9 <"$tmp/commands" 2>"$tmp/err"; }
faulty 1 >"$tmp/said1" && faulty 1 >"$tmp/said1again" && faulty 2 >"$tmp/said2"
cmp -s "$tmp/said1" "$tmp/said1again" && ! cmp -s "$tmp/said1" "$tmp/said2" && ! cmp -s "$tmp/said1" "$tmp/said" && ok "faults are repeated by their seed" || bad "faults are repeated by their seed"

# Every fault that --help lists, in every case: what fails are cases, not the tool.
for fault in $("$attest" emulate --help | awk '/^faults/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ { print $1 }'); do
	case $fault in
	delay | pause) value=9000 ;;
	net-slow) value=200000 ;;
	reboot | bearer-lost) value=4 ;;
	*) value=1/2 ;;
	esac
	rm -rf "$tmp/faulty"
	cp -r cases "$tmp/faulty"
	find "$tmp/faulty/sim800" -name '*.case' -exec sed -i "s/^need  *world lab/need    world/; 0,/^spec/s|^spec|module  fault $fault $value\nspec|" {} +
	expect "a module with the fault $fault fails cases, and the run ends well" 1 '[0-9] fail' "$attest" run "$tmp/faulty/sim800"
done
expect "a module with a bad network fails at it" 0 '^\+HTTPACTION: 0,601,0' sh -c '{ printf "AT+SAPBR=1,1;+HTTPINIT;+HTTPPARA=\"URL\",\"www.sim.com\"\r"; printf "AT+HTTPACTION=0\r"; } |
    "$1" emulate --stdio --set latency=0 --set bearer=0 --set http-urc=0 --fault net-refused=1/1' sh "$attest"

# TCP: one host after the other, the same module; a host that closes its end still gets its answer.
if command -v socat >/dev/null 2>&1; then
	"$attest" emulate --tcp 127.0.0.1:0 --set latency=0 >"$tmp/tcp" 2>"$tmp/err" &
	pid=$!
	until_true '[ -s "$tmp/tcp" ]'
	address=$(head -n 1 "$tmp/tcp")
	printf 'ATE0\r' | socat -t10 - "TCP:$address" >"$tmp/said" 2>"$tmp/err"
	grep -aq '^OK' "$tmp/said" && ok "emulate --tcp answers a host that has closed its end" || bad "emulate --tcp answers a host that has closed its end"
	printf 'AT+CSQ\r' | socat -t10 - "TCP:$address" >"$tmp/said" 2>"$tmp/err"
	[ "$(od -An -c "$tmp/said" | tr -d ' \n')" = '\r\n+CSQ:18,0\r\n\r\nOK\r\n' ] && ok "the next host meets the same module" || bad "the next host meets the same module"
	expect "a port in use is named" 3 'in use' "$attest" emulate --tcp "$address"
	kill -TERM "$pid"
	wait "$pid"
	status=$?
	[ "$status" -eq 143 ] && ok "emulate ends with 143 on SIGTERM" || bad "emulate ends with 143 on SIGTERM: $status"
else
	skip "emulate --tcp, one host after the other" "socat is not installed"
fi

# A host that does not read: nothing grows, Ctrl-C works, and what it reads later is whole.
printf 'http www.sim.com 319488 bytes pattern 1\n' >"$tmp/world"
mkfifo "$tmp/unread.in" "$tmp/unread.out"
"$attest" emulate --stdio --world-file "$tmp/world" --set latency=0 --set bearer=0 --set http-urc=0 --set urc-gap=0 <"$tmp/unread.in" >"$tmp/unread.out" 2>"$tmp/err" &
pid=$!
exec 4>"$tmp/unread.in" 5<"$tmp/unread.out"
printf 'ATE0;+SAPBR=1,1;+HTTPINIT;+HTTPPARA="URL","www.sim.com"\rAT+HTTPACTION=0\r' >&4
( while IFS= read -r line && case $line in *+HTTPACTION*) false ;; *) true ;; esac; do :; done ) <&5
printf 'AT+HTTPREAD\rAT+HTTPREAD\rAT+HTTPREAD\rAT+CSQ\r' >&4
exec 4>&-
bytes=$(cat <&5 | wc -c)
wait "$pid"
status=$?
exec 5<&-
[ "$status" -eq 0 ] && [ "$bytes" -eq $((3 * (21 + 319488 + 6) + 20)) ] && ok "a host that reads late gets 3 x 319488 bytes whole" || bad "a host that reads late: status $status, $bytes bytes"

echo done
