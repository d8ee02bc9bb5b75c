-- Accounts whose age limits were calculated with other ages than these. Rows that let nobody in are calculated when they do.
create or replace function authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) returns setof uuid
language sql stable security definer set search_path = '' as $$
    select distinct a.account_id from authority.portal_access a
    where a.account_id > p_after and a.active and (a.clinical_age <> p_clinical_age or a.adult_age <> p_adult_age)
    order by a.account_id limit p_most;
$$;
