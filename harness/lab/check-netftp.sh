#!/usr/bin/env bash
# FTP of --world net with a real server: cases of its own, 100 MiB both ways, a name and port led elsewhere, TLS.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0 skipped=0
out=$PWD/build/check-lab/netftp
emulate="$PWD/build/attest emulate --stdio --world net --set ftp-urc=100 --set ftp-chunk=100 --set bearer=100"

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL $*"; }
skip() { skipped=$((skipped + 1)); echo "SKIP $*"; }
counts() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
[ -n "$LAB_FILE" ] || { skip "netftp: nginx, proftpd and tinyproxy are not all here"; counts; }
for tool in build/attest build/lab_ftp_host; do
	[ -x $tool ] || { fail "$tool is missing; make check-lab builds it"; counts; }
done
rm -rf "$out"
mkdir -p "$out"
# shellcheck disable=SC2086
trap 'kill $servers 2>/dev/null' EXIT
servers=

# ---- cases, several shards at once: they mostly wait -----------------------------
play() { # NAME LAB-FILE EMULATOR ATTEST-RUN-ARGUMENT...
	local name=$1 lab=$2 emulator=$3
	shift 3
	build/attest run --lab "$lab" --port "exec:exec $emulator" --journal "$out/$name.jsonl" "$@" >"$out/$name.log" 2>&1
}
judge() { # HOW-MANY NAME...: so many cases passed, and no other was played
	local expected=$1 good bad name
	shift
	good=$(for name in "$@"; do cat "$out/$name.jsonl"; done | grep -c '"verdict":"pass"')
	bad=$(for name in "$@"; do cat "$out/$name.jsonl"; done | grep -cE '"verdict":"(fail|error|inconclusive|skip)"')
	passed=$((passed + good))
	[ "$good" -eq "$expected" ] && [ "$bad" -eq 0 ] && return
	fail "$1: $good of $expected cases passed"
	for name in "$@"; do sed 's/^/    /' "$out/$name.log" | tail -n 40; done
}
shards="1 2 3 4 5 6 7 8"
for i in $shards; do
	play "cases-$i" "$LAB_FILE" "$emulate" --shard "$i/8" harness/lab/netftp/*.case &
done
wait
# shellcheck disable=SC2046
judge "$(build/attest run --list harness/lab/netftp/*.case | wc -l)" $(printf 'cases-%s ' $shards)

# ---- what cannot set a port, and a name that nobody knows ------------------------
sed -e 's/^ftp_host = .*/ftp_host = ftp.attest.invalid/' -e 's/^ftp_port = .*/ftp_port = 21/' "$LAB_FILE" >"$out/map.conf"
play map "$out/map.conf" "$emulate --map ftp.attest.invalid:21=127.0.0.1:$LAB_FTP_PORT" harness/lab/netftp/append.case
judge 1 map

# ---- large files, in memory that does not grow -----------------------------------------
# NAME PORT MIB: up and down, compared byte by byte; the first MiB shows what the emulator needs.
large() {
	if ! build/lab_ftp_host build/attest 127.0.0.1 "$2" "$LAB_FTP_USER" "$LAB_FTP_PASSWORD" "in/large-$1.bin" 1 "$3" >"$out/large-$1.log" 2>&1; then
		fail "$3 MiB ($1): $(tail -n 1 "$out/large-$1.log")"
		return
	fi
	pass
	sed "s/^/$1: /" "$out/large-$1.log"
	if awk -v limit=1024 'NR == 1 { first = $(NF - 1) } END { exit !(NR == 2 && first > 0 && $(NF - 1) - first <= limit) }' "$out/large-$1.log"; then
		pass
	else
		fail "$3 MiB ($1) took more than 1 MiB of memory beyond what 1 MiB took"
	fi
}
large plain "$LAB_FTP_PORT" 100

# ---- TLS, with a server of its own ------------------------------------------------------
PATH=$PATH:/usr/sbin:/sbin
modules=/usr/lib/proftpd
if [ ! -e $modules/mod_tls.so ]; then
	skip "FTPSSL: proftpd has no mod_tls here (package proftpd-mod-crypto)"
	counts
fi
if ! openssl req -x509 -newkey rsa:2048 -nodes -keyout "$out/key.pem" -out "$out/cert.pem" -days 2 -subj /CN=lab >"$out/openssl.log" 2>&1; then
	skip "FTPSSL: no openssl to make a server's certificate with"
	counts
fi
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
tls_server() { # KIND [TLS-OPTION]; its port is found
	local tries
	for tries in 1 2 3 4 5; do
		found=$((20000 + RANDOM % 12000))
		listens $found && continue
		{
			printf 'ModulePath %s\nLoadModule mod_tls.c\n' $modules
			sed -e "s/^Port .*/Port $found/" -e "s|^PidFile .*|PidFile $out/$1.pid|" -e "s|^ScoreboardFile .*|ScoreboardFile $out/$1.scoreboard|" \
			    -e "s|^SystemLog .*|SystemLog $out/$1.server.log|" "$LAB_DIR/proftpd.conf"
			printf '%s\n' "TLSEngine on" "TLSRequired on" "TLSRSACertificateFile $out/cert.pem" "TLSRSACertificateKeyFile $out/key.pem" \
			    "TLSLog $out/$1.tls.log" "${2:-}"
		} >"$out/$1.conf"
		setpriv --pdeathsig TERM -- proftpd -n -c "$out/$1.conf" </dev/null >"$out/$1.out" 2>&1 &
		servers="$servers $!"
		for _ in $(seq 600); do
			listens $found && return 0
			kill -0 $! 2>/dev/null || break
			sleep 0.05
		done
	done
	return 1
}
tls() { # KIND [TLS-OPTION]
	if ! tls_server "$@"; then
		fail "proftpd with $1 TLS did not come up: $(tail -n 1 "$out/$1.out")"
		return
	fi
	sed -e "s/^ftp_port = .*/ftp_port = $found/" "$LAB_FILE" >"$out/$1-lab.conf"
	play "$1" "$out/$1-lab.conf" "$emulate" "harness/lab/netftp/tls/$1.case"
	judge 1 "$1"
}
tls explicit
tls implicit "TLSOptions UseImplicitSSL"
counts
