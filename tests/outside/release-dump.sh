#!/usr/bin/env bash
# Keeps what a release's database looks like, for all later ones to upgrade: a host of this build makes the demo practice,
# is killed, and its database is written to tests/Practice.Host.Tests/Upgrade/releases/VERSION.sql.gz. ReleaseUpgradeTests
# reads each file there. Run it as a version is tagged, on PostgreSQL 15. Needs what reliability.sh says, and pg_dump.
#   tests/outside/release-dump.sh VERSION
. "$(dirname "$0")/reliability.sh"
needs openssl
[ $# -eq 1 ] || usage
file=$root/tests/Practice.Host.Tests/Upgrade/releases/$1.sql.gz

new_server
seal_key=$(openssl rand -base64 32)
settings=(Database__RolePrefix=practice Audit__SealKey="$seal_key")
run_host migrate
start_host host "$(free_port)" Demo__Seed=true
until_ok 60 demo_made
until_ok 60 nothing_due
kill -KILL -- "-$pid"

# The role of each schema, and an owner by whatever name.
mkdir -p "$(dirname "$file")"
{
    printf -- '-- %s\n' "{\"password\":\"$password\",\"ownersPassword\":\"an owner of few words\",\"sealKey\":\"$seal_key\"}"
    sql -c "select format('do \$\$ begin create role %I %s; exception when duplicate_object or unique_violation then null; end \$\$;',
        rolname, case when rolcanlogin then 'login' else 'nologin' end) from pg_roles where rolname like 'practice\_%' order by 1"
    echo 'set check_function_bodies = false;'
    PGPASSWORD=super "$bin/pg_dump" -h 127.0.0.1 -p "$database_port" -U super --inserts --rows-per-insert=200 practice |
        node "$here/release-dump.mjs"
} | gzip -9n >"$file"
ls -l "$file"
end
