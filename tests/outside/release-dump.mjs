// Copies pg_dump's output (--inserts) from standard input to standard output: without settings, and without comments and
// blank lines between statements; a role `owner` is CURRENT_USER. Values, names and functions' bodies stay as they are,
// whatever their lines look like.
import fs from 'node:fs';

// Strings, quoted names and what stands in $…$ are parts of their own, so that nothing in them begins or ends a statement.
const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[^]*?\1|--[^\n]*\n|\\[^\n]*\n|;\n?|\s+|[^'"$;\s-]+|[^]/g;
const isSetting = (statement) => /^(SET |SELECT pg_catalog\.set_config)/.test(statement);
const namesRoles = (statement) => /^(ALTER|CREATE|GRANT|REVOKE)$/.test(statement[0]);
const beforeRole = /^(TO|FROM|ROLE|BY)$/;

let statement = [];
for (const [part] of fs.readFileSync(0, 'utf8').matchAll(parts)) {
    // A line that begins with a backslash is a command of psql.
    if (statement.length === 0 && /^(\s|--|\\)/.test(part)) continue;
    const isRole = part === 'owner' && namesRoles(statement) && beforeRole.test(statement.at(-2));
    statement.push(isRole ? 'CURRENT_USER' : part);
    if (!part.startsWith(';')) continue;
    const text = statement.join('');
    if (!isSetting(text)) process.stdout.write(text);
    statement = [];
}
if (statement.length > 0) throw new Error(`The dump ends within a statement: ${statement.join('').slice(0, 80)}`);
