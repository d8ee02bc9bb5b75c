#!/usr/bin/env bash
# Lints docs/openapi.json with two judges that we did not write: redocly (recommended-strict) and spectral (spectral:oas).
# Needs Node 20:  tests/outside/document.sh
set -euo pipefail
document=$(cd "$(dirname "$0")/../.." && pwd)/docs/openapi.json
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @redocly/cli@2.77.0 @stoplight/spectral-cli@6.16.3 >/dev/null
cp "$document" openapi.json
echo 'extends: [recommended-strict]' >redocly.yaml
echo 'extends: ["spectral:oas"]' >.spectral.yaml
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
npx redocly lint openapi.json
npx spectral lint openapi.json --fail-severity hint
