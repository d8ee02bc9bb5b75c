-- A practice with a thousand of everything, and another one beside it. docs: Crowd.cs.
do $$ begin
create temporary table people as
select place.*, n, ('00000000-0000-7000-8000-' || lpad(to_hex(number * 100000 + n), 12, '0'))::uuid as id,
    ('00000000-0000-7000-8000-' || lpad(to_hex(number * 100000 + 1), 12, '0'))::uuid as patient_id,
    now() - make_interval(mins => n) as at
from (values (1, '{group}'::uuid, '{location}'::uuid, '{owner}'::uuid, '{account}'::uuid),
    (2, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()))
    as place (number, group_id, location_id, user_id, account_id), generate_series(1, 1000) n;

-- Only the practice that is looked at is searched: words are what takes time.
for place in 1..2 loop
perform set_config('session_replication_role', case place when 1 then 'origin' else 'replica' end, true);
insert into groups.memberships (group_id, user_id, email, first_name, last_name, role_type, profession, level,
    switched_on, switched_off, is_owner, location_ids, status, joined_at)
select group_id, id, format('m%s.%s@example.com', n, number), 'First' || n, 'Last' || n % 97, 'Practitioner',
    'physiotherapist', 'Contact', 0, 0, false, '{}', 'Active', at from people where number = place;
insert into portal.patients (id, group_id, practice_name, first_name, last_name, email, date_of_birth, added_by_id,
    added_at, account_id, location_id)
select id, group_id, 'Practice', 'First' || n, 'Last' || n % 97, format('p%s.%s@example.com', n, number),
    '1985-04-12', user_id, at, account_id, location_id from people where number = place;
end loop;

insert into locations.locations (id, group_id, name, time_zone, created_at)
select id, group_id, 'Place ' || n, 'Australia/Melbourne', at from people;
insert into groups.access_levels (id, group_id, name, role_type, settings, created_at)
select id, group_id, 'Level ' || n, 'Administrator', 1, at from people;
insert into groups.api_clients (id, group_id, name, role_type, level, switched_on, switched_off, created_at,
    created_by_id, revoked_at)
select id, group_id, 'Program ' || n, 'Administrator', 'Reception', 0, 0, at, user_id, now() from people;
insert into groups.invitations (id, group_id, group_name, user_id, email, normalized_email, role_type, profession,
    level, switched_on, switched_off, location_ids, status, invited_by_id, invited_by_name, created_at, expires_at)
select gen_random_uuid(), invited.group_id, 'Practice', invited.user_id, 'i@example.com', 'I@EXAMPLE.COM',
    'Administrator', 'receptionist', 'Contact', 0, 0, '{}', 'Pending', p.user_id, 'Owner', at, now() + interval '9 days'
from people p, lateral (values (p.group_id, p.id), (p.id, p.user_id)) as invited (group_id, user_id);
insert into audit.entries (id, at, group_id, actor_id, authority, act, subject_id)
select gen_random_uuid(), at, group_id, user_id, 'owner', 'groups.member_added', id from people;
insert into users.notifications (id, account_id, source, kind, title, body, created_at, data)
select id, user_id, 'groups:' || n, 'Joined', 'Title', 'Body', at, '{}' from people;
insert into portal.grants (id, account_id, account_name, user_id, user_name, user_email, role, level, status,
    requested_at, asked_role)
select gen_random_uuid(), given.account_id, 'Owner', given.user_id, 'Somebody', 's@example.com', 'View',
    'Administrative', 'Current', at, 'View'
from people p, lateral (values (p.account_id, p.id), (p.id, p.user_id)) as given (account_id, user_id);
insert into portal.receipts (id, account_id, group_id, practice_name, at, user_id, user_name, authority, opened)
select id, account_id, group_id, 'Practice', at, id, 'Somebody', 'staff', 'appointments' from people;
insert into portal.appointments (id, group_id, patient_id, account_id, practitioner_id, practitioner_name,
    location_id, location_name, starts_at, ends_at, status, location_time_zone)
select id, group_id, patient_id, account_id, user_id, 'Owner', location_id, 'Place',
    now() + make_interval(mins => n), now() + make_interval(mins => n + 30), 'Booked', 'Australia/Melbourne'
from people;
insert into portal.invoices (id, group_id, patient_id, account_id, issued_by_id, number, issued_on, due_on, currency,
    lines, total, practitioner_id, status)
select id, group_id, patient_id, account_id, user_id, number || '-' || n, '2026-01-01', '2026-02-01', 'AUD', '[]', 10,
    user_id, case n % 2 when 0 then 'Paid' else 'Issued' end
from people;
insert into portal.clinical_records (id, group_id, patient_id, account_id, author_id, author_name, kind, title, body,
    recorded_at)
select id, group_id, patient_id, account_id, user_id, 'Owner', 'Note', 'Title', 'Body', at from people;
insert into portal.requests (id, group_id, patient_id, account_id, kind, text, starts_at, practitioner_id,
    location_id, sent_by_name, acting_for, status, sent_at)
select gen_random_uuid(), group_id, patient_id, account_id, kind, 'Text', now() + interval '9 days', user_id,
    location_id, 'Owner', 'Owner', 'Open', at
from people, (values ('Appointment'), ('HealthNote')) as kinds (kind);
insert into portal.texts (id, group_id, appointment_id, status, created_at, changed_at)
select id, group_id, id, 'Sent', at, at from people;
-- Rows this small need to be more: two thousand fit on few pages, which are as cheap to read as twenty keys.
insert into portal.texts (id, group_id, appointment_id, status, created_at, changed_at)
select gen_random_uuid(), group_id, id, 'Sent', at, at from people, generate_series(1, 9);
insert into portal.credit_entries (id, group_id, at, kind, amount, text_id)
select entry.id, group_id, at, kind, amount, text_id
from people p, lateral (values (gen_random_uuid(), 'TopUp', 2, null::uuid), (gen_random_uuid(), 'Text', -1, p.id))
    as entry (id, kind, amount, text_id)
order by amount desc;
insert into webhooks.webhooks (id, group_id, url, events, secret, enabled, created_at)
select distinct group_id, group_id, 'https://program.example', '{}'::text[], '', false, now() from people;
insert into webhooks.deliveries (id, group_id, webhook_id, event, payload, created_at, status, tried_since, attempts)
select id, group_id, group_id, 'ping', '{}', at, 'Delivered', at, 1 from people;
end $$
