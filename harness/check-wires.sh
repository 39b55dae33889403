#!/bin/sh
# Runs over every kind of wire that needs no hardware, against our own emulator, in real time.
# usage: harness/check-wires.sh ATTEST FOLDER     prints "ok NAME", "FAIL NAME" or "SKIP NAME: why" a check, and "done"
set -u

attest=$1
tmp=$2
rm -rf "$tmp"
mkdir -p "$tmp"
children=

# What was started is ended, whatever happens.
end_children() {
	for child in $children; do kill "$child" 2>/dev/null; done
	for child in $children; do wait "$child" 2>/dev/null; done
	children=
}
trap end_children EXIT
trap 'exit 1' HUP INT TERM

ok() { echo "ok $1"; }
bad() { echo "FAIL $1"; shift; head -n 20 "$@" 2>/dev/null | sed 's/^/    /'; }

# Wait for a condition with a generous limit, never for a fixed time.
until_true() {
	tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || return 1
		sleep 0.05
	done
}

# The network answers at once: nobody learns from waiting for it.
soon="--set bearer=100 --set http-urc=100"

# emulate NAME OPTION...: an emulator; what it says its place is, is the first line of $tmp/NAME.
emulate() {
	name=$1
	shift
	"$attest" emulate $soon "$@" >"$tmp/$name" 2>"$tmp/$name.err" &
	children="$children $!"
	until_true '[ -s "$tmp/$name" ]' || bad "attest emulate $* says where it is" "$tmp/$name.err"
}
place() { head -n 1 "$tmp/$1"; }

# start NAME PORT CASE...: a run in the background; finished waits for all; played WHAT NAME STATUS PATTERN: it ended so, and said that.
start() { # NAME PORT ARGUMENT...
	name=$1 port=$2
	shift 2
	{
		"$attest" run --port "$port" --journal "$tmp/$name.jsonl" --junit "$tmp/$name.xml" "$@" >"$tmp/$name.run" 2>&1
		echo $? >"$tmp/$name.status"
	} &
	runs="$runs $!"
}
finished() {
	for run in $runs; do wait "$run"; done
	runs=
}
played() { # WHAT NAME STATUS PATTERN
	if [ "$(cat "$tmp/$2.status")" = "$3" ] && grep -qE -e "$4" "$tmp/$2.run"; then
		ok "$1"
	else
		bad "$1: status $(cat "$tmp/$2.status"), expected $3 and $4" "$tmp/$2.run"
	fi
}
runs=

# A page and an upload through servers that `attest emulate` has without being told.
cat >"$tmp/page.case" <<'CASE'
title A page is fetched and read
spec SIM800 IP Application Note V1.01, 3.2
quiet 300ms

> AT+SAPBR=1,1
< OK
> AT+HTTPINIT
< OK
> AT+HTTPPARA="URL","www.sim.com/sim_logo_jr_1003_38.gif"
< OK
> AT+HTTPACTION=0
< OK
< +HTTPACTION: 0,200,16384
> AT+HTTPREAD
< +HTTPREAD: 16384
= 16384 bytes pattern 1
< OK
finally
  > AT+HTTPTERM
  > AT+SAPBR=0,1
CASE
cat >"$tmp/upload.case" <<'CASE'
title What was posted comes back
spec SIM800 IP Application Note V1.01, 3.3
quiet 300ms

> AT+SAPBR=1,1
< OK
> AT+HTTPINIT
< OK
> AT+HTTPPARA="URL","www.sim.com/echo"
< OK
> AT+HTTPDATA=100000,60000
< DOWNLOAD                           as asked
line DCD low
>> 100000 bytes pattern 7
< OK                                 within 60s since asked
> AT+HTTPACTION=1
< OK
< +HTTPACTION: 1,200,100000
> AT+HTTPREAD=0,5000
< +HTTPREAD: 5000
= 5000 bytes pattern 7
< OK
finally
  > AT+HTTPTERM
  > AT+SAPBR=0,1
CASE
cat >"$tmp/wrong.case" <<'CASE'
title A wrong expectation fails here as anywhere
spec SIM800 AT Command Manual V1.09, 1.4
quiet 300ms

> AT
< OK                                 after 5s
CASE
cat >"$tmp/long.case" <<'CASE'
title A long wait
spec SIM800 AT Command Manual V1.09, 1.4

> AT
< OK
silence 600s
CASE

