#!/bin/sh
# The figures of README.md, measured anew: what stands there between two comments is replaced.
# usage: harness/bench/figures.sh [ROUNDS]      after `make build/bench_parser`
set -eu

out=build/figures
mkdir -p "$out"
build/bench_parser --rounds "${1:-9}" | tee "$out/bench"
harness/lift/lift.sh sizes build/lift | tee "$out/sizes"

awk '
NR == FNR { # the sizes; rows have a name and four numbers
	if (NF == 5 && $2 ~ /^[0-9]+$/) sizes = sizes sprintf("| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5)
	next
}
/^response parser:/ { for (i = 2; i < NF; i++) if ($i ~ /^rounds/) rounds = $(i - 1) }
/^stream / { # "stream a: what it is; ..."
	what = $0
	sub(/^[^:]*: /, "", what)
	sub(/;.*/, "", what)
	stream = what
	order[++streams] = stream
}
/^  (64|1) K?i?B / { piece = $1 $2; who = $3; rate[stream, piece] = $4 }
/ratio/ { # the contender, and the ratio of this piece
	if (!((stream, $1) in known)) { known[stream, $1] = 1; against[stream] = against[stream] " " $1 }
	for (i = 1; i < NF; i++) if ($i == "ratio") ratio[stream, $1, piece] = $(i + 1)
}
/longest over shortest/ { endless = 1; next }
endless && NF > 5 && $(NF - 1) ~ /^[0-9.]+$/ && $NF ~ /^[0-9.]+$/ {
	name = $0
	sub(/^ */, "", name)
	sub(/   *[0-9].*/, "", name)
	ends = ends sprintf("| %s | %s | %s | %s | %s |\n", name, $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1))
}
END {
	print "Code and constants at `-Os`, an instance, a reply and the deepest stack below a call, in bytes:\n"
	print "| | text | `struct at_reply_parser` | `struct at_reply` | stack |\n|---|---|---|---|---|"
	printf "%s\n", sizes
	print "MB/s of process CPU time, median of " rounds " rounds, and ratios inside a round, with 64 MiB of each stream fed from memory in pieces:\n"
	print "| stream | 64 B | 1 KiB | 64 KiB |\n|---|---|---|---|"
	for (s = 1; s <= streams; s++) {
		stream = order[s]
		printf "| %s | %s | %s | %s |\n", stream, rate[stream, "64B"], rate[stream, "1KiB"], rate[stream, "64KiB"]
		n = split(against[stream], contender, " ")
		for (i = 1; i <= n; i++)
			printf "| ... over `%s` | %s | %s | %s |\n", contender[i], ratio[stream, contender[i], "64B"], ratio[stream, contender[i], "1KiB"], ratio[stream, contender[i], "64KiB"]
	}
	print "\nns a byte of what comes to no end, in pieces of 1 KiB:\n"
	print "| | 1 MiB | 16 MiB | 256 MiB | 1 GiB |\n|---|---|---|---|---|"
	printf "%s", ends
}' "$out/sizes" "$out/bench" >"$out/tables"

awk -v tables="$out/tables" '
/^<!-- figures:/ { print; print ""; while ((getline line < tables) > 0) print line; print ""; skip = 1; next }
/^<!-- end of figures/ { skip = 0 }
!skip' README.md >"$out/README.md"
cp "$out/README.md" README.md
