#!/usr/bin/env bash
# Sends traces, metrics and the log by OTLP/gRPC to Aspire's dashboard, invites somebody, and prints from the dashboard the
# one trace that leads from the call by the handler, its statements and its event to the email, and the log lines of it.
# Starts a host with the demo practice for itself. Needs what host.sh says, and the network once (NuGet).
#   tests/outside/traces.sh
set -euo pipefail
. "$(dirname "$0")/host.sh"
version=13.6.5

cat >"$folder/dashboard.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="Aspire.Dashboard.Sdk.linux-x64" Version="[$version]" /></ItemGroup>
</Project>
END
dotnet restore "$folder/dashboard.csproj" --packages "$folder/packages" -v quiet
program=$folder/packages/aspire.dashboard.sdk.linux-x64/$version/tools/Aspire.Dashboard
chmod +x "$program"
dashboard=http://127.0.0.1:$(free_port)
collector=http://127.0.0.1:$(free_port)
start "$folder/dashboard.log" env -C "$folder" ASPNETCORE_URLS="$dashboard" \
    ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL="$collector" ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true \
    Dashboard__Api__Enabled=true Dashboard__Api__AuthMode=Unsecured Dashboard__TelemetryLimits__MaxTraceCount=100000 \
    "$program"
until_ok 30 curl -sf "$dashboard/api/telemetry/resources"

start_demo OTEL_EXPORTER_OTLP_ENDPOINT="$collector" OTEL_METRIC_EXPORT_INTERVAL=2000 OTEL_BSP_SCHEDULE_DELAY=500 \
    OTEL_BLRP_SCHEDULE_DELAY=500
node "$here/traces.mjs" "$host" "$group" "$token" "$folder/data/mail" "$dashboard"
