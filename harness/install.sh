#!/bin/sh
# Install what is missing to build and run, saying so first.  INSTALL=no only says what is missing.
# usage: harness/install.sh [build|check|lift|lab|fuzz|afl|cov|oss]...
set -eu

missing=
tool() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
library() { pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"; }

# clang FLAGS SOURCE: its runtime for these flags is there, which only using it shows.
runtime() {
	probe=$(mktemp -d)
	echo "$2" >"$probe/a.c"
	clang "$1" -o "$probe/a" "$probe/a.c" 2>/dev/null || missing="$missing libclang-rt-14-dev"
	rm -rf "$probe"
}

tools="gcc:gcc make:make pkg-config:pkg-config" libs="libxml-2.0:libxml2-dev jansson:libjansson-dev libcurl:libcurl4-openssl-dev libserialport:libserialport-dev"
for purpose in "$@"; do
	case $purpose in
	build) ;;
	check) tools="$tools clang:clang clang-format:clang-format patch:patch" libs="$libs cmocka:libcmocka-dev" ;;
	# other processors to try the parser on; their C libraries are looked for below
	lift) tools="$tools i686-linux-gnu-gcc:gcc-i686-linux-gnu arm-linux-gnueabihf-gcc:gcc-arm-linux-gnueabihf qemu-arm:qemu-user" ;;
	# servers, serial servers and a machine to try real ports and networks on
	lab)
		tools="$tools nginx:nginx-light proftpd:proftpd-core ftpasswd:proftpd-core tinyproxy:tinyproxy setpriv:util-linux flock:util-linux
			ser2net:ser2net python3:python3 qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio curl:curl"
		PATH=$PATH:/usr/sbin:/sbin
		;;
	fuzz) tools="$tools clang:clang llvm-symbolizer:llvm patch:patch" ;;
	afl) tools="$tools clang:clang afl-fuzz:afl++ afl-clang-fast:afl++" ;;
	cov) tools="$tools clang:clang llvm-cov:llvm llvm-profdata:llvm" ;;
	oss) tools="$tools clang:clang zip:zip unzip:unzip" ;;
	*) echo "harness/install.sh: nothing is known for '$purpose'" >&2; exit 2 ;;
	esac
done
for pair in $tools; do tool "${pair%%:*}" "${pair#*:}"; done
for pair in $libs; do library "${pair%%:*}" "${pair#*:}"; done
# The C library's headers and clang's sanitizer runtime are found by using them.
if command -v gcc >/dev/null 2>&1 && ! echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1; then missing="$missing libc6-dev"; fi
for purpose in "$@"; do
	case $purpose in
	lift)
		[ -e /usr/i686-linux-gnu/lib/libc.a ] || missing="$missing libc6-dev-i386-cross"
		[ -e /usr/arm-linux-gnueabihf/lib/libc.a ] || missing="$missing libc6-dev-armhf-cross"
		;;
	lab)
		[ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || missing="$missing libnginx-mod-http-js"
		[ -e /usr/lib/proftpd/mod_tls.so ] || missing="$missing proftpd-mod-crypto"
		/usr/bin/python3 -c 'import serial' 2>/dev/null || missing="$missing python3-serial"
		;;
	check) runtime -fsanitize=address,undefined 'int main(void) { return 0; }' ;;
	fuzz) runtime -fsanitize=fuzzer,address,undefined 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' ;;
	cov) runtime -fprofile-instr-generate 'int main(void) { return 0; }' ;;
	esac
done
missing=$(for package in $missing; do echo " $package"; done | sort -u | tr -d '\n')

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
# No server is started by being installed: Debian asks this file, which goes again if it was not there.
policy=/usr/sbin/policy-rc.d
policy_done() { [ -z "${policy_ours:-}" ] || $sudo rm -f $policy; }
no_daemons() {
	[ ! -e $policy ] || return 0
	echo "+ $policy says no for the time of the installation: no daemon is started"
	policy_ours=yes
	trap policy_done EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
	$sudo chmod 755 $policy
}
for purpose in "$@"; do [ "$purpose" != lab ] || no_daemons; done
echo "Installing what is missing to build attest:$missing"
echo "+ ${sudo:+sudo }apt-get update && ${sudo:+sudo }apt-get install -y --no-install-recommends$missing"
$sudo apt-get update -qq || { echo "apt-get update failed: see above; packages needed:$missing" >&2; exit 3; }
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing || {
	echo "apt-get could not install:$missing" >&2
	exit 3
}
