#!/usr/bin/env bash
# Package:   PostgreSQL 18.6, as PGlite (npm @electric-sql/pglite 0.5.16); seen in PostgreSQL 15 as well
# Behaviour: A row-level security policy "exists (select from patients where patients.id = visits.patient)" on a table
#            that is read a page at a time (order by … limit 20) reads all patients that the role may see, for each page:
#            the planner makes it a hashed subplan. It counts how often the condition would run without the limit.
# Expected:  Twenty look-ups by the primary key of patients, one for each row of the page, as with "offset 0" in the
#            sub-select.
# Why it matters: a page of 20 rows costs as much as the largest table that its policies mention, and grows with it.
# Seen:      exists:          5000 patients read
#            exists offset 0: 20 patients read
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit @electric-sql/pglite@0.5.16

cat >finding.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = new PGlite();
await db.exec(`
    create table patients (id int primary key, practice int not null, name text not null);
    create table visits (id int primary key, practice int not null, patient int not null);
    create index on visits (practice, id);
    insert into patients select n, n % 10, 'Patient ' || n from generate_series(1, 50000) n;
    insert into visits select n, n % 10, n from generate_series(1, 50000) n;
    alter table patients enable row level security;
    alter table visits enable row level security;
    create policy of_practice on patients using (practice = current_setting('app.practice')::int);
    create policy of_practice on visits using (practice = current_setting('app.practice')::int);
    create policy of_patient on visits as restrictive
        using (exists (select from patients where patients.id = visits.patient));
    create role staff;
    grant select on patients, visits to staff;
    set app.practice = 1;
`);
await db.exec('analyze');

async function patientsRead() {
    await db.exec('set role staff');
    const page = 'select id from visits where practice = 1 order by id limit 20';
    const { rows } = await db.query(`explain (analyze, format json) ${page}`);
    await db.exec('reset role');
    const plan = JSON.parse(JSON.stringify(rows[0]['QUERY PLAN']))[0].Plan;
    const nodes = node => [node, ...(node.Plans ?? []).flatMap(nodes)];
    return nodes(plan)
        .filter(node => node['Relation Name'] === 'patients')
        .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
}

const exists = await patientsRead();
await db.exec(`alter policy of_patient on visits
    using (exists (select from patients where patients.id = visits.patient offset 0))`);
const offset = await patientsRead();
console.log((await db.query('select version()')).rows[0].version.split(' on ')[0]);
console.log(`exists:          ${exists} patients read`);
console.log(`exists offset 0: ${offset} patients read`);
process.exit(exists === 5000 && offset === 20 ? 0 : 1);
JS
node finding.mjs || { echo "The behaviour has changed."; exit 1; }
