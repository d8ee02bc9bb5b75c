import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Webhook } from 'standardwebhooks';

const [host, email, password, folder] = process.argv.slice(2);

async function call(method, path, token, body, headers = {}) {
    const answer = await fetch(host + path, {
        method,
        headers: {
            'Content-Type': 'application/json',
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...headers,
        },
        body: body ? JSON.stringify(body) : undefined,
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
    return answer;
}

const json = async (...of) => (await call(...of)).json();

// The receiver: it rejects the first request, and so sees that it comes again.
const got = [];
let told = () => {};
const server = createServer(
    { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/certificate.pem`) },
    (request, response) => {
        const parts = [];
        request.on('data', part => parts.push(part));
        request.on('end', () => {
            got.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
            response.writeHead(got.length === 1 ? 503 : 204).end();
            told();
        });
    },
);
await new Promise(done => server.listen(0, '127.0.0.1', done));
const url = `https://localhost:${server.address().port}/practice`;

async function received(count) {
    const limit = Date.now() + 60_000;
    while (got.length < count) {
        if (Date.now() > limit) throw new Error(`Only ${got.length} of ${count} requests came.`);
        await new Promise(done => {
            told = done;
            setTimeout(done, 1_000);
        });
    }
}

let wrong = 0;
function check(what, holds) {
    console.log(`${holds ? 'right' : 'WRONG'}: ${what}`);
    if (!holds) wrong++;
}
function isRefused(secret, headers, body) {
    try {
        new Webhook(secret).verify(body, headers);
        return false;
    } catch {
        return true;
    }
}

const token = (await json('POST', '/api/users/sign-in', null, { email, password })).accessToken;
const group = (await json('GET', '/api/groups', token)).items.find(one => one.owner).id;
const hook = await json('POST', `/api/groups/${group}/webhooks`, token, { url, events: ['location.created'] });
const path = `/api/groups/${group}/webhooks/${hook.id}`;
try {
    await call('POST', `${path}/test`, token);
    await received(2);
    const [first, second] = got;
    check('a signature is right', new Webhook(hook.secret).verify(second.body, second.headers).type === 'webhook.test');
    check('the repeat has the same id', first.headers['webhook-id'] === second.headers['webhook-id']);
    const old = { ...second.headers, 'webhook-timestamp': `${Math.floor(Date.now() / 1000) - 600}` };
    check('an older time is refused', isRefused(hook.secret, old, second.body));
    check('another body is refused', isRefused(hook.secret, second.headers, `${second.body} `));
    check('another id is refused', isRefused(hook.secret, { ...second.headers, 'webhook-id': 'msg_1' }, second.body));
    check('another secret is refused', isRefused('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', second.headers, second.body));

    const { secret } = await json('POST', `${path}/rotate`, token);
    await call('POST', `/api/groups/${group}/locations`, token, { name: `Hooks ${hook.id}`, timeZone: 'Europe/Vienna' });
    await received(3);
    const third = got[2];
    for (const [which, one] of [['former', hook.secret], ['new', secret]])
        check(`after a rotation the ${which} secret is right`, !isRefused(one, third.headers, third.body));
    const event = JSON.parse(third.body);
    const known = (await json('GET', '/api/webhook-events', token)).items.find(one => one.name === event.type);
    check(
        'an event has the fields of its example',
        Object.keys(event.data).join() === Object.keys(known.example.data).join(),
    );
} finally {
    await call('DELETE', path, token);
    server.close();
}
console.log(wrong === 0 ? 'All as it should be.' : `${wrong} wrong.`);
process.exit(wrong === 0 ? 0 : 1);
