#!/bin/sh
# The rig as its users meet it: modules that hang, restart or were left in the middle of something, ports that vanish, and what is no module.
# usage: harness/check-rig.sh ATTEST FOLDER     prints "ok NAME", "FAIL NAME" or "SKIP NAME: why" a check, and "done"
set -u

attest=$1
all=$2
rm -rf "$all"
mkdir -p "$all"

ok() { echo "ok $1"; }
bad() { echo "FAIL $*"; sed 's/^/    /' "$tmp/out" 2>/dev/null | head -n 20; }

if ! command -v perl >/dev/null 2>&1; then
	echo "SKIP a rig that misbehaves: perl is not installed"
	echo done
	exit 0
fi

# play WAIT BEHAVIOUR [OPTION]...: the two cases on a module that behaves so; out, j.jsonl, j.xml and status are what came of it.
fake="perl harness/unit/fake-module.pl"
play() {
	wait=$1 port=$2
	shift 2
	rm -f "$tmp/j.jsonl" "$tmp/j.xml"
	"$attest" run --wait "$wait" --port "$port" --journal "$tmp/j.jsonl" --junit "$tmp/j.xml" "$@" "$tmp/one.case" "$tmp/two.case" >"$tmp/out" 2>&1 </dev/null
	status=$?
}

# ended NAME STATUS VERDICTS PATTERN...: how that was, and lines that must be there.
verdicts() { grep -aho '"verdict":"[a-z]*"' "$tmp/j.jsonl" 2>/dev/null | cut -d'"' -f4 | tr '\n' ' ' | sed 's/ $//'; }
ended() {
	name=$1 want=$2 seen=$3
	shift 3
	[ "$status" -eq "$want" ] || { bad "$name: status $status, expected $want"; return; }
	[ "$(verdicts)" = "$seen" ] || { bad "$name: verdicts $(verdicts), expected $seen"; return; }
	for pattern in "$@"; do
		grep -aqE -e "$pattern" "$tmp/out" "$tmp/j.jsonl" "$tmp/j.xml" || { bad "$name: no line matches $pattern"; return; }
	done
	ok "$name"
}

until_true() {
	tries=0
	until eval "$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 0.1
	done
}

cat >"$all/server.pl" <<'END'
use IO::Socket::INET;
# Serve each connection with the command; after N of them stop listening, say so, and wait to be ended.
my ($file, $n, @command) = @ARGV;
my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die;
open(my $f, '>', "$file.new"); print $f $s->sockport, "\n"; close($f); rename("$file.new", $file);
while ($n-- > 0) {
my $c = $s->accept or die;
my $pid = fork;
if ($pid == 0) { open(STDIN, '<&', $c); open(STDOUT, '>&', $c); exec(@command) }
close($c);
waitpid($pid, 0);
}
close($s);
open($f, '>', "$file.over"); close($f);
sleep 1000;
END
serve() { # N COMMAND...
	rm -f "$tmp/port" "$tmp/port.over"
	perl "$all/server.pl" "$tmp/port" "$@" </dev/null >/dev/null 2>&1 &
	server=$!
	until_true '[ -s "$tmp/port" ]'
}
unserve() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }

# group NAME: a function below, with a folder of its own: most of their time is waiting, so they wait side by side.
started=$(date +%s)
group() {
	(
		tmp=$all/$1
		mkdir -p "$tmp"
		for name in one two; do
			printf 'title   Signal, %s\nspec    SIM800 AT Command Manual V1.09, 3.2\nquiet   50ms\n\n> AT+CSQ\n< +CSQ: {: 0..31},{: 0..99}  within 400ms  timing tight\n< OK\n' "$name" >"$tmp/$name.case"
		done
		"$1"
		echo "$1 is over after $(($(date +%s) - started)) s" >>"$tmp/over"
	) >"$all/$1.log" 2>&1 &
}

# ---- no module ---------------------------------------------------
no_module() {
	play 1 "exec:$fake silent"
	ended "a silent port is called so, and the report says what was not played" 3 "" 'no answer to AT in 1 s: is the module powered' '2 of 2 cases were not played' '"end":3'
	play 1 "exec:$fake garbage"
	ended "garbage is shown escaped" 3 "" 'only garbage \(first "\\x80\\xfe\\x03'
	play 1 "exec:$fake mirror"
	ended "a loopback plug is recognised" 3 "" 'everything sent comes back and nothing else'
	play 1 "exec:$fake flood"
	ended "an endless flood ends" 3 "" 'the port sends without end .* first "\\r\\n\+NOISE: xxx'
	play 1 "exec:$fake banner"
	ended "an SSH server is shown by what it says" 3 "" 'is no module: it said "SSH-2\.0-OpenSSH_9\.2\\r\\n"'
	play 1 "exec:$fake web"
	ended "a web server is shown by what it says" 3 "" 'is no module: it said "HTTP/1\.1 400 Bad Request'
}

