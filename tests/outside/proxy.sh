#!/usr/bin/env bash
# Calls a running host through a checking proxy that we did not write (Prism): it compares every request and every answer
# with docs/openapi.json. The tour reads whatever a member may read, changes things, and makes mistakes on purpose.
# Needs Node 20 and a running host with the demo practice; an owner's email and password:
#   tests/outside/proxy.sh http://localhost:5000 olivia@riverside.example PASSWORD
set -euo pipefail
if [ $# -ne 3 ]; then
    sed -n '2,5s/^# //p' "$0"
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap '[ -z "${proxy:-}" ] || kill "$proxy" 2>/dev/null; rm -rf "$folder"' EXIT
cp "$here/proxy.mjs" "$here/../../docs/openapi.json" "$folder/"
cd "$folder"
npm install --silent --no-audit --no-fund @stoplight/prism-cli@5.16.0 >/dev/null
port=$((20000 + RANDOM % 20000))
node node_modules/@stoplight/prism-cli/dist/index.js proxy openapi.json "$1" --port "$port" >prism.log 2>&1 &
proxy=$!
for _ in $(seq 120); do
    grep -q 'is listening' prism.log && break
    kill -0 "$proxy" || { cat prism.log; exit 1; }
    sleep 0.5
done
node proxy.mjs "http://127.0.0.1:$port" "$2" "$3"
