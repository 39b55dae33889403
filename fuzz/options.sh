#!/bin/sh
# The flags that fuzz/NAME.options gives libFuzzer, as a command line; the dictionary, whose path is for a cluster, left out.
# usage: fuzz/options.sh NAME
[ -f "fuzz/$1.options" ] || exit 0
awk -F ' *= *' '/^\[/ { mine = $0 == "[libfuzzer]"; next } mine && NF == 2 && $1 != "dict" { print "-" $1 "=" $2 }' "fuzz/$1.options"
