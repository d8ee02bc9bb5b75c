-- The group has a webhook now, and never again counts as one that has had none: who is about to write need not wait for
-- whoever adds or deletes one.
create or replace function authority.note_webhook(p_group uuid) returns void
language sql security definer set search_path = '' as $$
    insert into authority.group_rules (group_id, requires_two_factor, has_had_webhook) values (p_group, false, true)
    on conflict (group_id) do update set has_had_webhook = true;
$$;
