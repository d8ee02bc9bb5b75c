// For browsers without commandfor.
document.addEventListener('click', event => {
    const button = event.target.closest('button[commandfor]');
    if (!button) return;
    const dialog = document.getElementById(button.getAttribute('commandfor'));
    if (button.getAttribute('command') === 'show-modal') dialog.showModal(); else dialog.close();
});
