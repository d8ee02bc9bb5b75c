// What script adds to pages that work without it: modal dialogs, the cursor at the first mistake, a warning before the session ends.
const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

// A dialog that its address has opened: the same, but modal. Escape and a click beside it do what its cross does.
function openSheets() {
    each('dialog[data-modal]', sheet => {
        if (sheet.matches(':modal')) return;
        sheet.removeAttribute('open');
        sheet.showModal();
        if (sheet.dataset.wired) return;
        sheet.dataset.wired = 'true';
        const close = () => sheet.querySelector('[data-close]').click();
        sheet.addEventListener('cancel', event => { event.preventDefault(); close(); });
        sheet.addEventListener('mousedown', event => { if (event.target === sheet) close(); });
    });
    each('dialog.ask[open]:not(:modal)', ask => { ask.removeAttribute('open'); });
    // One that new content has shut by its attribute alone would go on barring the page.
    each('dialog:modal:not([open])', barring => { barring.open = true; barring.close(); });
}

// Where the browser doesn't know commandfor yet.
if (!('commandForElement' in HTMLButtonElement.prototype)) {
    document.addEventListener('click', event => {
        const button = event.target.closest('button[commandfor]');
        if (!button) return;
        const dialog = document.getElementById(button.getAttribute('commandfor'));
        if (button.getAttribute('command') === 'show-modal') dialog.showModal(); else dialog.close();
    });
}

function focusMistake() {
    (document.querySelector('[aria-invalid="true"]') ?? document.querySelector('.preview'))?.focus();
}

// A time zone that nobody has given yet is the browser's own.
function fillZone() {
    each('input[data-own-zone]', field => { field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone; });
}

// One menu at a time, and none once the page was clicked elsewhere.
document.addEventListener('click', event => each('details.menu[open]', menu => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    each('details.menu[open]', menu => { menu.open = false; menu.querySelector('summary').focus(); });
});

// Lists search as one types, a moment after the last key.
let typing;
document.addEventListener('input', event => {
    const form = event.target.closest('form[data-live]');
    if (!form) return;
    clearTimeout(typing);
    typing = setTimeout(() => form.requestSubmit(), event.target.type === 'search' ? 300 : 0);
});

// Buttons that do nothing without script are shown by it.
document.addEventListener('click', async event => {
    if (event.target.closest('[data-print]')) print();
    const copy = event.target.closest('[data-copy]');
    if (!copy) return;
    const lines = [...document.getElementById(copy.dataset.copy).children].map(line => line.textContent);
    let said = 'Copied.';
    try { await navigator.clipboard.writeText(lines.join('\n')); } catch { said = 'The browser does not let them be copied: print them, or write them down.'; }
    each('[data-copied]', place => { place.textContent = said; });
});

// The total of an invoice while it is typed.
document.addEventListener('input', event => {
    const lines = event.target.closest('[data-sum]');
    if (!lines) return;
    const number = field => Number(field.value) || 0;
    const prices = [...lines.querySelectorAll('[data-price]')], quantities = lines.querySelectorAll('[data-quantity]');
    lines.querySelector('[data-total]').value = prices.reduce((sum, price, row) => sum + number(price) * number(quantities[row]), 0).toFixed(2);
});

// The same page once more, sending no form again.
const anew = () => location.assign(location.pathname + location.search);

// A form is sent once, however often it is clicked; long work says that it is under way.
document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method !== 'post') return;
    if (form.ariaBusy) { event.preventDefault(); event.stopPropagation(); return; }
    form.ariaBusy = 'true';
    if (form.dataset.busy) (event.submitter ?? form.querySelector('[type="submit"]')).textContent = form.dataset.busy;
    else setTimeout(() => { form.ariaBusy = null; }, 5000);
}, true);

// The session's end, warned of; a sign of life from any tab counts for all. Whoever signs out in one tab is out in all of them.
let aliveAt = Date.now();
const tabs = new BroadcastChannel('practice-session');
tabs.onmessage = ({ data }) => {
    const warning = document.getElementById('session-warning');
    if (data === 'ended') { if (warning) anew(); return; }
    aliveAt = Date.now();
    warning?.close();
};
const alive = () => {
    aliveAt = Date.now();
    tabs.postMessage(document.getElementById('session-warning') ? 'alive' : 'ended');
};
// A page that the browser had put aside as it was may show what is no longer to be seen.
addEventListener('pageshow', event => { if (event.persisted) anew(); });
setInterval(() => {
    const warning = document.getElementById('session-warning');
    if (!warning) return;
    const left = Number(warning.dataset.idleSeconds) - (Date.now() - aliveAt) / 1000;
    if (left <= 0) document.getElementById('session-end').submit();
    else if (left <= Number(warning.dataset.warnSeconds) && !warning.open) warning.showModal();
}, 1000);
document.addEventListener('click', async event => {
    if (!event.target.closest('[data-stay]')) return;
    const answer = await fetch('/session', { redirect: 'manual' });
    if (answer.ok) { alive(); document.getElementById('session-warning').close(); } else anew();
});

function arrive() {
    alive();
    each('[data-script]', button => { button.hidden = false; });
    openSheets();
    fillZone();
    focusMistake();
}

arrive();
window.Blazor?.addEventListener('enhancedload', arrive);
