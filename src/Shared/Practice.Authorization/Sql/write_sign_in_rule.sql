-- At which issuer a session must have begun to be let into the group; null for any sign-in.
create or replace function authority.write_sign_in_rule(p_group uuid, p_issuer text) returns void
language sql security definer set search_path = '' as $$
    insert into authority.group_rules (group_id, requires_two_factor, required_issuer) values (p_group, false, p_issuer)
    on conflict (group_id) do update set required_issuer = excluded.required_issuer;
$$;
