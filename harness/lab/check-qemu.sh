#!/bin/sh
# libserialport for real: Debian's stock kernel under QEMU with a 16550 and an FTDI adapter, each wired to an emulator of ours; a
# static attest inside plays cases over both, and the adapter is pulled out in mid-run and comes back under another name.
# usage: harness/lab/check-qemu.sh      (build/attest has been built; last line: N passed, N failed, N skipped)
set -u

here=harness/lab/qemu
linux=build/lab/linux # kept from run to run
work=build/check-lab/qemu
out=$work/out
passed=0 failed=0
children=

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL qemu: $*"; }
finish() { echo "$passed passed, $failed failed, ${1:-0} skipped"; [ "$failed" -eq 0 ]; exit; }
skip() { echo "SKIP qemu: $*"; finish 1; }

# What was started here ends with it, and nothing else does.
end_children() {
	for child in $children; do kill "$child" 2>/dev/null; done
	wait
}
trap end_children EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# waited SECONDS COMMAND...: until it succeeds.
waited() {
	tenths=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tenths=$((tenths - 1))
		[ $tenths -gt 0 ] || return 1
		sleep 0.1
	done
}

# check WHAT COMMAND...
check() {
	what=$1
	shift
	if "$@" >"$work/log" 2>&1; then pass; else fail "$what"; sed 's/^/    /' "$work/log" | tail -n 20; fi
}

# ---- what it takes ------------------------------------------------------------------
for tool in qemu-system-x86_64 apt-get apt-cache dpkg busybox; do
	command -v $tool >/dev/null 2>&1 || skip "$tool is not here (Debian: qemu-system-x86, busybox-static)"
done
[ "$(uname -m)" = x86_64 ] || skip "the machine inside is x86_64, this one is $(uname -m)"
busybox=$(command -v busybox)
LC_ALL=C ldd "$busybox" 2>&1 | grep -q 'not a dynamic' || skip "$busybox needs shared libraries (Debian: busybox-static)"

# The kernel is unpacked, not installed: of 400 MB, six files.
fetch_kernel() {
	package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
	[ -n "$package" ] || { echo "apt-cache knows no linux-image-amd64"; return 1; }
	[ "$(cat $linux/package 2>/dev/null)" = "$package" ] && return 0
	rm -rf $linux $work/fetch
	mkdir -p $work/fetch $linux
	(cd $work/fetch && timeout 120 apt-get download "$package") || return 1
	dpkg --fsys-tarfile $work/fetch/*.deb | tar -x -C $work/fetch --wildcards './boot/vmlinuz-*' '*/usb-common.ko' '*/usbcore.ko' \
		'*/uhci-hcd.ko' '*/usbserial.ko' '*/ftdi_sio.ko' || return 1
	mv $work/fetch/boot/vmlinuz-* $linux/vmlinuz
	find $work/fetch -name '*.ko' -exec mv {} $linux \;
	rm -rf $work/fetch
	echo "$package" >$linux/package
}

# Nothing of an earlier run may be taken for this one's.
rm -rf $work
mkdir -p $out
fetch_kernel >$work/log 2>&1 || skip "the kernel cannot be fetched: $(tail -n 1 $work/log)"
${MAKE:-make} --no-print-directory build/lab/attest >$work/log 2>&1 || { fail "the static attest"; tail -n 20 $work/log; finish; }

