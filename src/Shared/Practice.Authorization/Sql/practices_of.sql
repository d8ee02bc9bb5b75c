-- The practices whose rows an access opens at p_now; null for all of them. A guardian of an adult sees those that have verified
-- them, and who was given access sees those of the guardian who gave it.
create or replace function authority.practices_of(p_access authority.portal_access, p_now timestamptz) returns uuid[]
language sql stable set search_path = '' as $$
    select case
        when p_access.all_practices_until is null or p_access.all_practices_until > p_now then null
        else (
            select coalesce(pg_catalog.array_agg(v.group_id), '{}')
            from authority.verified_guardians v
            join authority.portal_access g
                on g.account_id = v.account_id and g.user_id = v.user_id and g.relation = 'guardian' and g.active
            where v.account_id = p_access.account_id and v.ends_at > p_now
                and v.user_id = case p_access.relation when 'guardian' then p_access.user_id else p_access.given_by end)
    end;
$$;
