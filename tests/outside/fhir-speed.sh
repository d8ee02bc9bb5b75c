#!/usr/bin/env bash
# How many pages of 20 patients a second FHIR answers, beside the API's own list: at least half as many, or it fails.
# Starts a host with a demo practice for itself. Needs Node 20, curl, the .NET 10 SDK, a quiet machine, and a built host:
#   dotnet build src/Host/Practice.Host -c Release && tests/outside/fhir-speed.sh
set -euo pipefail
configuration=${1:-Release}
. "$(dirname "$0")/host.sh"
start_demo
node "$here/fhir-speed.mjs" "$host" "$group" "$token"
