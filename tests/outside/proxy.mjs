import { readFileSync } from 'node:fs';

const [proxy, email, password] = process.argv.slice(2);
const document = JSON.parse(readFileSync('openapi.json', 'utf8'));
let calls = 0;
const found = [];
const seen = new Set();

// Mistakes on purpose break the rules of requests; the answers to them must still be as the document says.
async function call(method, path, { token, body, headers = {}, wrong = false } = {}) {
    const answer = await fetch(proxy + path, {
        method,
        headers: {
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    calls++;
    const violations = JSON.parse(answer.headers.get('sl-violations') ?? '[]').filter(
        one => one.severity === 'Error' && !(wrong && one.location[0] === 'request'),
    );
    const text = await answer.text();
    for (const one of violations) found.push(`${method} ${path} → ${answer.status}: ${one.location.join('.')} ${one.message}`);
    const json = answer.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : undefined;
    return { status: answer.status, json, etag: answer.headers.get('etag') };
}

const signedIn = await call('POST', '/api/users/sign-in', { body: { email, password } });
if (signedIn.status !== 200) throw new Error(`Sign-in answered ${signedIn.status} ${JSON.stringify(signedIn.json)}`);
const token = signedIn.json.accessToken;
const me = (await call('GET', '/api/users/me', { token })).json;
const group = (await call('GET', '/api/groups', { token })).json.items[0].id;
const inGroup = `/api/groups/${group}`;

// Writes, from the examples where they need no ids of the practice.
const made = [];
const example = (path, method) => document.paths[path][method].requestBody.content['application/json'].example;
const location = await call('POST', `${inGroup}/locations`, {
    token,
    body: example('/api/groups/{groupId}/locations', 'post'),
    headers: { 'Idempotency-Key': crypto.randomUUID() },
});
made.push(['location', location.status]);
const locationPath = `${inGroup}/locations/${location.json.id}`;
const read = await call('GET', locationPath, { token });
const { name, address, phone, timeZone, colour, hours } = read.json;
const change = { name, address, phone, timeZone, colour, hours };
made.push(['changed', (await call('PUT', locationPath, { token, body: change, headers: { 'If-Match': read.etag } })).status]);
made.push(['stale', (await call('PUT', locationPath, { token, body: change, headers: { 'If-Match': '"0"' } })).status]);
made.push(['no version', (await call('PUT', locationPath, { token, body: change, wrong: true })).status]);
const patient = await call('POST', `${inGroup}/patients`, {
    token,
    body: { firstName: 'Prism', lastName: 'Tour', dateOfBirth: '1985-04-12', acceptDuplicate: true },
});
made.push(['patient', patient.status]);
const patientPath = `${inGroup}/patients/${patient.json.id}`;
for (const path of ['appointments', 'invoices', 'clinical-records', 'invite'])
    made.push([path, (await call('POST', `${patientPath}/${path}`, { token, body: {}, wrong: true })).status]);
made.push(['archived', (await call('POST', `${locationPath}/archive`, { token })).status]);

// Every call that reads, with the ids that lists have shown.
const ids = { groupId: [group], userId: [me.id], locationId: [location.json.id], patientId: [patient.json.id] };
const names = { members: 'userId', patients: 'patientId', locations: 'locationId', appointments: 'appointmentId',
    invoices: 'invoiceId', 'clinical-records': 'recordId', invitations: 'invitationId', exports: 'exportId',
    requests: 'requestId', 'access-levels': 'levelId', accounts: 'accountId', access: 'grantId', sessions: 'sessionId' };
const reads = Object.keys(document.paths).filter(path => document.paths[path].get);
const tokenless = reads.filter(path => path.includes('{token}'));
for (let round = 0; round < 3; round++)
    for (const path of reads.filter(path => !tokenless.includes(path))) {
        const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]);
        if (!parameters.every(parameter => ids[parameter]?.length)) continue;
        for (const at of [0, 1]) {
            const filled = parameters.reduce(
                (text, one) => text.replace(`{${one}}`, ids[one][Math.min(at, ids[one].length - 1)]),
                path,
            );
            const needed = filled.endsWith('/free-slots') ? `?practitionerId=${me.id}&locationId=${ids.locationId[0]}` : '';
            if (seen.has(filled)) continue;
            seen.add(filled);
            const { json } = await call('GET', filled + needed, { token });
            for (const item of json?.items ?? []) {
                const id = item.id ?? item.userId ?? item.accountId ?? item.grantId;
                const parameter = names[path.split('/').at(-1)];
                if (id && parameter && !(ids[parameter] ??= []).includes(id)) ids[parameter].unshift(id);
            }
        }
    }

// Mistakes: no session, nothing there, wrong input.
for (const path of reads.filter(path => !tokenless.includes(path)).slice(0, 40)) {
    const nowhere = path.replace(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000');
    await call('GET', nowhere, { wrong: true });
    await call('GET', nowhere, { token });
}
for (const [path, item] of Object.entries(document.paths))
    for (const method of ['post', 'put'])
        if (item[method]?.requestBody?.content?.['application/json'] && !/sign-up|forgot|resend|batch/.test(path))
            await call(method.toUpperCase(), path.replace(/\{\w+\}/g, group), { token, body: { nothing: true }, wrong: true });

console.log(made.map(([what, status]) => `${what} ${status}`).join(', '));
for (const line of new Set(found)) console.log(line);
console.log(`${calls} calls through Prism, ${seen.size} addresses read, ${found.length} findings`);
process.exit(found.length ? 1 : 0);
