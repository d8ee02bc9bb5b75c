#!/usr/bin/env bash
# A primary that waits for one synchronous standby, which is stopped under load, then started, and at last promoted
# after the primary was killed: nothing may be answered with success that only the primary has. Needs what
# reliability.sh says.
#   tests/outside/standby.sh
. "$(dirname "$0")/reliability.sh"
begins standby

new_cluster one "wal_keep_size = 256MB" "wal_log_hints = on"
database_port=$(free_port) standby_port=$(free_port)
start_cluster one "$database_port"
sql_super "$database_port" -q -c "alter system set synchronous_standby_names = '*'" # from the next reload on
server_folder "$folder/two"
PGPASSWORD=super "${as_server[@]}" "$bin/pg_basebackup" -h 127.0.0.1 -p "$database_port" -U super \
    -D "$folder/two/data" -R -X stream
start_cluster two "$standby_port"
in_step() { [ "$(sql_super "$database_port" -c 'select sync_state from pg_stat_replication')" = sync ]; }
sql_super "$database_port" -q -c 'select pg_reload_conf()'
until_ok 30 in_step

new_database "$database_port"
connection="Host=127.0.0.1:$database_port,127.0.0.1:$standby_port;Database=practice;Username=owner"
connection+=';Password=an owner of few words'
run_host migrate >/dev/null
port=$(free_port)
start_host host "$port"
start_load "http://127.0.0.1:$port"
sleep 5

mark standby-stopped
kill -INT "$(postmaster two)"
sleep 20
mark standby-started
start_cluster two "$standby_port"
until_ok 60 in_step
sleep 10

kill -INT "$(postmaster two)"
mark standby-stopped-again
sleep 10
# What is answered with success now would be lost: the standby gets no more of the primary.
kill -KILL $(processes_of one)
start_cluster two "$standby_port"
mark promoted
sql_super "$standby_port" -q -c "alter system reset synchronous_standby_names" -c "select pg_reload_conf()" \
    -c 'select pg_promote()' >/dev/null
sleep 15
stop_load
database_port=$standby_port
judge 400
end
