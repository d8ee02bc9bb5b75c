#!/usr/bin/env bash
# What docs/scaling.md says of growth: bytes a row, how fast the audit's chain follows, and how fast the access log is
# removed. A database of 250 practices is filled by the benchmarks' seed; a host adds the hashes of 200,000 audit entries
# that come at once; 1,000,000 entries of the access log, of the last ten years, are removed up to seven years ago. Its
# server's files are where TMPDIR is. Needs what reliability.sh says, and a built host.
#   tests/outside/growth.sh
. "$(dirname "$0")/reliability.sh"
needs awk bc
begins growth
entries=200000 receipts=1000000

new_server
run_host migrate
sql -c 'show server_version' | sed 's/^/PostgreSQL /'
sed -e 's/{groups}/250/g' -e 's/{members}/80/g' -e 's/{users}/10000/g' -e 's/{patients}/40/g' -e 's/{accounts}/5000/g' \
    -e 's/{entries}/100/g' "$root/tests/Practice.Benchmarks/Seeds/seed.sql" >"$folder/seed.sql"
sql -q -v ON_ERROR_STOP=1 -f "$folder/seed.sql"
echo "filled: $(sql -c "select format('%s memberships, %s patients, %s', (select count(*) from groups.memberships),
    (select count(*) from portal.patients), pg_size_pretty(pg_database_size(current_database())))")"

echo '== the chain of the audit'
processor() { # PID: seconds of processor time of it and its children
    cat $(printf '/proc/%s/stat ' "$1" $(pgrep -P "$1")) 2>/dev/null |
        awk -v t="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); s += $12 + $13 } END { printf "%.2f", s / t }'
}
start_host host "$(free_port)"
sleep 20 # what a start leaves to do
before=$(processor "$pid")
began=$(date +%s%N)
sql -q -c "insert into audit.entries (id, at, group_id, actor_id, authority, act, subject_id, details)
    select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
            || '8' || lpad(to_hex(n), 15, '0'))::uuid,
        now(), g.id, g.id, 'owner', 'portal.appointment_moved', gen_random_uuid(),
        jsonb_build_object('patientId', gen_random_uuid(), 'from', now(), 'to', now())
    from generate_series(1, $entries) n, (select id from groups.groups order by id limit 1) g"
written=$(date +%s%N)
unsealed_none() { [ "$(sql -c 'select exists (select from audit.unsealed)')" = f ]; }
until_ok 600 unsealed_none
hashed=$(date +%s%N)
used=$(echo "$(processor "$pid") - $before" | bc)
awk -v n=$entries -v b="$began" -v w="$written" -v h="$hashed" -v u="$used" 'BEGIN {
    printf "%d entries: written in %.1f s, hashed %.1f s after they began, %d a second; %.1f µs of the host each\n",
        n, (w - b) / 1e9, (h - b) / 1e9, n / ((h - b) / 1e9), u / n * 1e6 }'
stop_host "$pid"

echo '== bytes a row, with its indexes'
sql -q -c 'vacuum full'
for table in audit.entries audit.seals portal.receipts portal.invoices portal.invoice_numbers_ahead \
    portal.clinical_records portal.appointments portal.patients portal.patient_words groups.memberships \
    groups.member_words authority.memberships users.accounts users.notifications portal.grants authority.portal_access; do
    sql -F ' ' -c "select '$table', pg_total_relation_size('$table') / greatest(count(*), 1), count(*) from $table"
done | awk '{ printf "%-32s %5d  (%d rows)\n", $1, $2, $3 }'

echo '== the access log is removed'
sql -q -c "insert into portal.receipts (id, account_id, group_id, practice_name, at, user_id, user_name, authority, opened,
        subject_id)
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
            || '8' || lpad(to_hex(n), 15, '0'))::uuid,
        a.id, g.id, 'Practice 1', at, g.id, 'Cleo Penbury', 'staff', 'patient', g.id
    from generate_series(1, $receipts) n, lateral (select now() - n * interval '10 years' / $receipts as at) then_,
        (select id from groups.groups order by id limit 1) g, (select id from portal.accounts order by id limit 1) a" \
    -c 'vacuum analyze portal.receipts'
began=$(date +%s%N)
run_host remove-access-log "$(date -u -d '7 years ago - 1 day' +%F)"
awk -v b="$began" -v e="$(date +%s%N)" 'BEGIN { printf "in %.1f s, with the start of the command\n", (e - b) / 1e9 }'
end
