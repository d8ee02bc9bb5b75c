# How each fault is made and ended, what has to run for it, and whether it was felt: what nobody noticed proves nothing.
# Read by `.` after reliability.sh. `crash` wants a disk: in memory PostgreSQL is back before many notice.
# `disk` and `lost` need root (a small file system; a network, by iproute2), the clock needs libfaketime (apt: faketime),
# and mail and `lost` need the network once (npm: smtp-server). FAULT_SECONDS is how long a fault lasts: a minute for
# stop and hang, else 15 s.
all_faults=(kill kill-one pause stop crash hang disk mail-4xx mail-5xx mail-hang mail-mid mail-cut
    clock-forward clock-back)
second_pid='' round=''

# What some of these faults need.
needs_for() { # FAULT…
    local fault
    for fault; do
        case $fault in
            kill-one | mail-*) needs npm ;;
            lost) [ "$(id -u)" -eq 0 ] || { echo "lost needs root."; exit 2; }; needs npm ip ;;
            disk) [ "$(id -u)" -eq 0 ] || { echo "disk needs root."; exit 2; }; needs mount fallocate dd ;;
            clock-*) [ -f "$(libfaketime)" ] || { echo "$fault needs libfaketime (apt: faketime)."; exit 2; } ;;
        esac
    done
}
libfaketime() { ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -1; }

start_smtp() {
    [ -d "$folder/node_modules" ] ||
        npm install --prefix "$folder" --silent --no-audit --no-fund smtp-server@3.21.6 >/dev/null
    cp "$here/smtp.mjs" "$folder/"
    local smtp_port; smtp_port=$(free_port)
    echo ok >"$folder/smtp-mode"
    start "$folder/smtp.log" node "$folder/smtp.mjs" "$folder" "$smtp_port" "${gateway:-127.0.0.1}"
    settings+=(Mail__PickupDirectory= Mail__Smtp__Host="${gateway:-127.0.0.1}" Mail__Smtp__Port="$smtp_port"
        Mail__Smtp__Tls=None)
}

small_disk() { # NAME SIZE: for the server of that name
    mkdir -p "$folder/disk" && mount -t tmpfs -o size="$2" none "$folder/disk"
    mkdir -p "$folder/disk/$1" && ln -s "$folder/disk/$1" "$folder/$1"
}

# A machine for the first host, which is the one that gives out work: a network of its own, and a cable to it. What both
# hosts reach is at `gateway`.
new_machine() {
    machine=practice-$$ gateway=198.51.100.1 cable=practice$((RANDOM % 10000))
    ip netns add "$machine"
    ip link add "$cable" type veth peer name inner netns "$machine"
    ip addr add "$gateway/30" dev "$cable"
    ip link set "$cable" up
    ip -n "$machine" addr add 198.51.100.2/30 dev inner
    ip -n "$machine" link set inner up
    ip -n "$machine" link set lo up
}

# Hosts on a new server. Sets port, host_pid, urls; with `two` also second_port and second_pid.
start_hosts() { # [two]
    run_host migrate >/dev/null
    port=$(free_port)
    start_first
    urls="http://$(first_address):$port" second_pid=''
    [ "${1:-}" = two ] || return 0
    second_port=$(free_port)
    start_second
    urls+=",http://127.0.0.1:$second_port"
}
first_address() { if [ -n "${machine:-}" ]; then echo 198.51.100.2; else echo 127.0.0.1; fi; }
start_first() {
    local address within=${machine:-}
    address=$(first_address)
    start_host host "$port" "$@"
    host_pid=$pid
}
start_second() { start_host second "$second_port" "$@"; second_pid=$pid; }

# Starts the hosts again, with another environment.
restart_hosts() { # [NAME=VALUE…]
    stop_host "$host_pid"
    start_first "$@"
    [ -n "$second_pid" ] || return 0
    stop_host "$second_pid"
    start_second "$@"
}

inject() { # FAULT
    local seconds=${FAULT_SECONDS:-15} frozen logged
    case $1 in stop | hang) seconds=${FAULT_SECONDS:-60} ;; esac
    case $1 in
        kill) # the host, and starts it again
            mark_now fault
            kill -KILL -- "-$host_pid"
            start_first; mark_now healed
            felt 'calls without a connection' answered 'no connection' ;;
        kill-one) # of two hosts, which has emails in its hands as the mail server does not answer
            echo hold >"$folder/smtp-mode"
            until_ok 60 both_hold_messages || failed=1
            mark_now fault
            kill -KILL -- "-$host_pid"
            echo ok >"$folder/smtp-mode"
            taken_over
            start_first; mark_now healed
            felt 'calls without a connection' answered 'no connection' ;;
        lost) # the cable of that machine is pulled out, and comes back
            echo hold >"$folder/smtp-mode"
            until_ok 60 both_hold_messages || failed=1
            mark_now fault
            ip -n "$machine" link set inner down
            echo ok >"$folder/smtp-mode"
            taken_over
            sleep "$seconds"
            ip -n "$machine" link set inner up; mark_now healed
            felt 'calls that waited for 10 s or more' answered waited ;;
        pause) # one of two hosts stands still for longer than the other waits for it
            mark_now fault
            kill -STOP -- "-$host_pid"; sleep 30
            kill -CONT -- "-$host_pid"; mark_now healed
            felt 'calls that waited for 10 s or more' answered waited ;;
        stop) # PostgreSQL, as an operator does, for a minute
            mark_now fault
            kill -INT "$(postmaster db)"; sleep "$seconds"
            felt 'calls answered 503' answered 503
            start_cluster db "$database_port"; mark_now healed ;;
        crash) # PostgreSQL is killed, and recovers as it starts again
            mark_now fault
            kill -KILL $(processes_of db)
            start_cluster db "$database_port"; mark_now healed
            felt 'calls answered 503' answered 503 ;;
        hang) # all processes of PostgreSQL stand still
            mark_now fault
            frozen=$(processes_of db)
            kill -STOP $frozen; sleep "$seconds"
            felt 'calls answered 503' answered 503
            kill -CONT $frozen; mark_now healed ;;
        disk) # is full
            mark_now fault
            logged=$(wc -l <"$folder/db.log")
            fill_disk
            sleep "$seconds"
            felt 'writes of PostgreSQL without room' without_room "$logged"
            rm "$folder/disk/ballast"; mark_now healed
            until_ok 30 sql -c 'select 1' || start_cluster db "$database_port" ;;
        mail-*)
            mark_now fault
            echo "${1#mail-}" >"$folder/smtp-mode"; sleep "$seconds"
            felt 'emails failed by the mail server' mails_failed "${1#mail-}"
            echo ok >"$folder/smtp-mode"; mark_now healed
            mail_is_sent "$1" ;;
        clock-forward) jump +2h 2 ;;
        clock-back) jump -2h -2 ;;
        *) echo "No such fault: $1"; exit 2 ;;
    esac
}

