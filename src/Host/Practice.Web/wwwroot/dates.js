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
// The window hears it before the page's script marks the form as busy.
window.addEventListener('submit', event => {
    if (event.target.method !== 'post') return;
    const dates = [...event.target.querySelectorAll('[data-unreadable]')];
    dates.forEach(showUnreadable);
    const wrong = dates.find(field => field.validity.badInput);
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.focus();
}, true);
