#!/usr/bin/env bash
# Load for as long as it is told to: steady, or with each of the faults named in turn, again and again; `all` is each.
# Every 10 seconds memory, threads, connections, waiting messages and logged errors are written down; at the end it
# says whether anything was lost or doubled, or grew that should not. Needs what reliability.sh says, and with faults
# what inject.sh says.
#   tests/outside/soak.sh MINUTES [CALLS AT ONCE [FAULT…]]
. "$(dirname "$0")/reliability.sh"
. "$here/inject.sh"
[ $# -gt 0 ] || usage
ALLOWED_ANSWERS=${ALLOWED_ANSWERS:-401} # a sign-in ends after 15 minutes, and the load signs in again
minutes=$1 at_once=${2:-4}
faults=("${@:3}")
[ "${faults[*]}" != all ] || faults=("${all_faults[@]}")
needs_for "${faults[@]}"

hosts=
metrics=$(free_port)
if [ ${#faults[@]} -gt 0 ]; then
    hosts=two
    settings=(Messaging__Mode=Balanced)
    start_smtp
    [[ " ${faults[*]} " != *' disk '* ]] || small_disk db 1g
fi
new_server 'max_wal_size = 128MB' 'min_wal_size = 32MB'
[ -n "$hosts" ] || settings=(Metrics__Url="http://127.0.0.1:$metrics")
start_hosts $hosts
start_load "$urls" "$at_once"

errors() { grep -cE '"LogLevel":"(Error|Critical)"' "$folder/host.log" || true; }
of_host() { awk "/^$1/ { print int(\$2 / $2) }" "/proc/$(cat "$folder/host.pid")/status" 2>/dev/null || echo 0; }
connections() {
    sql -c "select count(*) from pg_stat_activity where datname = 'practice' and usename <> 'super'"
}
watch() {
    local began=$SECONDS
    while true; do
        sleep 10
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' $((SECONDS - began)) "$(of_host VmRSS 1024)" "$(of_host Threads 1)" \
            "$(connections 2>/dev/null || echo 0)" "$(due 2>/dev/null || echo 0)" "$(errors)" |
            tee -a "$folder/soak.tsv"
    done
}

# A fault, after which all must be well again, and half a minute without one.
a_fault() { # NUMBER NAME
    begins "$2"
    round="$1 $2 "
    round=${round// /-}
    inject "$2"
    case $2 in
        clock-*) # the clocks are right again
            echo '+0' >"$folder/clock"
            restart_hosts ;;
    esac
    echo "$host_pid" >"$folder/host.pid"
    sleep 30
}

echo "$host_pid" >"$folder/host.pid"
echo -e 'second\tmemory MB\tthreads\tconnections\twaiting\terrors' | tee "$folder/soak.tsv"
watch &
watching=$!
began=$SECONDS count=0
while [ $((SECONDS - began)) -lt $((minutes * 60)) ]; do
    if [ ${#faults[@]} -gt 0 ]; then
        a_fault $((count + 1)) "${faults[count % ${#faults[@]}]}"
        count=$((count + 1))
    else
        sleep 10
    fi
done
kill "$watching"
[ -n "$hosts" ] || pools=$(curl -fs "http://127.0.0.1:$metrics/metrics" | grep -oE 'pool_name="[^"]*"' | sort -u |
    cut -d'"' -f2 | paste -sd' ')
stop_load
try_emails_now
judge
if [ -z "$hosts" ]; then
    check 'names of the pools' "$(tr ' ' '\n' <<<"$pools" | grep -E '^[a-z-]+$' | paste -sd' ')" "$pools"
    check 'errors in the log' 0 "$(errors)"
else
    echo "        $count faults in $(((SECONDS - began) / 60)) minutes"
fi
node "$here/soak.mjs" "$folder/soak.tsv" $([ -n "$hosts" ] && echo 200 faults || echo 100) || failed=1
end
