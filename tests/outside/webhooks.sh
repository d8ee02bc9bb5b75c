#!/usr/bin/env bash
# A receiver of webhooks that checks signatures with a library that we did not write. It makes its own certificate, which
# the host must trust, and an owner's webhook, and sends tests to it.
# Needs Node 20, openssl, and a host that was started so:
#   SSL_CERT_FILE=CERTIFICATE dotnet Practice.Host.dll --Webhooks:AllowPrivateNetworks=true
# Usage:  tests/outside/webhooks.sh certificate FOLDER    makes FOLDER/certificate.pem and FOLDER/key.pem
#         tests/outside/webhooks.sh http://localhost:5000 owner@riverside.example PASSWORD FOLDER
set -euo pipefail
if [ $# -eq 2 ] && [ "$1" = certificate ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$2/key.pem" -out "$2/certificate.pem" 2>/dev/null
    exit
fi
if [ $# -ne 4 ]; then
    sed -n '2,7s/^# //p' "$0"
    exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund standardwebhooks@1.1.1 >/dev/null
cp "$(dirname "$0")/webhooks.mjs" "$folder/"
node "$folder/webhooks.mjs" "$@"
