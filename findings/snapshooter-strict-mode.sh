#!/usr/bin/env bash
# Package:   Snapshooter.Xunit 1.3.1 (with xunit 2.9.3, .NET 10)
# Behaviour: A test without a stored snapshot writes it and passes, even with CI=true. SNAPSHOOTER_STRICT_MODE=1 does not
#            change that; only SNAPSHOOTER_STRICT_MODE=true makes the test fail.
# Expected:  With CI=true a missing snapshot fails, as with other snapshot libraries (`jest --ci`). And a switch that takes
#            "true" takes "1" too, or complains about a value that it does not know.
# Why it matters: a snapshot that was renamed or not committed is never compared in CI, and the build is green.
# Seen:      no variable: passed    SNAPSHOOTER_STRICT_MODE=1: passed    SNAPSHOOTER_STRICT_MODE=true: failed
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
    <PackageReference Include="Snapshooter.Xunit" Version="1.3.1" />
    <PackageReference Include="xunit" Version="2.9.3" />
    <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
  </ItemGroup>
</Project>
XML
cat >Prices.cs <<'CS'
using Snapshooter.Xunit;
using Xunit;

public class Prices
{
    [Fact]
    public void Stay_as_they_were() => Snapshot.Match("12.50");
}
CS
dotnet build --nologo -v quiet

run() {
    rm -rf __snapshots__
    if env CI=true ${1:+SNAPSHOOTER_STRICT_MODE="$1"} dotnet test --no-build --nologo >test.log 2>&1; then
        echo passed
    else
        grep -q SnapshotNotFoundException test.log || { cat test.log; echo "The test failed for another reason." >&2; exit 1; }
        echo failed
    fi
}

seen="no variable: $(run ""), 1: $(run 1), true: $(run true)"
echo "SNAPSHOOTER_STRICT_MODE, with CI=true and no stored snapshot: $seen"
[ "$seen" = "no variable: passed, 1: passed, true: failed" ] || { echo "The behaviour has changed."; exit 1; }
