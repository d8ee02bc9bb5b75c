#!/usr/bin/env bash
# Makes faults under load, one after the other, and compares what was accepted with what is there. Takes a minute each.
# Needs what reliability.sh says; `disk` needs root (a small file system), the clock needs libfaketime (apt: faketime), and
# mail needs the network once (npm: smtp-server).
#   tests/outside/faults.sh kill stop hang pause disk clock-forward clock-back mail-hang mail-4xx mail-5xx mail-cut
. "$(dirname "$0")/reliability.sh"
[ $# -gt 0 ] || { sed -n '2,5s/^# //p' "$0"; exit 2; }

start_smtp() {
    [ -d "$folder/node_modules" ] ||
        npm install --prefix "$folder" --silent --no-audit --no-fund smtp-server@3.21.6 >/dev/null
    cp "$here/smtp.mjs" "$folder/"
    local smtp_port; smtp_port=$(free_port)
    echo ok >"$folder/smtp-mode"
    start "$folder/smtp.log" node "$folder/smtp.mjs" "$folder" "$smtp_port"
    settings+=(Mail__PickupDirectory= Mail__Smtp__Host=127.0.0.1 Mail__Smtp__Port="$smtp_port" Mail__Smtp__Tls=None)
}

fault() {
    local seconds=15 dead=0 patience=150
    case $1 in
        kill)
            kill -KILL -- "-$host_pid"; mark fault
            start_host host "$port" "${clock[@]}"; host_pid=$pid ;;
        stop)
            kill -INT "$(postmaster db)"; sleep $seconds
            start_cluster db "$database_port"; mark healed ;;
        hang) # all its processes stand still
            local server; server=$(postmaster db)
            local frozen="$server $(pgrep -P "$server" | tr '\n' ' ')"
            kill -STOP $frozen; sleep $seconds
            kill -CONT $frozen; mark healed ;;
        pause) # one of two hosts stands still for longer than the other waits for it
            kill -STOP -- "-$host_pid"; mark fault; sleep 30
            kill -CONT -- "-$host_pid"; mark healed ;;
        disk)
            fallocate -l "$(df --output=avail -B1 "$folder/disk" | tail -1)" "$folder/disk/ballast" ||
                dd if=/dev/zero of="$folder/disk/ballast" bs=1M 2>/dev/null || true
            sleep $seconds
            rm "$folder/disk/ballast"; mark healed
            until_ok 30 sql -c 'select 1' || start_cluster db "$database_port" ;;
        clock-forward) echo '+2h' >"$folder/clock"; sleep $seconds ;;
        clock-back) echo '-2h' >"$folder/clock"; sleep $seconds ;;
        mail-*)
            echo "${1#mail-}" >"$folder/smtp-mode"; sleep $seconds
            echo ok >"$folder/smtp-mode"; mark healed ;;
        *) echo "No such fault: $1"; exit 2 ;;
    esac
    sleep 10
    stop_load
    case $1 in
        mail-5xx) # a mail server that refuses for good: an operator has them sent again
            until_ok 60 nothing_due
            dead=$(sql -c 'select count(*) from messaging.wolverine_dead_letters')
            echo "        $dead emails were rejected for good; replayed"
            [ "$dead" -gt 0 ] || failed=1
            run_host dead-letters replay all
            until_ok 60 no_dead_letters ;;
        clock-*)
            check 'hours between the clocks' "$([ "$1" = clock-forward ] && echo 2 || echo -2)" \
                "$(sql -c "select round(extract(epoch from e.at - now()) / 3600) from audit.seals s
                    join audit.entries e on e.id = s.entry_id order by s.position desc limit 1")" ;;
        mail-*) # the next try may be minutes ahead: as the runbook has them tried now
            sleep 5
            sql -q -c "update messaging.wolverine_incoming_envelopes set execution_time = now()
                where message_type = 'Practice.Users.Mail.DeliverMail' and status = 'Scheduled' and attempts > 0" ;;
    esac
    judge
}

no_dead_letters() { [ "$(sql -c 'select count(*) from messaging.wolverine_dead_letters')" = 0 ]; }

for name in "$@"; do
    echo "== $name"
    rm -rf "$folder"/{mail,mails.jsonl,marks,writing,clock,db,data}
    settings=() clock=() second_pid=
    case $name in
        disk)
            mkdir -p "$folder/disk" && mount -t tmpfs -o size=300m none "$folder/disk"
            mkdir -p "$folder/disk/db" && ln -s "$folder/disk/db" "$folder/db"
            new_cluster db 'max_wal_size = 64MB' 'min_wal_size = 32MB' ;;
        *) new_cluster db ;;
    esac
    case $name in
        clock-*)
            library=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 | head -1)
            echo '+0' >"$folder/clock"
            clock=(LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$folder/clock" FAKETIME_NO_CACHE=1
                FAKETIME_DONT_FAKE_MONOTONIC=1) ;;
        mail-*) start_smtp ;;
        pause) settings=(Messaging__Mode=Balanced) ;;
    esac
    database_port=$(free_port)
    start_cluster db "$database_port"
    new_database "$database_port"
    connection=$(connection "$database_port")
    run_host migrate >/dev/null
    port=$(free_port)
    start_host host "$port" "${clock[@]}"
    host_pid=$pid urls="http://127.0.0.1:$port"
    if [ "$name" = pause ]; then
        second_port=$(free_port)
        start_host second "$second_port"
        second_pid=$pid urls+=",http://127.0.0.1:$second_port"
    fi
    start_load "$urls"
    sleep 5
    fault "$name"
    kill -TERM -- "-$host_pid" ${second_pid:+"-$second_pid"} 2>/dev/null || true
    sleep 2
    kill -INT "$(postmaster db)"; sleep 1
    mountpoint -q "$folder/disk" && { rm "$folder/db"; umount -l "$folder/disk"; }
done
end
