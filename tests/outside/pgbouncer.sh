#!/usr/bin/env bash
# The product behind PgBouncer. In session mode all works, also when the pooler is restarted under load; in transaction and
# statement mode each command is refused in one line. Needs pgbouncer, and what reliability.sh says.
#   tests/outside/pgbouncer.sh
. "$(dirname "$0")/reliability.sh"
PATH+=:/usr/sbin
needs pgbouncer
begins pgbouncer

pooler_port=$(free_port)
start_pooler() { # MODE
    cat >"$folder/pgbouncer.ini" <<INI
[databases]
practice = host=127.0.0.1 port=$database_port dbname=practice
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users
auth_user = super
auth_query = select usename, passwd from pg_shadow where usename = \$1
pool_mode = $1
max_client_conn = 292
default_pool_size = 42
tcp_keepidle = 5
tcp_keepintvl = 2
tcp_user_timeout = 10000
INI
    echo '"super" "super"' >"$folder/users"
    start "$folder/pgbouncer.log" "${as_server[@]}" "$(command -v pgbouncer)" "$folder/pgbouncer.ini"
    pooler=$pid
    until_ok 20 env PGPASSWORD='an owner of few words' psql -X -h 127.0.0.1 -p "$pooler_port" -U owner -d practice -c 'select 1'
}
stop_pooler() { kill -TERM "$pooler"; until_ok 20 gone "$pooler"; }

new_server
connection=$(connection "$pooler_port")

for mode in transaction statement; do
    echo "== $mode mode"
    start_pooler "$mode"
    for command in migrate run 'dead-letters list'; do
        said=$(run_host $command 2>&1 >/dev/null) && code=0 || code=$?
        check "$command is refused" "1, ConnectionStrings:Practice leads to a connection pooler in transaction or statement \
mode: set its mode for this database to session." "$code, $said"
    done
    stop_pooler
done

echo '== session mode'
start_pooler session
check migrate 'The database is up to date.' "$(run_host migrate)"
lines=$(run_host check) || failed=1
check 'check' "$(wc -l <<<"$lines")" "$(grep -c '^ok ' <<<"$lines")"
port=$(free_port)
start_host host "$port"
start_load "http://127.0.0.1:$port"
sleep 15
stop_pooler
sleep 5
start_pooler session
mark healed
sleep 15
stop_load
judge
end
