#!/usr/bin/env bash
# Two servers under Patroni with etcd, synchronous, and a host that knows both: a planned switch, the death of the
# primary with its Patroni, and of the primary alone, under load. Needs patroni and etcd (apt: patroni etcd-server),
# and what reliability.sh says.
#   tests/outside/patroni.sh
. "$(dirname "$0")/reliability.sh"
needs patroni patronictl etcd
begins patroni

etcd_port=$(free_port) peer_port=$(free_port)
start "$folder/etcd.log" etcd --data-dir "$folder/etcd" --log-level error \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port"
until_ok 30 curl -fs "http://127.0.0.1:$etcd_port/health"

declare -A server_port rest_port patroni
start_patroni() { # NAME
    start "$folder/$1.log" "${as_server[@]}" patroni "$folder/$1.yml"
    patroni[$1]=$pid
}
configure() { # NAME
    server_port[$1]=$(free_port) rest_port[$1]=$(free_port)
    server_folder "$folder/$1"
    cat >"$folder/$1.yml" <<YAML
scope: practice
name: $1
restapi: { listen: "127.0.0.1:${rest_port[$1]}", connect_address: "127.0.0.1:${rest_port[$1]}" }
etcd3: { hosts: "127.0.0.1:$etcd_port" }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    synchronous_mode: true
    postgresql: { use_pg_rewind: true, parameters: { max_connections: 300, wal_log_hints: "on" } }
  initdb: [ { encoding: UTF8 }, { locale: C.UTF-8 }, data-checksums ]
postgresql:
  listen: "127.0.0.1:${server_port[$1]}"
  connect_address: "127.0.0.1:${server_port[$1]}"
  data_dir: $folder/$1/data
  bin_dir: $bin
  pgpass: $folder/$1/pgpass
  parameters: { unix_socket_directories: "" }
  pg_hba: [ "host all all 127.0.0.1/32 scram-sha-256", "host replication replicator 127.0.0.1/32 scram-sha-256" ]
  authentication:
    superuser: { username: super, password: super }
    replication: { username: replicator, password: replicator }
    rewind: { username: super, password: super }
YAML
}
is() { curl -fs -o /dev/null "http://127.0.0.1:${rest_port[$2]}/$1"; } # primary|sync NAME
leader() { is primary one && echo one || { is primary two && echo two; }; }
other() { [ "$1" = one ] && echo two || echo one; }
in_step() { local now; now=$(leader) && is sync "$(other "$now")"; }

configure one; configure two
start_patroni one
until_ok 60 is primary one
start_patroni two
until_ok 60 in_step
database_port=${server_port[one]}
new_database "$database_port"
connection="Host=127.0.0.1:${server_port[one]},127.0.0.1:${server_port[two]};Database=practice;Username=owner"
connection+=';Password=an owner of few words'
run_host migrate
port=$(free_port)
start_host host "$port"
start_load "http://127.0.0.1:$port"
sleep 5

was=$(leader)
mark switch-began
patronictl -c "$folder/one.yml" switchover --leader "$was" --candidate "$(other "$was")" --force >/dev/null
until_ok 60 is primary "$(other "$was")"
until_ok 90 in_step

was=$(leader)
mark primary-and-patroni-killed
kill -KILL "${patroni[$was]}"
kill -KILL $(processes_of "$was")
until_ok 90 is primary "$(other "$was")"
sleep 5
start_patroni "$was"
until_ok 120 in_step

was=$(leader)
mark primary-killed
kill -KILL "$(postmaster "$was")"
sleep 20
until_ok 120 in_step
stop_load
database_port=${server_port[$(leader)]}
judge
patronictl -c "$folder/one.yml" list
end
