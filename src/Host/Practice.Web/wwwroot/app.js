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
        if (!modal.querySelector('[autofocus]')) modal.querySelector('.modal-body :is(input:not([type="hidden"]), select, textarea, button, a)')?.focus();
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

// When a dialog that the address opened is closed, the focus goes back to the link that led to it.
let opener, hadModal;
document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    if (link && !link.closest('dialog')) opener = link.getAttribute('href');
});
function focusOpener() {
    const modal = document.querySelector('dialog[data-modal]');
    if (hadModal && !modal) [...document.querySelectorAll('main a[href]')].find(link => link.getAttribute('href') === opener)?.focus();
    hadModal = modal !== null;
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

// Reloads the page without posting a form again.
const reload = () => location.assign(location.pathname + location.search);

// A form is posted once, even after a double click. Long work shows a busy label.
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

// What few pages need, or few browsers.
const modules = [
    ['.calendar', '/calendar.js'],
    ['[data-copy], [data-print]', '/copy.js'],
    ['[data-price]', '/invoice-total.js'],
    ['[data-unreadable]', '/dates.js'],
];
if (!('commandForElement' in HTMLButtonElement.prototype)) import('/commands.js');

function start() {
    [here, leaving] = [location.href, false];
    keepTyped();
    reportActivity();
    each('[data-script]', button => { button.hidden = false; });
    for (const [part, file] of modules) if (document.querySelector(part)) import(file);
    if (document.querySelector('[data-passkeys]')) import('/passkeys.js').then(passkeys => passkeys.show());
    openModals();
    focusOpener();
    fillTimeZone();
    document.querySelector('.side .active')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    focusResult();
}

start();
document.addEventListener('DOMContentLoaded', () => window.Blazor?.addEventListener('enhancedload', start));
