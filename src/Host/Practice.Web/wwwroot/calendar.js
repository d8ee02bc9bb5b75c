// An appointment that is dragged to a free time opens the form that moves it there: nothing moves by a slip of the hand.
let dragged;
document.addEventListener('dragstart', event => { dragged = event.target.closest?.('.visit[draggable]')?.querySelector('a'); });
document.addEventListener('dragover', event => { if (dragged && event.target.closest?.('.calendar .free')) event.preventDefault(); });
document.addEventListener('drop', event => {
    const free = event.target.closest?.('.calendar .free')?.querySelector('a');
    if (!dragged || !free) return;
    event.preventDefault();
    const [move, to] = [new URL(dragged.href), new URL(free.href).searchParams];
    move.searchParams.set('move', '');
    move.searchParams.set('to', to.get('book'));
    if (to.has('with')) move.searchParams.set('with', to.get('with'));
    location.assign(move);
});
