#!/usr/bin/env bash
# eng/test.sh DOTNET [FILTER]: what `./gatehouse test` runs. Ends with `N passed, N failed, N skipped`.
set -euo pipefail

root=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
dotnet=$1
filter=${2:-}
results=$root/artifacts/tests
readonly root dotnet filter results configuration=Release

say() { printf '%s\n' "$1"; }

has_postgres() { command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

apt_install() {
  say "Installing $* with apt-get …"
  mkdir -p "$results"
  { DEBIAN_FRONTEND=noninteractive apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } \
    > "$results/apt.log" 2>&1 || say "apt-get could not install $*: see $results/apt.log"
}

# The tests find Postgres on PATH or in Debian's versioned directories, and Chromium on PATH.
prepare() {
  local missing=()
  has_postgres || missing+=(postgresql)
  has_chromium || missing+=(chromium)
  # A DNS server with its client for updates, a scanner of TLS, and a certificate authority.
  [ -x /usr/sbin/knotd ] || missing+=(knot)
  command -v knsupdate >/dev/null || missing+=(knot-dnsutils)
  command -v sslscan >/dev/null || missing+=(sslscan)
  command -v pebble >/dev/null || missing+=(pebble)
  if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt_install "${missing[@]}"
  fi
  has_chromium || say 'Chromium is missing: the tests that drive the portal in a browser cannot run (Debian: apt-get install chromium).'
}

# The pebble of Debian's stable release does not know ARI (RFC 9773) yet; the one of its newest does, and needs nothing but libc.
newer_pebble() {
  local state=$root/artifacts/pebble options apt
  if [ -n "${GATEHOUSE_TEST_PEBBLE:-}" ] || ! command -v pebble apt-get dpkg >/dev/null || grep -aq set-renewal-info "$(command -v pebble)"; then return 0; fi
  if [ ! -x "$state/usr/bin/pebble" ]; then
    say 'Fetching a pebble that knows ARI …'
    apt=$state/apt
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    echo 'deb http://deb.debian.org/debian sid main' > "$apt/sources.list"
    options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
    (cd "$state" && apt-get -qq "${options[@]}" update && apt-get -qq "${options[@]}" download pebble && dpkg -x pebble_*.deb .) >> "$results/apt.log" 2>&1 ||
      say "It could not be fetched: see $results/apt.log. Tests of renewal on an authority's wish will fail."
    rm -rf "$apt"
  fi
  [ ! -x "$state/usr/bin/pebble" ] || export GATEHOUSE_TEST_PEBBLE=$state/usr/bin/pebble
}

build() {
  say 'Building …'
  "$dotnet" build "$root/Platform.sln" -c $configuration -v q --nologo -clp:NoSummary > "$results/build.log" 2>&1 || {
    grep error "$results/build.log" | sort -u | head -n 20
    say "The build failed: see $results/build.log"
    say '0 passed, 1 failed, 0 skipped'
    exit 1
  }
}

# Without a Postgres of the machine's own, the one that `up` fetches serves the tests too.
fetch_postgres() {
  has_postgres && return
  local directory
  directory=$("$dotnet" "$root/src/Standalone/bin/$configuration/net10.0/Gatehouse.Standalone.dll" postgres) || return 0
  PATH=$directory:$PATH
}

test_filter() {
  case $filter in
    '') ;;
    *[=~]*) printf '%s' "$filter" ;;
    *) printf 'FullyQualifiedName~%s' "$filter" ;;
  esac
}

# The last line of a project's output: Passed!  - Failed: 0, Passed: 25, Skipped: 0, Total: 25, …
count() { sed -n "s/.*[!] *- .*$1: *\([0-9]*\).*/\1/p" "$2" | tail -n 1; }

main() {
  local project name log passed=0 failed=0 skipped=0 status=0 arguments
  mkdir -p "$results"
  prepare
  newer_pebble
  build
  fetch_postgres
  for project in "$root"/tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    case $name in Testing | Benchmarks) continue ;; esac
    log=$results/$name.log
    arguments=(--no-build -c "$configuration" --nologo --blame-hang-timeout 6m --blame-hang-dump-type none --results-directory "$results/$name")
    [ -z "$filter" ] || arguments+=(--filter "$(test_filter)")
    say "== $name"
    status=0
    "$dotnet" test "$project" "${arguments[@]}" > "$log" 2>&1 || status=$?
    if grep -q 'No test \(matches\|is available\)' "$log" && [ $status -eq 0 ]; then continue; fi
    passed=$((passed + $(count Passed "$log" | grep . || echo 0)))
    failed=$((failed + $(count Failed "$log" | grep . || echo 0)))
    skipped=$((skipped + $(count Skipped "$log" | grep . || echo 0)))
    if [ $status -ne 0 ]; then
      grep -vE '^(Test run for|A total of|Starting test|VSTest version|$)' "$log" | head -n 400
      # A run that broke off says no number.
      [ -n "$(count Failed "$log")" ] || failed=$((failed + 1))
    else
      grep -E '! *- ' "$log" || true
    fi
  done
  say "$passed passed, $failed failed, $skipped skipped"
  [ $failed -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
}

main
