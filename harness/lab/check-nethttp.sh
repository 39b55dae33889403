#!/usr/bin/env bash
# HTTP of --world net with real servers: cases of its own, host programs' dialogues over ptys, many at once, a rate.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0 skipped=0
out=$PWD/build/check-lab/nethttp
rm -rf "$out"
mkdir -p "$out/hosts"

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL $*"; }
counts() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
[ -n "$LAB_FILE" ] || { echo "SKIP nethttp: nginx, proftpd and tinyproxy are not all here"; skipped=1; counts; }
for tool in build/attest build/lab_hosts_http build/lab_hosts_ftp; do
	[ -x $tool ] || { echo "FAIL $tool is missing; make check-lab builds it"; failed=1; counts; }
done
http=http://127.0.0.1:$LAB_HTTP_PORT

# ---- host programs, byte by byte: four of each kind at a time ---------------------
export HOSTS_DIR=$out/hosts HOSTS_SOURCE=$PWD/harness/lab HOSTS_ATTEST=$PWD/build/attest HOSTS_CERTIFICATE=$out/hosts/server.pem
HOSTS_NGINX_MODULES=$(nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p')
export HOSTS_NGINX_MODULES
hosts() {
	if ! openssl req -x509 -newkey rsa:2048 -nodes -keyout "$out/key.pem" -out "$out/cert.pem" -days 2 -subj /CN=lab >"$out/openssl.log" 2>&1; then
		echo "SKIP host programs: no openssl to make a server's certificate with"
		skipped=$((skipped + 1))
		return
	fi
	cat "$out/key.pem" "$out/cert.pem" >"$HOSTS_CERTIFICATE"
	for kind in http ftp; do
		for share in 0 1 2 3; do
			CMOCKA_MESSAGE_OUTPUT=tap HOSTS_SHARE=$share/4 build/lab_hosts_$kind >"$out/$kind-$share.tap" 2>"$out/$kind-$share.log" &
			programs="$programs $!"
		done
	done
}

# A dialogue is played by one of the four and skipped by the others.
hosts_count() {
	for kind in http ftp; do
		cat "$out/$kind-"?.tap 2>/dev/null >"$out/$kind.tap"
		[ -s "$out/$kind.tap" ] || continue
		for name in $(sed -nE 's/^(not )?ok [0-9]+ (-|# SKIP) ([a-z0-9_]+).*/\3/p' "$out/$kind.tap" | sort -u); do
			if grep -q "^ok [0-9]* - $name\$" "$out/$kind.tap"; then
				pass
			else
				fail "$name: see $out/$kind-?.log"
				grep -h "ERROR" -A6 "$out/$kind-"?.log | head -n 20 | sed 's/^/    /'
			fi
		done
		[ "$(grep -c '^1\.\.' "$out/$kind.tap")" = 4 ] || fail "host programs ($kind): one of the four did not end"
	done
}

programs=
hosts

# ---- cases: the one that waits for TIMEOUT beside the others -----------------------
cases_play() { # NAME PATH...
	local name=$1
	shift
	build/attest run --lab "$LAB_FILE" --port "exec:$PWD/build/attest emulate --stdio --world net --set http-urc=100 --set bearer=100" \
	    --journal "$out/$name.jsonl" "$@" >"$out/$name.log" 2>&1
}
cases_count() { # NAME STATUS AT-LEAST
	local n
	n=$(grep -c '"verdict":"pass"' "$out/$1.jsonl")
	passed=$((passed + n))
	[ "$2" -eq 0 ] && [ "$n" -ge "$3" ] && return
	fail "cases: status $2, $n passed"
	tail -n 60 "$out/$1.log" | sed 's/^/    /'
}
cases_play time-out harness/lab/nethttp/time-out.case &
slow=$!
# shellcheck disable=SC2046
cases_play cases $(ls harness/lab/nethttp/*.case | grep -v /time-out)
cases_count cases $? 12

# ---- the command line -----------------------------------------------------------------
# talk ARGUMENT...: an emulator on pipes, for say and hear; done ends it and sets status.
talk() {
	coproc EMULATOR { exec build/attest emulate --stdio --world net --set http-urc=0 "$@" 2>"$out/stderr"; }
	from=${EMULATOR[0]} to=${EMULATOR[1]} pid=$EMULATOR_PID
	heard=
	ask ATE0 OK
	ask AT+SAPBR=1,1 OK
	ask AT+HTTPINIT OK
}
hear() { # LINE: lines come up to this one, which may be a pattern
	local line
	while IFS= read -r -t 20 -u "$from" line; do
		line=${line%$'\r'}
		heard="$heard$line
"
		# shellcheck disable=SC2254
		case $line in $1) return 0 ;; esac
	done
	fail "waited for $1; heard: $heard"
	return 1
}
ask() { printf '%s\r' "$1" >&"$to" && hear "$2"; }
get() { ask "AT+HTTPPARA=\"URL\",\"$1\"" OK && ask AT+HTTPACTION=0 "+HTTPACTION: 0,$2"; }
end() {
	exec {to}>&-
	wait "$pid"
	status=$?
}

refusals() {
	talk
	get http://192.0.2.7/ '603,0' && get http://192.0.2.7/ '603,0' && get http://elsewhere.example/ '603,0' && pass
	end
	[ "$status" = 0 ] && pass || fail "refusals: status $status"
	if [ "$(grep -c 'not connected to 192.0.2.7:80' "$out/stderr")" = 1 ] && grep -q 'not connected to elsewhere.example:80: not allowed; --may-connect elsewhere.example:80 allows it' "$out/stderr"; then
		pass
	else
		fail "refusals: stderr is $(cat "$out/stderr")"
	fi
	talk --may-connect "127.0.0.1:$LAB_HTTP_PORT" --map "www.sim.com:80=127.0.0.1:$LAB_HTTP_PORT"
	get www.sim.com '200,69' && get "$http/1.txt" '200,1' && get "http://127.0.0.1:$LAB_PROXY_PORT/" '603,0' && pass
	end
}

rate() {
	local began ended got=$out/300K.bin
	talk --set latency=0
	get "$http/300K.bin" 200,307200 || { end; return; }
	began=$(date +%s%N)
	ask AT+HTTPREAD '+HTTPREAD: 307200' && head -c 307200 <&"$from" >"$got" && hear OK
	ended=$(date +%s%N)
	end
	cmp -s "$got" "$LAB_DIR/http/300K.bin" && pass || fail "AT+HTTPREAD of 300 KiB is not the file"
	awk -v ns=$((ended - began)) 'BEGIN { printf "300 KiB through AT+HTTPREAD at latency 0: %.1f ms, %.1f MB/s\n", ns / 1e6, 307.2e6 / (ns / 1e3 == 0 ? 1 : ns / 1e3) / 1e3 }'
}

# A signal ends it at once, also while it waits for a server.
signal() {
	local began=$SECONDS
	talk
	ask "AT+HTTPPARA=\"URL\",\"$http/silent\"" OK && ask AT+HTTPACTION=0 OK
	kill -INT "$pid"
	wait "$pid"
	status=$?
	exec {to}>&-
	[ $status = 130 ] && [ $((SECONDS - began)) -lt 10 ] && pass || fail "SIGINT in mid-request: status $status after $((SECONDS - began)) s"
}

# Eight modules in one process, each with a request of its own under way at the same time.
many() {
	local i path fds=() paths=()
	coproc MANY { exec build/attest emulate --pty --count 8 --world net --set http-urc=0 2>"$out/many.log"; }
	local many=$MANY_PID
	for i in 1 2 3 4 5 6 7 8; do
		IFS= read -r -t 20 -u "${MANY[0]}" path || { fail "many: $i paths"; kill "$many"; return; }
		exec {from}<>"$path"
		fds+=("$from")
		paths+=("$path")
	done
	for i in "${fds[@]}"; do
		from=$i to=$i heard=
		ask ATE0 OK && ask AT+SAPBR=1,1 OK && ask AT+HTTPINIT OK && ask "AT+HTTPPARA=\"URL\",\"$http/slow/1500/100K.bin\"" OK
	done
	local began=$SECONDS
	for i in "${fds[@]}"; do printf 'AT+HTTPACTION=0\r' >&"$i"; done
	for i in "${fds[@]}"; do
		from=$i heard=
		hear '+HTTPACTION: 0,200,102400' && pass
	done
	# One after the other they would take 12 s.
	[ $((SECONDS - began)) -lt 10 ] && pass || fail "many: $((SECONDS - began)) s"
	kill -TERM "$many"
	wait "$many"
	status=$?
	[ $status = 143 ] && pass || fail "many: status $status after SIGTERM"
	for i in "${fds[@]}"; do exec {i}<&-; done
}

refusals
rate
signal
many
wait $slow
cases_count time-out $? 1
# shellcheck disable=SC2086
[ -z "$programs" ] || wait $programs
hosts_count
counts
