#!/bin/sh
# Why an input failed, in one line: the oracle that said so, else the sanitizer, else the engine.
# usage: fuzz/why.sh LOG		LOG is what the target said
grep -a -m 1 '^ORACLE ' "$1" && exit 0
grep -a -m 1 '^SUMMARY: ' "$1" | sed "s/^SUMMARY: //; s|$(pwd)/||g" | grep . && exit 0
grep -a -m 1 'runtime error: ' "$1" | sed "s|$(pwd)/||g" | grep . && exit 0
echo "no word of why"
