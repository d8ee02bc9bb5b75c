#!/usr/bin/env bash
# Has Prometheus read a host's metrics by the alert rules, makes a dead letter and lock-outs, stops PostgreSQL for a
# minute, and takes the host away, and waits for each alert to fire and to end. Takes seven minutes. Needs what
# reliability.sh says, and Prometheus (apt: prometheus).
#   tests/outside/alerts.sh
. "$(dirname "$0")/reliability.sh"
needs prometheus promtool
rules=$root/deploy/prometheus/practice.rules.yml

promtool check rules "$rules"
promtool test rules "$here/alerts.yml"
new_server
port=$(free_port) metrics=$(free_port) prometheus=$(free_port)
run_host migrate >/dev/null
start_host host "$port" Metrics__Url="http://127.0.0.1:$metrics"

cat >"$folder/prometheus.yml" <<END
global: { scrape_interval: 2s, evaluation_interval: 2s }
rule_files: ['$rules']
scrape_configs: [{ job_name: practice, file_sd_configs: [{ files: ['$folder/targets.json'] }] }]
END
hosts() { printf '[{ "targets": [%s] }]' "$1" >"$folder/targets.json.new" && mv "$folder/targets.json"{.new,}; }
hosts "\"127.0.0.1:$metrics\""
start "$folder/prometheus.log" prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/prometheus" \
    --web.listen-address="127.0.0.1:$prometheus"

ask() { curl -fs "http://127.0.0.1:$prometheus/api/v1/$1" ${2:+--data-urlencode "query=$2"}; }
value() { ask query "$1" | field '.data.result[0]?.value[1]'; }
up() { [ "$(value 'up{job="practice"}')" = 1 ]; }
count() { ask alerts | field ".data.alerts.filter(a => a.labels.alertname === '$1' && a.state === 'firing').length"; }
firing() { [ "$(count "$1")" -gt 0 ]; }
quiet() { [ "$(count "$1")" = 0 ]; } # without an answer of Prometheus there is no count
until_ok 60 up
reachable() { [ "$(value practice_database_reachable)" = 1 ]; }
until_ok 30 reachable
sleep 5 # until each rule was evaluated
check 'rules that are well' "$(grep -c 'alert:' "$rules")" \
    "$(ask rules | field '.data.groups.flatMap(g => g.rules).filter(r => r.health === "ok").length')"
check 'alerts' 0 "$(ask alerts | field '.data.alerts.length')"

fires() { # ALERT SECONDS
    until_ok "$2" firing "$1" || failed=1
    ask alerts | field ".data.alerts.filter(a => a.labels.alertname === '$1').map(a => 'fires   ' + a.labels.alertname + ': ' + a.annotations.summary).join('\n')"
}
ends() { until_ok "$2" quiet "$1" && echo "ended   $1" || failed=1; }

sql -q -c "create function public.fail() returns trigger language plpgsql as \$\$ begin raise exception 'fails'; end \$\$" \
    -c 'create trigger fail before insert on users.links for each row execute function public.fail()'
host=http://127.0.0.1:$port
post /api/users/sign-up \
    '{"firstName":"Ada","lastName":"Moss","email":"ada@example.com","password":"a long enough password"}' >/dev/null
fires PracticeDeadLetters 60
sql -q -c 'drop trigger fail on users.links'
run_host dead-letters replay all
ends PracticeDeadLetters 60

for _ in $(seq 60); do
    curl -s -o /dev/null -X POST "$host/api/users/sign-in" -H 'content-type: application/json' \
        -d '{"email":"ada@example.com","password":"not the password"}'
done
fires PracticeManyLockOuts 60

kill -INT "$(postmaster db)"
fires PracticeDatabaseAway 120
start_cluster db "$database_port"
ends PracticeDatabaseAway 60

# As on Kubernetes, where a pod that is gone is no target any more.
hosts ''
fires PracticeHostAway 240
hosts "\"127.0.0.1:$metrics\""
ends PracticeHostAway 60
end
