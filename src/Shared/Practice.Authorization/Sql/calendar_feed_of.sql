-- A member's feed, if there is one; the secret is known to nobody.
create or replace function authority.calendar_feed_of(p_user uuid, p_group uuid)
returns table (created_at timestamptz, own_only boolean)
language sql stable security definer set search_path = '' as $$
    select f.created_at, f.own_only from authority.calendar_feeds f
    where f.user_id = p_user and f.group_id = p_group and f.ended_at is null;
$$;
