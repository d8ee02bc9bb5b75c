#!/usr/bin/env bash
# A primary that waits for one synchronous standby, and a host that knows both. Nothing may be answered with success that
# only the old primary has. Needs what reliability.sh says.
#   killed   the standby is stopped under load, then started, and at last promoted after the primary was killed
#   hangs    the primary stands still, the standby is promoted, and the old primary goes on, beside the new one
#   tests/outside/standby.sh [killed] [hangs]
. "$(dirname "$0")/reliability.sh"
. "$here/inject.sh"
[ $# -gt 0 ] || set -- killed hangs

in_step() { [ "$(sql_super "$one_port" -c 'select sync_state from pg_stat_replication')" = sync ]; }

start_both() {
    new_cluster one "wal_keep_size = 256MB" "wal_log_hints = on"
    one_port=$(free_port) two_port=$(free_port) metrics=$(free_port)
    start_cluster one "$one_port"
    sql_super "$one_port" -q -c "alter system set synchronous_standby_names = '*'" # from the next reload on
    server_folder "$folder/two"
    PGPASSWORD=super "${as_server[@]}" "$bin/pg_basebackup" -h 127.0.0.1 -p "$one_port" -U super \
        -D "$folder/two/data" -R -X stream
    start_cluster two "$two_port"
    sql_super "$one_port" -q -c 'select pg_reload_conf()' >/dev/null
    until_ok 30 in_step

    new_database "$one_port"
    connection="Host=127.0.0.1:$one_port,127.0.0.1:$two_port;Database=practice;Username=owner"
    connection+=';Password=an owner of few words'
    settings=(Metrics__Url="http://127.0.0.1:$metrics")
    run_host migrate >/dev/null
    port=$(free_port)
    start_host host "$port"
    start_load "http://127.0.0.1:$port"
    sleep 5
}

promote() { # the standby, which then waits for none of its own
    mark promoted
    sql_super "$two_port" -q -c "alter system reset synchronous_standby_names" -c "select pg_reload_conf()" \
        -c 'select pg_promote()' >/dev/null
    database_port=$two_port
}

killed() {
    mark standby-stopped
    kill -INT "$(postmaster two)"
    sleep 20
    mark standby-started
    start_cluster two "$two_port"
    until_ok 60 in_step
    sleep 10

    kill -INT "$(postmaster two)"
    mark standby-stopped-again
    sleep 10
    # What is answered with success now would be lost: the standby gets no more of the primary.
    kill -KILL $(processes_of one)
    start_cluster two "$two_port"
    promote
    sleep 15
}

hangs() {
    local frozen
    frozen=$(processes_of one)
    mark fault
    kill -STOP $frozen
    sleep 10
    felt 'calls answered 503' answered 503
    promote
    sleep 15
    mark goes-on-beside-the-new
    kill -CONT $frozen # nobody has taken its role away: each says that it takes writes
    sleep 15
    echo "        $(names "$two_port" | wc -l) locations in the new primary by now, $(only_in_the_old) only in the old one"
    mark stopped
    kill -INT "$(postmaster one)"
    sleep 15
}
names() { PGPASSWORD=super psql -X -h 127.0.0.1 -p "$1" -U super -d practice -At \
    -c "select name from locations.locations where name like 'Load %' order by name collate \"C\""; }
only_in_the_old() { LC_ALL=C comm -23 <(names "$one_port") <(names "$two_port") | wc -l; }

# What an operator sees of the connections, of which all are to the new primary now.
connections_are_seen() {
    local page; page=$(curl -fs "http://127.0.0.1:$metrics/metrics")
    pool() { grep -F "db_client_connection_$1{" <<<"$page" | grep -F 'pool_name="locations"' | awk '{ n += $2 } END { print n + 0 }'; }
    at_least 'connections of the pool of Locations' 1 "$(pool count)"
    check 'connections of it at most' 14 "$(pool max)"
}

for name in "$@"; do
    begins "standby: $name"
    rm -rf "$folder"/{one,two,mail,marks,writing,data} "$folder"/*.log
    start_both
    "$name"
    connections_are_seen
    stop_load
    judge 400
    stop_all
done
end
