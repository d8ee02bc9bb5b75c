#!/usr/bin/env bash
# Every script about faults, one after the other; takes an hour. Needs what reliability.sh and inject.sh say, PgBouncer,
# Patroni and etcd (apt: pgbouncer patroni etcd-server). COMMIT is what to upgrade from, and where that is built is as
# upgrade.sh has it; without it that is left out.
#   tests/outside/all-faults.sh [SOAK MINUTES [COMMIT [WHERE IT IS BUILT]]]
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

trap 'exit 130' INT
failed=() count=0
judge() {
    echo "== $1"
    count=$((count + 1))
    "$here/$1" "${@:2}" || failed+=("$1")
}

judge faults.sh all
judge pgbouncer.sh
judge patroni.sh
judge standby.sh
[ -z "${2:-}" ] || judge upgrade.sh "${@:2}"
judge soak.sh "${1:-15}" 4 all

echo "== ${#failed[@]} of $count scripts found something: ${failed[*]:-none}"
exit $((${#failed[@]} > 0))
