-- {groups} practices, in each {members} members out of {users} people, and {patients} patients. The first practice has
-- 200 members and 200 patients in every set, so that its pages are the same. The owner of the database writes: no
-- row-level security holds it. Triggers fill what is searched.

-- An id of version 7, of a time long ago: new practices have lower limits. Ids.cs makes the same ones.
create function pg_temp.id(kind int, number bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(1700000000000 + number), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8' || lpad(to_hex(number), 15, '0'))::uuid
$$;
create function pg_temp.first_name(number bigint) returns text language sql immutable as $$
    select (array['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gina', 'Hugo', 'Ines', 'Jack', 'Kira', 'Liam', 'Mona',
        'Noah', 'Olive', 'Paul', 'Quinn', 'Rosa', 'Sam', 'Tess', 'Uma', 'Vic', 'Wren', 'Yara'])[1 + number % 24]
$$;
create function pg_temp.last_name(number bigint) returns text language sql immutable as $$
    select (array['Bar', 'Car', 'Dor', 'El', 'Fair', 'Gar', 'Har', 'In', 'Jar', 'Kel', 'Lan', 'Mor', 'Nor', 'Or', 'Pen',
        'Ral', 'San', 'Tal', 'Val', 'Wal'])[1 + (number * 7) % 20]
        || (array['bury', 'croft', 'dale', 'field', 'ford', 'gate', 'ham', 'land', 'ley', 'low', 'mere', 'more', 'ner',
        'rick', 'son', 'stead', 'ton', 'well', 'wick', 'wood'])[1 + (number / 20) % 20]
$$;

insert into users.accounts (
    id, first_name, last_name, must_change_password, added_attempt, created_at, email, normalized_email,
    email_confirmed, security_stamp, two_factor_enabled, first_signed_in_at)
select pg_temp.id(2, n), pg_temp.first_name(n), pg_temp.last_name(n), false, 0, now(),
    'person' || n || '@practice.test', 'PERSON' || n || '@PRACTICE.TEST', true, md5(n::text), false, now()
from generate_series(1, {users}) n;

insert into groups.groups (
    id, name, reminders_enabled, reminders_hours_before, invoice_currency, invoice_due_after_days, requires_two_factor,
    created_at)
select pg_temp.id(1, g), 'Practice ' || g, true, 24, 'AUD', 14, false, now() from generate_series(1, {groups}) g;

insert into locations.locations (id, group_id, name, time_zone, created_at)
select pg_temp.id(3, g), pg_temp.id(1, g), 'Main street', 'Australia/Melbourne', now()
from generate_series(1, {groups}) g;

create temporary table members as
select g, case when g = 1 then m else ((g - 1)::bigint * {members} + m - 1) % {users} + 1 end as n, m = 1 as owner
from generate_series(1, {groups}) g, generate_series(1, case when g = 1 then 200 else {members} end) m;
-- The caller owns five practices, in every set.
insert into members select g, 1, true from generate_series(1, {groups}, {groups} / 5) g
where not exists (select from members where members.g = g.g and n = 1);

insert into groups.memberships (
    group_id, user_id, email, first_name, last_name, role_type, profession, registration_number, level, switched_on,
    switched_off, is_owner, location_ids, status, joined_at)
select pg_temp.id(1, g), pg_temp.id(2, n), 'person' || n || '@practice.test', pg_temp.first_name(n),
    pg_temp.last_name(n),
    case when n % 2 = 0 then 'Practitioner' else 'Administrator' end,
    case when n % 2 = 0 then 'physiotherapist' else 'practiceManager' end, case when n % 2 = 0 then 'PHY' || n end,
    case when owner then 'Full' else 'Clinical' end, 0, 0, owner, array[pg_temp.id(3, g)], 'Active', now()
from members;

-- 255 and 1073741824: every setting, and the owner (Practice.Authorization.Access)
insert into authority.memberships (user_id, group_id, active, settings, location_ids)
select pg_temp.id(2, n), pg_temp.id(1, g), true, case when owner then 255 + 1073741824 else 15 end,
    array[pg_temp.id(3, g)]
from members;

insert into groups.current_groups (user_id, group_id) values (pg_temp.id(2, 1), pg_temp.id(1, 1));

insert into groups.invitations (
    id, group_id, group_name, user_id, email, normalized_email, role_type, profession, level, switched_on, switched_off,
    location_ids, status, invited_by_id, invited_by_name, created_at, expires_at)
select pg_temp.id(7, g * 10 + i), pg_temp.id(1, g), 'Practice ' || g, pg_temp.id(2, n),
    'person' || n || '@practice.test', 'PERSON' || n || '@PRACTICE.TEST',
    'Administrator', 'practiceManager', 'Clinical', 0, 0, '{}', 'Pending',
    pg_temp.id(2, 1), 'Ben Fairbury', now(), now() + interval '7 days'
from generate_series(1, {groups}) g, generate_series(1, 5) i,
    lateral (select (g::bigint * 37 + i * 1009) % {users} + 1 as n) invited
where not exists (select from members where members.g = g.g and members.n = invited.n);

-- Of {accounts} people with a portal account, each gives access to one other. Twenty access the first one.
insert into portal.accounts (id, user_id, first_name, last_name, date_of_birth, time_zone, created_at)
select pg_temp.id(5, n), pg_temp.id(2, n), pg_temp.first_name(n), pg_temp.last_name(n),
    date '1950-01-01' + (n % 20000)::int, 'Australia/Melbourne', now()
from generate_series(1, {accounts}) n;

create temporary table access as
select n as account, n % {users} + 2 as person, n * 32 as number from generate_series(1, {accounts}) n
union all select 1, i + 100, 32 + i from generate_series(1, 19) i;

insert into portal.grants (
    id, account_id, account_name, user_id, user_name, user_email, asked_email, normalized_asked_email, asked_role, role,
    level, status, requested_at, approved_at, given_by_id)
select pg_temp.id(6, number), pg_temp.id(5, account), pg_temp.first_name(account) || ' ' || pg_temp.last_name(account),
    pg_temp.id(2, person), pg_temp.first_name(person) || ' ' || pg_temp.last_name(person),
    'person' || person || '@practice.test', 'person' || account || '@practice.test',
    'PERSON' || account || '@PRACTICE.TEST', 'View', 'View', 'Administrative', 'Current', now(), now(),
    pg_temp.id(2, account)
from access where person <= {users};

insert into authority.portal_access (account_id, user_id, relation, can_edit, clinical, active)
select pg_temp.id(5, n), pg_temp.id(2, n), 'self', true, true, true from generate_series(1, {accounts}) n;
insert into authority.portal_access (account_id, user_id, relation, grant_id, can_edit, clinical, active, given_by)
select pg_temp.id(5, account), pg_temp.id(2, person), 'granted', pg_temp.id(6, number), false, false, true,
    pg_temp.id(2, account)
from access where person <= {users};

create temporary table sick as
select g, case when g = 1 then p else 200 + (g - 2)::bigint * {patients} + p end as n
from generate_series(1, {groups}) g, generate_series(1, case when g = 1 then 200 else {patients} end) p;

insert into portal.patients (
    id, group_id, practice_name, first_name, last_name, email, phone, date_of_birth, location_id, added_by_id,
    account_id, added_at)
select pg_temp.id(4, n), pg_temp.id(1, g), 'Practice ' || g, pg_temp.first_name(n), pg_temp.last_name(n),
    'person' || n || '@practice.test', '0400' || lpad(n::text, 6, '0'), date '1950-01-01' + (n % 20000)::int,
    pg_temp.id(3, g), pg_temp.id(2, 1), case when n <= {accounts} then pg_temp.id(5, n) end, now()
from sick;

-- The first patient has ten of each, others two.
create temporary table kept as
select g, n, n * 16 + i as number, i from sick, generate_series(1, case when n = 1 then 10 else 2 end) i;

insert into portal.appointments (
    id, group_id, patient_id, account_id, practitioner_id, practitioner_name, location_id, location_name, starts_at,
    ends_at, status, location_time_zone)
select pg_temp.id(8, number), pg_temp.id(1, g), pg_temp.id(4, n), case when n <= {accounts} then pg_temp.id(5, n) end,
    pg_temp.id(2, 2), 'Cleo Penbury', pg_temp.id(3, g), 'Main street', date_trunc('hour', now()) + i * interval '1 day',
    date_trunc('hour', now()) + i * interval '1 day' + interval '30 minutes', 'Booked', 'Australia/Melbourne'
from kept;
insert into portal.invoices (
    id, group_id, patient_id, account_id, issued_by_id, number, issued_on, due_on, currency, lines, total)
select pg_temp.id(9, number), pg_temp.id(1, g), pg_temp.id(4, n), case when n <= {accounts} then pg_temp.id(5, n) end,
    pg_temp.id(2, 1), number::text, current_date, current_date + 14, 'AUD',
    '[{"description": "Consultation", "quantity": 1, "unitPrice": 90}]', 90
from kept;
insert into portal.clinical_records (
    id, group_id, patient_id, account_id, author_id, author_name, kind, title, body, recorded_at)
select pg_temp.id(10, number), pg_temp.id(1, g), pg_temp.id(4, n), case when n <= {accounts} then pg_temp.id(5, n) end,
    pg_temp.id(2, 2), 'Cleo Penbury', 'Note', 'Visit ' || i, repeat('The knee is better. ', 10), now()
from kept;
insert into portal.receipts (
    id, account_id, group_id, practice_name, at, user_id, user_name, authority, opened, subject_id)
select pg_temp.id(11, number), pg_temp.id(5, n), pg_temp.id(1, g), 'Practice ' || g, now(), pg_temp.id(2, 2),
    'Cleo Penbury', 'staff', 'patient', pg_temp.id(4, n)
from kept where n <= {accounts};

insert into users.notifications (id, account_id, source, kind, title, body, created_at, data)
select pg_temp.id(12, n * 32 + i), pg_temp.id(2, n), 'seed-' || i, 'Joined', 'Welcome to Practice ' || i,
    'You are now a member.', now(), '{"Status": null, "GrantId": null, "GroupId": null, "AccountId": null,
        "ExpiresAt": null, "InvitationId": null, "GuardianshipId": null}'
from generate_series(1, {users}) n, generate_series(1, case when n = 1 then 30 else 2 end) i;

-- As sealed ones: no trigger queues them for the audit's chain.
set session_replication_role = replica;
insert into audit.entries (id, at, group_id, actor_id, authority, act, subject_id)
select pg_temp.id(13, g::bigint * 1024 + i), now(), pg_temp.id(1, g), pg_temp.id(2, 1), 'owner', 'locations.created',
    pg_temp.id(3, g)
from generate_series(1, {groups}) g, generate_series(1, case when g = 1 then 1000 else {entries} end) i;
reset session_replication_role;
