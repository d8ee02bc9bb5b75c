// The total of an invoice, shortly after the last key. The server adds up: there is one rule for money.
let pricing, priced;
const price = (form, lines) => {
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
};
document.addEventListener('input', event => {
    const form = event.target.form, lines = form?.querySelector('[data-price]');
    if (lines) price(form, lines);
});
// What was typed before this script was here.
const typed = [...document.querySelectorAll('[data-price] [name$=".unitPrice"]')].find(field => field.value);
if (typed) price(typed.form, typed.closest('[data-price]'));
