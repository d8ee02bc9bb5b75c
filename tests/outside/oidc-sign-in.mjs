// Usage: node oidc-sign-in.mjs HOST PROVIDER_PORT EMAIL PASSWORD. See oidc-sign-in.sh.
import assert from 'node:assert/strict';

// It warns at length that it is for development only, as it is here.
console.warn = console.info = () => {};
const { default: Provider } = await import('oidc-provider');

const [host, port, email, password] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const requests = [];

const provider = new Provider(issuer, {
    clients: [
        {
            client_id: 'practice',
            client_secret: 'a secret: with signs & blanks',
            redirect_uris: [`${host}/sign-in/provider/example`],
            token_endpoint_auth_method: 'client_secret_basic',
        },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'hd'], email: ['email', 'email_verified'] },
    findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({
            sub: id,
            email: id === 'stranger' ? 'stranger@elsewhere.example' : email,
            email_verified: id !== 'unverified',
            hd: id === 'outsider' ? 'elsewhere.example' : 'riverside.example',
        }),
    }),
});
provider.use(async (context, next) => {
    requests.push(`${context.method} ${context.path}`);
    await next();
});
const server = provider.listen(Number(port), '127.0.0.1');

/** Cookies by origin, and forms: a browser without script. */
class Browser {
    cookies = new Map();

    async open(url, form) {
        const target = new URL(url);
        const jar = this.cookies.get(target.origin) ?? new Map();
        this.cookies.set(target.origin, jar);
        const answer = await fetch(target, {
            method: form ? 'POST' : 'GET',
            redirect: 'manual',
            headers: {
                accept: 'text/html',
                cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
            },
            body: form && new URLSearchParams(form),
        });
        for (const line of answer.headers.getSetCookie()) {
            const [name, ...value] = line.split(';')[0].split('=');
            if (value.join('=') && !/expires=thu, 01 jan 1970/i.test(line)) jar.set(name, value.join('='));
            else jar.delete(name);
        }
        const location = answer.headers.get('location');
        return {
            url,
            status: answer.status,
            next: location && new URL(location, url).href,
            text: await answer.text(),
        };
    }

    post(page, handler, fields = {}) {
        const token = /__RequestVerificationToken" value="([^"]+)/.exec(page.text)[1];
        return this.open(page.url, { _handler: handler, __RequestVerificationToken: token, ...fields });
    }

    /** From a page's button to the provider, through its pages, to the address that it sends the browser back to. */
    async throughProvider(login, page = '/sign-in', button = 'provider-example') {
        const begun = await this.post(await this.open(`${host}${page}`), button);
        assert.equal(begun.status, 200, begun.text);
        const authorize = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(begun.text)[1].replaceAll('&amp;', '&');
        assert.ok(authorize.startsWith(`${issuer}/auth?`), authorize);
        let there = await this.open(authorize);
        for (let step = 0; step < 12 && !there.next?.startsWith(`${host}/`); step++) {
            if (there.next) {
                there = await this.open(there.next);
                continue;
            }
            const action = /action="([^"]+)"/.exec(there.text)[1];
            const prompt = /name="prompt" value="([^"]+)"/.exec(there.text)[1];
            there = await this.open(new URL(action, there.url).href, { prompt, login, password: 'any' });
        }
        assert.ok(there.next?.startsWith(`${host}/sign-in/provider/example?`), there.text);
        return there.next;
    }
}

const said = (what) => console.log(`- ${what}`);

const first = new Browser();
const callback = await first.throughProvider('subject-1');
said(`the provider sent back: ${[...new URL(callback).searchParams.keys()].join(', ')}`);
const link = await first.open(callback);
assert.equal(link.next, `${host}/sign-in/provider/example/link`);
said('an account that is not connected is asked for its own password');
const wrong = await first.post(await first.open(link.next), 'password', { password: 'not the password' });
assert.equal(wrong.status, 422);
const connected = await first.post(wrong, 'password', { password });
assert.equal(connected.next, `${host}/`, connected.text);
const security = await first.open(`${host}/security`);
assert.match(security.text, /<strong>example<\/strong>/);
said('with it, the account is connected and signed in');

assert.equal((await first.open(callback)).status, 400);
assert.equal((await new Browser().open(callback)).status, 400);
said('the address that the provider sent back works once, and in no other browser');

const second = new Browser();
const again = await second.open(await second.throughProvider('subject-1'));
assert.equal(again.next, `${host}/`);
assert.match((await second.open(`${host}/security`)).text, /<strong>example<\/strong>/);
said('the next sign-in goes straight in');

const byPassword = new Browser();
const signedIn = await byPassword.post(await byPassword.open(`${host}/sign-in`), 'sign-in', { email, password });
assert.equal(signedIn.next, `${host}/`);
const connects = async (subject) => {
    byPassword.cookies.delete(issuer); // as another person at the provider
    const back = await byPassword.open(await byPassword.throughProvider(subject, '/security', 'connect-example'));
    return back.next ? byPassword.open(back.next) : back;
};
assert.match((await connects('stranger')).text, /you have another email than here/);
assert.match((await connects('unverified')).text, /did not confirm your email/);
assert.match((await connects('subject-2')).text, /example is connected/);
said('the security page connects who has the same email there, confirmed, and nobody else');
byPassword.cookies.delete(issuer);

const practice = /action="(\/practice\/[0-9a-f-]{36})\/switch"/.exec((await first.open(`${host}/practice`)).text)[1];
const settings = await first.open(`${host}${practice}/settings/practice`);
const version = /name="version"\s+value="([^"]+)"/.exec(settings.text)[1].replaceAll('&quot;', '"');
const required = await first.post(settings, 'sign-in-rule', { version, provider: 'example' });
assert.equal(required.next, settings.url, required.text);
const led = await byPassword.open(`${host}${practice}/calendar`);
assert.equal(new URL(led.next).pathname, `${practice}/sign-in`);
const { pathname, search } = new URL(led.next);
const letIn = await byPassword.open(await byPassword.throughProvider('subject-1', pathname + search, 'provider'));
assert.equal(letIn.next, `${host}${practice}/calendar`, letIn.text);
assert.equal((await byPassword.open(letIn.next)).status, 200);
said('a practice that requires the provider leads a person with a password there, and back to the page');
const now = /name="version"\s+value="([^"]+)"/.exec((await first.open(settings.url)).text)[1].replaceAll('&quot;', '"');
assert.equal((await first.post(await first.open(settings.url), 'sign-in-rule', { version: now })).next, settings.url);

const unverified = new Browser();
const refused = await unverified.open(await unverified.throughProvider('unverified'));
assert.equal(refused.status, 400);
assert.match(refused.text, /did not confirm your email/);
said('an email that the provider did not verify is refused');

const outsider = new Browser();
const outside = await outsider.open(await outsider.throughProvider('outsider'));
assert.equal(outside.status, 400);
assert.match(outside.text, /cannot sign in here/);
said('a person without the claim that the operator requires is refused');

assert.ok(requests.includes('POST /token') && requests.includes('GET /me'));
server.close();
server.closeAllConnections();
const late = new Browser();
const stuck = await late.post(await late.open(`${host}/sign-in`), 'provider-example');
const attempt = /state=([^&"]+)/.exec(stuck.text)[1];
const away = await late.open(`${host}/sign-in/provider/example?state=${attempt}&code=any`);
assert.equal(away.status, 400);
assert.match(away.text, /does not answer at the moment/);
said('a provider that is away gets a clear answer');
process.exit(0);
