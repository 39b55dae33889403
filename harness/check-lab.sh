#!/usr/bin/env bash
# Everything `make check-lab` proves: each harness/lab/check-*.sh in turn (or those named); the last line counts it all.
# usage: harness/check-lab.sh [NAME]...      (check-lab.sh netftp plays harness/lab/check-netftp.sh)
#
# A check runs inside `lab.sh run` (which says what it finds in its environment); where the servers are not installed it runs
# without them, and LAB_FILE is empty.  It prints "FAIL what" and "SKIP what: why", and as its last line
# "N passed, N failed, N skipped"; files of its own go below build/check-lab/NAME.
set -u
cd "$(dirname "$0")/.."

if [ $# -eq 0 ]; then
	for check in harness/lab/check-*.sh; do
		[ ! -e "$check" ] || set -- "$@" "$(basename "$check" .sh | sed 's/^check-//')"
	done
fi

passed=0 failed=0 skipped=0

# One check, and what its last line counts.
play() {
	local name=$1 log=build/check-lab/$1.log status=0 began=$SECONDS p f s
	mkdir -p "build/check-lab/$name"
	echo "== $name"
	bash "harness/lab/check-$name.sh" </dev/null >"$log" 2>&1 || status=$?
	cat "$log"
	echo "   ($((SECONDS - began)) s)"
	if ! read -r p f s < <(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p'); then
		echo "FAIL $name: status $status, and its last line counts nothing"
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" -eq 0 ] && [ "$status" -ne 0 ]; then
		echo "FAIL $name: nothing of it failed, but its status is $status"
		failed=$((failed + 1))
	elif [ "$f" -gt 0 ] && [ "$status" -eq 0 ]; then
		echo "   ($name failed, but said so in its last line only)"
	fi
}

if [ "${CHECK_LAB_INSIDE:-no}" = yes ]; then
	for name in "$@"; do play "$name"; done
	[ "$passed" -gt 0 ] || { echo "FAIL nothing was proved"; failed=$((failed + 1)); }
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
fi

for name in "$@"; do
	[ -e "harness/lab/check-$name.sh" ] || { echo "harness/check-lab.sh: there is no harness/lab/check-$name.sh" >&2; exit 2; }
done
rm -rf build/check-lab
mkdir -p build/check-lab
export CHECK_LAB_INSIDE=yes
PATH=$PATH:/usr/sbin:/sbin
for server in nginx proftpd ftpasswd tinyproxy; do
	command -v $server >/dev/null && continue
	echo "$server is not here: what needs the servers is skipped"
	LAB_FILE='' exec "$0" "$@"
done
exec harness/lab/lab.sh run "$0" "$@"
