# What the scripts share: a folder of their own, processes that end with the script, and a host with the demo practice.
# Read by `.`; needs bash, Node 20, curl, procps, util-linux and a built host (dotnet build src/Host/Practice.Host, or
# PRACTICE_HOST=…dll).
needs() { # PROGRAM…: or it ends here, and not in the middle of a fault
    local program missing=
    for program; do command -v "$program" >/dev/null || missing+=" ${program##*/}"; done
    [ -z "$missing" ] || { echo "${0##*/} needs what is not installed here:$missing"; exit 2; }
}
needs node curl dotnet pgrep pkill setsid mountpoint

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
host_dll=${PRACTICE_HOST:-$root/src/Host/Practice.Host/bin/${configuration:-Debug}/net10.0/Practice.Host.dll}
[ -f "$host_dll" ] ||
    { echo "Build the host first: dotnet build src/Host/Practice.Host -c ${configuration:-Debug}"; exit 2; }
folder=$(mktemp -d "$(realpath "${TMPDIR:-/tmp}")/practice-outside-XXXXXX") || exit 1
chmod 755 "$folder"
export TMPDIR=$folder # .NET leaves files there when it is killed

# Who was started, known by a mark in the environment, which children have too: an id may be another's by now.
# PostgreSQL overwrites its environment, and is known by where it works, no matter who started it.
marked() { grep -lzxF "PRACTICE_OUTSIDE=$folder" /proc/[0-9]*/environ | cut -d/ -f3; }
servers() { find /proc -maxdepth 2 -name cwd -lname "$folder/*" -execdir grep -qx postgres comm \; -print | cut -d/ -f3; }
all_ended() { [ -z "$(marked; servers)" ]; }

# Ends all that was started, in whatever state it is.
stop_all() {
    local -
    set +e # much of it has ended already
    kill -CONT $(marked; servers)
    kill -TERM $(marked)
    until_ok 5 all_ended || {
        kill -KILL $(comm -23 <(marked | sort) <(servers | sort))
        kill -QUIT $(servers) # PostgreSQL ends at once and removes its shared memory; killed it would leave it
        until_ok 10 all_ended
        kill -KILL $(marked; servers)
        until_ok 5 all_ended
    }
    ! mountpoint -q "$folder/disk" || umount -l "$folder/disk"
    [ -z "${machine:-}" ] || { ip link del "$cable"; ip netns del "$machine"; }
    machine='' gateway=''
} >/dev/null 2>&1

cleanup() {
    set +e
    stop_all
    pkill -P "$$,$(pgrep -d, -P $$)" # what the script waited for when it was told to end, and its jobs
    [ -n "${KEEP:-}" ] && echo "kept: $folder" || rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT # also where what runs now takes no notice, as psql and a host do

# Starts a command in a process group of its own, so that it can be stopped with its children. Sets `pid`.
start() {
    local log=$1; shift
    PRACTICE_OUTSIDE=$folder setsid "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    disown "$pid" # else bash says so when it is killed
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