# ---- who the module is -------------------------------------------
identity() {
	play 5 "exec:$fake module"
	ended "the module's own words are in every report" 0 "pass pass" '"revision":"1418B05SIM800L24' 'name="revision" value="1418B05SIM800L24' 'name="module" value="SIM800 R14.18 / SIMCOM_Ltd / SIMCOM_SIM800L"' 'profile sim800-r14.18'
	! grep -aq 358021 "$tmp/out" "$tmp/j.jsonl" "$tmp/j.xml" && ok "no number that may be an IMEI is in them" || bad "no number that may be an IMEI is in them"
	play 5 "exec:$attest emulate --stdio --profile sim900"
	ended "the profile is chosen by the revision" 0 "pass pass" 'profile sim900'
	printf 'revision = 1308B08SIM800L16\n' >"$tmp/other.lab"
	play 5 "exec:$fake module" --lab "$tmp/other.lab"
	ended "another revision than the lab's is an error of the rig" 3 "" 'expects revision 1308B08SIM800L16, and the module says 1418B05SIM800L24'
}

# ---- as others left it -------------------------------------------
left_over() {
	left() { echo "exec:{ printf '$1'; cat; } | $attest emulate --stdio"; }
	play 20 "$(left 'ATE0V0Q1\r')"
	ended "echo, words and result codes that were off are on" 0 "pass pass"
	play 20 "$(left 'AT+HTTPINIT\rAT+HTTPDATA=1000,120000\r')"
	ended "a module that waits for input gets it" 0 "pass pass"
	printf 'title   As after power on\nspec    SIM800 AT Command Manual V1.09, 11.2\nquiet   50ms\n\n> AT+SAPBR=2,1\n< +SAPBR: 1,3,"0.0.0.0"\n< OK\n> AT+HTTPINIT\n< OK\n> AT+FTPPORT?\n< +FTPPORT: 21\n< OK\n> AT+CMEE?\n< +CMEE: 0\n< OK\n> AT+FTPPORT=2121;+CMEE=2\n< OK\n' >"$tmp/fresh.case"
	"$attest" run --wait 20 --port "$(left 'AT+CMEE=1\rAT+SAPBR=1,1\rAT+HTTPINIT\rAT+FTPPORT=99\r')" --repeat 3 --journal "$tmp/j.jsonl" "$tmp/fresh.case" >"$tmp/out" 2>&1
	status=$?
	ended "sessions and settings are as after power on, and again after each case" 0 "pass pass pass"
}

# ---- in the middle of a case -------------------------------------
mid_case() {
	rm -f "$tmp/back"
	play 1 "exec:$fake hang $tmp/back" --recover "echo the relay; touch $tmp/back; exit 3"
	ended "a module that hangs fails, the recovery command runs, and the run goes on" 1 "fail pass" 'the module stopped answering, AT too: expected \+CSQ' '\| the relay' 'recovery command: status 3' 'the module is back' 'type="ModuleSilent"'
	rm -f "$tmp/back"
	play 1 "exec:$fake hang $tmp/back"
	ended "one that does not come back ends the run" 3 "fail" '1 of 2 cases were not played' '"end":3'
	play 1 "exec:$fake hang $tmp/back" --only '*two.case'
	[ "$status" -eq 3 ] && ! grep -q 'not played' "$tmp/out" && ok "after the last case there is nothing to go on with" ||
	    bad "after the last case there is nothing to go on with: status $status"
	play 1 "exec:$fake hang $tmp/back"
	"$attest" report "$tmp/j.jsonl" >"$tmp/out" 2>&1
	[ $? -eq 3 ] && ok "its journal makes a report that says so" || bad "its journal makes a report that says so"
	play 5 "exec:$fake restart"
	ended "a module that restarts by itself fails" 1 "fail pass" 'ModuleRestarted' 'the module said RDY'
	play 5 "exec:$fake sags"
	ended "one whose supply failed is the rig's, and the case is played again" 0 "inconclusive pass pass" 'SupplyFailed' 'played once more' 'name="inconclusive"'
}

