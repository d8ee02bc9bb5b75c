# What the scripts about faults share: servers and hosts, load, and what is compared at the end.
# Read by `.`; needs what host.sh says, psql and PostgreSQL's programs (apt: postgresql).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/host.sh"
bin=${POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)}
server_user=${SERVER_USER:-$(id -u postgres >/dev/null 2>&1 && echo postgres || echo nobody)}
needs psql "${bin:-/usr/lib/postgresql}"/{initdb,postgres,pg_basebackup,pg_dump}
failed=0

# PostgreSQL refuses to be root.
as_server=(env -C / PATH="$bin:$PATH")
[ "$(id -u)" -ne 0 ] ||
    as_server=(setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --clear-groups -- "${as_server[@]}")

server_folder() { # PATH: that the server's user may write, and nobody else
    mkdir -p "$1" && chmod 700 "$1"
    [ "$(id -u)" -ne 0 ] || chown "$server_user" "$1"
}

new_cluster() { # NAME: makes its data directory; what follows is added to its configuration
    local data=$folder/$1/data; shift
    server_folder "$data"
    printf 'super' >"$folder/password" && chmod 644 "$folder/password"
    "${as_server[@]}" "$bin/initdb" -D "$data" -U super -A scram-sha-256 --pwfile="$folder/password" -E UTF8 \
        --locale=C.UTF-8 --no-instructions >/dev/null
    printf '%s\n' "listen_addresses = '127.0.0.1${gateway:+,$gateway}'" "unix_socket_directories = ''" \
        "max_connections = 300" "$@" >>"$data/postgresql.conf"
    [ -z "${gateway:-}" ] || echo "host all all $gateway/30 scram-sha-256" >>"$data/pg_hba.conf"
}

start_cluster() { # NAME PORT
    local try
    for try in 1 2 3 4 5; do
        start "$folder/$1.log" "${as_server[@]}" "$bin/postgres" -D "$folder/$1/data" -p "$2"
        until_ok 60 up_or_gone "$2" && ! gone "$pid" && return
        sleep 1 # a child of one that was killed may hold its memory for a moment
    done
    return 1
}
up_or_gone() { gone "$pid" || sql_super "$1" -c 'select 1'; } # PORT

postmaster() { head -1 "$folder/$1/data/postmaster.pid"; } # NAME

processes_of() { local server; server=$(postmaster "$1"); echo "$server" $(pgrep -P "$server"); } # NAME

sql_super() { local port=$1; shift; PGPASSWORD=super psql -X -h 127.0.0.1 -p "$port" -U super -d postgres -At "$@"; }

new_database() { # PORT: an owner who is no superuser, as an operator makes one
    sql_super "$1" -q -c "create role owner login createrole password 'an owner of few words'" \
        -c 'create database practice owner owner'
}

# A server with an empty database. Sets database_port and connection.
new_server() { # [LINE OF ITS CONFIGURATION…]
    new_cluster db "$@"
    database_port=$(free_port)
    start_cluster db "$database_port"
    new_database "$database_port"
    connection=$(connection "$database_port")
}

connection() { # PORT
    echo "Host=${gateway:-127.0.0.1};Port=$1;Database=practice;Username=owner;Password=an owner of few words"
}

sql() { # as a superuser, whom no row-level security holds
    PGPASSWORD=super psql -X -h 127.0.0.1 -p "$database_port" -U super -d practice -At "$@"
}

# The settings of all hosts, and others as NAME=VALUE.
settings=()
host_with() {
    environment=(env ASPNETCORE_ENVIRONMENT=Production PublicUrl=https://practice.test RateLimits__PerMinute=0
        Demo__Seed=false Mail__PickupDirectory="$folder/mail" Mail__From=practice@practice.test
        Data__Directory="$folder/data" ConnectionStrings__Practice="$connection" "${settings[@]}" "$@")
}

run_host() { # COMMAND…
    host_with
    "${environment[@]}" dotnet "$host_dll" "$@"
}

start_host() { # NAME PORT [NAME=VALUE…]
    local name=$1 port=$2; shift 2
    host_with ASPNETCORE_URLS="http://${address:-127.0.0.1}:$port" "$@"
    start "$folder/$name.log" ${within:+ip netns exec "$within"} "${environment[@]}" dotnet "$host_dll"
    until_ok 180 curl -fs -o /dev/null "http://${address:-127.0.0.1}:$port/health/ready" ||
        { tail -20 "$folder/$name.log"; return 1; }
}

stop_host() { kill -TERM "$1"; until_ok 60 gone "$1"; } # PID

# Load that writes until it is told to stop, each call repeated with its key until it is answered.
start_load() { # URL[,URL] [CALLS AT ONCE]
    rm -f "$folder"/{stop,load.json,answers}
    start "$folder/load.log" node "$here/load.mjs" "$folder" "$1" "${2:-4}"
    load=$pid
    until_ok 60 test -s "$folder/writing"
}

usage() { sed -n '2,/^[^#]/s/^# //p' "$0"; exit 2; }

begins() { echo "== $1, $(date -u +%H:%M), load $(cut -d' ' -f1 /proc/loadavg)"; } # WHAT