# ---- the machine --------------------------------------------------------------------
root=$work/root
mkdir -p $root/bin $root/lib/modules $root/cases/uart $root/proc $root/sys $root/dev $root/tmp
cp "$busybox" $here/by-id $root/bin
cp $here/init $root
cp $linux/*.ko $root/lib/modules
strip -o $root/bin/attest build/lab/attest
cp -r $here/cases $root/cases/usb
cp $here/cases/4-lines.case $root/cases/uart
for name in $(cat $here/uart.cases); do cp cases/sim800/"$name" $root/cases/uart; done
(cd $root && find . | busybox cpio -o -H newc 2>/dev/null) >$work/initramfs

# emulator N: starts one; its address lands in $work/emulator.N
emulator() {
	build/attest emulate --tcp 127.0.0.1:0 >$work/emulator."$1" 2>$work/emulator."$1".log &
	children="$children $!"
	waited 20 grep -q '^127' $work/emulator."$1" || { fail "no emulator"; cat $work/emulator."$1".log; finish; }
	port=$(sed 's/.*://' $work/emulator."$1")
}
emulator 1
first=$port
emulator 2
second=$port

rm -f $work/qmp.in $work/qmp.out
mkfifo $work/qmp.in $work/qmp.out
# The two adapters are found in this order, so that the module's is ttyUSB1; the other is gone when it comes back, as ttyUSB0.
qemu-system-x86_64 -accel tcg -m 256 -display none -nodefaults -no-reboot -kernel $linux/vmlinuz -initrd $work/initramfs \
	-append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off" -serial file:$work/console \
	-chardev socket,id=first,host=127.0.0.1,port="$first",nodelay=on -serial chardev:first -serial file:$work/out.tar \
	-chardev socket,id=second,host=127.0.0.1,port="$second",nodelay=on -chardev null,id=none -usb \
	-device usb-serial,id=other,chardev=none,always-plugged=on,serial=OTHER,port=1 -device usb-serial,id=module,chardev=second,serial=MODULE,port=2 \
	-chardev pipe,id=qmp,path=$work/qmp -mon chardev=qmp,mode=control >$work/qemu.log 2>&1 &
machine=$!
children="$children $machine"
cat $work/qmp.out >$work/qmp.said &
children="$children $!"
# Both ways, so that opening it does not wait for a machine that did not start.
exec 3<>$work/qmp.in
running() { kill -0 "$machine" 2>/dev/null; }
said() { grep -q "$1" $work/console || ! running; }
order() { printf '%s\n' "$1" >&3; }
gone() { [ "$(grep -c DEVICE_DELETED $work/qmp.said)" -ge "$1" ]; }

order '{ "execute": "qmp_capabilities" }'
waited 120 said UNPLUG
if grep -q UNPLUG $work/console; then
	order '{ "execute": "device_del", "arguments": { "id": "module" } }'
	order '{ "execute": "device_del", "arguments": { "id": "other" } }'
	check "both adapters are pulled out" waited 20 gone 2
	waited 30 said GONE
	order '{ "execute": "device_add", "arguments": { "driver": "usb-serial", "id": "module", "chardev": "second", "serial": "MODULE", "port": "2" } }'
fi
ended() { ! running; }
check "the machine comes to its end" waited 120 ended
exec 3>&-
tar -x -C $out -f $work/out.tar >/dev/null 2>&1
grep -q END $work/console || { fail "inside, the end was not reached"; tail -n 20 $work/console $work/qemu.log $work/qmp.said; }

# ---- what came of it -------------------------------------------------------------------
is() { [ "$(cat "$1")" = "$2" ] || { echo "$1: $(cat "$1"), expected $2"; return 1; }; }
says() { grep -q -- "$2" "$1" || { echo "$1 lacks '$2':"; cat "$1"; return 1; }; }
lacks() { ! grep -q -- "$2" "$1" || { grep -- "$2" "$1"; return 1; }; }
counts() { # JOURNAL VERDICT N
	[ "$(grep -c "\"verdict\":\"$2\"" "$1")" = "$3" ] || { echo "$1: expected $3 $2"; cat "$1"; return 1; }
}
cases=$(($(wc -l <$here/uart.cases) + 1))
check "ports: ended well" is $out/ports.status 0
check "ports: the 16550" says $out/ports.txt /dev/ttyS1
check "ports: the adapter" says $out/ports.txt /dev/ttyUSB1
check "ports: its VID and PID" says $out/ports.txt 0403:6001
check "ports: its serial number" says $out/ports.txt MODULE
check "16550: all as expected" is $out/uart.status 0
check "16550: no case failed" says $out/uart.xml 'failures="0"'
check "16550: at least $cases cases passed" test "$(grep -c '"verdict":"pass"' $out/uart.jsonl)" -ge "$cases"
check "16550: no case was skipped" counts $out/uart.jsonl skip 0
check "16550: its control lines were judged" lacks $out/uart.jsonl "not shown by this port"
check "16550: the report names the port" says $out/uart.xml /dev/ttyS1,115200
check "16550: the report names the revision" says $out/uart.xml 1418B05SIM800L24
check "16550: a rate that it cannot do is an error of the rig" is $out/baud.status 3
check "16550: which names the rate" says $out/baud.txt 921600
check "USB: the adapter was ttyUSB1" is $out/usb.before /dev/ttyUSB1
check "USB: and came back as ttyUSB0" is $out/usb.after /dev/ttyUSB0
check "USB: the run went on to its end" is $out/usb.status 0
check "USB: that the port went is no failure of the module" says $out/usb.xml 'failures="0"'
check "USB: the case in flight was inconclusive, once" counts $out/usb.jsonl inconclusive 1
check "USB: and repeated once: all four passed in the end" counts $out/usb.jsonl pass 4
check "USB: its control lines were judged" lacks $out/usb.jsonl "not shown by this port"
check "USB: the report names the by-id name" says $out/usb.xml usb-QEMU_QEMU_USB_SERIAL_MODULE-if00-port0,115200
check "USB: the report names the revision" says $out/usb.xml 1418B05SIM800L24
finish
