#!/bin/sh
# Everything `make check` proves, for one flavour after the other; the last line counts it all.
# usage: harness/check.sh FLAVOUR...      (what they build must have been built: the Makefile sees to that)
set -u

passed=0 failed=0 skipped=0
out=build/check
rm -rf "$out"
mkdir -p "$out"

pass() { passed=$((passed + ${1:-1})); }
fail() { failed=$((failed + 1)); echo "FAIL $*"; }
skip() { skipped=$((skipped + 1)); echo "SKIP $*"; }

# check NAME COMMAND...: one check; its output is shown if it fails.
check() {
	name=$1
	shift
	if "$@" >"$out/log" 2>&1; then
		pass
	else
		fail "$name"
		tail -n 40 "$out/log" | sed 's/^/    /'
	fi
}

# ---- unit tests: cmocka says what ran as TAP --------------------------------
units() {
	for test in "$1"/unit/test_* $(sed "s|^|$1/unit/replay_|" fuzz/targets); do
		[ -x "$test" ] || continue
		case $test in *.d) continue ;; esac
		CMOCKA_MESSAGE_OUTPUT=tap "$test" >"$out/tap" 2>"$out/log"
		status=$?
		oks=$(grep -c '^ok ' "$out/tap")
		bad=$(grep -c '^not ok ' "$out/tap")
		skips=$(grep -c '^ok .*# SKIP' "$out/tap")
		plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$out/tap" | awk '{ n += $1 } END { print n + 0 }')
		pass $((oks - skips))
		[ "$skips" -eq 0 ] || { skipped=$((skipped + skips)); grep '^ok .*# SKIP' "$out/tap" | sed "s|^|SKIP $test: |"; }
		if [ "$bad" -gt 0 ]; then
			grep '^not ok ' "$out/tap" | sed "s|^|FAIL $test: |"
			failed=$((failed + bad))
			tail -n 30 "$out/log" "$out/tap" | sed 's/^/    /'
		elif [ "$status" -ne 0 ] || [ "$plan" -ne $((oks + bad)) ] || [ "$oks" -eq 0 ]; then
			fail "$test: status $status, $oks of $plan tests ended"
			tail -n 30 "$out/log" | sed 's/^/    /'
		fi
	done
}

# ---- cases: one count a case ---------------------------------------------------
cases() { # BINARY WHAT FOLDER
	"$1" run --journal "$out/$2.jsonl" --junit "$out/TEST-$2.xml" "$3" >"$out/$2.log" 2>&1
	status=$?
	n=$(grep -c '"verdict":"pass"' "$out/$2.jsonl")
	bad=$(grep -c '"verdict":"\(fail\|error\|inconclusive\)"' "$out/$2.jsonl")
	skips=$(grep -c '"verdict":"skip"' "$out/$2.jsonl")
	pass "$n"
	failed=$((failed + bad))
	skipped=$((skipped + skips))
	[ "$skips" -eq 0 ] || { grep -a '^ *skip' "$out/$2.log" | sed "s|^|SKIP |"; }
	if [ "$bad" -gt 0 ]; then
		echo "FAIL $2: $bad cases"
		tail -n 60 "$out/$2.log" | sed 's/^/    /'
	elif [ "$status" -ne 0 ]; then
		fail "$2: exit status $status"
		tail -n 40 "$out/$2.log" | sed 's/^/    /'
	fi
}

# ---- what holds for the source ----------------------------------------------------
headers() {
	cflags=$(pkg-config --cflags libxml-2.0 jansson libcurl libserialport)
	for header in src/*.h harness/*.h fuzz/*.h; do
		printf '#include "%s"\n#include "%s"\n' "${header##*/}" "${header##*/}" >"$out/header.c"
		check "$header stands alone" gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc -Iharness -Ifuzz $cflags -fsyntax-only "$out/header.c"
	done
}

