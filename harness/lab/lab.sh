#!/usr/bin/env bash
# A lab in a box: nginx, proftpd and tinyproxy on loopback, as children of this script, and a lab file that names them.
# usage: harness/lab/lab.sh start            until Ctrl-C
#        harness/lab/lab.sh run COMMAND...   while COMMAND runs; its status is the script's
#
# Everything lies under $LAB_DIR (build/lab): configuration, fixtures, logs, lab.conf.  COMMAND finds in its environment:
#   LAB_DIR LAB_FILE LAB_HTTP_PORT LAB_FTP_PORT LAB_PROXY_PORT LAB_REFUSED_PORT (where nobody listens) LAB_FTP_USER LAB_FTP_PASSWORD
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() { sed -n '3,4s/^# //p' harness/lab/lab.sh >&2; exit 2; }
[ $# -ge 1 ] || usage
case $1 in
start) [ $# -eq 1 ] || usage ;;
run) [ $# -ge 2 ] || usage ;;
*) usage ;;
esac
what=$1
shift

LAB_DIR=${LAB_DIR:-$PWD/build/lab}
case $LAB_DIR in /*) ;; *) LAB_DIR=$PWD/$LAB_DIR ;; esac
LAB_FILE=$LAB_DIR/lab.conf
LAB_FTP_USER=lab
LAB_FTP_PASSWORD=lab-secret
PATH=$PATH:/usr/sbin:/sbin

die() { echo "harness/lab/lab.sh: $*" >&2; exit 3; }
for tool in nginx proftpd ftpasswd tinyproxy; do
	command -v $tool >/dev/null || die "$tool is missing; harness/install.sh lab installs it"
done
for tool in lab_fixture lab_fixtures; do
	[ -x build/$tool ] || die "build/$tool is missing; make build/$tool builds it"
done

mkdir -p "$LAB_DIR"
exec 9>"$LAB_DIR/lock"
flock -n 9 || die "another lab runs in $LAB_DIR; LAB_DIR=FOLDER gives this one a place of its own"

# ---- ports --------------------------------------------------------------------
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
taken=
port_find() { # below the range that the kernel gives out by itself
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		case " $taken " in *" $port "*) continue ;; esac
		listens $port || break
	done
	taken="$taken $port"
	found=$port
}

fill() { # TEMPLATE INTO
	sed -e "s|@DIR@|$LAB_DIR|g" -e "s|@SOURCE@|$PWD/harness/lab|g" -e "s|@USER@|$nginx_user|" -e "s|@MODULES@|$modules|" \
	    -e "s|@HTTP_PORT@|$LAB_HTTP_PORT|g" -e "s|@FTP_PORT@|$LAB_FTP_PORT|g" -e "s|@PROXY_PORT@|$LAB_PROXY_PORT|g" "$1" >"$2"
}

configure() {
	modules=$(nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p')
	nginx_user=
	[ "$(id -u)" != 0 ] || nginx_user="user root;"
	port_find; LAB_HTTP_PORT=$found
	port_find; LAB_FTP_PORT=$found
	port_find; LAB_PROXY_PORT=$found
	port_find; LAB_REFUSED_PORT=$found
	for server in nginx proftpd tinyproxy; do
		fill harness/lab/$server.conf.in "$LAB_DIR/$server.conf"
	done
	sed -e "s|@HTTP_PORT@|$LAB_HTTP_PORT|g" -e "s|@FTP_PORT@|$LAB_FTP_PORT|g" -e "s|@PROXY_PORT@|$LAB_PROXY_PORT|g" \
	    -e "s|@REFUSED_PORT@|$LAB_REFUSED_PORT|g" -e "s|@FTP_USER@|$LAB_FTP_USER|" -e "s|@FTP_PASSWORD@|$LAB_FTP_PASSWORD|" \
	    harness/lab/lab.conf.in >"$LAB_FILE"
	rm -f "$LAB_DIR/ftp.passwd"
	echo "$LAB_FTP_PASSWORD" | ftpasswd --passwd --stdin --file="$LAB_DIR/ftp.passwd" --name="$LAB_FTP_USER" \
	    --uid="$(id -u)" --gid="$(id -g)" --home="$LAB_DIR/ftp" --shell=/bin/false >"$LAB_DIR/log/ftpasswd.log" 2>&1 ||
	    die "ftpasswd: $(cat "$LAB_DIR/log/ftpasswd.log")"
	export LAB_DIR LAB_FILE LAB_HTTP_PORT LAB_FTP_PORT LAB_PROXY_PORT LAB_REFUSED_PORT LAB_FTP_USER LAB_FTP_PASSWORD
}

# ---- children -------------------------------------------------------------------
children=
# Should this script be killed outright, they go with it.
child() { # NAME COMMAND...
	local name=$1
	shift
	setpriv --pdeathsig TERM -- "$@" </dev/null >"$LAB_DIR/log/$name.out" 2>&1 9>&- &
	children="$children $!"
}

down() {
	[ -z "$children" ] || kill $children 2>/dev/null || true
	for pid in $children; do wait "$pid" 2>/dev/null || true; done
	children=
}

up() { # false: one of them ended, perhaps since its port was taken in between
	child nginx nginx -p "$LAB_DIR" -e "$LAB_DIR/log/nginx-error.log" -c "$LAB_DIR/nginx.conf"
	child proftpd proftpd -n -c "$LAB_DIR/proftpd.conf"
	child tinyproxy tinyproxy -d -c "$LAB_DIR/tinyproxy.conf"
	local port tries=0
	for port in $LAB_HTTP_PORT $LAB_FTP_PORT $LAB_PROXY_PORT; do
		until listens "$port"; do
			for pid in $children; do kill -0 "$pid" 2>/dev/null || return 1; done
			tries=$((tries + 1))
			[ $tries -lt 600 ] || return 1
			sleep 0.05
		done
	done
	for pid in $children; do kill -0 "$pid" 2>/dev/null || return 1; done
}

# ---- fixtures -------------------------------------------------------------------
fixture() { # PATH CONTENT...: below http and ftp
	local path=$1
	shift
	build/lab_fixture "$@" >"$LAB_DIR/http/$path"
	cp "$LAB_DIR/http/$path" "$LAB_DIR/ftp/$path"
}

fixtures() {
	rm -rf "$LAB_DIR/http" "$LAB_DIR/ftp" "$LAB_DIR/log" "$LAB_DIR/tmp"
	mkdir -p "$LAB_DIR/http" "$LAB_DIR/ftp/d/sub" "$LAB_DIR/ftp/in" "$LAB_DIR/ftp/denied" "$LAB_DIR/ftp/secret" "$LAB_DIR/log" "$LAB_DIR/tmp"
	fixture empty.txt 0 bytes
	fixture 1.txt 1 bytes digits
	fixture 50.txt 50 bytes digits
	fixture 1K.txt 1024 bytes digits
	fixture 10K.txt 10240 bytes lines
	fixture 100K.bin 102400 bytes pattern 2
	fixture 300K.bin 307200 bytes pattern 3
	fixture 1M.bin 1048576 bytes pattern 1
	fixture 29.txt '"wodeceshijieguo,zhgeshigeshia"'
	fixture .index 69 bytes lines
	build/lab_fixture 12 bytes digits >"$LAB_DIR/ftp/d/a.txt"
	build/lab_fixture 333 bytes lines >"$LAB_DIR/ftp/d/b.txt"
	build/lab_fixture 50 bytes digits >"$LAB_DIR/ftp/denied/there.txt"
	build/lab_fixture 50 bytes digits >"$LAB_DIR/ftp/secret/50.txt"
	build/lab_fixtures "$LAB_DIR" "" cases/sim800 2>"$LAB_DIR/log/fixtures.log" || die "$(cat "$LAB_DIR/log/fixtures.log")"
}

trap down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
fixtures
tries=0
while :; do
	configure
	up && break
	down
	tries=$((tries + 1))
	[ $tries -lt 5 ] || { tail -n 20 "$LAB_DIR"/log/* >&2; die "the servers did not come up in $tries tries; see $LAB_DIR/log"; }
done
if [ "$what" = start ]; then
	echo "http 127.0.0.1:$LAB_HTTP_PORT, ftp 127.0.0.1:$LAB_FTP_PORT, proxy 127.0.0.1:$LAB_PROXY_PORT; lab file $LAB_FILE; Ctrl-C ends them"
	# shellcheck disable=SC2086
	wait -n $children || true
	die "a server ended by itself; see $LAB_DIR/log"
fi
status=0
"$@" 9>&- || status=$?
exit $status
