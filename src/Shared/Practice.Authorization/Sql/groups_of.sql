-- The groups that a person is or was a member of.
create or replace function authority.groups_of(p_user uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
    select group_id from authority.memberships where user_id = p_user;
$$;
