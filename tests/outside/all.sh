#!/usr/bin/env bash
# Every judge that we did not write, one after the other: linters, generators, a checking proxy, an OAuth client, a
# receiver of webhooks, FHIR clients, readers of calendars and an identity provider. Starts a host with a demo practice
# for itself.
# Needs Node 20, curl, openssl, the .NET 10 SDK, and a built host:
#   dotnet build src/Host/Practice.Host && tests/outside/all.sh
set -uo pipefail
. "$(dirname "$0")/host.sh"

failed=()
judge() {
    echo "== $1"
    "$here/$1" "${@:2}" || failed+=("$1")
}

judge document.sh
judge clients.sh
judge oidc-sign-in.sh

mkdir "$folder/receiver"
"$here/webhooks.sh" certificate "$folder/receiver"
start_demo SSL_CERT_FILE="$folder/receiver/certificate.pem"
judge proxy.sh "$host" "$owner" "$password"
token=$(sign_in "$owner")
client=$(post "/api/groups/$group/clients" '{"name":"openid-client","accessLevel":"manager"}' "$token")
judge api-client.sh "$host" "$group" "$(field .clientId <<<"$client")" "$(field .clientSecret <<<"$client")"
judge webhooks.sh "$host" "$owner" "$password" "$folder/receiver"
judge fhir-clients.sh "$host" "$group" "$token"
judge calendar-feed.sh "$host" "$practitioner" "$password"

echo "== ${#failed[@]} of 8 judges found something: ${failed[*]:-none}"
exit $((${#failed[@]} > 0))