# All at once: what takes time is the modules, not this machine.
emulate pty --pty
emulate tcp --tcp 127.0.0.1:0
emulate rfc2217 --rfc2217 127.0.0.1:0
emulate slow --pty --baud 115200
emulate used --pty
emulator="$attest emulate --stdio $soon"
for wire in "pty $(place pty)" "tcp tcp:$(place tcp)" "rfc2217 rfc2217:$(place rfc2217)" "exec exec:$emulator"; do
	start "${wire%% *}" "${wire#* }" "$tmp/page.case" "$tmp/upload.case" "$tmp/wrong.case"
done
start slow "$(place slow)" "$tmp/page.case"
start holder "$(place used)" "$tmp/long.case"
start stopped "exec:echo \$\$ >$tmp/program; exec $emulator" "$tmp/page.case" "$tmp/long.case"
start gone "exec:dd bs=1 count=3 2>/dev/null; exit 7" "$tmp/page.case"
start refused tcp:127.0.0.1:1 "$tmp/page.case"
start absent /dev/no-such-port "$tmp/page.case"
start null /dev/null "$tmp/page.case"
start words /dev/null,fast "$tmp/page.case"

# ---- a port in use; a run that is stopped --------------------------------------------------------
in_use() {
	"$attest" run --port "$(place used)" "$tmp/page.case" >"$tmp/second.run" 2>&1
	echo $? >"$tmp/second.status"
	grep -q "is in use" "$tmp/second.run"
}
until_true 'grep -qs "1 cases, port" "$tmp/holder.run"'
until_true in_use
played "a port in use names the program that has it" second 3 "is in use by process [0-9]+ \(${attest##*/}\)"
kill -INT "$(sed -n 's/.*is in use by process \([0-9]*\).*/\1/p' "$tmp/second.run")" 2>/dev/null

until_true '[ "$(grep -cs "\"verdict\"" "$tmp/stopped.jsonl")" = 1 ]'
program=$(cat "$tmp/program")
kill -TERM "$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$program/status")" 2>/dev/null
finished
played "Ctrl-C ends a run in the middle of a wait" holder 130 'stopped by signal 2'
played "SIGTERM ends a run and its program" stopped 143 'stopped by signal 15'
kill -0 "$program" 2>/dev/null && bad "the program has gone" "$tmp/stopped.run" || ok "the program has gone"

# ---- one and the same on every wire ---------------------------------------------------------------
grep -q '^attest run: 3 cases can be played here, about ' "$tmp/pty.run" && ok "a run says first how long it will take" || bad "a run says first how long it will take" "$tmp/pty.run"
grep -q "again     attest run --port '$(place pty)' " "$tmp/pty.run" && ok "what failed is played again on the same port" || bad "what failed is played again on the same port" "$tmp/pty.run"
for wire in pty tcp rfc2217 exec; do
	played "a page, an upload and a wrong expectation over $wire" "$wire" 1 '^3 cases: 2 pass, 1 fail'
	notes=$(grep -c 'DCD is not shown by this port' "$tmp/$wire.jsonl")
	[ "$wire" = rfc2217 ] && shown=0 || shown=1
	[ "$notes" = "$shown" ] && ok "$wire says whether it shows DCD" || bad "$wire says whether it shows DCD: $notes notes" "$tmp/$wire.jsonl"
done
played "a page over a pseudo-terminal at 115200 baud" slow 0 '^1 cases: 1 pass'
# 16,384 bytes take 1.42 s there.
wire_us=$(sed -n 's/.*"wire_us":\([0-9]*\).*/\1/p' "$tmp/slow.jsonl")
[ "${wire_us:-0}" -ge 1400000 ] && ok "its time is the line's" || bad "its time is the line's: $wire_us us" "$tmp/slow.run"

# ---- what is lost, or was never there ---------------------------------------------------------------
played "a program that ends is a lost port, with its status" gone 3 'ended with status 7'
played "a refused connection is status 3" refused 3 'nothing listens at port 1 of 127\.0\.0\.1'
played "a port that is not there is status 3" absent 3 'no-such-port: there is no such device'
played "a device that is no port is status 2" null 2 '/dev/null: is no serial port'
played "a wrong part of a port is named" words 2 'baud fast given'
if "$attest" ports >"$tmp/ports" 2>&1 && ! grep -vqE '^(/dev/[^	]*	([0-9a-f]{4}:[0-9a-f]{4}|-)	[^	]*	[^	]*	[^	]*|attest ports: there is no serial port here)$' "$tmp/ports"; then
	ok "attest ports lists what is there"
else
	bad "attest ports lists what is there" "$tmp/ports"
fi
echo done
