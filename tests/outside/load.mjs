// Load for the scripts about faults: an owner who adds locations and invites a guest, and people who sign up.
//   node load.mjs FOLDER URL[,URL] AT_ONCE     writes until FOLDER/stop exists, then FOLDER/load.json; meanwhile each
//                                              call that was refused, or waited for 10 s, is a line in FOLDER/answers
//   node load.mjs mails FOLDER                 whether each who signed up got one email
import fs from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** What the host left in its pickup directory, or a mail server of ours in a file. */
function mailsIn(folder) {
    const found = [];
    const directory = path.join(folder, 'mail');
    for (const file of fs.existsSync(directory) ? fs.readdirSync(directory) : [])
        if (file.endsWith('.eml')) found.push(fs.readFileSync(path.join(directory, file), 'utf8'));
    const received = path.join(folder, 'mails.jsonl');
    if (fs.existsSync(received))
        for (const line of fs.readFileSync(received, 'utf8').split('\n').filter(Boolean)) found.push(JSON.parse(line));
    return found.map((raw) => {
        const text = raw.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
        return {
            to: /^To:.*?([^\s<>"]+@[^\s<>"]+)/im.exec(text)?.[1],
            id: /^Message-ID:\s*(\S+)/im.exec(text)?.[1],
            token: /[?&]token=([^\s&"<>]+)/.exec(text)?.[1],
        };
    });
}

if (process.argv[2] === 'mails') {
    const folder = process.argv[3];
    const { signedUp, once } = JSON.parse(fs.readFileSync(path.join(folder, 'load.json')));
    const mails = mailsIn(folder);
    const ids = new Map();
    for (const mail of mails) ids.set(mail.to, [...(ids.get(mail.to) ?? []), mail.id]);
    const missing = signedUp.filter((email) => !ids.has(email));
    // People whose call was repeated may rightly have two emails; the rest have one, however often it was delivered.
    const doubled = once.filter((email) => new Set(ids.get(email)).size > 1);
    const again = once.filter((email) => (ids.get(email) ?? []).length > new Set(ids.get(email)).size);
    console.log(`${missing.length + doubled.length ? 'FAILED' : 'ok    '}  emails: ${signedUp.length} expected, ` +
        `${missing.length} missing, ${doubled.length} doubled, ${again.length} delivered again with the same id`);
    process.exit(missing.length + doubled.length ? 1 : 0);
}

const [folder, urls, atOnce] = process.argv.slice(2);
const bases = urls.split(',');
const state = { accepted: [], invited: [], signedUp: [], once: [], refused: 0, answers: {}, longest: 0, recovery: {} };
const successes = []; // when
const stopped = () => fs.existsSync(path.join(folder, 'stop'));
const note = (what) => fs.appendFileSync(path.join(folder, 'answers'), `${Date.now()} ${what}\n`);
let turn = 0;
let token;

async function call(method, route, body, headers = {}) {
    const began = Date.now();
    let status;
    let answer;
    try {
        const response = await fetch(bases[turn++ % bases.length] + route, {
            method,
            headers: {
                'content-type': 'application/json',
                ...(token ? { authorization: `Bearer ${token}` } : {}),
                ...headers,
            },
            body: body && JSON.stringify(body),
            signal: AbortSignal.timeout(60_000),
        });
        status = response.status;
        const text = await response.text();
        answer = text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    } catch (error) {
        status = error.name === 'TimeoutError' ? 'no answer' : 'no connection';
    }
    const took = Date.now() - began;
    state.longest = Math.max(state.longest, took);
    state.answers[status] = (state.answers[status] ?? 0) + 1;
    if (took >= 10_000) note('waited');
    if (!(status >= 200 && status < 300)) note(status);
    return { status, answer };
}

/** Repeats a call until it is accepted, or refused for a reason that will not go away. */
async function until(ok, method, route, body, headers) {
    for (let tries = 1; ; tries++) {
        const { status, answer } = await call(method, route, body, headers);
        if (ok.includes(status)) return { answer, tries };
        state.refused++;
        if (status === 401) await signIn();
        else if (typeof status === 'number' && status < 500 && status !== 409 && status !== 429)
            throw new Error(`${method} ${route}: ${status} ${JSON.stringify(answer)}`);
        await wait(100);
    }
}

const email = `owner.${randomUUID()}@practice.test`;
const password = 'an owner of many words';
let signing;
function signIn() {
    signing ??= (async () => {
        token = undefined;
        const { answer } = await until([200], 'POST', '/api/users/sign-in', { email, password });
        token = answer.accessToken;
        signing = undefined;
    })();
    return signing;
}

async function signUp(address) {
    const { tries } = await until([201], 'POST', '/api/users/sign-up',
        { firstName: 'Ada', lastName: 'Moss', email: address, password });
    state.signedUp.push(address);
    if (tries === 1) state.once.push(address);
}

/** Signs up and follows the emailed link. */
async function join(address) {
    await signUp(address);
    let mail;
    while (!(mail = mailsIn(folder).find((found) => found.to === address && found.token))) await wait(200);
    await until([204], 'POST', '/api/users/confirm-email', { token: decodeURIComponent(mail.token) });
}

const guest = `guest.${randomUUID()}@practice.test`;
await join(email);
await join(guest);
[state.signedUp, state.once] = [[], []]; // these two get other emails, too
await signIn();
const newGroup = async (name) =>
    (await until([201], 'POST', '/api/groups',
        { name, roleType: 'administrator', location: { name: 'Main street', timeZone: 'Europe/Vienna' } },
        { 'idempotency-key': randomUUID() })).answer;
const group = await newGroup('Load');

/** Groups invites, Users notifies the guest: once for each group. */
async function invite(n) {
    const { id } = await newGroup(`Group ${n}`);
    const { answer } = await until([201], 'POST', `/api/groups/${id}/members`,
        {
            firstName: 'Ada', lastName: 'Moss', email: guest, confirmEmail: guest, roleType: 'administrator',
            profession: 'practiceManager', accessLevel: 'reception', locationIds: [],
        },
        { 'idempotency-key': randomUUID() });
    state.invited.push(answer.invitationId);
}

let number = 0;
async function write() {
    while (!stopped()) {
        const n = ++number;
        const name = `Load ${String(n).padStart(6, '0')}`;
        await until([201], 'POST', `/api/groups/${group.id}/locations`,
            { name, timeZone: 'Europe/Vienna' }, { 'idempotency-key': randomUUID() });
        state.accepted.push(name);
        successes.push(Date.now());
        if (n === 5) fs.writeFileSync(path.join(folder, 'writing'), 'yes');
        if (n % 10 === 5) await invite(n);
        if (n % 25 === 0) await signUp(`person.${randomUUID()}@practice.test`);
        await wait(Number(process.env.LOAD_PAUSE ?? 50));
    }
}
await Promise.all(Array.from({ length: Number(atOnce) }, write));

// Each mark is a moment of a fault. How long until a write succeeded, and how long did none, from there or later, until
// the one that ends the wait after the next mark?
const marks = path.join(folder, 'marks');
const marked = (fs.existsSync(marks) ? fs.readFileSync(marks, 'utf8').split('\n').filter(Boolean) : [])
    .map((line) => line.split(' ')).map(([name, at]) => ({ name, at: Number(at) }));
for (const [index, { name, at }] of marked.entries()) {
    const until = marked[index + 1]?.at ?? Infinity;
    const before = successes.filter((time) => time >= at && time < until);
    const times = [at, ...before, ...successes.filter((time) => time >= until).slice(0, 1)];
    const gaps = times.slice(1).map((time, n) => time - times[n]);
    state.recovery[name] = { first: gaps[0] ?? null, longest: gaps.length ? Math.max(...gaps) : null };
}
fs.writeFileSync(path.join(folder, 'load.json.new'), JSON.stringify(state));
fs.renameSync(path.join(folder, 'load.json.new'), path.join(folder, 'load.json'));
