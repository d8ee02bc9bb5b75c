#!/usr/bin/env bash
# Package:   ErrorOr 2.1.1 (.NET 10)
# Behaviour: The property Errors of a successful result is not empty: it holds one error, "ErrorOr.NoErrors". An empty list
#            of errors, converted to a result, becomes an error "ErrorOr.EmptyInitialErrors". Both have NumericType 1.
# Expected:  A success has no errors: `result.Errors.Count == 0`. An empty list of errors is rejected where it is converted.
# Why it matters: code that counts errors takes a success for a failure, and code that uses NumericType as an HTTP status
#            (the documented way to carry one of your own) answers with status 1.
# Seen:      success: IsError False, Errors.Count 1, Errors[0] ErrorOr.NoErrors 1
#            empty list: IsError True, Errors.Count 1, Errors[0] ErrorOr.EmptyInitialErrors 1
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
    <PackageReference Include="ErrorOr" Version="2.1.1" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using ErrorOr;

Print("success", 5);
Print("empty list", new List<Error>());

static void Print(string what, ErrorOr<int> result)
{
    var first = result.Errors.Count > 0 ? $"{result.Errors[0].Code} {result.Errors[0].NumericType}" : "none";
    Console.WriteLine($"{what}: IsError {result.IsError}, Errors.Count {result.Errors.Count}, Errors[0] {first}");
}
CS
dotnet build --nologo -v quiet
seen=$(dotnet bin/Debug/net10.0/Finding.dll)
echo "$seen"
[ "$seen" = "success: IsError False, Errors.Count 1, Errors[0] ErrorOr.NoErrors 1
empty list: IsError True, Errors.Count 1, Errors[0] ErrorOr.EmptyInitialErrors 1" ] || {
    echo "The behaviour has changed."
    exit 1
}
