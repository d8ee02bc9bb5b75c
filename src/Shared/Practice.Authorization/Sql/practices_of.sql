-- The practices whose rows an access opens at p_now; null for all of them. Guardians of an adult, and those to whom they gave
-- access, see the practices that have verified the guardianship.
create or replace function authority.practices_of(p_access authority.portal_access, p_now timestamptz) returns uuid[]
language sql stable set search_path = '' as $$
    select case
        when p_access.all_practices_until is null or p_access.all_practices_until > p_now then null
        else (
            select coalesce(pg_catalog.array_agg(distinct v.group_id), '{}')
            from authority.verified_guardians v
            join authority.portal_access g
                on g.account_id = v.account_id and g.user_id = v.user_id and g.relation = 'guardian' and g.active
            where v.account_id = p_access.account_id and v.ends_at > p_now
                and (p_access.relation <> 'guardian' or v.user_id = p_access.user_id))
    end;
$$;
