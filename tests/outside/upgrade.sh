#!/usr/bin/env bash
# A rolling upgrade under load: two hosts of an earlier version, `migrate` of this one beside them, then one is stopped
# and one killed, and hosts of this version take their places. With STOP_FIRST=yes both are stopped before `migrate`,
# where the changelog asks for that. Builds the earlier one from its commit or tag; takes minutes. Needs what
# reliability.sh says.
#   tests/outside/upgrade.sh COMMIT [WHERE IT IS BUILT]        (the folder is kept, and used again)
. "$(dirname "$0")/reliability.sh"
[ $# -gt 0 ] || usage
begins "upgrade from $1"
earlier=${2:-$folder/earlier}
new=$host_dll old=$earlier/src/Host/Practice.Host/bin/Debug/net10.0/Practice.Host.dll
if [ ! -f "$old" ]; then
    mkdir -p "$earlier"
    git -C "$root" archive "$1" | tar -x -C "$earlier"
    MSBUILDDISABLENODEREUSE=1 dotnet build "$earlier/src/Host/Practice.Host" -v quiet \
        -consoleLoggerParameters:NoSummary -p:RunAnalyzers=false -p:UseSharedCompilation=false
fi

new_server
settings=(Messaging__Mode=Balanced)
host_dll=$old
run_host migrate || { # release 0.1 could only be set up by a superuser
    sql_super "$database_port" -q -c 'alter role owner superuser'
    run_host migrate
}
one=$(free_port) two=$(free_port)
start_host old-one "$one"; first=$pid
start_host old-two "$two"; second=$pid
start_load "http://127.0.0.1:$one,http://127.0.0.1:$two"
sleep 10

host_dll=$new
if [ -n "${STOP_FIRST:-}" ]; then
    mark stopped
    stop_host "$first"
    stop_host "$second"
    run_host migrate
    start_host new-one "$one"
    mark one-is-new
else
    mark migrate-began
    run_host migrate
    mark migrated
    sleep 5
    stop_host "$first"
    start_host new-one "$one"
    mark one-is-new
    sleep 15 # side by side
    kill -KILL -- "-$second"
fi
start_host new-two "$two"
mark both-are-new
sleep 10
stop_load
judge
# A database that is slow on a busy machine is none of the upgrade's: time-outs, and messages that are tried again
# (109). The old hosts may be of a build that had Entity Framework say it, too (20004).
errors() { grep -hE '"LogLevel":"(Error|Critical)"' "$@" | grep -vE 'TimeoutException|"EventId":(20004|109),'; }
check 'errors of the new hosts' 0 "$(errors "$folder"/new-*.log | wc -l)"
[ "$failed" -eq 0 ] || errors "$folder"/{old,new}-*.log | cut -c1-400 | head -5 || true
end
