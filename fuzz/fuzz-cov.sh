#!/bin/sh
# `make fuzz-cov`: what replay of the corpora reaches, file by file; exit status 1 below a limit.
# usage: fuzz/fuzz-cov.sh TREE TARGET...	TREE/NAME is built to count what it reaches, with all of src/ in it
# TREE/html has the sources with counts, TREE/left each line and branch that no file reaches.
set -u

tree=$1
shift
profile=$tree/all.profdata
rm -f "$tree"/*.profraw "$profile"
objects=
for name in "$@"; do
	[ -n "$objects" ] && objects="$objects -object $tree/$name" || objects=$tree/$name
	LLVM_PROFILE_FILE=$tree/$name.profraw "$tree/$name" "corpus/$name" >"$tree/$name.log" 2>&1 || {
		echo "$name: replay failed: $(sh fuzz/why.sh "$tree/$name.log")"
		exit 3
	}
done
llvm-profdata merge -o "$profile" "$tree"/*.profraw || exit 3
# shellcheck disable=SC2086
llvm-cov report $objects -instr-profile="$profile" src >"$tree/report" || exit 3
# shellcheck disable=SC2086
llvm-cov show $objects -instr-profile="$profile" -format=html -output-dir="$tree/html" src >/dev/null || exit 3
# shellcheck disable=SC2086
llvm-cov export $objects -instr-profile="$profile" -format=lcov src >"$tree/lcov" || exit 3

# What is left: lines never reached, and branches of reached lines that went one way only.
awk -F '[:,]' '
function say(what) { text = source[file, $2]; sub(/^[[:space:]]+/, "", text); print file ":" $2 ": " what ": " text }
/^SF:/ { file = substr($0, 4); sub(/^.*\/src\//, "src/", file); line = 0; while ((getline text < file) > 0) source[file, ++line] = text; close(file) }
/^DA:/ && $3 == 0 { say("never reached") }
/^BRDA:/ && $5 == 0 && $5 != "-" { say("never " ($4 % 2 == 0 ? "true" : "false")) }
' "$tree/lcov" | sort -t : -k 1,1 -k 2,2n | uniq >"$tree/left"

# Columns: file, then regions, functions, lines, branches, each as count, missed, percentage.
sort "$tree/report" | awk -v parser_regions="$COV_PARSER_REGIONS" -v parser_branches="$COV_PARSER_BRANCHES" -v modem_regions="$COV_MODEM_REGIONS" '
function percent(of, missed) { return of == 0 ? 100 : 100 * (of - missed) / of }
function row(name, r, rm, b, bm) { printf "%-28s %6d regions %6.2f %%  %6d branches %6.2f %%\n", name, r, percent(r, rm), b, percent(b, bm) }
function limit(what, reached, wanted) {
	printf "%s: %.2f %%, at least %s %% wanted%s\n", what, reached, wanted, reached < wanted ? ": NOT REACHED" : ""
	if (reached < wanted) low = 1
}
{ file = $1; sub(/^.*\//, "", file); group = file ~ /^at_.*\.c$/ ? "parser" : file ~ /^modem.*\.c$/ ? "emulator" : "" }
group != "" && NF >= 13 {
	line[group, ++n[group]] = $0
	r[group] += $2; rm[group] += $3; b[group] += $11; bm[group] += $12
}
END {
	split("parser emulator", groups, " ")
	for (g = 1; g <= 2; g++) {
		group = groups[g]
		for (i = 1; i <= n[group]; i++) {
			split(line[group, i], f, " ")
			sub(/^.*\//, "", f[1])
			row("src/" f[1], f[2], f[3], f[11], f[12])
		}
		row("the " group, r[group], rm[group], b[group], bm[group])
		print ""
	}
	if (n["parser"] == 0 || n["emulator"] == 0) { print "no file of src in the report"; exit 3 }
	limit("parser, regions", percent(r["parser"], rm["parser"]), parser_regions)
	limit("parser, branches", percent(b["parser"], bm["parser"]), parser_branches)
	limit("emulator, regions", percent(r["emulator"], rm["emulator"]), modem_regions)
	exit low
}'
status=$?
echo "sources with counts: $tree/html/index.html; what no file reaches: $tree/left ($(wc -l <"$tree/left") places)"
exit $status
