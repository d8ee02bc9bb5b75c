# Sourced by all.sh and fhir-speed.sh: starts a host with the demo practice for itself, and says how to sign in.
# Sets host, group, owner, practitioner, password, and work (a folder for files); the host ends with the script.
# configuration: Debug or Release; what the host was built as.
owner=olivia@riverside.example
practitioner=paul@riverside.example
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
chmod 755 "$work"
binary="$here/../../src/Host/Practice.Host/bin/${configuration:-Debug}/net10.0/Practice.Host.dll"
[ -f "$binary" ] || { echo "Build the host first: dotnet build src/Host/Practice.Host -c ${configuration:-Debug}"; exit 2; }

stop_host() {
    if [ -n "${host_process:-}" ]; then
        kill "$host_process" 2>/dev/null || true
        wait "$host_process" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap stop_host EXIT

# field NAME <JSON
field() { node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }

# post PATH BODY [TOKEN]
post() {
    curl -sf "$host$1" -H 'Content-Type: application/json' ${3:+-H "Authorization: Bearer $3"} -d "$2"
}

sign_in() { post /api/users/sign-in "{\"email\":\"$1\",\"password\":\"$password\"}" | field .accessToken; }

start_host() {
    host=http://127.0.0.1:$((20000 + RANDOM % 20000))
    # No limit of calls that a tour would meet.
    "$@" dotnet "$binary" --urls="$host" --PublicUrl="$host" --Data:Directory="$work/data" --Demo:Seed=true \
        --RateLimits:PerMinute=100000000 --RateLimits:ClientPerMinute=100000000 --Webhooks:AllowPrivateNetworks=true \
        >"$work/host.log" 2>&1 &
    host_process=$!
    for _ in $(seq 240); do
        password=$(sed -n 's/.*Password of all of them: \([^ ]*\).*/\1/p' "$work/host.log")
        [ -z "$password" ] || break
        kill -0 "$host_process" || { cat "$work/host.log"; exit 1; }
        sleep 0.5
    done
    [ -n "$password" ] || { cat "$work/host.log"; exit 1; }
    token=$(sign_in "$owner")
    group=$(curl -sf "$host/api/groups" -H "Authorization: Bearer $token" | field .items[0].id)
}