mark_now() { mark "$round$1"; }

# Lines of a file since the fault began, each with the time and what happened.
since_fault() { # FILE WHAT
    local at; at=$(awk -v name="${round}fault" '$1 == name { at = $2 } END { print at }' "$folder/marks")
    [ ! -f "$folder/$1" ] || awk -v at="$at" -v what="$2" '$1 >= at && substr($0, length($1) + 2) == what' "$folder/$1"
}
answered() { since_fault answers "$1" | wc -l; }
mails_failed() { since_fault mails.failed "$1" | wc -l; }
without_room() { tail -n "+$(($1 + 1))" "$folder/db.log" | grep -c 'No space left on device' || true; }

# A fault lasts until it was felt, but not for ever.
felt() { # WHAT COMMAND…: that counts it
    local what=$1; shift
    until_ok 60 any "$@" || true
    at_least "felt: $what" 1 "$("$@")"
}
any() { [ "$("$@")" -gt 0 ]; }

room() { df --output=avail -B1 "$folder/disk" | tail -1 | tr -dc 0-9; }
# Until there is no room for another page of 4 KB.
fill_disk() {
    fallocate -l "$(room)" "$folder/disk/ballast" 2>/dev/null ||
        dd if=/dev/zero of="$folder/disk/ballast" bs=64K 2>/dev/null ||
        true # it ends as there is no room
    at_most 'bytes left on the disk' 4096 "$(room)"
}

in_hand="from messaging.wolverine_incoming_envelopes where status = 'Incoming' and owner_id <> 0"
both_hold_messages() { [ "$(sql -c "select count(distinct owner_id) $in_hand")" -ge 2 ]; }
none_in_hand() { [ "$(sql -c "select count(*) $in_hand and id in ($1)")" = 0 ]; } # IDS

# Until what two hosts had in their hands, one of which is dead, is handled.
taken_over() {
    local began held
    began=$(date +%s%3N)
    held=$(sql -c "select string_agg(quote_literal(id), ',') $in_hand")
    held=${held:-null}
    until_ok 90 none_in_hand "$held" || failed=1
    echo "        $(tr , '\n' <<<"$held" | wc -l) messages were in hand"
    at_most 'seconds from the fault until the last of them was handled' 20 $((($(date +%s%3N) - began) / 1000))
}

# Emails that a fault has put off are tried again after 5 s, 30 s, 2 minutes; then as the runbook has them tried.
deliver="message_type = 'Practice.Users.Mail.DeliverMail'"
no_email_waits() {
    [ "$(sql -c "select count(*) from messaging.wolverine_incoming_envelopes
        where $deliver and status = 'Scheduled' and attempts > 0")" = 0 ]
}
try_emails_now() {
    sql -q -c "update messaging.wolverine_incoming_envelopes set execution_time = now()
        where $deliver and status = 'Scheduled' and attempts > 0"
}
no_dead_letters() { [ "$(sql -c 'select count(*) from messaging.wolverine_dead_letters')" = 0 ]; }
mail_is_sent() { # FAULT
    local began=$SECONDS dead
    if [ "$1" = mail-5xx ]; then # refused for good: an operator has them sent again
        sleep 3
        dead=$(sql -c 'select count(*) from messaging.wolverine_dead_letters')
        echo "        $dead emails were rejected for good; replayed"
        [ "$dead" -gt 0 ] || failed=1
        run_host dead-letters replay all
        until_ok 60 no_dead_letters || failed=1
    else
        sleep 2
        until_ok 75 no_email_waits || { echo "        tried by hand"; try_emails_now; }
        until_ok 30 no_email_waits || failed=1
    fi
    echo "        all emails that waited were sent $((SECONDS - began)) s after the mail server was back"
}

jump() { # OFFSET HOURS: of the clocks of the hosts
    echo '+0' >"$folder/clock"
    restart_hosts LD_PRELOAD="$(libfaketime)" FAKETIME_TIMESTAMP_FILE="$folder/clock" FAKETIME_NO_CACHE=1 \
        FAKETIME_DONT_FAKE_MONOTONIC=1
    sleep 5
    mark_now fault
    echo "$1" >"$folder/clock"; sleep "$seconds"
    check 'hours between the clocks' "$2" \
        "$(sql -c "select round(extract(epoch from e.at - now()) / 3600) from audit.seals s
            join audit.entries e on e.id = s.entry_id order by s.position desc limit 1")"
}
