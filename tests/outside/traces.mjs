// The caller of traces.sh, which then reads from the dashboard what has arrived there.
import fs from 'node:fs';
import path from 'node:path';

const [host, group, owner, mail, dashboard] = process.argv.slice(2);

const call = (route, body, token) =>
    fetch(host + route, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify(body),
    });

const email = 'ines.vale@example.com';
await must('/api/users/sign-up', { firstName: 'Ines', lastName: 'Vale', email, password: 'ines keeps her own one' });
const link = await eventually('the email with a link', () => mails()
    .filter((text) => text.includes(email))
    .map((text) => /[?&]token=([^\s&"<>]+)/.exec(text.replace(/=\r?\n/g, '').replace(/=3D/g, '='))?.[1]).find(Boolean));
await must('/api/users/confirm-email', { token: decodeURIComponent(link) });
await must(`/api/groups/${group}/members`, {
    firstName: 'Ines', lastName: 'Vale', roleType: 'administrator', profession: 'receptionist', email, confirmEmail: email,
    accessLevel: 'reception', locationIds: [],
}, owner);
const refused = await call('/api/users/sign-in', { email, password: 'not hers' });
const problem = await refused.json();

// The trace with the email of the invitation, once it is whole.
const spans = await eventually('the trace from the call to the email', async () => {
    const all = (await stored('spans', 'resourceSpans', 'scopeSpans', 'spans')).map((span) => ({
        trace: span.traceId, id: span.spanId, parent: span.parentSpanId, name: span.name, source: span.scope,
        from: Number(BigInt(span.startTimeUnixNano) / 1000n), to: Number(BigInt(span.endTimeUnixNano) / 1000n), tags: tags(span),
    }));
    const sent = all.find(({ name, tags }) => name === 'send email' && tags['practice.email.kind'] === 'Invitation');
    const those = all.filter((span) => span.trace === sent?.trace);
    return those.some(({ parent }) => !parent) && those;
});
const ids = new Set(spans.map(({ id }) => id));
const roots = spans.filter(({ parent }) => !ids.has(parent));
print(spans, roots, Math.min(...spans.map(({ from }) => from)), '');
const missing = ['Microsoft.AspNetCore', 'Npgsql', 'Wolverine', 'Practice'].filter((source) => !spans.some((span) => span.source === source));
if (missing.length || roots.length !== 1) throw new Error(`missing: ${missing}; ${roots.length} spans without one above`);

const line = await eventually('the log line of a refused call', async () =>
    (await stored('logs', 'resourceLogs', 'scopeLogs', 'logRecords')).find(({ traceId }) => traceId === problem.traceId));
console.log(`\n${refused.status} ${problem.code}, and in the log by its traceId: ${line.body.stringValue}`);

const service = await eventually('metrics', async () =>
    (await read('resources')).find(({ name, hasTraces, hasMetrics, hasLogs }) => name === 'practice' && hasTraces && hasMetrics && hasLogs));
console.log(`\n${spans.length} spans in one trace; ${service.name} has traces, metrics and a log.`);

async function must(route, body, token) {
    const answer = await call(route, body, token);
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
}

async function read(what) {
    const answer = await fetch(`${dashboard}/api/telemetry/${what}?limit=100000`);
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
    return answer.json();
}

async function stored(what, resources, scopes, records) {
    return (await read(what)).data[resources].flatMap((resource) =>
        resource[scopes].flatMap(({ scope, [records]: those }) => those.map((each) => ({ ...each, scope: scope.name }))));
}

function tags({ attributes = [] }) {
    return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function print(spans, those, began, indent) {
    for (const span of those.sort((a, b) => a.from - b.from)) {
        const ms = (microseconds) => (microseconds / 1000).toFixed(1).padStart(7);
        const statement = (span.tags['db.query.text'] ?? span.tags['db.statement'] ?? '').replace(/\s+/g, ' ').slice(0, 60);
        console.log(`${ms(span.from - began)} ${ms(span.to - span.from)} ms  ${indent}${statement || span.name}  [${span.source}]`);
        print(spans, spans.filter(({ parent }) => parent === span.id), began, indent + '  ');
    }
}

function mails() {
    return (fs.existsSync(mail) ? fs.readdirSync(mail) : []).filter((file) => file.endsWith('.eml'))
        .map((file) => fs.readFileSync(path.join(mail, file), 'utf8'));
}

async function eventually(what, find) {
    for (let tries = 0; tries < 300; tries++) {
        const found = await find();
        if (found) return found;
        await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`Not in a minute: ${what}`);
}
