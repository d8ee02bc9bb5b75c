#!/usr/bin/env bash
# Steady load for as long as it is told to. Every 10 seconds memory, threads, connections, waiting messages and logged errors
# are written down; at the end it says whether anything grew that should not. Needs what reliability.sh says.
#   tests/outside/soak.sh MINUTES [CALLS AT ONCE]
. "$(dirname "$0")/reliability.sh"
[ $# -gt 0 ] || { sed -n '2,5s/^# //p' "$0"; exit 2; }

new_cluster db
database_port=$(free_port)
start_cluster db "$database_port"
new_database "$database_port"
connection=$(connection "$database_port")
run_host migrate >/dev/null
port=$(free_port) metrics=$(free_port)
start_host host "$port" Metrics__Url="http://127.0.0.1:$metrics"
host=$pid
start_load "http://127.0.0.1:$port" "${2:-4}"

errors() { grep -cE '"LogLevel":"(Error|Critical)"' "$folder/host.log" || true; }
echo -e 'second\tmemory MB\tthreads\tconnections\twaiting\terrors' | tee "$folder/soak.tsv"
began=$SECONDS
while [ $((SECONDS - began)) -lt $(($1 * 60)) ]; do
    sleep 10
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' $((SECONDS - began)) \
        "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$host/status")" "$(awk '/^Threads/ { print $2 }' "/proc/$host/status")" \
        "$(sql -c "select count(*) from pg_stat_activity where datname = 'practice' and usename <> 'super'")" "$(due)" "$(errors)" |
        tee -a "$folder/soak.tsv"
done
pools=$(curl -fs "http://127.0.0.1:$metrics/metrics" | grep -oE 'pool_name="[^"]*"' | sort -u | cut -d'"' -f2 | paste -sd' ')
stop_load
judge
check 'names of the pools' "$(tr ' ' '\n' <<<"$pools" | grep -E '^[a-z-]+$' | paste -sd' ')" "$pools"
check 'errors in the log' 0 "$(errors)"
node -e '
    const rows = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").slice(1).map((r) => r.split("\t").map(Number));
    const part = (column, from, to) => rows.slice(Math.floor(rows.length * from), Math.ceil(rows.length * to)).map((r) => r[column])
        .sort((a, b) => a - b);
    const middle = (list) => list[Math.floor(list.length / 2)];
    let failed = false;
    const judge = (what, ok) => { console.log(`${ok ? "ok    " : "FAILED"}  ${what}`); failed ||= !ok; };
    const [early, late] = [middle(part(1, 0.25, 0.5)), middle(part(1, 0.75, 1))];
    judge(`memory: ${early} MB in the second quarter, ${late} MB in the last`, late < early * 1.2 + 20);
    const [threads, more] = [middle(part(2, 0.25, 0.5)), middle(part(2, 0.75, 1))];
    judge(`threads: ${threads}, ${more}`, more < threads * 1.2 + 10);
    judge(`connections: at most ${Math.max(...rows.map((r) => r[3]))}`, Math.max(...rows.map((r) => r[3])) <= 100);
    judge(`waiting messages: ${middle(part(4, 0.25, 0.5))}, ${middle(part(4, 0.75, 1))}`, middle(part(4, 0.75, 1)) < 100);
    process.exit(failed ? 1 : 0);
' "$folder/soak.tsv" || failed=1
end
