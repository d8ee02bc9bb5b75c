#!/usr/bin/env bash
# Reads a member's calendar feed with two parsers that we did not write, and compares every event with the API's list.
# Needs Node 20 and a running host:  tests/outside/calendar-feed.sh http://localhost:5000 paul@riverside.example PASSWORD
set -euo pipefail
if [ $# -ne 3 ]; then
    sed -n '2,3s/^# //p' "$0"
    exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund ical.js@2.2.1 node-ical@0.26.1 >/dev/null
cp "$(dirname "$0")/calendar-feed.mjs" "$folder/"
node "$folder/calendar-feed.mjs" "$@"