mark() { echo "$1 $(date +%s%3N)" >>"$folder/marks"; }

stop_load() {
    touch "$folder/stop"
    until_ok 120 test -s "$folder/load.json" || { tail -5 "$folder/load.log"; failed=1; return 1; }
}

check() { # WHAT EXPECTED FOUND
    if [ "$2" = "$3" ]; then echo "ok      $1: $3"; else echo "FAILED  $1: $3, not $2"; failed=1; fi
}

at_least() { # WHAT LIMIT FOUND
    if [ "$3" -ge "$2" ]; then echo "ok      $1: $3"; else echo "FAILED  $1: $3, less than $2"; failed=1; fi
}

at_most() { # WHAT LIMIT FOUND
    if [ "$3" -le "$2" ]; then echo "ok      $1: $3"; else echo "FAILED  $1: $3, more than $2"; failed=1; fi
}

compare() { # WHAT FILE QUERY: there are lines, and they are the same
    local found="none"
    [ ! -s "$2" ] || found="$({ diff "$2" <(sql -c "$3") || true; } | grep -c '^[<>]' || true) of $(wc -l <"$2") differ"
    check "$1" "0 of $(wc -l <"$2") differ" "$found"
}

# Messages that should have been handled by now.
due() {
    sql -c "select count(*) from messaging.wolverine_incoming_envelopes
        where status = 'Incoming' or (status = 'Scheduled' and (execution_time <= now() or attempts > 0))"
}
nothing_due() { [ "$(due)" = 0 ]; }

# What was accepted is there, once, with its audit, notifications and emails, and nothing else. What was not accepted
# was refused with 503, 409 or no connection, or what ALLOWED_ANSWERS names.
judge() { # [SECONDS] [DEAD LETTERS]
    local began=$SECONDS
    until_ok "${1:-150}" nothing_due || failed=1
    echo "        all messages handled $((SECONDS - began)) s after the load"
    node -e '
        const [file, allowed] = process.argv.slice(1), load = JSON.parse(require("fs").readFileSync(file));
        const answers = Object.entries(load.answers).map(([s, n]) => `${s}: ${n}`);
        console.log(`        ${load.accepted.length} and ${load.invited.length} invitations accepted, ` +
            `${load.refused} refused (${answers.join(", ")}), longest call ${load.longest} ms`);
        for (const [name, { first, longest }] of Object.entries(load.recovery))
            console.log(`        ${name}: first success after ${first ?? "…"} ms, ` +
                `${longest ?? "…"} ms without one at most`);
        require("fs").writeFileSync(file + ".names", load.accepted.sort().map((name) => name + "\n").join(""));
        require("fs").writeFileSync(file + ".invited", load.invited.sort().map((id) => id + "\n").join(""));
        require("fs").writeFileSync(file + ".signed-up", load.signedUp.sort().map((email) => email + "\n").join(""));
        require("fs").writeFileSync(file + ".longest", `${load.longest}`);
        const others = Object.entries(load.answers)
            .filter(([s]) => !(s >= 200 && s < 300) && !allowed.split(",").includes(s));
        require("fs").writeFileSync(file + ".others", others.map(([s, n]) => `${s}: ${n}`).join(", ") || "none");
    ' "$folder/load.json" "503,409,no connection${ALLOWED_ANSWERS:+,$ALLOWED_ANSWERS}"
    check 'answers that no fault excuses' none "$(cat "$folder/load.json.others")"
    compare 'rows as accepted' "$folder/load.json.names" \
        "select name from locations.locations where name like 'Load %' order by name collate \"C\""
    compare 'notifications of the invitations accepted' "$folder/load.json.invited" \
        "select substr(source, 12) from users.notifications where source like 'invitation:%'
            order by source collate \"C\""
    compare 'invitations as accepted' "$folder/load.json.invited" 'select id from groups.invitations order by id'
    compare 'sign-ups as accepted' "$folder/load.json.signed-up" \
        "select distinct email collate \"C\" from users.pending_sign_ups where email like 'person.%' order by 1"
    local invited; invited=$(wc -l <"$folder/load.json.invited")
    check 'practices of the invitations' "$invited" \
        "$(sql -c "select count(*) from groups.groups where name like 'Group %'")"
    check 'audit entries of invitations and of their practices' "$invited, $invited" \
        "$(sql -F ', ' -c "select count(*) filter (where act = 'groups.user_invited'),
            count(*) filter (where act = 'groups.created') - 1 from audit.entries")"
    check 'audit entries' "$(wc -l <"$folder/load.json.names")" "$(sql -c "select count(*) from audit.entries
        where act = 'locations.created'
        and subject_id in (select id from locations.locations where name like 'Load %')")"
    check 'dead letters' "${2:-0}" "$(sql -c 'select count(*) from messaging.wolverine_dead_letters')"
    sql -F ', ' -c "select message_type, exception_type, left(exception_message, 200), sent_at
        from messaging.wolverine_dead_letters limit 5"
    node "$here/load.mjs" mails "$folder" || failed=1
}

end() { [ "$failed" -eq 0 ] && echo "All well." || { echo "Not well."; exit 1; }; }
