// Enhancements for pages that also work without JavaScript: modal dialogs, focus on the first error, a warning before typed text or the session is lost.
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

// Like its close button, which asks if something is typed.
const closeModal = modal => modal.querySelector('[data-close]').click();

// Makes a dialog that the address opened modal. Escape and a click outside close it.
function openModals() {
    each('dialog[data-modal]', modal => {
        if (modal.matches(':modal')) return;
        modal.removeAttribute('open');
        modal.showModal();
        if (modal.dataset.wired) return;
        modal.dataset.wired = 'true';
        modal.addEventListener('cancel', event => { event.preventDefault(); if (!answered) closeModal(modal); });
        modal.addEventListener('mousedown', event => {
            const box = modal.getBoundingClientRect(), { clientX: x, clientY: y } = event;
            if (event.target !== modal || x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return; // its scrollbar
            event.preventDefault(); // else the click takes the focus away from the question
            closeModal(modal);
        });
        // A browser may close a dialog that has asked once already.
        modal.addEventListener('close', () => { if (modal.matches('[data-modal]') && !leaving && unsaved().length) modal.showModal(); });
    });
    each('dialog.confirm[open]:not(:modal)', dialog => { dialog.removeAttribute('open'); });
    // A dialog whose open attribute was removed by new content would still block the page.
    each('dialog:modal:not([open])', dialog => { dialog.open = true; dialog.close(); });
}

// For browsers without commandfor.
if (!('commandForElement' in HTMLButtonElement.prototype)) {
    document.addEventListener('click', event => {
        const button = event.target.closest('button[commandfor]');
        if (!button) return;
        const dialog = document.getElementById(button.getAttribute('commandfor'));
        if (button.getAttribute('command') === 'show-modal') dialog.showModal(); else dialog.close();
    });
}

// The focus, and so what the browser shows, is at what the last action led to: an error, or the message that it is done.
function focusResult() {
    const place = document.querySelector('[aria-invalid="true"]') ?? document.querySelector('.problem, .preview');
    if (place) { place.focus(); return; }
    const message = document.getElementById('message');
    if (!message || message.dataset.shown) return;
    message.dataset.shown = 'true';
    message.focus();
    message.scrollIntoView({ block: 'nearest' });
}

// Fills an empty time zone with the browser's zone, which nobody typed, and tells the server in which zone the reader's dates are.
function fillTimeZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    each('input[data-browser-zone]', field => {
        if (!field.value) field.defaultValue = field.value = zone;
    });
    document.cookie = `practice-zone=${zone}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
}

// What is typed into a form and not sent is not lost by a slip: leaving it asks. Passwords are typed again anyway.
const asked = document.getElementById('discard');
let here = location.href, leaving = false, answered = false, discard;
function isChanged(field) {
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
    if (field.options) {
        const first = [...field.options].findIndex(option => option.defaultSelected);
        return field.selectedIndex !== Math.max(first, 0);
    }
    return field.value !== field.defaultValue || field.validity.badInput;
}
function isUnsaved(form) {
    if (form.method !== 'post' || form.ariaBusy || form.querySelector('[autocomplete="current-password"]:not([name^="verify."])')) return false;
    const fields = form.querySelectorAll('input:not([type="hidden"], [type="password"]), select, textarea');
    return [...fields].some(field => form.querySelector('[data-unsaved]') || isChanged(field));
}
const unsaved = () => [...document.forms].filter(isUnsaved);
function askToDiscard(act) {
    discard = () => { leaving = true; act(); };
    asked.showModal();
}
asked.addEventListener('click', event => {
    if (event.target.closest('[data-keep]')) asked.close();
    if (event.target.closest('[data-discard]')) { asked.close(); discard(); }
});
// One key or gesture closes one dialog. By itself, a browser can take both.
asked.addEventListener('cancel', () => { answered = true; setTimeout(() => { answered = false; }); });
document.addEventListener('keydown', event => {
    const modal = asked.open ? asked : document.querySelector('dialog[data-modal]:modal');
    if (event.key !== 'Escape' || event.defaultPrevented || !modal || !asked.open && document.querySelector('dialog.confirm:modal')) return;
    event.preventDefault();
    if (modal === asked) asked.close(); else closeModal(modal);
});
addEventListener('beforeunload', event => { if (!leaving && unsaved().length) event.preventDefault(); });
document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    if (!link || leaving || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.matches('[data-leave]')) { leaving = true; return; } // the page advises to go there instead
    const stays = link.target || link.hasAttribute('download') || link.hash && link.href.split('#')[0] === location.href.split('#')[0];
    if (stays && !link.matches('[data-close]') || !unsaved().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askToDiscard(() => link.click());
}, true);
// Back and forward have changed the address already. It is put in place again until the person decides.
addEventListener('popstate', event => {
    if (leaving || here.split('#')[0] === location.href.split('#')[0] || !unsaved().length) return;
    event.stopImmediatePropagation();
    history.pushState(null, '', here);
    askToDiscard(() => history.back());
});

// Sends what is typed to the server, where the person finds it after the next sign-in. For a page that leaves by itself.
async function keepUnsaved() {
    leaving = true;
    const page = encodeURIComponent(location.pathname + location.search);
    const forms = unsaved().filter(form => form.enctype !== 'multipart/form-data');
    const sent = forms.map(form => fetch(`/drafts?at=${page}`, {
        method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual', signal: AbortSignal.timeout(3000),
    }).catch(() => undefined));
    return (await Promise.all(sent)).some(answer => answer?.ok);
}

// A date or time that is typed in part would be sent as an empty one. The page says so, and the field stays as it is.
function showUnreadable(field) {
    const id = `${field.id}-unreadable`;
    document.getElementById(id)?.remove();
    const wrong = field.validity.badInput;
    if (wrong || field.dataset.wrong) field.ariaInvalid = wrong ? 'true' : null;
    field.dataset.wrong = wrong ? 'true' : '';
    if (!wrong) return;
    const text = Object.assign(document.createElement('p'), { id, className: 'error', textContent: field.dataset.unreadable });
    text.role = 'alert';
    field.before(text);
    field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${id}`.trim());
}
document.addEventListener('submit', event => {
    if (event.target.method !== 'post') return;
    const dates = [...event.target.querySelectorAll('[data-unreadable]')];
    dates.forEach(showUnreadable);
    const wrong = dates.find(field => field.validity.badInput);
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.focus();
}, true);

