-- The id of a person's own portal account, no matter who asks.
create or replace function authority.own_account_of(p_user uuid) returns uuid
language sql stable security definer set search_path = '' as $$
    select account_id from authority.portal_access where user_id = p_user and relation = 'self' and active;
$$;
