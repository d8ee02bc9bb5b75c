-- Deletes sessions that are over, and attempts of API clients. How long a session was not used is kept for longer than
-- any group's limit: a refresh may bring the session back. Attempts are kept for a day, an address that got a token for
-- 90 days.
create or replace function authority.forget_expired_sessions() returns void
language sql security definer set search_path = '' as $$
    delete from authority.sessions where expires_at < pg_catalog.now();
    delete from authority.session_use where session_id in (
        select u.session_id from authority.session_use u
        where u.last_used_at < pg_catalog.now() - interval '2 days'
            and not exists (select from authority.sessions s where s.session_id = u.session_id)
        for update skip locked);
    delete from authority.client_attempts a
    where a.last_at < pg_catalog.now() - interval '1 day'
        and a.succeeded_at is distinct from greatest(a.succeeded_at, pg_catalog.now() - interval '90 days');
$$;
