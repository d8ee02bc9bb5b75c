-- A member's feed ends, with its very next request.
create or replace function authority.end_calendar_feed(p_user uuid, p_group uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
    update authority.calendar_feeds set ended_at = pg_catalog.now()
    where user_id = p_user and group_id = p_group and ended_at is null;
    return found;
end $$;
