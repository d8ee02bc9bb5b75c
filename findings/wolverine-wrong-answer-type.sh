#!/usr/bin/env bash
# Package:   WolverineFx 6.62.0 (with WolverineFx.RuntimeCompilation 6.62.0, .NET 10)
# Behaviour: InvokeAsync<T> returns null when the handler's answer is not a T. No exception, no warning in the log.
# Expected:  An exception that names both types. The caller asked for a Stock and the only handler returns a Price.
# Why it matters: after a handler's return type has changed, a forgotten caller compiles and reads "nothing found".
# Seen:      InvokeAsync<Price>: Price { Amount = 12.5 }
#            InvokeAsync<Stock>: null
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="WolverineFx" Version="6.62.0" />
    <PackageReference Include="WolverineFx.RuntimeCompilation" Version="6.62.0" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;

using var host = await Host.CreateDefaultBuilder()
    .ConfigureLogging(log => log.SetMinimumLevel(LogLevel.Warning))
    .UseWolverine()
    .StartAsync();
var bus = host.Services.GetRequiredService<IMessageBus>();

Console.WriteLine($"InvokeAsync<Price>: {await bus.InvokeAsync<Price>(new FindPrice("tea"))}");
try
{
    Console.WriteLine($"InvokeAsync<Stock>: {await bus.InvokeAsync<Stock>(new FindPrice("tea")) as object ?? "null"}");
}
catch (Exception problem)
{
    Console.WriteLine($"InvokeAsync<Stock>: {problem.GetType().Name}");
}

public record FindPrice(string Item);

public record Price(decimal Amount);

public record Stock(int Count);

public static class FindPriceHandler
{
    public static Price Handle(FindPrice query) => new(12.5m);
}
CS
dotnet build --nologo -v quiet
seen=$(dotnet bin/Debug/net10.0/Finding.dll)
echo "$seen"
[ "$seen" = "InvokeAsync<Price>: Price { Amount = 12.5 }
InvokeAsync<Stock>: null" ] || { echo "The behaviour has changed."; exit 1; }
