// A mail server that fails as it is told: FOLDER/smtp-mode holds ok, hang, 4xx, 5xx or cut (after the message). What it
// has accepted is in FOLDER/mails.jsonl.
import fs from 'node:fs';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';

const [folder, port] = process.argv.slice(2);
const mode = () => fs.readFileSync(path.join(folder, 'smtp-mode'), 'utf8').trim();
const refuse = (code) => Object.assign(new Error('told to'), { responseCode: code });

const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom(_, session, done) {
        if (mode() === 'hang') return; // never answers
        done();
    },
    onData(stream, session, done) {
        const parts = [];
        stream.on('data', (part) => parts.push(part));
        stream.on('end', () => {
            const now = mode();
            if (now === '4xx') return done(refuse(451));
            if (now === '5xx') return done(refuse(550));
            if (now === 'hang') return;
            fs.appendFileSync(path.join(folder, 'mails.jsonl'), JSON.stringify(Buffer.concat(parts).toString()) + '\n');
            if (now === 'cut') return server.connections.forEach((connection) => connection._socket.destroy());
            done();
        });
    },
});
server.listen(Number(port), '127.0.0.1');
