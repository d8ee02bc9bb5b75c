#!/usr/bin/env bash
# Makes clients from docs/openapi.json with three generators that we did not write, and compiles each of them:
# openapi-typescript with openapi-fetch, @hey-api/openapi-ts, and Kiota for C#.
# Needs Node 20 and the .NET 10 SDK:  tests/outside/clients.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cp "$here/../../docs/openapi.json" openapi.json
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund typescript@5.9.3 openapi-typescript@7.13.0 openapi-fetch@0.17.0 \
    @hey-api/openapi-ts@0.99.0 >/dev/null
options=(--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --moduleResolution nodenext
    --lib es2023,dom,dom.iterable --skipLibCheck)

npx openapi-typescript openapi.json --output api.d.ts >/dev/null
cp "$here/clients.ts" .
npx tsc "${options[@]}" clients.ts
echo "openapi-typescript: $(wc -l <api.d.ts) lines compile, and so do calls by openapi-fetch"

npx openapi-ts --input openapi.json --output hey --silent >/dev/null
npx tsc "${options[@]/--exactOptionalPropertyTypes/--noEmit}" --moduleResolution bundler --module esnext hey/*.ts
echo "@hey-api/openapi-ts: $(cat hey/*.ts | wc -l) lines compile"

dotnet new classlib --framework net10.0 --name Kiota --output kiota >/dev/null
cd kiota
rm Class1.cs
dotnet new tool-manifest >/dev/null
dotnet tool install Microsoft.OpenApi.Kiota --version 1.38.0 >/dev/null
for part in Abstractions Http.HttpClientLibrary Serialization.{Form,Json,Multipart,Text}; do
    dotnet add package "Microsoft.Kiota.$part" --version 2.1.6 >/dev/null
done
dotnet kiota generate --language CSharp --openapi ../openapi.json --class-name PracticeClient \
    --namespace-name Practice.Kiota --output Client --log-level Warning
dotnet build -v quiet -nologo -p:NoWarn=CS1591 | tail -3
echo "Kiota: $(cat $(find Client -name '*.cs') | wc -l) lines compile"
