-- The accounts that the signed-in person may open at p_now. 'first' marks the relation that counts where there are several.
create or replace function authority.openable_accounts(p_now timestamptz)
returns table (account_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean, first boolean)
language sql stable security definer set search_path = '' as $$
    select a.account_id, a.relation, a.grant_id, a.can_edit,
        a.clinical and (o.practices is not null or a.clinical_ends_at is null or a.clinical_ends_at > p_now),
        1 = row_number() over (partition by a.account_id order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end)
    from authority.portal_access a, lateral (select authority.practices_of(a, p_now) as practices) o
    where a.user_id = nullif(pg_catalog.current_setting('app.user_id', true), '')::uuid
        and a.active and (a.ends_at is null or a.ends_at > p_now)
        and o.practices is distinct from '{}'::uuid[];
$$;
