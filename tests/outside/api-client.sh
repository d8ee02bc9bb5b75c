#!/usr/bin/env bash
# Gets tokens as an API client with openid-client, which we did not write, by discovery, and calls the API with them.
# Needs Node 20, a running host and the client's id and secret. ISSUER is the host's PublicUrl, letter for letter; where
# it is not the address that the host is reached by, give that last:
#   tests/outside/api-client.sh ISSUER GROUP_ID CLIENT_ID CLIENT_SECRET [http://127.0.0.1:5000]
set -euo pipefail
if [ $# -lt 4 ]; then
    sed -n '2,5s/^# //p' "$0"
    exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund openid-client@6.9.0 >/dev/null
cp "$(dirname "$0")/api-client.mjs" "$folder/"
node "$folder/api-client.mjs" "$@"
