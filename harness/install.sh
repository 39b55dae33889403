#!/bin/sh
# Install what is missing to build and run, saying so first.  INSTALL=no only says what is missing.
# usage: harness/install.sh build|check
set -eu

need_build="gcc:gcc make:make pkg-config:pkg-config"
need_check="clang:clang clang-format:clang-format"
libs_build="libxml-2.0:libxml2-dev jansson:libjansson-dev"
libs_check="cmocka:libcmocka-dev"

missing=
tool() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
library() { pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"; }

tools=$need_build libs=$libs_build
[ "${1:-build}" = check ] && tools="$tools $need_check" libs="$libs $libs_check"
for pair in $tools; do tool "${pair%%:*}" "${pair#*:}"; done
for pair in $libs; do library "${pair%%:*}" "${pair#*:}"; done
# The C library's headers and clang's sanitizer runtime are found by using them.
if command -v gcc >/dev/null 2>&1 && ! echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1; then missing="$missing libc6-dev"; fi
if [ "${1:-build}" = check ] && command -v clang >/dev/null 2>&1; then
	probe=$(mktemp -d)
	echo 'int main(void) { return 0; }' >"$probe/a.c"
	clang -fsanitize=address,undefined -o "$probe/a" "$probe/a.c" 2>/dev/null || missing="$missing libclang-rt-14-dev"
	rm -rf "$probe"
elif [ "${1:-build}" = check ]; then
	missing="$missing libclang-rt-14-dev"
fi

[ -z "$missing" ] && exit 0
if [ "${INSTALL:-yes}" = no ]; then
	echo "missing packages:$missing (INSTALL=no: nothing is installed)" >&2
	exit 3
fi
if ! command -v apt-get >/dev/null 2>&1; then
	echo "missing packages:$missing (no apt-get here: install them by hand)" >&2
	exit 3
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "Installing what is missing to build attest:$missing"
echo "+ ${sudo:+sudo }apt-get update && ${sudo:+sudo }apt-get install -y --no-install-recommends$missing"
$sudo apt-get update -qq || { echo "apt-get update failed: see above; packages needed:$missing" >&2; exit 3; }
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing || {
	echo "apt-get could not install:$missing" >&2
	exit 3
}
