#!/usr/bin/env bash
# Builds once, runs every test project, and ends with one line: "N passed, N failed".
# A project that crashes, or in which no test ran, counts as failed. Needs the .NET 10 SDK; PostgreSQL is found on the
# machine or fetched by the product itself.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
command -v dotnet >/dev/null || export PATH="$PATH:$HOME/.dotnet:/usr/share/dotnet"

passed=0
failed=0
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

if ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET SDK named in global.json is missing: https://dotnet.microsoft.com/download"
    failed=1
    finish
fi

# A folder of our own for all that tests leave on disk: in reach of the user that the database server runs as, gone at the end.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/practice-XXXXXX") || exit 1
export TMPDIR
chmod 755 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT

if ! dotnet build Practice.Modular.sln --nologo -v quiet -consoleLoggerParameters:NoSummary </dev/null; then
    echo "The build failed."
    failed=1
    finish
fi

results=$TMPDIR/results
for project in tests/*/*.csproj; do
    grep -q 'Microsoft.NET.Test.Sdk' "$project" || continue
    name=$(basename "$project" .csproj)
    echo "== $name"
    dotnet test "$project" --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" </dev/null
    code=$?

    counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null)
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    ran_well=$(count passed)
    ran=$(count executed)
    not_well=$((${ran:-0} - ${ran_well:-0}))
    if [ "$not_well" -eq 0 ] && { [ "$code" -ne 0 ] || [ "${ran:-0}" -eq 0 ]; }; then
        echo "$name ended with code $code after ${ran:-0} tests."
        not_well=1
    fi
    passed=$((passed + ${ran_well:-0}))
    failed=$((failed + not_well))
done

finish
