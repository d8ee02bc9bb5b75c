#!/usr/bin/env bash
# Makes faults under load, one after the other, and compares what was accepted with what is there. Takes two minutes
# each. Needs what reliability.sh and inject.sh say. `all` makes each.
#   tests/outside/faults.sh kill kill-one lost pause stop crash hang disk clock-forward clock-back
#   tests/outside/faults.sh mail-4xx mail-5xx mail-hang mail-mid mail-cut
. "$(dirname "$0")/reliability.sh"
. "$here/inject.sh"
[ $# -gt 0 ] || usage
[ "$1" != all ] || set -- "${all_faults[@]}" lost
needs_for "$@"

for name in "$@"; do
    begins "$name"
    rm -rf "$folder"/{mail,mails.jsonl,mails.failed,marks,writing,clock,db,db.log,data}
    settings=() hosts=
    [ "$name" != lost ] || new_machine
    case $name in
        disk)
            small_disk db 300m
            new_server 'max_wal_size = 64MB' 'min_wal_size = 32MB' ;;
        *) new_server ;;
    esac
    case $name in
        mail-*) start_smtp ;;
        pause | kill-one | lost)
            settings=(Messaging__Mode=Balanced) hosts=two
            [ "$name" = pause ] || start_smtp ;;
    esac
    start_hosts $hosts
    start_load "$urls"
    sleep 5
    inject "$name"
    sleep 10
    stop_load
    judge
    case $name in
        hang) at_most 'milliseconds of the longest call' 6000 "$(cat "$folder/load.json.longest")" ;;
        crash) check 'recoveries of PostgreSQL' 1 "$(grep -c 'not properly shut down' "$folder/db.log")" ;;
    esac
    stop_all
done
end
