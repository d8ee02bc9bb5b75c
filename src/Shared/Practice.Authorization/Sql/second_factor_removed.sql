-- The person has no second factor any more, so no session has shown one.
create or replace function authority.second_factor_removed(p_user uuid) returns void
language sql security definer set search_path = '' as $$
    update authority.sessions set second_factor_shown = false where user_id = p_user;
$$;
