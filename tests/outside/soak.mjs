// Judges what soak.sh wrote down: whether something grew that should not.
//   node soak.mjs FILE CONNECTIONS_AT_MOST [faults]
import fs from 'node:fs';

const [file, connections, faults] = process.argv.slice(2);
const rows = fs.readFileSync(file, 'utf8').trim().split('\n').slice(1)
    .map((row) => row.split('\t').map(Number)).filter((row) => row[1] > 0);
const part = (column, from, to) => rows.slice(Math.floor(rows.length * from), Math.ceil(rows.length * to))
    .map((row) => row[column]);
const middle = (column, from, to) => {
    const list = part(column, from, to).sort((a, b) => a - b);
    return list[Math.floor(list.length / 2)];
};
const judge = (what, ok) => {
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${what}`);
    if (!ok) process.exitCode = 1;
};

// A run of less than 45 minutes is hardly longer than the warm-up, and with faults the hosts begin again and again.
const [early, late] = [middle(1, 0.25, 0.5), middle(1, 0.75, 1)];
judge(`memory: ${early} MB in the second quarter, ${late} MB in the last`, late < early * 1.2 + 20);
const growth = Math.round(slope(part(0, 0.5, 1), part(1, 0.5, 1)) * 3600);
const sentence = `memory grows by ${growth} MB an hour in the second half`;
if (faults || rows.at(-1)[0] < 44 * 60) console.log(`        ${sentence} (not judged)`);
else judge(`${sentence}, of 100 at most`, growth <= 100);

const [threads, more] = [middle(2, 0.25, 0.5), middle(2, 0.75, 1)];
judge(`threads: ${threads}, ${more}`, more < threads * 1.2 + 10);
const most = Math.max(...part(3, 0, 1));
judge(`connections: at most ${most}`, most <= Number(connections));
const [waited, waiting] = [middle(4, 0.25, 0.5), middle(4, 0.75, 1)];
judge(`waiting messages: ${waited}, ${waiting}`, waiting < 100);

/** By least squares, a second. */
function slope(seconds, values) {
    const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const [at, of] = [mean(seconds), mean(values)];
    const products = (a, b) => a.reduce((sum, value, n) => sum + (value - at) * b(n), 0);
    return products(seconds, (n) => values[n] - of) / products(seconds, (n) => seconds[n] - at);
}
