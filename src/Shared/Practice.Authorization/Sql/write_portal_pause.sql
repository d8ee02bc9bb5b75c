-- A practice pauses a person's access to its rows of a portal account, or no longer. It counts with the very next request.
create or replace function authority.write_portal_pause(p_account uuid, p_user uuid, p_group uuid, p_paused boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
    if p_paused then
        insert into authority.portal_pauses (account_id, user_id, group_id) values (p_account, p_user, p_group)
        on conflict do nothing;
    else
        delete from authority.portal_pauses where account_id = p_account and user_id = p_user and group_id = p_group;
    end if;
end $$;
