#!/usr/bin/env bash
# The whole suite in fresh clones of the last commit, two at once, so that each has a load beside it that takes all
# processors; again and again until one fails. A line a run: when it ended, the commit, what passed and failed, seconds,
# and between which loads. Takes half an hour a pair on two processors. Needs git and what .ci/run says.
#   tests/outside/suite.sh [PAIRS]        five, which are ten runs, without an argument
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/practice-suite-XXXXXX")
running=()
trap 'for one in "${running[@]}"; do kill -- "-$one" 2>/dev/null || true; done' EXIT
trap 'exit 130' INT TERM
set -m # each run is a process group, and ends as a whole

loads() { while true; do cut -d' ' -f1 /proc/loadavg; sleep 30; done >"$1"; }

run() { # NAME
    local began=$SECONDS code=0 loads
    git clone -q "$root" "$folder/$1"
    loads "$folder/$1.loads" &
    loads=$!
    (cd "$folder/$1" && bash .ci/run) >"$folder/$1.log" 2>&1 </dev/null || code=$?
    kill "$loads"
    echo "$(date -u '+%F %H:%M') $(git -C "$folder/$1" rev-parse --short=8 HEAD):" \
        "$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$folder/$1.log" | tail -1 || echo 'not at its end')," \
        "$((SECONDS - began)) s, load $(sort -n "$folder/$1.loads" | sed -n '1p;$p' | paste -sd' ' | sed 's/ / to /')"
    rm -rf "${folder:?}/$1"
    return "$code"
}

failed=0
for ((pair = 1; pair <= ${1:-5} && failed == 0; pair++)); do
    run "$pair-a" & running=($!)
    run "$pair-b" & running+=($!)
    for one in "${running[@]}"; do wait "$one" || failed=1; done
    running=()
done
[ "$failed" -eq 0 ] && rm -rf "$folder" || { echo "The logs are in $folder"; exit 1; }