# src: the language and the mem* functions, nothing of harness, no heap, clock, files or printing.
layering() {
	check "src includes only its own headers and the language's" sh -c \
	    '! grep -n "#include" src/*.[ch] | grep -v "^src/at_scan.h:.*<emmintrin.h>" | grep -vE "<(stdalign|stdarg|stdbool|stddef|stdint|limits|string)\.h>|\"(span|buf|quote|prng|at_[a-z_]+|modem[a-z0-9_]*)\.h\""'
	nm -u build/libattest.a 2>/dev/null | awk '/ U /{ print $2 }' | sort -u >"$out/wanted"
	nm --defined-only build/libattest.a 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$out/defined"
	check "src calls only mem* and str* functions and itself" sh -c \
	    "! comm -23 $out/wanted $out/defined | grep -vE '^(mem(cpy|cmp|chr|set|move|rchr)|str(len|cmp|chr|cspn|spn|str)|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_)\$'"
	check "libxml2 only in the XML report files" sh -c '! grep -ln "<libxml/" harness/*.[ch] src/*.[ch] harness/unit/*.c | grep -vE "harness/(report_|junit)[a-z_]*\.[ch]|unit/test_report_"'
	check "jansson only in the JSON files" sh -c '! grep -ln "jansson\.h" harness/*.[ch] src/*.[ch] | grep -vE "harness/(journal[a-z_]*|report_events)\.[ch]"'
	check "libcurl only in the net world's files" sh -c '! grep -ln "curl/curl\.h" harness/*.[ch] src/*.[ch] | grep -vE "harness/world_curl[a-z_]*\.[ch]"'
	check "libserialport only in the serial port's files" sh -c '! grep -ln "libserialport\.h" harness/*.[ch] src/*.[ch] | grep -vE "harness/(wire_serial|serial_ports|serial_settings)\.c"'
	check "cmocka only in unit tests" sh -c '! grep -ln "cmocka\.h" harness/*.[ch] src/*.[ch]'
	check "one line assigns a session's state" sh -c '[ "$(grep -hcE "[>.]state = " src/modem_table.c)" = 1 ] && ! grep -nE "session(\.|->)state = " src/modem_[!t]*.c'
	check "clang-format has nothing to say" sh -c 'clang-format --dry-run -Werror src/*.c harness/*.c harness/*/*.c fuzz/*.c'
}

# A script that prints "ok NAME", "FAIL NAME" or "SKIP NAME: why" a check, and "done" when it came to its end.
script() { # WHAT COMMAND...
	what=$1
	shift
	if "$@" >"$out/script.log" 2>&1; then :; else tail -n 20 "$out/script.log"; fi
	grep '^FAIL\|^SKIP\|^    ' "$out/script.log" | sed "s|^|$what: |"
	passed=$((passed + $(grep -c '^ok ' "$out/script.log")))
	failed=$((failed + $(grep -c '^FAIL' "$out/script.log")))
	skipped=$((skipped + $(grep -c '^SKIP' "$out/script.log")))
	grep -q '^done$' "$out/script.log" || fail "$what: $* did not reach its end"
}

# Every name in fuzz/targets has its files; every planted fault applies.
fuzzing() {
	for target in $(cat fuzz/targets); do
		check "fuzz target $target has its source, corpus and dictionary" sh -c "[ -f fuzz/$target.c ] && [ -f fuzz/$target.dict ] && [ -n \"\$(ls corpus/$target)\" ]"
		check "no file of corpus/$target has a name that says nothing" sh -c "! ls corpus/$target | grep -E '^([0-9a-f]{40}|crash-|leak-|timeout-|oom-|id:)'"
	done
	check "planted faults apply, at most 4 in one function" fuzz/planted/check.sh
}

# A selftest and its twin differ in their titles, the "must fail" line, and one line more.
twins() {
	for case in cases/selftest/*.case; do
		case $case in *-undone.case) continue ;; esac
		twin=${case%.case}-undone.case
		check "$case has a twin that differs in its one defect" sh -c \
		    "[ -f '$twin' ] && [ \$(diff '$case' '$twin' | grep -cE '^[<>] ' ) -ge 3 ] && [ \$(diff '$case' '$twin' | grep -E '^<' | grep -vcE '^< (title|must|#)') -le 1 ] && [ \$(diff '$case' '$twin' | grep -E '^>' | grep -vcE '^> (title|#)') -le 1 ]"
	done
}

for flavour in "$@"; do
	dir=build
	[ "$flavour" = release ] || dir=build/$flavour
	echo "== $flavour: unit tests"
	units "$dir"
	echo "== $flavour: lint"
	check "$flavour: every case passes lint" "$dir/attest" lint cases
	echo "== $flavour: cases"
	cases "$dir/attest" "cases-$flavour" cases/sim800
	echo "== $flavour: selftests"
	cases "$dir/attest" "selftest-$flavour" cases/selftest
	echo "== $flavour: right modules that differ"
	check "$flavour: no case calls a right module wrong" "$dir/attest" mutate --benign
	echo "== $flavour: command line"
	script "$flavour" sh harness/check-cli.sh "$dir/attest" "$out/cli-$flavour"
	echo "== $flavour: wires"
	script "$flavour" sh harness/check-wires.sh "$dir/attest" "$out/wires-$flavour"
	[ "$flavour" = release ] || script "$flavour" sh harness/check-rig.sh "$dir/attest" "$out/rig-$flavour"
done
echo "== source"
headers
layering
fuzzing
twins
echo "== order"
for seed in 1 2 3 4 5 6 7 8 9 10; do
	check "shuffled by seed $seed every case passes" build/attest run --shuffle --seed "$seed"
done
check "every case passes twice in a row" build/attest run --repeat 2
echo "== deviations"
check "at least 98 of 100 planted deviations are noticed" build/attest mutate
echo "== the parser lifted out"
script "lifted out" harness/lift/lift.sh check "$out/lift"
script "installed" harness/lift/check-install.sh build/attest "$out/install"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
