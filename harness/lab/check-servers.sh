#!/usr/bin/env bash
# The lab's servers themselves: every end point answers as nginx.conf.in and proftpd.conf.in say, asked by curl.
set -u
cd "$(dirname "$0")/../.."
passed=0 failed=0
out=build/check-lab/servers
mkdir -p $out

counts() { echo "$passed passed, $failed failed, $1 skipped"; [ "$failed" -eq 0 ]; exit; }
[ -n "$LAB_FILE" ] || { echo "SKIP servers: nginx, proftpd and tinyproxy are not all here"; counts 1; }
command -v curl >/dev/null || { echo "SKIP servers: curl is missing"; counts 1; }

http=http://127.0.0.1:$LAB_HTTP_PORT
ftp=ftp://$LAB_FTP_USER:$LAB_FTP_PASSWORD@127.0.0.1:$LAB_FTP_PORT

# same WHAT WANTED-FILE CURL-ARGUMENT...: what curl fetches is that file.
same() {
	local what=$1 wanted=$2
	shift 2
	if curl -sS --max-time 20 "$@" >$out/got 2>$out/err && cmp -s $out/got "$wanted"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $what: $(cat $out/err) $(head -c 200 $out/got)"
	fi
}

# says WHAT WANTED FORMAT CURL-ARGUMENT...: what curl writes of the transfer, and its own status behind it.
says() {
	local what=$1 wanted=$2 format=$3 got
	shift 3
	got="$(curl -s --max-time 20 -o $out/got -w "$format" "$@")" status=$?
	got="${got:+$got }$status"
	if [ "$got" = "$wanted" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $what: expected $wanted, got $got"
	fi
}

files=$LAB_DIR/http
for file in empty.txt 1.txt 50.txt 29.txt 1K.txt 10K.txt 100K.bin 300K.bin 1M.bin; do
	same "GET $file" "$files/$file" "$http/$file"
	same "RETR $file" "$files/$file" "$ftp/$file"
done
same "GET /" "$files/.index" "$http/"
same "GET through the proxy" "$files/1K.txt" --proxy "127.0.0.1:$LAB_PROXY_PORT" "$http/1K.txt"
printf shigeshia >$out/rest
same "a range" $out/rest -r 20-28 "$http/29.txt"
same "REST 20" $out/rest -C 20 "$ftp/29.txt"
same "no range where there are none" "$files/29.txt" -r 20-28 "$http/norange/29.txt"
same "a POST to a file is answered with it" "$files/50.txt" -d abc "$http/50.txt"
same "the body comes back" "$files/300K.bin" --data-binary "@$files/300K.bin" "$http/echo/body"
curl -sS --max-time 20 -A agent -H 'X-Lab: 1' -d abc "$http/echo" >$out/echo 2>&1
if head -n 1 $out/echo | grep -q '^POST /echo HTTP/1.1' && grep -q '^X-Lab: 1' $out/echo && [ "$(tail -c 3 $out/echo)" = abc ]; then
	passed=$((passed + 1))
else
	failed=$((failed + 1)); echo "FAIL the request comes back: $(cat $out/echo)"
fi
for status in 201 204 400 401 403 404 405 408 410 413 429 500 501 502 503 504; do
	says "status $status" "$status 0" '%{http_code}' "$http/status/$status"
done
says "a file that is not there" "404 0" '%{http_code}' "$http/not/there"
for status in 301 302 303 307 308; do
	says "redirect $status" "$status $http/1K.txt 0" '%{http_code} %{redirect_url}' "$http/redirect/$status/1K.txt"
done
same "a redirect that is followed" "$files/1K.txt" -L "$http/redirect/302/1K.txt"
says "a redirect to itself" "20 47" '%{num_redirects}' -L --max-redirs 20 "$http/redirect/302/loop"
says "no answer but the end of the connection" "000 52" '%{http_code}' "$http/close"
says "a body cut short" "200 300 18" '%{http_code} %{size_download}' "$http/cut/300/1K.txt"
head -c 200 "$files/100K.bin" >$out/cut
curl -s --max-time 20 -o $out/got "$http/cut/200/100K.bin"
if cmp -s $out/got $out/cut; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL the bytes before the cut"; fi
says "no answer at all" "000 28" '%{http_code}' --max-time 1 "$http/silent"
says "nobody listens" "000 7" '%{http_code}' "http://127.0.0.1:$LAB_REFUSED_PORT/"
curl -s --max-time 20 -o $out/got -w '%{time_total}' "$http/slow/700/50.txt" | awk '{ exit !($1 >= 0.7) }' && cmp -s $out/got "$files/50.txt"
if [ $? -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL a slow answer"; fi

same "active FTP" "$files/50.txt" -P 127.0.0.1 "$ftp/50.txt"
says "STOR" "0" '' -T "$files/1K.txt" "$ftp/check-up.txt"
same "what was stored" "$files/1K.txt" "$ftp/check-up.txt"
says "APPE" "0" '' -a -T "$files/1K.txt" "$ftp/check-up.txt"
cat "$files/1K.txt" "$files/1K.txt" >$out/twice
same "what was appended" $out/twice "$ftp/check-up.txt"
says "MKD, RMD, DELE" "0" '' -Q 'MKD /check-dir' -Q 'RMD /check-dir' -Q 'DELE /check-up.txt' "$ftp/50.txt"
says "a wrong password" "530 67" '%{response_code}' --user "$LAB_FTP_USER:wrong" "ftp://127.0.0.1:$LAB_FTP_PORT/50.txt"
says "a folder that takes nothing" "550 25" '%{response_code}' -T "$files/1K.txt" "$ftp/denied/up.txt"
says "a file that may not be read" "550 78" '%{response_code}' "$ftp/secret/50.txt"
says "a file that is not there on FTP" "550 78" '%{response_code}' "$ftp/not-there.txt"
counts 0
