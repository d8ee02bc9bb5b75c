#!/usr/bin/env bash
# Package:   Microsoft.Extensions.Telemetry 10.11.0, Microsoft.Extensions.Logging.Console 10.0.0 (.NET 10)
# Behaviour: With EnableEnrichment(), the JSON console writes the name of a private type as State.Message of every line
#            of a [LoggerMessage] method: "Microsoft.Extensions.Logging.ExtendedLogger+ModernTagJoiner".
# Expected:  State.Message says what it says without enrichment, and the enrichers' tags are beside it.
# Why it matters: who searches or shows State.Message finds the same text in all lines. The sentence is in Message.
# Seen:      without: State.Message = Name=Ada,{OriginalFormat}=Hello {Name}
#            with: State.Message = Microsoft.Extensions.Logging.ExtendedLogger+ModernTagJoiner
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
    <PackageReference Include="Microsoft.Extensions.Telemetry" Version="10.11.0" />
    <PackageReference Include="Microsoft.Extensions.Logging.Console" Version="10.0.0" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text.Json;
using Microsoft.Extensions.Logging;

foreach (var enriches in new[] { false, true })
{
    var written = new StringWriter();
    var console = Console.Out;
    Console.SetOut(written);
    using (
        var logging = LoggerFactory.Create(log =>
        {
            log.AddJsonConsole();
            if (enriches)
                log.EnableEnrichment();
        })
    )
        Line.Hello(logging.CreateLogger("a"), "Ada");
    Console.SetOut(console);
    var state = JsonDocument.Parse(written.ToString()).RootElement.GetProperty("State");
    Console.WriteLine($"{(enriches ? "with" : "without")}: State.Message = {state.GetProperty("Message")}");
}

static partial class Line
{
    [LoggerMessage(LogLevel.Information, "Hello {Name}")]
    public static partial void Hello(ILogger log, string name);
}
CS
dotnet build --nologo -v quiet
seen=$(dotnet bin/Debug/net10.0/Finding.dll)
echo "$seen"
[ "$seen" = "without: State.Message = Name=Ada,{OriginalFormat}=Hello {Name}
with: State.Message = Microsoft.Extensions.Logging.ExtendedLogger+ModernTagJoiner" ] || {
    echo "The behaviour has changed."
    exit 1
}
