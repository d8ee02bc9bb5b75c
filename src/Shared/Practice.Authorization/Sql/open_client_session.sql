-- Gives an API client a token, by its hash, if the secret is right: 'opened', 'wrong', 'revoked', 'expired', or 'wait'
-- with the seconds to wait. Wrong secrets count as wrong passwords do (SignInAttempts): by client and address, and,
-- where the client has never had a token from that address, by address, if p_limited. Of ids that are no client's,
-- however many are made up, only the address is stored.
create or replace function authority.open_client_session(
    p_client uuid, p_secret text, p_address text, p_token text, p_seconds integer, p_limited boolean,
    out result text, out group_id uuid, out seconds integer)
language plpgsql security definer set search_path = '' as $$
declare
    v_nobody constant uuid := '00000000-0000-0000-0000-000000000000'; -- all clients together
    v_pair authority.client_attempts;
    v_here authority.client_attempts;
    v_client authority.clients;
    v_known boolean := exists (select from authority.clients c where c.client_id = p_client);
    v_active boolean;
    v_wait timestamptz;
    v_expires timestamptz;
begin
    -- The row is locked: attempts at once get no further than one after the other.
    if v_known then
        insert into authority.client_attempts as a (client_id, address) values (p_client, p_address)
        on conflict (client_id, address) do update set
            failures = case when a.last_at < pg_catalog.now() - interval '1 day' then 0 else a.failures end
        returning * into v_pair;
    end if;
    if p_limited and v_pair.succeeded_at is distinct from
        greatest(v_pair.succeeded_at, pg_catalog.now() - interval '90 days') then
        insert into authority.client_attempts as a (client_id, address) values (v_nobody, p_address)
        on conflict (client_id, address) do update set
            failures = case when a.last_at < pg_catalog.now() - interval '1 day' then 0 else a.failures end
        returning * into v_here;
    end if;
    v_wait := greatest(v_pair.blocked_until, v_here.blocked_until);
    if v_wait > pg_catalog.now() then
        result := 'wait';
        seconds := pg_catalog.ceil(extract(epoch from v_wait - pg_catalog.now()));
        return;
    end if;

    select * into v_client from authority.clients c where c.client_id = p_client for update;
    select m.active into v_active from authority.memberships m
    where m.user_id = p_client and m.group_id = v_client.group_id;
    result := case
        when v_client.secret_hash = p_secret
            or (v_client.former_hash = p_secret and v_client.former_until > pg_catalog.now()) then case
                when not v_active then 'revoked'
                when v_client.expires_at <= pg_catalog.now() then 'expired'
                else 'opened' end
        else 'wrong' end;

    if result = 'wrong' then
        update authority.client_attempts a set
            failures = a.failures + 1,
            last_at = pg_catalog.now(),
            blocked_until = case when a.failures + 1 >= f.free then pg_catalog.now() + least(interval '15 minutes',
                interval '1 minute' * (1 << least(a.failures + 1 - f.free, 4))) end
        from (values (v_pair.client_id, 5), (v_here.client_id, 50)) f (client_id, free)
        where a.client_id = f.client_id and a.address = p_address;
        return;
    end if;

    update authority.client_attempts a set
        failures = 0, last_at = pg_catalog.now(), blocked_until = null, succeeded_at = pg_catalog.now()
    where a.client_id = p_client and a.address = p_address;
    if result <> 'opened' then
        return;
    end if;

    v_expires := least(pg_catalog.now() + pg_catalog.make_interval(secs => p_seconds), v_client.expires_at);
    insert into authority.sessions (
        token_hash, session_id, user_id, expires_at, must_change_password, second_factor_shown, client)
    values (p_token, p_client, p_client, v_expires, false, true, true);
    -- A client that never uses a token twice must not fill the table.
    delete from authority.sessions s
    where s.user_id = p_client and (s.expires_at < pg_catalog.now() or s.token_hash in (
        select x.token_hash from authority.sessions x
        where x.user_id = p_client order by x.verified_at desc offset 100));
    update authority.clients c set last_token_at = pg_catalog.now() where c.client_id = p_client;
    group_id := v_client.group_id;
    seconds := pg_catalog.floor(extract(epoch from v_expires - pg_catalog.now()));
end $$;
