# The deepest stack of what gcc -fcallgraph-info=su wrote: `BYTES ROOT > ... > LEAF`.
# Recursion, a call through a pointer and a stack that grows as it runs are errors, since then there is no such number.
# usage: awk -f stack.awk FILE.ci...

function field(what,    at, text) {
	at = index($0, what ": \"")
	if (at == 0) return ""
	text = substr($0, at + length(what) + 3)
	return substr(text, 1, index(text, "\"") - 1)
}

function wrong(what) { print what; status = 1 }

# The deepest stack from a function on, its own included; path[f] says by which way.
function depth(f,    n, i, callee, d, most, way) {
	if (f in known) return known[f]
	if (f in open) { wrong("recursion: " f); return 0 }
	open[f] = 1
	n = split(calls[f], callee, "\n")
	for (i = 1; i <= n; i++) {
		d = depth(callee[i])
		if (d > most) { most = d; way = " > " path[callee[i]] }
	}
	delete open[f]
	path[f] = f way
	sub(/^[^ ]*:/, "", path[f])
	return known[f] = own[f] + most
}

/^node:/ && !/shape : ellipse/ {
	title = field("title")
	label = field("label")
	if (label ~ /\(dynamic\)/) wrong("a stack that grows as it runs: " title)
	if (!match(label, /[0-9]+ bytes/)) wrong("no stack usage: " title)
	own[title] = substr(label, RSTART, RLENGTH - 6) + 0
	functions[++count] = title
}

/^edge:/ {
	from = field("sourcename")
	to = field("targetname")
	if (to == "__indirect_call") wrong("a call through a pointer: " from)
	calls[from] = calls[from] (calls[from] == "" ? "" : "\n") to
}

END {
	for (i = 1; i <= count; i++) {
		d = depth(functions[i])
		if (d > most) { most = d; deepest = functions[i] }
	}
	if (count == 0) wrong("no function")
	if (status == 0) print most, path[deepest]
	exit status
}
