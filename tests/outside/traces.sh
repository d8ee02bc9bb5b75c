#!/usr/bin/env bash
# Sends traces and metrics by OTLP/gRPC to a receiver that reads them with OpenTelemetry's own protobuf and gRPC's own
# library, invites somebody, and prints the one trace that leads from the call by the handler, its statements and its
# event to the email. Starts a host with the demo practice for itself. Needs what host.sh says, and the network once (npm).
#   tests/outside/traces.sh
set -euo pipefail
. "$(dirname "$0")/host.sh"

npm install --prefix "$folder" --silent --no-audit --no-fund \
    @grpc/grpc-js@1.14.7 @opentelemetry/otlp-grpc-exporter-base@0.48.0 >/dev/null
cp "$here/traces.mjs" "$folder/"
port=$(free_port)
start "$folder/receiver.log" node "$folder/traces.mjs" receive "$port" "$folder/received"
start_demo OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$port" OTEL_METRIC_EXPORT_INTERVAL=2000 OTEL_BSP_SCHEDULE_DELAY=500
node "$folder/traces.mjs" invite "$host" "$group" "$token" "$folder/data/mail" "$folder/received"
