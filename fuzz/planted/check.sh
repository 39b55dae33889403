#!/bin/sh
# What `make check` proves of the planted faults: each has its story, applies, and lies where it says.
# usage: fuzz/planted/check.sh		Exit status 1, and one line each, for what does not hold.
set -u
cd "$(dirname "$0")/../.." || exit 1

FAULTS_MIN=60
FAULTS_IN_ONE_FUNCTION_MAX=4
bad=0
complain() { bad=1; echo "$*"; }
header() { sed -n "/^--- /q; s/^$2: *//p" "$1"; }

# The function, or the table, of src in which a patch has its first changed line.
place() {
	file=$(sed -n 's|^--- a/||p' "$1")
	line=$(awk '
	/^@@ / { split($2, old, /[-,]/); line = old[2]; inside = 1; next }
	inside && /^[-+]/ { print line; exit }
	inside { line++ }' "$1")
	awk -v line="${line:-0}" '
	NR > line { exit }
	/^[a-z_0-9]+\(/ { name = $0; sub(/\(.*/, "", name) }
	/^[a-z].*[ *][a-z_0-9]+(\[[^]]*\])* = / { name = $0; sub(/(\[[^]]*\])* = .*/, "", name); sub(/.*[ *]/, "", name) }
	/^#define [A-Z_0-9]+/ { macro = $2; sub(/\(.*/, "", macro); macros[NR] = macro }
	END { print (line in macros) ? macros[line] : name }' "$file"
}

faults=$(find fuzz/planted -name '*.patch' | wc -l)
[ "$faults" -ge "$FAULTS_MIN" ] || complain "fuzz/planted has $faults patches, at least $FAULTS_MIN expected"
for patch in fuzz/planted/*.patch; do
	[ -f "$patch" ] || break
	for word in Story Function Kind; do
		[ "$(header "$patch" "$word" | grep -c .)" -eq 1 ] || complain "$patch: no line '$word: ...', or two"
	done
	target=$(header "$patch" Target)
	grep -qx "${target:-at_reply}" fuzz/targets || complain "$patch: fuzz/targets has no $target"
	if [ "$(grep -c '^--- a/src/' "$patch")" -ne 1 ] || [ "$(grep -c '^--- ' "$patch")" -ne 1 ]; then
		complain "$patch: not one file of src"
		continue
	fi
	patch -p1 --dry-run --force --fuzz=0 <"$patch" >/dev/null 2>&1 || { complain "$patch: does not apply"; continue; }
	at=$(place "$patch")
	[ "$at" = "$(header "$patch" Function)" ] || complain "$patch: lies in $at, not in $(header "$patch" Function)"
done
for patch in fuzz/planted/*.patch; do [ -f "$patch" ] && echo "$(sed -n 's|^--- a/||p' "$patch"): $(header "$patch" Function)"; done |
	sort | uniq -c | awk -v max=$FAULTS_IN_ONE_FUNCTION_MAX '$1 > max { print $2, $3 " has " $1 " planted faults, at most " max " may lie in one function"; bad = 1 } END { exit bad }' || bad=1
while read -r line; do
	case $line in '' | '#'*) continue ;; esac
	[ -f "fuzz/planted/${line%%:*}.patch" ] || complain "fuzz/planted/harmless: there is no ${line%%:*}.patch"
	[ -n "${line#*:}" ] && [ "${line#*:}" != "$line" ] || complain "fuzz/planted/harmless: no reason for $line"
done <fuzz/planted/harmless
exit $bad
