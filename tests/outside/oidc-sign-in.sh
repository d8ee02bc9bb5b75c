#!/usr/bin/env bash
# Signs in with an identity provider that we did not write (oidc-provider): through the pages, as a browser without script
# does, once with the confirmation by password and once straight in. Starts a host with the demo practice for itself.
# Needs Node 20, and a built host:
#   dotnet build src/Host/Practice.Host && tests/outside/oidc-sign-in.sh
set -uo pipefail
. "$(dirname "$0")/host.sh"

npm install --prefix "$folder" --silent --no-audit --no-fund oidc-provider@9.13.3 >/dev/null || exit 1
cp "$here/oidc-sign-in.mjs" "$folder/"
port=$((40000 + RANDOM % 20000))
# Only a host in Development takes a provider without TLS, and only on the same machine.
start_demo ASPNETCORE_ENVIRONMENT=Development \
    SignIn__Providers__0__Name=example "SignIn__Providers__0__Authority=http://127.0.0.1:$port" \
    SignIn__Providers__0__RequiredClaims__hd=riverside.example \
    SignIn__Providers__0__ClientId=practice "SignIn__Providers__0__ClientSecret=a secret: with signs & blanks"
node "$folder/oidc-sign-in.mjs" "$host" "$port" "$owner" "$password"
