#!/usr/bin/env bash
# Reads a practice by FHIR with three clients that we did not write: what the server says of itself, resources, searches
# and every page. Needs Node 20 and a running host whose PublicUrl is the address given:
#   tests/outside/fhir-clients.sh http://localhost:5000 GROUP_ID ACCESS_TOKEN
set -euo pipefail
if [ $# -ne 3 ]; then
    sed -n '2,4s/^# //p' "$0"
    exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Without what @medplum/core may be used with: React Native and more.
npm install --prefix "$folder" --silent --no-audit --no-fund --legacy-peer-deps \
    fhir-kit-client@2.0.3 fhirclient@2.6.3 @medplum/core@5.2.13 >/dev/null
cp "$(dirname "$0")/fhir-clients.mjs" "$folder/"
node "$folder/fhir-clients.mjs" "$@"
