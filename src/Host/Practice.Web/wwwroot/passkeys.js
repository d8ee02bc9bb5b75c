// Passkeys. The page's form is posted for a challenge, and then again with the browser's answer. A browser without
// passkeys, or an address that can have none, keeps the form hidden.
const hasPasskeys = 'parseCreationOptionsFromJSON' in (window.PublicKeyCredential ?? {}) && !/^[\d.]+$|^\[/.test(location.hostname);
const passkeyTime = 2 * 60 * 1000; // some browsers never answer where there is no authenticator
const passkeyProblems = {
    InvalidStateError: 'This device already has a passkey for your account.',
    NotAllowedError: 'No passkey was used. You may have cancelled, it may have taken too long, or this device may have none for your account.',
    SecurityError: 'Passkeys do not work at this address.',
};
document.addEventListener('click', async event => {
    const button = event.target.closest('[data-passkey]');
    if (!button) return;
    const form = button.form, problem = form.querySelector('[data-passkey-problem]');
    const say = text => { problem.textContent = text; problem.hidden = !text; };
    const name = form.elements.name;
    if (name && !name.value.trim()) { say('Enter a name.'); name.focus(); return; }
    say('');
    button.disabled = true;
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(new DOMException('', 'NotAllowedError')), passkeyTime);
    try {
        const answer = await fetch(button.dataset.challenge, { method: 'POST', body: new FormData(form), redirect: 'manual' });
        if (answer.type === 'opaqueredirect') { location.assign(location.pathname + location.search); return; }
        const { attemptId, options, message, url } = await answer.json();
        if (url) { location.assign(url); return; } // the person confirms who they are first
        if (!answer.ok) { say(message); return; }
        const credential = button.dataset.passkey === 'create'
            ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal: stop.signal })
            : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal: stop.signal });
        form.elements.attemptId.value = attemptId;
        form.elements.credential.value = JSON.stringify(credential);
        form.requestSubmit();
    } catch (error) {
        say(passkeyProblems[error.name] ?? 'This did not work. Reload the page and try again.');
    } finally {
        clearTimeout(timer);
        button.disabled = false;
    }
});

// Enter in the name of a new passkey is a click on its button: the form has nothing to send before that.
// The window hears it before the page's script marks the form as busy.
window.addEventListener('submit', event => {
    if (!event.target.matches('form[data-passkeys]') || event.target.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.querySelector('[data-passkey]').click();
}, true);

export function show() {
    if (!hasPasskeys) return;
    document.querySelectorAll('form[data-passkeys]').forEach(form => { form.hidden = false; });
    document.querySelectorAll('[data-no-passkeys]').forEach(hint => { hint.hidden = true; });
}
