-- Without the practices and who gave the access: its parameters of an earlier version.
drop function if exists authority.write_portal_access(
    uuid, uuid, text, uuid, boolean, boolean, boolean, timestamptz, timestamptz, integer, integer);
-- Sets how a person may open a portal account. It counts with the very next request.
create or replace function authority.write_portal_access(
    p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_given_by uuid, p_edit boolean, p_clinical boolean, p_active boolean,
    p_ends timestamptz, p_clinical_ends timestamptz, p_all_practices_until timestamptz, p_clinical_age integer, p_adult_age integer) returns void
language sql security definer set search_path = '' as $$
    insert into authority.portal_access (
        account_id, user_id, relation, grant_id, given_by, can_edit, clinical, active,
        ends_at, clinical_ends_at, all_practices_until, clinical_age, adult_age)
    values (
        p_account, p_user, p_relation, p_grant, p_given_by, p_edit, p_clinical, p_active,
        p_ends, p_clinical_ends, p_all_practices_until, p_clinical_age, p_adult_age)
    on conflict (account_id, user_id, relation) do update
    set grant_id = excluded.grant_id, given_by = excluded.given_by,
        can_edit = excluded.can_edit, clinical = excluded.clinical, active = excluded.active,
        ends_at = excluded.ends_at, clinical_ends_at = excluded.clinical_ends_at,
        all_practices_until = excluded.all_practices_until,
        clinical_age = excluded.clinical_age, adult_age = excluded.adult_age;
$$;
