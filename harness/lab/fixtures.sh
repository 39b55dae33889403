#!/bin/sh
# What a lab puts on its public host: the files that the cases' world lines describe, for HTTP and FTP.
# usage: harness/lab/fixtures.sh FOLDER [HTTP_DIR]      (http_dir of the lab file: /attest; nothing for the server's root)
#
# FOLDER/http goes to the web server, below http_dir of the lab file, FOLDER/ftp to the FTP server, below ftp_dir, where the user may
# write.  A folder's own page is its file .index.  FOLDER/cases.conf holds the locations of what is more than a file (a status, a
# redirect, an echo) for nginx with harness/lab/end.js, as harness/lab/nginx.conf.in includes it.
set -eu
[ $# -eq 1 ] || [ $# -eq 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
make --no-print-directory build/lab_fixtures
exec build/lab_fixtures "$out" "${2:-}" cases/sim800
