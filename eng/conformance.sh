#!/usr/bin/env bash
# eng/conformance.sh HARNESS [OPTIONS]: runs Gateway API's conformance cases against this checkout. HARNESS is a directory with
# run.mjs (see docs/gateway-api.md); OPTIONS go to it, for example --only '^HTTPRoute' --verbose.
set -euo pipefail

root=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
harness=${1:?usage: eng/conformance.sh HARNESS [OPTIONS]}
shift
copy=$root/artifacts/conformance
readonly root harness copy

command -v npm >/dev/null || { echo 'npm is missing: the harness needs Node.js 20.11 or newer.' >&2; exit 2; }
# The harness's own directory may be read-only, and its packages go beside it.
mkdir -p "$copy"
cp -R "$harness/." "$copy/"
(cd "$copy" && npm ci --no-audit --no-fund --silent)
exec node "$copy/run.mjs" --product "$root" "$@"
