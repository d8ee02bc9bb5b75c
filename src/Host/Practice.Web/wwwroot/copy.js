// Copy and print. These buttons are hidden without JavaScript.
document.addEventListener('click', async event => {
    if (event.target.closest('[data-print]')) print();
    const copy = event.target.closest('[data-copy]');
    if (!copy) return;
    const lines = [...document.getElementById(copy.dataset.copy).children].map(line => line.textContent);
    let message = 'Copied.';
    try { await navigator.clipboard.writeText(lines.join('\n')); } catch { message = 'The browser blocked copying. Select the text and copy it.'; }
    document.querySelectorAll('[data-copied]').forEach(place => { place.textContent = message; });
});
