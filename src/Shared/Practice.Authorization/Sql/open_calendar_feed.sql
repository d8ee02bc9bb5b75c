-- A member's feed begins, in place of an earlier one. What ended half a year ago is forgotten: then the address is
-- unknown. Who is no member at this moment gets none: the end of a membership ends the feeds that it finds, so it waits
-- for this one, or this one for it.
create or replace function authority.open_calendar_feed(p_token text, p_user uuid, p_group uuid, p_own_only boolean)
returns void language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_user::text || p_group::text, 0));
    perform from authority.memberships m where m.user_id = p_user and m.group_id = p_group and m.active for share;
    if not found then
        return;
    end if;
    update authority.calendar_feeds set ended_at = pg_catalog.now()
    where user_id = p_user and group_id = p_group and ended_at is null;
    delete from authority.calendar_feeds
    where user_id = p_user and group_id = p_group and ended_at < pg_catalog.now() - interval '180 days';
    insert into authority.calendar_feeds (token_hash, user_id, group_id, own_only)
    values (p_token, p_user, p_group, p_own_only);
end $$;
