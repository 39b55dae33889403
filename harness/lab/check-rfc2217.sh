#!/usr/bin/env bash
# RFC 2217 both ways: attest as the client of ser2net and of its own emulator, and pyserial as the client of the emulator.
# usage: harness/lab/check-rfc2217.sh       needs neither the lab's servers nor a network
set -u
cd "$(dirname "$0")/../.."
attest=build/attest
out=build/check-lab/rfc2217
rm -rf $out
mkdir -p $out
PATH=$PATH:/usr/sbin:/sbin
passed=0 failed=0 skipped=0 children=

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL $1"; shift; for log in "$@"; do tail -n 12 "$log" | sed 's/^/    /'; done; }
skip() { skipped=$((skipped + 1)); echo "SKIP $*"; }

# Only what was started here, and only while it is ours.
end() { for pid in $children; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done; children=; }
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Wait for a condition with a generous limit.
until_true() {
	local tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.1
	done
}

# emulate NAME LINES OPTION...: an emulator whose addresses are in $out/NAME, so many of them.
emulate() {
	local name=$1 lines=$2
	shift 2
	$attest emulate "$@" >"$out/$name" 2>"$out/$name.err" &
	children="$children $!"
	until_true "[ \"\$(wc -l <$out/$name)\" -ge $lines ]" || { fail "emulate $* begins" "$out/$name.err"; return 1; }
}

# plays WHAT STATUS PATTERN PORT CASE...: a run over that port ends so, and says so.
plays() {
	local what=$1 wanted=$2 pattern=$3 port=$4 status=0
	shift 4
	timeout 300 $attest run --port "$port" "$@" >$out/run.out 2>$out/run.err || status=$?
	if [ $status -ne "$wanted" ]; then
		fail "$what: status $status, expected $wanted" $out/run.out $out/run.err
	elif ! grep -aqE -e "$pattern" $out/run.out $out/run.err; then
		fail "$what: nothing matches $pattern" $out/run.out $out/run.err
	else
		pass
	fi
}

# A port of 127.0.0.1 where nothing listens now.
free_port() { $python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

cat >$out/dcd.case <<'END'
title   DCD is low while HTTPDATA takes data
spec    SIM800 IP Application Note V1.01, 3.3

> AT+HTTPINIT
< OK
> AT+HTTPDATA=1000,10000
< DOWNLOAD
line DCD low
>> 1000 bytes pattern 7
< OK                                 within 10s
line DCD high
finally
  > AT+HTTPTERM
END
# The same with what no module does, so that a line that is judged is seen to be.
sed 's/^title .*/title   DCD is high while HTTPDATA takes data/; s/^line DCD low/line DCD high/' $out/dcd.case >$out/wrong.case

# ---- attest and attest ------------------------------------------------------------
if emulate own 2 --rfc2217 127.0.0.1:0 --count 2 --baud auto; then
	own=$(sed -n 1p $out/own) second=$(sed -n 2p $out/own)
	plays "DCD is judged over RFC 2217" 0 '1 pass' "rfc2217:$own" $out/dcd.case
	plays "and found wrong" 1 'expected DCD high' "rfc2217:$own" $out/wrong.case
	plays "a baud is set" 0 '1 pass' "rfc2217:$own,57600" $out/dcd.case
	plays "cases of the suite pass" 0 '[0-9] pass' "rfc2217:$second" cases/sim800/general --only '*CSQ*'
	# Whoever holds the port is named.
	$attest run --port "rfc2217:$own" cases/sim800/general >$out/first.out 2>&1 &
	first=$!
	if until_true "grep -q 'cases, port' $out/first.out 2>/dev/null"; then
		plays "a port in use says by whom" 3 'is in use by 127' "rfc2217:$own" $out/dcd.case
	else
		fail "a run begins" $out/first.out
	fi
	kill -INT $first
	wait $first
	[ $? -eq 130 ] && pass || fail "a run over RFC 2217 ends with 130 on Ctrl-C" $out/first.out
	plays "the next one finds the module" 0 '1 pass' "rfc2217:$own" $out/dcd.case
	end
fi
emulate plain 1 --tcp 127.0.0.1:0 && plays "a module without telnet is named, and tcp: proposed" 3 'tcp:127' "rfc2217:$(cat $out/plain)" $out/dcd.case
end

# ---- pyserial as the client ---------------------------------------------------------
python=
for candidate in /usr/bin/python3 python3; do
	[ -n "$python" ] || ! $candidate -c 'import serial' 2>/dev/null || python=$candidate
done
if [ -z "$python" ]; then
	skip "pyserial as the client: python3-serial is not installed"
	skip "ser2net: python3-serial is not installed, which finds a free port"
elif emulate served 1 --rfc2217 127.0.0.1:0 --baud auto; then
	$python harness/lab/rfc2217_client.py "$(cat $out/served)" >$out/pyserial 2>&1
	grep -q '^done$' $out/pyserial || fail "pyserial's checks came to their end" $out/pyserial
	passed=$((passed + $(grep -c '^ok ' $out/pyserial)))
	failed=$((failed + $(grep -c '^FAIL ' $out/pyserial)))
	grep '^FAIL ' $out/pyserial
	end
fi

# ---- ser2net as the server -----------------------------------------------------------
if ! command -v ser2net >/dev/null; then
	skip "ser2net as the server: it is not installed"
elif [ -n "$python" ] && emulate behind 1 --pty; then
	port=$(free_port)
	cat >$out/ser2net.yaml <<END
connection: &module
  accepter: telnet(rfc2217),tcp(nodelay),127.0.0.1,$port
  connector: serialdev(nouucplock),$(cat $out/behind),115200n81,local
  options:
    chardelay: false
END
	ser2net -n -d -c $out/ser2net.yaml >$out/ser2net.log 2>&1 &
	children="$children $!"
	# Its first answer shows that it listens.
	if until_true "timeout 60 $attest run --port rfc2217:127.0.0.1:$port $out/dcd.case >$out/first.out 2>&1 || [ \$? -ne 3 ]"; then
		plays "through ser2net; its pseudo-terminal has no DCD, which is not judged" 0 '1 pass' "rfc2217:127.0.0.1:$port" $out/dcd.case
		plays "ser2net sets a baud" 0 '1 pass' "rfc2217:127.0.0.1:$port,9600" $out/dcd.case
		plays "cases of the suite pass through ser2net" 0 '[0-9] pass' "rfc2217:127.0.0.1:$port" cases/sim800/general --only '*CSQ*'
		$attest run --port "rfc2217:127.0.0.1:$port" cases/sim800/general >$out/first.out 2>&1 &
		first=$!
		if until_true "grep -q 'cases, port' $out/first.out 2>/dev/null"; then
			plays "ser2net's words are shown" 3 'Port already in use' "rfc2217:127.0.0.1:$port" $out/dcd.case
		else
			fail "a run through ser2net begins" $out/first.out
		fi
		kill -INT $first
		wait $first
	else
		fail "ser2net listens" $out/ser2net.log $out/first.out
	fi
	end
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