# ---- the port vanishes -------------------------------------------
vanishing() {
	rm -f "$tmp/died"
	play 5 "exec:$fake dies $tmp/died"
	ended "a port that vanishes is opened again, and the case played again" 0 "inconclusive pass pass" 'WireLost' 'the module is back'
	play 5 "exec:$fake dies-always"
	ended "one that vanishes again leaves the case inconclusive" 3 "inconclusive inconclusive inconclusive inconclusive" 'the port is lost'
	! grep -q '<failure\|<flakyFailure\|<rerunFailure' "$tmp/j.xml" && ok "none of it is a failure of the module" || bad "none of it is a failure of the module"

	rm -f "$tmp/died"
	serve 9 $fake dies "$tmp/died"
	play 10 "tcp:127.0.0.1:$(cat "$tmp/port")"
	ended "a serial server that hangs up is connected to again" 0 "inconclusive pass pass" 'WireLost'
	unserve
	serve 1 $fake dies-always
	play 1 "tcp:127.0.0.1:$(cat "$tmp/port")"
	ended "one that stays away ends the run" 3 "inconclusive" 'nothing listens at port [0-9]+ of 127\.0\.0\.1 \(waited 1 s\)' '1 of 2 cases were not played'
	unserve
}

# ---- Ctrl-C ------------------------------------------------------
interrupted() {
	# interrupt NAME PATTERN OPTION...: SIGINT once a line of the output matches (or PATTERN is a command that succeeds).
	interrupt() {
		name=$1 ready=$2
		shift 2
		rm -f "$tmp/j.jsonl" "$tmp/j.xml" "$tmp/started"
		"$attest" run --journal "$tmp/j.jsonl" --junit "$tmp/j.xml" "$@" "$tmp/one.case" "$tmp/two.case" >"$tmp/out" 2>&1 </dev/null &
		pid=$!
		until_true "$ready" || { bad "$name: it did not come to that"; kill -KILL "$pid"; return; }
		killed=$(date +%s)
		kill -INT "$pid"
		wait "$pid"
		status=$?
		took=$(($(date +%s) - killed))
		if [ "$status" -ne 130 ]; then bad "$name: status $status, expected 130"
		elif ! grep -aq 'testsuites' "$tmp/j.xml"; then bad "$name: no report"
		else ok "$name"; fi
	}
	interrupt "Ctrl-C while the module is looked for" '[ -e "$tmp/started" ]' --wait 60 --port "exec:touch $tmp/started; exec $fake silent"
	rm -f "$tmp/back"
	interrupt "Ctrl-C while the recovery command runs" '[ -e "$tmp/started" ]' --wait 1 --recover "touch $tmp/started; sleep 50" --port "exec:$fake hang $tmp/back"
	rm -f "$tmp/back"
	interrupt "Ctrl-C while a recovery command prints without end" '[ -e "$tmp/started" ]' --wait 1 --recover "touch $tmp/started; exec yes" --port "exec:$fake hang $tmp/back"
	[ "$took" -lt 30 ] && ok "... at once" || bad "... at once: after $took s"
	interrupt "Ctrl-C while a silent module is waited for" 'grep -q "recovery command: status" "$tmp/out"' --wait 2 --recover true --port "exec:$fake hang $tmp/back"
	serve 1 $fake dies-always
	interrupt "Ctrl-C while a port is waited for" '[ -e "$tmp/port.over" ] && grep -q "waited for" "$tmp/out"' --wait 60 --port "tcp:127.0.0.1:$(cat "$tmp/port")"
	unserve
}

# ---- a program that is not scheduled -----------------------------
stopped() {
	rm -f "$tmp/j.jsonl"
	"$attest" run --wait 20 --port "exec:$attest emulate --stdio" --journal "$tmp/j.jsonl" --repeat 2 cases/sim800/general/again.case \
	    cases/sim800/general/waking.case >"$tmp/out" 2>&1 </dev/null &
	pid=$!
	while kill -STOP "$pid" 2>/dev/null; do
		sleep 0.15
		kill -CONT "$pid" 2>/dev/null
		sleep 0.1
	done
	wait "$pid"
	played=$(grep -ac '"verdict":"\(pass\|inconclusive\)"' "$tmp/j.jsonl")
	[ "$played" -ge 4 ] && ! grep -aq '"verdict":"\(fail\|error\)"' "$tmp/j.jsonl" && ok "a program that is stopped again and again blames no module" ||
	    bad "a program that is stopped again and again blames no module: $(verdicts)"
}

for name in no_module identity left_over mid_case vanishing interrupted stopped; do group "$name"; done
wait
for name in no_module identity left_over mid_case vanishing interrupted stopped; do
	cat "$all/$name.log"
	[ -e "$all/$name/over" ] || echo "FAIL the group $name did not reach its end"
done
echo done
