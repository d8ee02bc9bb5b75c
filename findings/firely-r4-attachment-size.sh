#!/usr/bin/env bash
# Package:   Hl7.Fhir.R4 6.8.0 (.NET 10)
# Behaviour: Attachment.Size is an Integer64, as in R5, and R4's JSON gets it as a string. R4 has an unsignedInt there, a
#            number, and the same package refuses to read what it wrote.
# Expected:  What the package of R4 writes is R4, and the package reads it.
# Why it matters: no strict client reads a resource with a file whose size was set by this property.
# Seen:      {"resourceType":"DocumentReference","content":[{"attachment":{"size":"6"}}]}
#            {"resourceType":"DocumentReference","content":[{"attachment":{"size":6}}]}
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
    <PackageReference Include="Hl7.Fhir.R4" Version="6.8.0" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

var json = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);
Print(new() { Size = 6 });
Print(new() { SizeElement = new UnsignedInt(6) });

void Print(Attachment file) =>
    Console.WriteLine(JsonSerializer.Serialize<Resource>(new DocumentReference { Content = [new() { Attachment = file }] }, json));
CS
dotnet build --nologo -v quiet
seen=$(dotnet bin/Debug/net10.0/Finding.dll)
echo "$seen"
[ "$seen" = '{"resourceType":"DocumentReference","content":[{"attachment":{"size":"6"}}]}
{"resourceType":"DocumentReference","content":[{"attachment":{"size":6}}]}' ] || {
    echo "The behaviour has changed."
    exit 1
}
