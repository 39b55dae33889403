#!/bin/sh
# `make fuzz-min`: bring over to corpus/NAME what fuzzing has grown and what reaches code that no file there reaches.
# usage: fuzz/fuzz-min.sh TREE TARGET...	TREE/NAME is a libFuzzer target, TREE/corpus/NAME what it has grown
# No file of corpus/NAME is changed or deleted.  A new one is the smallest that reaches its edge (how often an edge is
# taken does not count: that would be hundreds of files nobody reads) and is called found-... after what it begins
# with: rename it for what it shows, or delete it.
set -u

tree=$1
shift
added=0

# A name for a file, of its first letters and digits.
name_of() {
	words=$(head -c 200 "$1" | tr -c 'A-Za-z0-9\n' '-' | tr 'A-Z\n' 'a-z-' | tr -s - | cut -c 1-32)
	words=${words#-}
	words=${words%-}
	echo "found-${words:-bytes}"
}

for name in "$@"; do
	work=$tree/min/$name
	rm -rf "$work"
	mkdir -p "$work" "$tree/log" "$tree/corpus/$name" "corpus/$name"
	find "corpus/$name" -type f ! -name '.*' -exec cp {} "$work" \;
	if ! "$tree/$name" -merge=1 -use_counters=0 ${FUZZ_FLAGS:-} "$work" "$tree/corpus/$name" >"$tree/log/$name.min" 2>&1; then
		echo "$name: merging failed"
		tail -n 20 "$tree/log/$name.min" | sed 's/^/    /'
		exit 3
	fi
	n=0
	for file in "$work"/*; do
		[ -f "$file" ] && [ ! -e "corpus/$name/${file##*/}" ] || continue
		base=$(name_of "$file") to=corpus/$name/$base i=2
		while [ -e "$to" ]; do
			to=corpus/$name/$base-$i
			i=$((i + 1))
		done
		cp "$file" "$to"
		echo "  $to: $(wc -c <"$to") bytes: $(head -c 60 "$to" | tr -c '[:print:]' .)"
		n=$((n + 1))
	done
	echo "$name: $n added of $(find "$tree/corpus/$name" -type f | wc -l) grown; $(find "corpus/$name" -type f | wc -l) files now"
	added=$((added + n))
done
[ "$added" -eq 0 ] || echo "$added new files: rename each for what it shows, or delete it (see git status)"
