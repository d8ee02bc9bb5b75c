import * as openid from 'openid-client';

const [issuer, group, id, secret, reachedBy] = process.argv.slice(2);
const base = issuer.replace(/\/$/, '');
const here = (reachedBy ?? issuer).replace(/\/$/, '');
// The issuer need not lead here: send each call where the host really is, as a proxy would.
const fetchHere = (url, options) => {
    const text = String(url);
    const rest = text.startsWith(base) ? text.slice(base.length) : text.slice(new URL(text).origin.length);
    return fetch(here + rest, options);
};

let failed = false;
const check = (what, ok) => { console.log(`${ok ? 'ok' : 'FAILED'}: ${what}`); failed ||= !ok; };
const execute = new URL(issuer).protocol === 'http:' ? [openid.allowInsecureRequests] : [];
const discover = (auth) =>
    openid.discovery(new URL(issuer), id, undefined, auth, {
        algorithm: 'oauth2',
        execute,
        [openid.customFetch]: fetchHere,
    });

const ways = {
    client_secret_basic: openid.ClientSecretBasic(secret),
    client_secret_post: openid.ClientSecretPost(secret),
};
for (const [name, auth] of Object.entries(ways)) {
    const config = await discover(auth);
    check(`the issuer is ${issuer}`, config.serverMetadata().issuer === issuer);
    check(`${name} is offered`, config.serverMetadata().token_endpoint_auth_methods_supported.includes(name));
    const token = await openid.clientCredentialsGrant(config);
    check(`a token by ${name}, for ${token.expires_in} s`, token.token_type === 'bearer' && token.expiresIn() > 0);
    const url = new URL(`${base}/api/groups/${group}/members`);
    const answer = await openid.fetchProtectedResource(config, token.access_token, url, 'GET');
    check(`a call with it (${answer.status})`, answer.status === 200);
    console.log(`    ${answer.headers.get('ratelimit-policy')} ${answer.headers.get('ratelimit')}`);
}

const refusal = async (config, parameters) => {
    try {
        await openid.clientCredentialsGrant(config, parameters);
        return 'none';
    } catch (error) {
        // With a challenge, as HTTP asks for with 401, the library shows the answer instead of its error.
        return error.error ?? (await error.response?.json())?.error;
    }
};
const right = await discover(openid.ClientSecretPost(secret));
check('a scope is refused', (await refusal(right, { scope: 'all' })) === 'invalid_scope');
const wrong = await discover(openid.ClientSecretPost('wrong'));
check('a wrong secret is refused', (await refusal(wrong, {})) === 'invalid_client');
process.exit(failed ? 1 : 0);