// Only one menu is open. A click elsewhere or Escape closes it.
document.addEventListener('click', event => each('details.menu[open]', menu => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    each('details.menu[open]', menu => { menu.open = false; menu.querySelector('summary').focus(); });
});

// Searches while the person types, shortly after the last key. A date waits longer: its year is typed digit by digit.
const pauses = { search: 300, date: 1000 };
let typing, typed;
document.addEventListener('input', event => {
    const field = event.target, form = field.closest('form[data-live]');
    if (!form) return;
    typed = { field, text: field.value, caret: field.selectionStart };
    clearTimeout(typing);
    typing = setTimeout(() => form.requestSubmit(), pauses[field.type] ?? 0);
});

// The page of an earlier search must not replace what the person has typed since.
function keepTyped() {
    if (!typed || typed.field !== document.activeElement) { typed = undefined; return; }
    const { field, text, caret } = typed;
    if (field.value !== text) {
        field.value = text;
        if (caret !== null) field.setSelectionRange(caret, caret);
    }
    if (new URLSearchParams(location.search).get(field.name) === text) typed = undefined; // this search is the last one
}

// Copy and print. These buttons are hidden without JavaScript.
document.addEventListener('click', async event => {
    if (event.target.closest('[data-print]')) print();
    const copy = event.target.closest('[data-copy]');
    if (!copy) return;
    const lines = [...document.getElementById(copy.dataset.copy).children].map(line => line.textContent);
    let message = 'Copied.';
    try { await navigator.clipboard.writeText(lines.join('\n')); } catch { message = 'The browser blocked copying. Print the codes or write them down.'; }
    each('[data-copied]', place => { place.textContent = message; });
});

