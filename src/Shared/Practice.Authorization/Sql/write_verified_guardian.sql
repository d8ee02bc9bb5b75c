-- Sets until when a practice has verified a guardian of an adult. It opens that practice's rows, and no other's.
create or replace function authority.write_verified_guardian(p_account uuid, p_user uuid, p_group uuid, p_ends timestamptz) returns void
language sql security definer set search_path = '' as $$
    insert into authority.verified_guardians (account_id, user_id, group_id, ends_at) values (p_account, p_user, p_group, p_ends)
    on conflict (account_id, user_id, group_id) do update set ends_at = excluded.ends_at;
$$;
