#!/bin/bash -eu
exec bash "$SRC/attest/fuzz/oss-fuzz/build.sh"
