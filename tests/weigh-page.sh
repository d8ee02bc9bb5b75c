#!/bin/sh
# What the first page of the staff area costs a cold browser: bytes as served, and the time until it can be used, on a desktop and on a slow
# phone. It publishes the host as for a deployment and fails beyond the limits in FirstPageTests.cs.
set -e
cd "$(dirname "$0")/.."
dotnet publish src/Host/Practice.Host -c Release -o artifacts/published --nologo -v q
dotnet build tests/Practice.EndToEnd.Tests --nologo -v q
PRACTICE_HOST="$PWD/artifacts/published/Practice.Host.dll" \
    dotnet test tests/Practice.EndToEnd.Tests --no-build --nologo --filter FullyQualifiedName~FirstPageTests --logger "console;verbosity=detailed" | grep -E 'first staff page|Passed|Failed|Error|Assert'
