import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const [host, email, password] = process.argv.slice(2);

async function call(method, path, token, body) {
    const answer = await fetch(host + path, {
        method,
        headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: body ? JSON.stringify(body) : undefined,
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return answer;
}

const json = async (...of) => (await call(...of)).json();

const token = (await json('POST', '/api/users/sign-in', null, { email, password })).accessToken;
const group = (await json('GET', '/api/groups', token)).items[0].id;
const { url } = await json('POST', `/api/groups/${group}/members/me/calendar-feed`, token, {});
const text = await (await call('GET', new URL(url).pathname)).text();

// What the feed should hold: all appointments of the last 30 days and the coming year that were not cancelled.
const expected = new Map();
const day = 86_400_000;
for (let from = Date.now() - 30 * day; from < Date.now() + 366 * day; from += 60 * day) {
    const to = Math.min(from + 60 * day, Date.now() + 366 * day);
    const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&limit=200`;
    for (let after = ''; after !== null; ) {
        const page = await json('GET', `/api/groups/${group}/appointments?${range}${after}`, token);
        for (const item of page.items)
            if (item.status !== 'cancelled')
                expected.set(item.id, [
                    Date.parse(item.startsAt),
                    Date.parse(item.endsAt),
                    item.patientName ?? item.patientCode,
                    item.room ? `${item.locationName}, ${item.room}` : item.locationName,
                ]);
        after = page.next ? `&after=${encodeURIComponent(page.next)}` : null;
    }
}

function readByIcalJs() {
    const calendar = new ICAL.Component(ICAL.parse(text));
    ICAL.TimezoneService.reset();
    for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
    return calendar.getAllSubcomponents('vevent').map(event => {
        const { uid, startDate, endDate, summary, location } = new ICAL.Event(event);
        return [uid, [startDate.toJSDate().getTime(), endDate.toJSDate().getTime(), summary, location]];
    });
}

const readByNodeIcal = () =>
    Object.values(nodeIcal.sync.parseICS(text))
        .filter(item => item.type === 'VEVENT')
        .map(event => [event.uid, [event.start.getTime(), event.end.getTime(), event.summary, event.location]]);

let wrong = 0;
for (const [parser, events] of Object.entries({ 'ical.js': readByIcalJs(), 'node-ical': readByNodeIcal() })) {
    for (const [uid, event] of events)
        if (JSON.stringify(event) !== JSON.stringify(expected.get(uid))) {
            console.log(`${parser}: ${uid} is read as ${JSON.stringify(event)}, expected ${JSON.stringify(expected.get(uid))}`);
            wrong++;
        }
    if (events.length !== expected.size) {
        console.log(`${parser}: ${events.length} events, expected ${expected.size}`);
        wrong++;
    }
    console.log(`${parser}: ${events.length} events read`);
}
const zones = text.match(/^BEGIN:VTIMEZONE/gm)?.length ?? 0;
console.log(`${zones} VTIMEZONE, ${text.match(/^RRULE/gm)?.length ?? 0} rules, ${text.length} bytes`);
process.exit(wrong || zones === 0 ? 1 : 0);