// The total of an invoice, shortly after the last key. The server adds up: there is one rule for money.
let pricing, priced;
document.addEventListener('input', event => {
    const form = event.target.form, lines = form?.querySelector('[data-price]');
    if (!lines) return;
    clearTimeout(pricing);
    pricing = setTimeout(async () => {
        priced?.abort(); // an earlier answer must not replace a later one
        priced = new AbortController();
        const total = lines.querySelector('[data-total]');
        try {
            const answer = await fetch(lines.dataset.price, { method: 'POST', body: new FormData(form), redirect: 'manual', signal: priced.signal });
            total.value = answer.ok ? await answer.text() : '–'; // rather none than one that is no longer true
        } catch (error) {
            if (error.name !== 'AbortError') total.value = '–';
        }
    }, 300);
});

// Reloads the page without posting a form again.
const reload = () => location.assign(location.pathname + location.search);

// A form is posted once, even after a double click. Long work shows a busy label.
// Enter in the name of a new passkey is a click on its button: the form has nothing to send before that.
document.addEventListener('submit', event => {
    if (!event.target.matches('form[data-passkeys]') || event.target.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.querySelector('[data-passkey]').click();
}, true);

document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method !== 'post') return;
    if (form.ariaBusy) { event.preventDefault(); event.stopPropagation(); return; }
    form.ariaBusy = 'true';
    if (form.dataset.busy) (event.submitter ?? form.querySelector('[type="submit"]')).textContent = form.dataset.busy;
    else setTimeout(() => { form.ariaBusy = null; }, 5000);
}, true);

// Warns before the session ends. Activity in one tab counts for all tabs, and a sign-out in one tab signs out all of them.
let lastActivity = Date.now();
const tabs = new BroadcastChannel('practice-session');
tabs.onmessage = ({ data }) => {
    const warning = document.getElementById('session-warning');
    if (data === 'ended') { if (warning) keepUnsaved().then(reload); return; }
    lastActivity = Date.now();
    warning?.close();
};
const reportActivity = () => {
    lastActivity = Date.now();
    tabs.postMessage(document.getElementById('session-warning') ? 'alive' : 'ended');
};
// A page from the back/forward cache may show data that the person can no longer see.
addEventListener('pageshow', event => { if (event.persisted) reload(); });
setInterval(() => {
    const warning = document.getElementById('session-warning');
    if (!warning) return;
    // A practice may have a limit of its own. It asks for the password and does not sign out.
    const ofPractice = Number(document.querySelector('.staff')?.dataset.idleSeconds ?? Infinity);
    const idleSeconds = Math.min(ofPractice, Number(warning.dataset.idleSeconds));
    const left = idleSeconds - (Date.now() - lastActivity) / 1000;
    const minutes = Math.floor(idleSeconds / 60);
    warning.querySelector('[data-idle-time]').textContent = minutes === 1 ? 'a minute' : `${minutes} minutes`;
    if (left <= 0 && !leaving)
        keepUnsaved().then(kept => {
            if (idleSeconds === ofPractice)
                location.assign(`/confirm?${kept ? 'kept&' : ''}to=${encodeURIComponent(location.pathname + location.search)}`);
            else document.getElementById('session-end').submit();
        });
    else if (left <= 0) return;
    else if (left <= Number(warning.dataset.warnSeconds) && !warning.open) warning.showModal();
}, 1000);
document.addEventListener('click', async event => {
    if (!event.target.closest('[data-stay]')) return;
    const answer = await fetch('/session', { redirect: 'manual' });
    if (answer.ok) { reportActivity(); document.getElementById('session-warning').close(); } else keepUnsaved().then(reload);
});

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
        if (answer.type === 'opaqueredirect') { reload(); return; }
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

function showPasskeys() {
    if (!hasPasskeys) return;
    each('form[data-passkeys]', form => { form.hidden = false; });
    each('[data-no-passkeys]', hint => { hint.hidden = true; });
}

function start() {
    [here, leaving] = [location.href, false];
    keepTyped();
    reportActivity();
    each('[data-script]', button => { button.hidden = false; });
    showPasskeys();
    openModals();
    fillTimeZone();
    focusResult();
}

start();
document.addEventListener('DOMContentLoaded', () => window.Blazor?.addEventListener('enhancedload', start));
