#!/bin/bash -eu
# Build the fuzz targets the way OSS-Fuzz and ClusterFuzzLite ask for it: their compilers, flags and engine, nothing
# of ours.  They set CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE SRC WORK OUT; the sources are in $SRC/attest.
#
#	$OUT/NAME_fuzzer			the target, linked to no library but the C library's
#	$OUT/NAME_fuzzer_seed_corpus.zip	corpus/NAME
#	$OUT/NAME_fuzzer.dict, .options		fuzz/NAME.dict, fuzz/NAME.options
cd "$SRC/attest"
tree=$WORK/attest

# Newer compilers than ours may warn of more; that is no reason not to fuzz.
make -j"$(nproc)" FLAVOUR=cluster BUILD="$tree" CC="$CC" CXX="$CXX" CFLAGS="$CFLAGS -Wno-error" CXXFLAGS="$CXXFLAGS" \
	LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" targets

for name in $(cat fuzz/targets); do
	cp "$tree/$name" "$OUT/${name}_fuzzer"
	rm -f "$OUT/${name}_fuzzer_seed_corpus.zip"
	(cd "corpus/$name" && find . -type f | sort | zip -q -X -@ "$OUT/${name}_fuzzer_seed_corpus.zip")
	if [ -f "fuzz/$name.dict" ]; then cp "fuzz/$name.dict" "$OUT/${name}_fuzzer.dict"; fi
	if [ -f "fuzz/$name.options" ]; then sed "s/^dict = .*/dict = ${name}_fuzzer.dict/" "fuzz/$name.options" >"$OUT/${name}_fuzzer.options"; fi
done
