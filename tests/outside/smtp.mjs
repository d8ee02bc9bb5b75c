// A mail server that fails as it is told: FOLDER/smtp-mode holds ok, hang, hold (hangs for as long as that stands
// there, then drops the connection), 4xx, 5xx, mid (drops it in the middle of the message) or cut (drops it after the
// message, which it keeps). What it has accepted is in FOLDER/mails.jsonl; each email that it has failed is a line in
// FOLDER/mails.failed, with the time and how.
import fs from 'node:fs';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';

const [folder, port, address = '127.0.0.1'] = process.argv.slice(2);
const mode = () => fs.readFileSync(path.join(folder, 'smtp-mode'), 'utf8').trim();
const note = (how) => fs.appendFileSync(path.join(folder, 'mails.failed'), `${Date.now()} ${how}\n`);
const drop = (session, how) => {
    note(how);
    for (const connection of server.connections) if (connection.session === session) connection._socket.destroy();
};
const refuse = (how, code) => {
    note(how);
    return Object.assign(new Error('told to'), { responseCode: code });
};

const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom(_, session, done) {
        if (mode() === 'hang') return note('hang'); // never answers
        if (mode() !== 'hold') return done();
        const waiting = setInterval(() => {
            if (mode() === 'hold') return;
            clearInterval(waiting);
            drop(session, 'hold');
        }, 100);
    },
    onData(stream, session, done) {
        const parts = [];
        let dropped = false;
        stream.on('data', (part) => {
            if (mode() !== 'mid' || dropped) return parts.push(part);
            dropped = true;
            drop(session, 'mid');
        });
        stream.on('end', () => {
            if (dropped) return;
            const now = mode();
            if (now === '4xx') return done(refuse(now, 451));
            if (now === '5xx') return done(refuse(now, 550));
            if (now === 'hang') return note(now);
            fs.appendFileSync(path.join(folder, 'mails.jsonl'), JSON.stringify(Buffer.concat(parts).toString()) + '\n');
            if (now === 'cut') return drop(session, now);
            done();
        });
    },
});
server.listen(Number(port), address);
