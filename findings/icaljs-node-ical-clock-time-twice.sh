#!/usr/bin/env bash
# Package:   ical.js 2.2.1 and node-ical 0.26.1 (npm)
# Behaviour: Where clocks go back, an hour of clock time occurs twice. Both libraries read a DTSTART in that hour, given
#            with its TZID and a correct VTIMEZONE, as the second of the two moments. DTEND after the hour is read right:
#            here an appointment of 60 minutes starts at the moment at which it ends.
# Expected:  The first moment, in both: RFC 5545 says so for local times that happen twice (3.3.5, form 3).
# Why it matters: a feed that names zones, as feeds for people do, shows appointments of that night an hour late, and
#            with no length. No error and no warning. In UTC (the same event with Z) both read the right moment.
# Seen:      ical.js zone 2027-04-03T16:30:00.000Z 2027-04-03T16:30:00.000Z
#            ical.js utc 2027-04-03T15:30:00.000Z 2027-04-03T16:30:00.000Z
#            node-ical zone 2027-04-03T16:30:00.000Z 2027-04-03T16:30:00.000Z
#            node-ical utc 2027-04-03T15:30:00.000Z 2027-04-03T16:30:00.000Z
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit ical.js@2.2.1 node-ical@0.26.1

# Melbourne: daylight saving ends on the first Sunday of April at 03:00, when clocks go back to 02:00. The appointment
# begins at the first 02:30 (UTC+11). It is given in its zone, and in UTC. Its end is in UTC.
event() {
    printf 'BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20270101T000000Z\r\n%s\r\nDTEND:20270403T163000Z\r\nSUMMARY:%s\r\nEND:VEVENT\r\n' \
        "$1@example.org" "$2" "$1"
}
{
    printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Example//EN\r\n'
    printf 'BEGIN:VTIMEZONE\r\nTZID:Australia/Melbourne\r\n'
    printf 'BEGIN:STANDARD\r\nDTSTART:20080406T030000\r\nTZOFFSETFROM:+1100\r\nTZOFFSETTO:+1000\r\n'
    printf 'TZNAME:AEST\r\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\r\nEND:STANDARD\r\n'
    printf 'BEGIN:DAYLIGHT\r\nDTSTART:20081005T020000\r\nTZOFFSETFROM:+1000\r\nTZOFFSETTO:+1100\r\n'
    printf 'TZNAME:AEDT\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\r\nEND:DAYLIGHT\r\n'
    printf 'END:VTIMEZONE\r\n'
    event zone 'DTSTART;TZID=Australia/Melbourne:20270404T023000'
    event utc 'DTSTART:20270403T153000Z'
    printf 'END:VCALENDAR\r\n'
} >night.ics

cat >read.mjs <<'JS'
import fs from 'node:fs';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const text = fs.readFileSync('night.ics', 'utf8');
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
for (const component of calendar.getAllSubcomponents('vevent')) {
    const event = new ICAL.Event(component);
    print('ical.js', event.summary, event.startDate.toJSDate(), event.endDate.toJSDate());
}
for (const event of Object.values(nodeIcal.sync.parseICS(text)))
    if (event.type === 'VEVENT') print('node-ical', event.summary, event.start, event.end);

function print(library, summary, start, end) {
    console.log(library, summary, start.toISOString(), end.toISOString());
}
JS
seen=$(node read.mjs)
echo "$seen"
[ "$seen" = "ical.js zone 2027-04-03T16:30:00.000Z 2027-04-03T16:30:00.000Z
ical.js utc 2027-04-03T15:30:00.000Z 2027-04-03T16:30:00.000Z
node-ical zone 2027-04-03T16:30:00.000Z 2027-04-03T16:30:00.000Z
node-ical utc 2027-04-03T15:30:00.000Z 2027-04-03T16:30:00.000Z" ] || {
    echo "The behaviour has changed."
    exit 1
}
