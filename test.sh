#!/usr/bin/env bash
# Builds once, runs every test project, or those named as arguments, two at a time, says how long each took, and ends
# with one line: "N passed, N failed". A project that crashes, or in which no test ran, counts as failed. Needs the
# .NET 10 SDK; PostgreSQL is found on the machine or fetched by the product itself.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Processes this short-lived mostly compile. Profiles of hot methods do not pay in them, and memory that is never both
# writable and executable costs a fifth of their time.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
# Threads without work do not spin: two projects and their database servers share the processors.
export DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
# A snapshot that is missing fails its test; without this the library writes a new one and passes. It takes "true", not "1".
export SNAPSHOOTER_STRICT_MODE=true
command -v dotnet >/dev/null || export PATH="$PATH:$HOME/.dotnet:/usr/share/dotnet"

passed=0
failed=0
finish() {
    [ -z "${results:-}" ] || { echo "== How long each project took"; sort -rn "$results"/*.time 2>/dev/null; echo "$SECONDS s  in all"; }
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

if ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET SDK named in global.json is missing: https://dotnet.microsoft.com/download"
    failed=1
    finish
fi

# One folder for all that tests leave on disk. The database server's user can reach it, and it is deleted at the end.
# In memory where there is plenty (3 GB are used at most): databases are made and dropped by the hundred.
room() { df --output=avail -BG "$1" 2>/dev/null | tail -1 | tr -dc 0-9; }
memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null)
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "$(room /dev/shm)" -ge 8 ] && [ "${memory:-0}" -ge 12 ]; then
    TMPDIR=/dev/shm
fi
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/practice-XXXXXX") || exit 1
export TMPDIR
chmod 755 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT

# One compiler process for all projects, whatever the machine's settings say; it ends after the build.
dotnet build Practice.Modular.sln --nologo -v quiet -consoleLoggerParameters:NoSummary -p:UseSharedCompilation=true \
    -p:Optimize=true </dev/null
built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 </dev/null
if [ "$built" -ne 0 ]; then
    echo "The build failed."
    failed=1
    finish
fi

# Every process compiles the code that it loads. Compiled ahead, once, it leaves the tests more of the processor: a host
# process takes 3.6 s of it to its first call instead of 6.1. The compiler came with the restore (PublishReadyToRun in
# Practice.Host.csproj); without it, all stays as it is. Only optimized code can be compiled ahead.
output=bin/Debug/net10.0
host=src/Host/Practice.Host/$output
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
compiler=$(compgen -G "$packages/microsoft.netcore.app.crossgen2.*/10.*/tools/crossgen2" | tail -1)
references=(-r "$host/*.dll")
while read -r name version folder; do
    references+=(-r "${folder:1:-1}/$version/*.dll")
done < <(dotnet --list-runtimes | grep -E "^Microsoft\.(NETCore|AspNetCore)\.App $(dotnet --version | cut -d. -f1,2)\.")
compile_ahead() {
    "$compiler" "$host/$1.dll" -o "$TMPDIR/compiled/$1.dll" "${references[@]}" -O >/dev/null 2>&1
}
if [ -x "$compiler" ]; then
    mkdir "$TMPDIR/compiled"
    for assembly in "$host"/{Practice,OpenIddict,Microsoft.IdentityModel,OpenTelemetry,JasperFx,Wolverine,Npgsql}*.dll \
        "$host"/{Microsoft.EntityFrameworkCore{,.Relational},Weasel.{Core,Postgresql},FluentValidation,Carter}.dll; do
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
        compile_ahead "$(basename "$assembly" .dll)" &
    done
    wait
    for compiled in "$TMPDIR"/compiled/*.dll; do
        for folder in tests/*/$output $host; do     # the host last: the others are compared with it
            copy=$folder/${compiled##*/}
            cmp -s "$host/${compiled##*/}" "$copy" && cp "$compiled" "$copy"
        done
    done
fi

export PRACTICE_TEST_CLUSTER=$TMPDIR/cluster    # one setup of the database for all projects
results=$TMPDIR/results
mkdir "$results"
run() {
    local name=$1 started=$SECONDS
    # A test that waits for ever is named, and fails its project.
    dotnet test "tests/$name" --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
        --blame-hang-timeout 4m --blame-hang-dump-type none </dev/null >"$results/$name.log" 2>&1
    echo $? >"$results/$name.code"
    echo "$((SECONDS - started)) s  $name" >"$results/$name.time"
    { echo "== $name"; cat "$results/$name.log"; } >"$results/$name.out"
    cat "$results/$name.out"      # at once, so that the output of two projects does not mix
}

# The slowest first, so that none runs alone at the end.
projects=(Practice.EndToEnd.Tests Practice.PatientPortal.Tests Practice.Host.Tests Practice.Groups.Tests
    Practice.Users.Tests Practice.Security.Tests)
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    grep -q 'Microsoft.NET.Test.Sdk' "$project" && [[ " ${projects[*]} " != *" $name "* ]] && projects+=("$name")
done
[ $# -eq 0 ] || projects=("$@")

for name in "${projects[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
    run "$name" &
done
wait

for name in "${projects[@]}"; do
    code=$(cat "$results/$name.code" 2>/dev/null || echo 1)
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
