-- All calendar feeds of a person end, in every group. One that is being made locks its membership: it is found, too, or
-- it waits and then finds its session ended.
create or replace function authority.end_calendar_feeds_of(p_user uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform from authority.memberships m where m.user_id = p_user order by m.group_id for no key update;
    update authority.calendar_feeds set ended_at = pg_catalog.now() where user_id = p_user and ended_at is null;
end $$;
