# What the scripts share: a folder of their own, processes that end with the script, and a host with the demo practice.
# Read by `.`; needs bash, Node 20, curl and a built host (dotnet build src/Host/Practice.Host, or PRACTICE_HOST=…dll).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
host_dll=${PRACTICE_HOST:-$root/src/Host/Practice.Host/bin/${configuration:-Debug}/net10.0/Practice.Host.dll}
[ -f "$host_dll" ] ||
    { echo "Build the host first: dotnet build src/Host/Practice.Host -c ${configuration:-Debug}"; exit 2; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/practice-outside-XXXXXX")
chmod 755 "$folder"
pids=()

cleanup() {
    set +e # much of it has ended already
    for pid in "${pids[@]}"; do
        kill -CONT -- "-$pid" 2>/dev/null
        kill -TERM -- "-$pid" 2>/dev/null
    done
    sleep 2
    for pid in "${pids[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
    mountpoint -q "$folder/disk" && umount -l "$folder/disk"
    [ -n "${KEEP:-}" ] && echo "kept: $folder" || rm -rf "$folder"
} 2>/dev/null
trap cleanup EXIT

# Starts a command in a process group of its own, so that it is stopped with its children. Sets `pid`.
start() {
    local log=$1; shift
    setsid "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    disown "$pid" # else bash says so when it is killed
    pids+=("$pid")
}

gone() { ! kill -0 "$1" 2>/dev/null; }

free_port() {
    node -e 'const s = require("net").createServer();
        s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

until_ok() { # SECONDS COMMAND…
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $end ]; then echo "Not in time: $*"; return 1; fi
        sleep 0.2
    done
}

# The demo practice: how its people are called, and calls to it.
owner=olivia@riverside.example
practitioner=paul@riverside.example

# field NAME <JSON
field() { node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }

# post PATH BODY [TOKEN]
post() {
    curl -sf "$host$1" -H 'Content-Type: application/json' ${3:+-H "Authorization: Bearer $3"} -d "$2"
}

sign_in() { post /api/users/sign-in "{\"email\":\"$1\",\"password\":\"$password\"}" | field .accessToken; }

# Starts a host with its own PostgreSQL and the demo practice. Sets host, password, token (the owner's) and group.
start_demo() { # [NAME=VALUE…]
    host=http://127.0.0.1:$(free_port)
    # No limit of calls that a tour would meet.
    start "$folder/host.log" env "$@" dotnet "$host_dll" --urls="$host" --PublicUrl="$host" \
        --Data:Directory="$folder/data" --Demo:Seed=true --RateLimits:PerMinute=100000000 \
        --RateLimits:ClientPerMinute=100000000 --Webhooks:AllowPrivateNetworks=true
    until_ok 120 demo_made || true
    [ -n "$password" ] || { cat "$folder/host.log"; exit 1; }
    token=$(sign_in "$owner")
    group=$(curl -sf "$host/api/groups" -H "Authorization: Bearer $token" | field .items[0].id)
}

demo_made() { # or never
    password=$(sed -n 's/.*Password of all of them: \([^ ]*\).*/\1/p' "$folder/host.log")
    [ -n "$password" ] || gone "$pid"
}
