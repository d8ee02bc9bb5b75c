-- The schema of release 0.1 with its migration history. For an empty database, as a superuser.
set check_function_bodies = false;
do $$ begin create role practice_authority nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_users login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_groups login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_locations login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_portal login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_messaging login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_audit login; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role practice_web login; exception when duplicate_object or unique_violation then null; end $$;
CREATE SCHEMA audit;
ALTER SCHEMA audit OWNER TO CURRENT_USER;
CREATE SCHEMA authority;
ALTER SCHEMA authority OWNER TO CURRENT_USER;
CREATE SCHEMA groups;
ALTER SCHEMA groups OWNER TO CURRENT_USER;
CREATE SCHEMA idempotency;
ALTER SCHEMA idempotency OWNER TO CURRENT_USER;
CREATE SCHEMA locations;
ALTER SCHEMA locations OWNER TO CURRENT_USER;
CREATE SCHEMA messaging;
ALTER SCHEMA messaging OWNER TO CURRENT_USER;
CREATE SCHEMA portal;
ALTER SCHEMA portal OWNER TO CURRENT_USER;
CREATE SCHEMA users;
ALTER SCHEMA users OWNER TO CURRENT_USER;
CREATE SCHEMA web;
ALTER SCHEMA web OWNER TO CURRENT_USER;
CREATE FUNCTION audit.note_unsealed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    insert into audit.unsealed values (new.id);
    return null;
end $$;
ALTER FUNCTION audit.note_unsealed() OWNER TO practice_authority;
CREATE FUNCTION authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select distinct a.account_id from authority.portal_access a
    where a.account_id > p_after and a.active and (a.clinical_age <> p_clinical_age or a.adult_age <> p_adult_age)
    order by a.account_id limit p_most;
$$;
ALTER FUNCTION authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) OWNER TO practice_authority;
CREATE FUNCTION authority.current_user_id() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
ALTER FUNCTION authority.current_user_id() OWNER TO practice_authority;
CREATE FUNCTION authority.end_session(p_session uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    delete from authority.sessions where session_id = p_session;
$$;
ALTER FUNCTION authority.end_session(p_session uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.end_sessions_of(p_user uuid, p_except uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    delete from authority.sessions where user_id = p_user and session_id is distinct from p_except;
$$;
ALTER FUNCTION authority.end_sessions_of(p_user uuid, p_except uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) RETURNS TABLE(verdict text, user_id uuid, session_id uuid, settings integer, location_ids uuid[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_session authority.sessions;
    v_membership authority.memberships;
    v_groups uuid[];
begin
    select s.* into v_session from authority.sessions s
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();
    if not found then
        return query select 'no_session', null::uuid, null::uuid, 0, '{}'::uuid[];
        return;
    end if;
    if v_session.must_change_password and not p_temporary then
        return query select 'password_change_required', null::uuid, null::uuid, 0, '{}'::uuid[];
        return;
    end if;

    if p_group is not null then
        select m.* into v_membership from authority.memberships m
        where m.user_id = v_session.user_id and m.group_id = p_group and m.active;
        if not found then
            return query select 'not_a_member', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
        if not v_session.second_factor_shown and exists (
            select from authority.group_rules r where r.group_id = p_group and r.requires_two_factor) then
            return query select 'two_factor_required', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
        -- 1024: the setting readOnly (Practice.Shared.Authority.Access)
        if v_membership.settings & p_required <> p_required or (p_changes and v_membership.settings & 1024 <> 0) then
            return query select 'not_allowed', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
    else
        select pg_catalog.array_agg(m.group_id) into v_groups from authority.memberships m
        where m.user_id = v_session.user_id and m.active;
    end if;

    perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
    perform pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true);
    perform pg_catalog.set_config('app.group_ids', coalesce(v_groups::text, ''), true);
    -- '*' is said, not meant by silence: where nothing is said, a table protected by location shows nothing.
    -- 256: the setting restrictToAssignedLocations (Practice.Shared.Authority.Access)
    perform pg_catalog.set_config('app.location_ids', case
        when p_group is null then ''
        when v_membership.settings & 256 <> 0 then coalesce(v_membership.location_ids, '{}')::text
        else '*' end, true);
    return query select 'entered', v_session.user_id, v_session.session_id,
        coalesce(v_membership.settings, 0), coalesce(v_membership.location_ids, '{}'::uuid[]);
end $$;
ALTER FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) OWNER TO practice_authority;
CREATE FUNCTION authority.enter_account_as_system(p_account uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform pg_catalog.set_config('app.account_id', p_account::text, true);
    perform pg_catalog.set_config('app.clinical', 'on', true);
end $$;
ALTER FUNCTION authority.enter_account_as_system(p_account uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.enter_address_as_system(p_email text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform pg_catalog.set_config('app.email', p_email, true);
end $$;
ALTER FUNCTION authority.enter_address_as_system(p_email text) OWNER TO practice_authority;
CREATE FUNCTION authority.enter_as_system(p_group uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform pg_catalog.set_config('app.group_id', p_group::text, true);
    perform pg_catalog.set_config('app.location_ids', '*', true);
end $$;
ALTER FUNCTION authority.enter_as_system(p_group uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.enter_person_as_system(p_user uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform pg_catalog.set_config('app.user_id', p_user::text, true);
end $$;
ALTER FUNCTION authority.enter_person_as_system(p_user uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) RETURNS TABLE(verdict text, user_id uuid, session_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_session authority.sessions;
    v_access authority.portal_access;
    v_clinical boolean;
    v_verdict text := 'entered';
    v_accounts uuid[];
begin
    select s.* into v_session from authority.sessions s
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();
    if not found then
        v_verdict := 'no_session';
    elsif v_session.must_change_password then
        v_verdict := 'password_change_required';
    elsif p_account is null then
        select pg_catalog.array_agg(distinct a.account_id) into v_accounts from authority.portal_access a
        where a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now);
    else
        select a.* into v_access from authority.portal_access a
        where a.account_id = p_account and a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now)
        order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end limit 1;
        if not found then
            v_verdict := case when exists (select from authority.portal_access a
                where a.account_id = p_account and a.user_id = v_session.user_id) then 'grant_not_current' else 'unknown' end;
        else
            v_clinical := v_access.clinical and (v_access.clinical_ends_at is null or v_access.clinical_ends_at > p_now);
            v_verdict := case
                when p_holder and v_access.relation = 'granted' then 'not_the_holder'
                when p_clinical and not v_clinical then 'clinical_not_granted'
                when p_edit and not v_access.can_edit then 'view_only'
                else 'entered' end;
        end if;
    end if;
    if v_verdict <> 'entered' then
        return query select v_verdict, null::uuid, null::uuid, null::text, null::uuid, false, false;
        return;
    end if;

    perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
    perform pg_catalog.set_config('app.group_id', '', true);
    perform pg_catalog.set_config('app.location_ids', '', true);
    perform pg_catalog.set_config('app.account_id', coalesce(p_account::text, ''), true);
    perform pg_catalog.set_config('app.account_ids', coalesce(v_accounts::text, ''), true);
    perform pg_catalog.set_config('app.clinical', case when v_clinical then 'on' else '' end, true);
    return query select 'entered', v_session.user_id, v_session.session_id, v_access.relation, v_access.grant_id,
        coalesce(v_access.can_edit, false), coalesce(v_clinical, false);
end $$;
ALTER FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) OWNER TO practice_authority;
CREATE FUNCTION authority.forget_expired_sessions() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    delete from authority.sessions where expires_at < pg_catalog.now();
$$;
ALTER FUNCTION authority.forget_expired_sessions() OWNER TO practice_authority;
CREATE FUNCTION authority.groups_of(p_user uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select group_id from authority.memberships where user_id = p_user;
$$;
ALTER FUNCTION authority.groups_of(p_user uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.open_session(p_token text, p_session uuid, p_user uuid, p_expires timestamp with time zone, p_must_change boolean, p_second_factor boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    delete from authority.sessions where user_id = p_user and expires_at < pg_catalog.now();
    insert into authority.sessions values (p_token, p_session, p_user, p_expires, p_must_change, p_second_factor);
$$;
ALTER FUNCTION authority.open_session(p_token text, p_session uuid, p_user uuid, p_expires timestamp with time zone, p_must_change boolean, p_second_factor boolean) OWNER TO practice_authority;
CREATE FUNCTION authority.openable_accounts(p_now timestamp with time zone) RETURNS TABLE(account_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean, first boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select a.account_id, a.relation, a.grant_id, a.can_edit,
        a.clinical and (a.clinical_ends_at is null or a.clinical_ends_at > p_now),
        1 = row_number() over (partition by a.account_id order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end)
    from authority.portal_access a
    where a.user_id = nullif(pg_catalog.current_setting('app.user_id', true), '')::uuid
        and a.active and (a.ends_at is null or a.ends_at > p_now);
$$;
ALTER FUNCTION authority.openable_accounts(p_now timestamp with time zone) OWNER TO practice_authority;
CREATE FUNCTION authority.own_account_of(p_user uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select account_id from authority.portal_access where user_id = p_user and relation = 'self' and active;
$$;
ALTER FUNCTION authority.own_account_of(p_user uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.password_changed(p_session uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    update authority.sessions set must_change_password = false where session_id = p_session;
$$;
ALTER FUNCTION authority.password_changed(p_session uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.second_factor_removed(p_user uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    update authority.sessions set second_factor_shown = false where user_id = p_user;
$$;
ALTER FUNCTION authority.second_factor_removed(p_user uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.second_factor_shown(p_session uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    update authority.sessions set second_factor_shown = true where session_id = p_session;
$$;
ALTER FUNCTION authority.second_factor_shown(p_session uuid) OWNER TO practice_authority;
CREATE FUNCTION authority.write_group(p_group uuid, p_requires_two_factor boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    insert into authority.group_rules values (p_group, p_requires_two_factor)
    on conflict (group_id) do update set requires_two_factor = excluded.requires_two_factor;
$$;
ALTER FUNCTION authority.write_group(p_group uuid, p_requires_two_factor boolean) OWNER TO practice_authority;
CREATE FUNCTION authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    insert into authority.memberships values (p_user, p_group, p_active, p_settings, p_locations)
    on conflict (user_id, group_id) do update
    set active = excluded.active, settings = excluded.settings, location_ids = excluded.location_ids;
$$;
ALTER FUNCTION authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) OWNER TO practice_authority;
CREATE FUNCTION authority.write_portal_access(p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean, p_ends timestamp with time zone, p_clinical_ends timestamp with time zone, p_clinical_age integer, p_adult_age integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    insert into authority.portal_access values (
        p_account, p_user, p_relation, p_grant, p_edit, p_clinical, p_active, p_ends, p_clinical_ends, p_clinical_age, p_adult_age)
    on conflict (account_id, user_id, relation) do update
    set grant_id = excluded.grant_id, can_edit = excluded.can_edit, clinical = excluded.clinical, active = excluded.active,
        ends_at = excluded.ends_at, clinical_ends_at = excluded.clinical_ends_at,
        clinical_age = excluded.clinical_age, adult_age = excluded.adult_age;
$$;
ALTER FUNCTION authority.write_portal_access(p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean, p_ends timestamp with time zone, p_clinical_ends timestamp with time zone, p_clinical_age integer, p_adult_age integer) OWNER TO practice_authority;
CREATE TABLE audit.entries (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    group_id uuid,
    actor_id uuid,
    authority text NOT NULL,
    act text NOT NULL,
    subject_id uuid NOT NULL,
    details jsonb
);
ALTER TABLE ONLY audit.entries FORCE ROW LEVEL SECURITY;
ALTER TABLE audit.entries OWNER TO CURRENT_USER;
CREATE TABLE audit.seals (
    "position" bigint NOT NULL,
    entry_id uuid NOT NULL,
    hash bytea NOT NULL,
    key_id text NOT NULL
);
ALTER TABLE audit.seals OWNER TO CURRENT_USER;
CREATE TABLE audit.unsealed (
    entry_id uuid NOT NULL
);
ALTER TABLE audit.unsealed OWNER TO CURRENT_USER;
CREATE TABLE authority."__EFMigrationsHistory" (
    migration_id character varying(150) NOT NULL,
    product_version character varying(32) NOT NULL
);
ALTER TABLE authority."__EFMigrationsHistory" OWNER TO CURRENT_USER;
CREATE TABLE authority.group_rules (
    group_id uuid NOT NULL,
    requires_two_factor boolean NOT NULL
);
ALTER TABLE ONLY authority.group_rules FORCE ROW LEVEL SECURITY;
ALTER TABLE authority.group_rules OWNER TO practice_authority;
CREATE TABLE authority.memberships (
    user_id uuid NOT NULL,
    group_id uuid NOT NULL,
    active boolean NOT NULL,
    settings integer NOT NULL,
    location_ids uuid[] NOT NULL
);
ALTER TABLE ONLY authority.memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE authority.memberships OWNER TO practice_authority;
CREATE TABLE authority.portal_access (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    relation text NOT NULL,
    grant_id uuid,
    can_edit boolean NOT NULL,
    clinical boolean NOT NULL,
    active boolean NOT NULL,
    ends_at timestamp with time zone,
    clinical_ends_at timestamp with time zone,
    clinical_age integer,
    adult_age integer,
    CONSTRAINT portal_access_relation_check CHECK ((relation = ANY (ARRAY['self'::text, 'guardian'::text, 'granted'::text])))
);
ALTER TABLE ONLY authority.portal_access FORCE ROW LEVEL SECURITY;
ALTER TABLE authority.portal_access OWNER TO practice_authority;
CREATE TABLE authority.sessions (
    token_hash text NOT NULL,
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    must_change_password boolean NOT NULL,
    second_factor_shown boolean NOT NULL
);
ALTER TABLE ONLY authority.sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE authority.sessions OWNER TO practice_authority;
CREATE TABLE groups."__EFMigrationsHistory" (
    migration_id character varying(150) NOT NULL,
    product_version character varying(32) NOT NULL
);
ALTER TABLE groups."__EFMigrationsHistory" OWNER TO CURRENT_USER;
CREATE TABLE groups.current_groups (
    user_id uuid NOT NULL,
    group_id uuid NOT NULL
);
ALTER TABLE ONLY groups.current_groups FORCE ROW LEVEL SECURITY;
ALTER TABLE groups.current_groups OWNER TO CURRENT_USER;
CREATE TABLE groups.groups (
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."und-x-icu",
    reminders_enabled boolean NOT NULL,
    reminders_hours_before integer NOT NULL,
    invoice_currency text NOT NULL,
    invoice_due_after_days integer NOT NULL,
    requires_two_factor boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY groups.groups FORCE ROW LEVEL SECURITY;
ALTER TABLE groups.groups OWNER TO CURRENT_USER;
CREATE TABLE groups.invitations (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    group_name text NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    normalized_email text NOT NULL,
    role_type text NOT NULL,
    profession text NOT NULL,
    registration_number text,
    level text NOT NULL,
    switched_on integer NOT NULL,
    switched_off integer NOT NULL,
    location_ids uuid[] NOT NULL,
    status text NOT NULL,
    invited_by_id uuid NOT NULL,
    invited_by_name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone
);
ALTER TABLE ONLY groups.invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE groups.invitations OWNER TO CURRENT_USER;
CREATE TABLE groups.memberships (
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    title text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    role_type text NOT NULL,
    profession text NOT NULL,
    registration_number text,
    level text NOT NULL,
    switched_on integer NOT NULL,
    switched_off integer NOT NULL,
    is_owner boolean NOT NULL,
    location_ids uuid[] NOT NULL,
    status text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    deactivated_at timestamp with time zone,
    deactivation_reason text,
    search_text text GENERATED ALWAYS AS (lower((((((((first_name || ' '::text) || last_name) || ' '::text) || first_name) || ' '::text) || email) COLLATE "und-x-icu"))) STORED,
    sort_name text GENERATED ALWAYS AS (lower((((last_name || ' '::text) || first_name) COLLATE "und-x-icu"))) STORED COLLATE pg_catalog."und-x-icu"
);
ALTER TABLE ONLY groups.memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE groups.memberships OWNER TO CURRENT_USER;
CREATE TABLE groups.reservations (
    group_id uuid NOT NULL,
    normalized_email text NOT NULL,
    user_id uuid NOT NULL,
    reserved_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL
);
ALTER TABLE ONLY groups.reservations FORCE ROW LEVEL SECURITY;
ALTER TABLE groups.reservations OWNER TO CURRENT_USER;
CREATE TABLE idempotency.calls (
    user_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    attempt uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    answers jsonb DEFAULT '{}'::jsonb NOT NULL,
    status integer,
    headers jsonb,
    body bytea
);
ALTER TABLE ONLY idempotency.calls FORCE ROW LEVEL SECURITY;
ALTER TABLE idempotency.calls OWNER TO CURRENT_USER;
CREATE TABLE locations."__EFMigrationsHistory" (
    migration_id character varying(150) NOT NULL,
    product_version character varying(32) NOT NULL
);
ALTER TABLE locations."__EFMigrationsHistory" OWNER TO CURRENT_USER;
CREATE TABLE locations.locations (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."und-x-icu",
    address text,
    phone text,
    time_zone text NOT NULL,
    colour text,
    hours jsonb,
    created_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone
);
ALTER TABLE ONLY locations.locations FORCE ROW LEVEL SECURITY;
ALTER TABLE locations.locations OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_agent_restrictions (
    id uuid NOT NULL,
    uri character varying NOT NULL,
    type character varying NOT NULL,
    node integer DEFAULT 0 NOT NULL
);
ALTER TABLE messaging.wolverine_agent_restrictions OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_control_queue (
    id uuid NOT NULL,
    message_type character varying NOT NULL,
    node_id uuid NOT NULL,
    body bytea NOT NULL,
    posted timestamp with time zone DEFAULT now() NOT NULL,
    expires timestamp with time zone
);
ALTER TABLE messaging.wolverine_control_queue OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_dead_letter_history (
    id uuid NOT NULL,
    replay_count integer,
    last_replayed_at timestamp with time zone,
    first_failed_at timestamp with time zone
);
ALTER TABLE messaging.wolverine_dead_letter_history OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_dead_letters (
    id uuid NOT NULL,
    execution_time timestamp with time zone,
    body bytea NOT NULL,
    message_type character varying NOT NULL,
    received_at character varying,
    source character varying,
    exception_type character varying,
    exception_message character varying,
    sent_at timestamp with time zone,
    replayable boolean,
    failure_group character varying(100),
    failure_title character varying(500),
    failed_at timestamp with time zone,
    first_failed_at timestamp with time zone,
    replay_count integer,
    last_replayed_at timestamp with time zone,
    archived_at timestamp with time zone
);
ALTER TABLE messaging.wolverine_dead_letters OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_incoming_envelopes (
    id uuid NOT NULL,
    status character varying NOT NULL,
    owner_id integer NOT NULL,
    execution_time timestamp with time zone,
    attempts integer DEFAULT 0,
    body bytea NOT NULL,
    message_type character varying NOT NULL,
    received_at character varying,
    keep_until timestamp with time zone
);
ALTER TABLE messaging.wolverine_incoming_envelopes OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_node_assignments (
    id character varying NOT NULL,
    node_id uuid,
    started timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE messaging.wolverine_node_assignments OWNER TO CURRENT_USER;
CREATE TABLE messaging.wolverine_node_records (
    id integer NOT NULL,
    node_number integer NOT NULL,
    event_name character varying NOT NULL,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    description character varying
);
ALTER TABLE messaging.wolverine_node_records OWNER TO CURRENT_USER;
CREATE SEQUENCE messaging.wolverine_node_records_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER TABLE messaging.wolverine_node_records_id_seq OWNER TO CURRENT_USER;
ALTER SEQUENCE messaging.wolverine_node_records_id_seq OWNED BY messaging.wolverine_node_records.id;
CREATE TABLE messaging.wolverine_nodes (
    id uuid NOT NULL,
    node_number integer NOT NULL,
    description character varying NOT NULL,
    uri character varying NOT NULL,
    started timestamp with time zone DEFAULT now() NOT NULL,
    health_check timestamp with time zone DEFAULT now() NOT NULL,
    version character varying,
    capabilities text[]
);
ALTER TABLE messaging.wolverine_nodes OWNER TO CURRENT_USER;
CREATE SEQUENCE messaging.wolverine_nodes_node_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER TABLE messaging.wolverine_nodes_node_number_seq OWNER TO CURRENT_USER;
ALTER SEQUENCE messaging.wolverine_nodes_node_number_seq OWNED BY messaging.wolverine_nodes.node_number;
CREATE TABLE messaging.wolverine_outgoing_envelopes (
    id uuid NOT NULL,
    owner_id integer NOT NULL,
    destination character varying NOT NULL,
    deliver_by timestamp with time zone,
    body bytea NOT NULL,
    attempts integer DEFAULT 0,
    message_type character varying NOT NULL
);
ALTER TABLE messaging.wolverine_outgoing_envelopes OWNER TO CURRENT_USER;
CREATE TABLE portal."__EFMigrationsHistory" (
    migration_id character varying(150) NOT NULL,
    product_version character varying(32) NOT NULL
);
ALTER TABLE portal."__EFMigrationsHistory" OWNER TO CURRENT_USER;
CREATE TABLE portal.accounts (
    id uuid NOT NULL,
    user_id uuid,
    first_name text NOT NULL,
    last_name text NOT NULL,
    date_of_birth date NOT NULL,
    phone text,
    address text,
    time_zone text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY portal.accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.accounts OWNER TO CURRENT_USER;
CREATE TABLE portal.appointments (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid,
    practitioner_id uuid NOT NULL,
    practitioner_name text NOT NULL,
    location_id uuid NOT NULL,
    location_name text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text,
    status text NOT NULL,
    location_time_zone text
);
ALTER TABLE ONLY portal.appointments FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.appointments OWNER TO CURRENT_USER;
CREATE TABLE portal.clinical_records (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY portal.clinical_records FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.clinical_records OWNER TO CURRENT_USER;
CREATE TABLE portal.grants (
    id uuid NOT NULL,
    account_id uuid,
    account_name text,
    user_id uuid,
    user_name text NOT NULL,
    user_email text NOT NULL,
    asked_email text,
    normalized_asked_email text,
    asked_role text,
    role text NOT NULL,
    level text NOT NULL,
    status text NOT NULL,
    ends_on date,
    requested_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    denied_at timestamp with time zone
);
ALTER TABLE ONLY portal.grants FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.grants OWNER TO CURRENT_USER;
CREATE TABLE portal.guardians (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_name text NOT NULL,
    user_email text NOT NULL,
    relationship text NOT NULL,
    verified_until date,
    added_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    warned text[] DEFAULT '{}'::text[] NOT NULL
);
ALTER TABLE ONLY portal.guardians FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.guardians OWNER TO CURRENT_USER;
CREATE TABLE portal.invoices (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid,
    issued_by_id uuid NOT NULL,
    number text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    currency text NOT NULL,
    lines jsonb NOT NULL,
    total numeric(18,2) NOT NULL
);
ALTER TABLE ONLY portal.invoices FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.invoices OWNER TO CURRENT_USER;
CREATE TABLE portal.offers (
    id uuid NOT NULL,
    normalized_email text NOT NULL,
    account_id uuid NOT NULL,
    grant_id uuid,
    relationship text,
    added_by_id uuid,
    offered_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY portal.offers FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.offers OWNER TO CURRENT_USER;
CREATE TABLE portal.patient_invitations (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    email text NOT NULL,
    normalized_email text NOT NULL,
    for_guardian boolean NOT NULL,
    guardian_until date,
    token_hash text,
    created_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone
);
ALTER TABLE ONLY portal.patient_invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.patient_invitations OWNER TO CURRENT_USER;
CREATE TABLE portal.patients (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    practice_name text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    date_of_birth date NOT NULL,
    location_id uuid,
    added_by_id uuid NOT NULL,
    account_id uuid,
    added_at timestamp with time zone NOT NULL,
    search_text text GENERATED ALWAYS AS (lower((((((((first_name || ' '::text) || last_name) || ' '::text) || first_name) || ' '::text) || COALESCE(email, ''::text)) COLLATE "und-x-icu"))) STORED,
    sort_name text GENERATED ALWAYS AS (lower((((last_name || ' '::text) || first_name) COLLATE "und-x-icu"))) STORED COLLATE pg_catalog."und-x-icu"
);
ALTER TABLE ONLY portal.patients FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.patients OWNER TO CURRENT_USER;
CREATE TABLE portal.receipts (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    group_id uuid,
    practice_name text,
    at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    user_name text NOT NULL,
    authority text NOT NULL,
    grant_id uuid,
    opened text NOT NULL,
    subject_id uuid
);
ALTER TABLE ONLY portal.receipts FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.receipts OWNER TO CURRENT_USER;
CREATE TABLE portal.requests (
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    text text,
    starts_at timestamp with time zone,
    practitioner_id uuid,
    location_id uuid,
    appointment_id uuid,
    sent_by_id uuid,
    sent_by_name text NOT NULL,
    acting_for text NOT NULL,
    status text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone
);
ALTER TABLE ONLY portal.requests FORCE ROW LEVEL SECURITY;
ALTER TABLE portal.requests OWNER TO CURRENT_USER;
CREATE TABLE users."__EFMigrationsHistory" (
    migration_id character varying(150) NOT NULL,
    product_version character varying(32) NOT NULL
);
ALTER TABLE users."__EFMigrationsHistory" OWNER TO CURRENT_USER;
CREATE TABLE users.account_tokens (
    user_id uuid NOT NULL,
    login_provider text NOT NULL,
    name text NOT NULL,
    value text
);
ALTER TABLE users.account_tokens OWNER TO CURRENT_USER;
CREATE TABLE users.accounts (
    id uuid NOT NULL,
    title text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    must_change_password boolean NOT NULL,
    temporary_password_expires_at timestamp with time zone,
    added_by_group_id uuid,
    added_attempt integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    email text NOT NULL,
    normalized_email text NOT NULL,
    email_confirmed boolean NOT NULL,
    password_hash text,
    security_stamp text,
    two_factor_enabled boolean NOT NULL
);
ALTER TABLE users.accounts OWNER TO CURRENT_USER;
CREATE TABLE users.asked_mails (
    id uuid NOT NULL,
    normalized_email text NOT NULL,
    sent_at timestamp with time zone NOT NULL
);
ALTER TABLE users.asked_mails OWNER TO CURRENT_USER;
CREATE TABLE users.email_changes (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    new_email text NOT NULL,
    normalized_email text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE users.email_changes OWNER TO CURRENT_USER;
CREATE TABLE users.links (
    token_hash text NOT NULL,
    purpose text NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE users.links OWNER TO CURRENT_USER;
CREATE TABLE users.mail_preferences (
    account_id uuid NOT NULL,
    onboarding boolean NOT NULL,
    invitations boolean NOT NULL,
    memberships boolean NOT NULL,
    portal boolean NOT NULL
);
ALTER TABLE users.mail_preferences OWNER TO CURRENT_USER;
CREATE TABLE users.notifications (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    data jsonb NOT NULL
);
ALTER TABLE users.notifications OWNER TO CURRENT_USER;
CREATE TABLE users.onboarding (
    account_id uuid NOT NULL,
    joined_group_id uuid NOT NULL,
    practice text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    steps_done integer NOT NULL,
    ended_at timestamp with time zone
);
ALTER TABLE users.onboarding OWNER TO CURRENT_USER;
CREATE TABLE users.pending_sign_ups (
    id uuid NOT NULL,
    title text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    normalized_email text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE users.pending_sign_ups OWNER TO CURRENT_USER;
CREATE TABLE users.refresh_tokens (
    token_hash text NOT NULL,
    session_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE users.refresh_tokens OWNER TO CURRENT_USER;
CREATE TABLE users.sessions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    device text,
    second_factor_shown boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
ALTER TABLE users.sessions OWNER TO CURRENT_USER;
CREATE TABLE users.sign_in_attempts (
    email_hash text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone
);
ALTER TABLE users.sign_in_attempts OWNER TO CURRENT_USER;
CREATE TABLE users.used_codes (
    account_id uuid NOT NULL,
    code text NOT NULL,
    used_at timestamp with time zone NOT NULL
);
ALTER TABLE users.used_codes OWNER TO CURRENT_USER;
CREATE TABLE web.keys (
    name text NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE web.keys OWNER TO CURRENT_USER;
CREATE TABLE web.sessions (
    key_hash text NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE web.sessions OWNER TO CURRENT_USER;
ALTER TABLE ONLY messaging.wolverine_node_records ALTER COLUMN id SET DEFAULT nextval('messaging.wolverine_node_records_id_seq'::regclass);
ALTER TABLE ONLY messaging.wolverine_nodes ALTER COLUMN node_number SET DEFAULT nextval('messaging.wolverine_nodes_node_number_seq'::regclass);
ALTER TABLE ONLY audit.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);
ALTER TABLE ONLY audit.seals
    ADD CONSTRAINT seals_entry_id_key UNIQUE (entry_id);
ALTER TABLE ONLY audit.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY audit.unsealed
    ADD CONSTRAINT unsealed_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY authority.group_rules
    ADD CONSTRAINT group_rules_pkey PRIMARY KEY (group_id);
ALTER TABLE ONLY authority.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (user_id, group_id);
ALTER TABLE ONLY authority."__EFMigrationsHistory"
    ADD CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id);
ALTER TABLE ONLY authority.portal_access
    ADD CONSTRAINT portal_access_pkey PRIMARY KEY (account_id, user_id, relation);
ALTER TABLE ONLY authority.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY groups."__EFMigrationsHistory"
    ADD CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id);
ALTER TABLE ONLY groups.current_groups
    ADD CONSTRAINT pk_current_groups PRIMARY KEY (user_id);
ALTER TABLE ONLY groups.groups
    ADD CONSTRAINT pk_groups PRIMARY KEY (id);
ALTER TABLE ONLY groups.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (id);
ALTER TABLE ONLY groups.memberships
    ADD CONSTRAINT pk_memberships PRIMARY KEY (group_id, user_id);
ALTER TABLE ONLY groups.reservations
    ADD CONSTRAINT pk_reservations PRIMARY KEY (group_id, normalized_email);
ALTER TABLE ONLY idempotency.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (user_id, key);
ALTER TABLE ONLY locations."__EFMigrationsHistory"
    ADD CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id);
ALTER TABLE ONLY locations.locations
    ADD CONSTRAINT pk_locations PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_agent_restrictions
    ADD CONSTRAINT pkey_wolverine_agent_restrictions_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_control_queue
    ADD CONSTRAINT pkey_wolverine_control_queue_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_dead_letter_history
    ADD CONSTRAINT pkey_wolverine_dead_letter_history_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_dead_letters
    ADD CONSTRAINT pkey_wolverine_dead_letters_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_incoming_envelopes
    ADD CONSTRAINT pkey_wolverine_incoming_envelopes_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_node_assignments
    ADD CONSTRAINT pkey_wolverine_node_assignments_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_node_records
    ADD CONSTRAINT pkey_wolverine_node_records_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_nodes
    ADD CONSTRAINT pkey_wolverine_nodes_id PRIMARY KEY (id);
ALTER TABLE ONLY messaging.wolverine_outgoing_envelopes
    ADD CONSTRAINT pkey_wolverine_outgoing_envelopes_id PRIMARY KEY (id);
ALTER TABLE ONLY portal."__EFMigrationsHistory"
    ADD CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id);
ALTER TABLE ONLY portal.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);
ALTER TABLE ONLY portal.appointments
    ADD CONSTRAINT pk_appointments PRIMARY KEY (id);
ALTER TABLE ONLY portal.clinical_records
    ADD CONSTRAINT pk_clinical_records PRIMARY KEY (id);
ALTER TABLE ONLY portal.grants
    ADD CONSTRAINT pk_grants PRIMARY KEY (id);
ALTER TABLE ONLY portal.guardians
    ADD CONSTRAINT pk_guardians PRIMARY KEY (account_id, user_id);
ALTER TABLE ONLY portal.invoices
    ADD CONSTRAINT pk_invoices PRIMARY KEY (id);
ALTER TABLE ONLY portal.offers
    ADD CONSTRAINT pk_offers PRIMARY KEY (id);
ALTER TABLE ONLY portal.patient_invitations
    ADD CONSTRAINT pk_patient_invitations PRIMARY KEY (id);
ALTER TABLE ONLY portal.patients
    ADD CONSTRAINT pk_patients PRIMARY KEY (id);
ALTER TABLE ONLY portal.receipts
    ADD CONSTRAINT pk_receipts PRIMARY KEY (id);
ALTER TABLE ONLY portal.requests
    ADD CONSTRAINT pk_requests PRIMARY KEY (id);
ALTER TABLE ONLY users."__EFMigrationsHistory"
    ADD CONSTRAINT pk___ef_migrations_history PRIMARY KEY (migration_id);
ALTER TABLE ONLY users.account_tokens
    ADD CONSTRAINT pk_account_tokens PRIMARY KEY (user_id, login_provider, name);
ALTER TABLE ONLY users.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);
ALTER TABLE ONLY users.asked_mails
    ADD CONSTRAINT pk_asked_mails PRIMARY KEY (id);
ALTER TABLE ONLY users.email_changes
    ADD CONSTRAINT pk_email_changes PRIMARY KEY (account_id);
ALTER TABLE ONLY users.links
    ADD CONSTRAINT pk_links PRIMARY KEY (token_hash);
ALTER TABLE ONLY users.mail_preferences
    ADD CONSTRAINT pk_mail_preferences PRIMARY KEY (account_id);
ALTER TABLE ONLY users.notifications
    ADD CONSTRAINT pk_notifications PRIMARY KEY (id);
ALTER TABLE ONLY users.onboarding
    ADD CONSTRAINT pk_onboarding PRIMARY KEY (account_id);
ALTER TABLE ONLY users.pending_sign_ups
    ADD CONSTRAINT pk_pending_sign_ups PRIMARY KEY (id);
ALTER TABLE ONLY users.refresh_tokens
    ADD CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_hash);
ALTER TABLE ONLY users.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY users.sign_in_attempts
    ADD CONSTRAINT pk_sign_in_attempts PRIMARY KEY (email_hash);
ALTER TABLE ONLY users.used_codes
    ADD CONSTRAINT pk_used_codes PRIMARY KEY (account_id, code);
ALTER TABLE ONLY web.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (name);
ALTER TABLE ONLY web.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (key_hash);
CREATE INDEX entries_by_actor ON audit.entries USING btree (group_id, actor_id, id DESC);
CREATE INDEX entries_by_group ON audit.entries USING btree (group_id, id DESC);
CREATE INDEX entries_by_subject ON audit.entries USING btree (group_id, subject_id, id DESC);
CREATE INDEX portal_access_by_user ON authority.portal_access USING btree (user_id);
CREATE INDEX sessions_by_session ON authority.sessions USING btree (session_id);
CREATE INDEX sessions_by_user ON authority.sessions USING btree (user_id);
CREATE INDEX ix_invitations_group_id_id ON groups.invitations USING btree (group_id, id);
CREATE UNIQUE INDEX ix_invitations_group_id_normalized_email ON groups.invitations USING btree (group_id, normalized_email) WHERE (status = 'Pending'::text);
CREATE INDEX ix_invitations_user_id_id ON groups.invitations USING btree (user_id, id);
CREATE INDEX ix_memberships_group_id_sort_name_user_id ON groups.memberships USING btree (group_id, sort_name, user_id);
CREATE INDEX ix_memberships_user_id ON groups.memberships USING btree (user_id);
CREATE INDEX ix_locations_group_id_name_id ON locations.locations USING btree (group_id, name, id);
CREATE INDEX idx_wolverine_dead_letter_history_last_replayed_at ON messaging.wolverine_dead_letter_history USING btree (last_replayed_at);
CREATE INDEX idx_wolverine_dead_letters_failure_group ON messaging.wolverine_dead_letters USING btree (failure_group);
CREATE INDEX idx_wolverine_dead_letters_replayable ON messaging.wolverine_dead_letters USING btree (replayable) WHERE (replayable = true);
CREATE INDEX idx_wolverine_incoming_envelopes_keep_until ON messaging.wolverine_incoming_envelopes USING btree (keep_until) WHERE ((status)::text = 'Handled'::text);
CREATE INDEX idx_wolverine_incoming_envelopes_owner ON messaging.wolverine_incoming_envelopes USING btree (owner_id) WHERE (owner_id <> 0);
CREATE INDEX idx_wolverine_incoming_envelopes_recover ON messaging.wolverine_incoming_envelopes USING btree (received_at) WHERE (((status)::text = 'Incoming'::text) AND (owner_id = 0));
CREATE INDEX idx_wolverine_incoming_envelopes_scheduled ON messaging.wolverine_incoming_envelopes USING btree (execution_time) WHERE ((status)::text = 'Scheduled'::text);
CREATE INDEX idx_wolverine_outgoing_envelopes_owner ON messaging.wolverine_outgoing_envelopes USING btree (owner_id) WHERE (owner_id <> 0);
CREATE INDEX idx_wolverine_outgoing_envelopes_recover ON messaging.wolverine_outgoing_envelopes USING btree (destination) WHERE (owner_id = 0);
CREATE UNIQUE INDEX ix_accounts_user_id ON portal.accounts USING btree (user_id);
CREATE INDEX ix_appointments_account_id_id ON portal.appointments USING btree (account_id, id);
CREATE INDEX ix_appointments_group_id_starts_at_id ON portal.appointments USING btree (group_id, starts_at, id);
CREATE INDEX ix_appointments_patient_id_id ON portal.appointments USING btree (patient_id, id);
CREATE INDEX ix_clinical_records_account_id_id ON portal.clinical_records USING btree (account_id, id);
CREATE INDEX ix_clinical_records_patient_id_id ON portal.clinical_records USING btree (patient_id, id);
CREATE INDEX ix_grants_account_id_id ON portal.grants USING btree (account_id, id);
CREATE INDEX ix_grants_user_id_id ON portal.grants USING btree (user_id, id);
CREATE UNIQUE INDEX ix_grants_user_id_normalized_asked_email ON portal.grants USING btree (user_id, normalized_asked_email) WHERE (status = 'Pending'::text);
CREATE INDEX ix_guardians_user_id ON portal.guardians USING btree (user_id);
CREATE INDEX ix_invoices_account_id_id ON portal.invoices USING btree (account_id, id);
CREATE UNIQUE INDEX ix_invoices_group_id_number ON portal.invoices USING btree (group_id, number);
CREATE INDEX ix_invoices_patient_id_id ON portal.invoices USING btree (patient_id, id);
CREATE INDEX ix_offers_normalized_email_account_id ON portal.offers USING btree (normalized_email, account_id);
CREATE INDEX ix_patient_invitations_group_id_patient_id ON portal.patient_invitations USING btree (group_id, patient_id);
CREATE INDEX ix_patient_invitations_token_hash ON portal.patient_invitations USING btree (token_hash);
CREATE INDEX ix_patients_account_id_group_id ON portal.patients USING btree (account_id, group_id);
CREATE INDEX ix_patients_group_id_sort_name_id ON portal.patients USING btree (group_id, sort_name, id);
CREATE INDEX ix_receipts_account_id_id ON portal.receipts USING btree (account_id, id);
CREATE INDEX ix_requests_account_id_id ON portal.requests USING btree (account_id, id);
CREATE INDEX ix_requests_group_id_id ON portal.requests USING btree (group_id, id);
CREATE UNIQUE INDEX ix_accounts_normalized_email ON users.accounts USING btree (normalized_email);
CREATE INDEX ix_asked_mails_normalized_email_sent_at ON users.asked_mails USING btree (normalized_email, sent_at);
CREATE UNIQUE INDEX ix_email_changes_id ON users.email_changes USING btree (id);
CREATE INDEX ix_links_subject_id ON users.links USING btree (subject_id);
CREATE INDEX ix_notifications_account_id_id ON users.notifications USING btree (account_id, id);
CREATE UNIQUE INDEX ix_notifications_account_id_source ON users.notifications USING btree (account_id, source);
CREATE INDEX ix_pending_sign_ups_created_at ON users.pending_sign_ups USING btree (created_at);
CREATE INDEX ix_pending_sign_ups_normalized_email ON users.pending_sign_ups USING btree (normalized_email);
CREATE INDEX ix_refresh_tokens_session_id ON users.refresh_tokens USING btree (session_id);
CREATE INDEX ix_sessions_account_id ON users.sessions USING btree (account_id);
CREATE INDEX sessions_by_end ON web.sessions USING btree (expires_at);
CREATE TRIGGER note_unsealed AFTER INSERT ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.note_unsealed();
ALTER TABLE ONLY messaging.wolverine_node_assignments
    ADD CONSTRAINT fkey_wolverine_node_assignments_node_id FOREIGN KEY (node_id) REFERENCES messaging.wolverine_nodes(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.account_tokens
    ADD CONSTRAINT fk_account_tokens_accounts_user_id FOREIGN KEY (user_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.email_changes
    ADD CONSTRAINT fk_email_changes_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.mail_preferences
    ADD CONSTRAINT fk_mail_preferences_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.notifications
    ADD CONSTRAINT fk_notifications_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.onboarding
    ADD CONSTRAINT fk_onboarding_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.refresh_tokens
    ADD CONSTRAINT fk_refresh_tokens_sessions_session_id FOREIGN KEY (session_id) REFERENCES users.sessions(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.sessions
    ADD CONSTRAINT fk_sessions_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY users.used_codes
    ADD CONSTRAINT fk_used_codes_accounts_account_id FOREIGN KEY (account_id) REFERENCES users.accounts(id) ON DELETE CASCADE;
CREATE POLICY append ON audit.entries FOR INSERT WITH CHECK (((group_id IS NULL) OR (group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY by_group ON audit.entries FOR SELECT USING (((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")) OR ((group_id IS NULL) AND (actor_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
ALTER TABLE audit.entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY sealer ON audit.entries FOR SELECT TO practice_audit USING (true);
CREATE POLICY functions_only ON authority.group_rules TO practice_authority USING (true) WITH CHECK (true);
CREATE POLICY functions_only ON authority.memberships TO practice_authority USING (true) WITH CHECK (true);
CREATE POLICY functions_only ON authority.portal_access TO practice_authority USING (true) WITH CHECK (true);
CREATE POLICY functions_only ON authority.sessions TO practice_authority USING (true) WITH CHECK (true);
ALTER TABLE authority.group_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE authority.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE authority.portal_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE authority.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY also_visible ON groups.groups FOR SELECT USING ((id = ANY ((( SELECT NULLIF(current_setting('app.group_ids'::text, true), ''::text) AS "nullif"))::uuid[])));
CREATE POLICY also_visible ON groups.invitations FOR SELECT USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY also_visible ON groups.memberships FOR SELECT USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON groups.groups USING ((id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON groups.invitations USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON groups.memberships USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON groups.reservations USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_person ON groups.current_groups USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
ALTER TABLE groups.current_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE groups.groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE groups.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE groups.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE groups.reservations ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_person ON idempotency.calls USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
ALTER TABLE idempotency.calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_group ON locations.locations USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_location ON locations.locations AS RESTRICTIVE USING (((( SELECT current_setting('app.location_ids'::text, true) AS current_setting) = '*'::text) OR (id = ANY ((( SELECT NULLIF(NULLIF(current_setting('app.location_ids'::text, true), ''::text), '*'::text) AS "nullif"))::uuid[]))));
ALTER TABLE locations.locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY also_visible ON portal.accounts FOR SELECT USING ((id = ANY ((( SELECT NULLIF(current_setting('app.account_ids'::text, true), ''::text) AS "nullif"))::uuid[])));
CREATE POLICY also_visible ON portal.clinical_records FOR SELECT USING (((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")) AND (( SELECT current_setting('app.clinical'::text, true) AS current_setting) = 'on'::text)));
CREATE POLICY also_visible ON portal.guardians FOR SELECT USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY also_visible ON portal.invoices FOR SELECT USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY also_visible ON portal.offers FOR SELECT USING ((normalized_email = ( SELECT NULLIF(current_setting('app.email'::text, true), ''::text) AS "nullif")));
CREATE POLICY also_visible ON portal.patients FOR SELECT USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY append ON portal.receipts FOR INSERT WITH CHECK (((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")) OR (group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))));
ALTER TABLE portal.appointments ENABLE ROW LEVEL SECURITY;
CREATE POLICY asks ON portal.grants FOR INSERT WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (account_id IS NULL)));
CREATE POLICY by_account ON portal.accounts USING ((id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_account ON portal.appointments USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_account ON portal.grants USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_account ON portal.guardians USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_account ON portal.offers USING ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_account ON portal.receipts FOR SELECT USING (((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")) AND ((opened <> ALL (ARRAY['clinicalRecords'::text, 'clinicalRecord'::text, 'healthNotes'::text, 'healthNoteAdded'::text])) OR (( SELECT current_setting('app.clinical'::text, true) AS current_setting) = 'on'::text))));
CREATE POLICY by_account ON portal.requests USING (((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")) AND ((kind <> 'HealthNote'::text) OR (( SELECT current_setting('app.clinical'::text, true) AS current_setting) = 'on'::text)))) WITH CHECK (((account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif")) AND ((kind <> 'HealthNote'::text) OR (( SELECT current_setting('app.clinical'::text, true) AS current_setting) = 'on'::text))));
CREATE POLICY by_group ON portal.appointments USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON portal.clinical_records USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON portal.invoices USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON portal.patient_invitations USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON portal.patients USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_group ON portal.requests USING ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((group_id = ( SELECT (NULLIF(current_setting('app.group_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY by_location ON portal.appointments AS RESTRICTIVE USING (((( SELECT current_setting('app.location_ids'::text, true) AS current_setting) = '*'::text) OR (location_id = ANY ((( SELECT NULLIF(NULLIF(current_setting('app.location_ids'::text, true), ''::text), '*'::text) AS "nullif"))::uuid[])) OR (account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY by_location ON portal.patients AS RESTRICTIVE USING (((( SELECT current_setting('app.location_ids'::text, true) AS current_setting) = '*'::text) OR (location_id = ANY ((( SELECT NULLIF(NULLIF(current_setting('app.location_ids'::text, true), ''::text), '*'::text) AS "nullif"))::uuid[])) OR (account_id = ( SELECT (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid AS "nullif"))));
ALTER TABLE portal.clinical_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.guardians ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_patient ON portal.appointments AS RESTRICTIVE USING ((EXISTS ( SELECT
   FROM portal.patients patient
  WHERE (patient.id = appointments.patient_id))));
CREATE POLICY of_patient ON portal.clinical_records AS RESTRICTIVE USING ((EXISTS ( SELECT
   FROM portal.patients patient
  WHERE (patient.id = clinical_records.patient_id))));
CREATE POLICY of_patient ON portal.invoices AS RESTRICTIVE USING ((EXISTS ( SELECT
   FROM portal.patients patient
  WHERE (patient.id = invoices.patient_id))));
CREATE POLICY of_patient ON portal.patient_invitations AS RESTRICTIVE USING ((EXISTS ( SELECT
   FROM portal.patients patient
  WHERE (patient.id = patient_invitations.patient_id))));
CREATE POLICY of_patient ON portal.requests AS RESTRICTIVE USING ((EXISTS ( SELECT
   FROM portal.patients patient
  WHERE (patient.id = requests.patient_id))));
ALTER TABLE portal.offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON portal.grants FOR SELECT USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY own_changes ON portal.grants FOR UPDATE USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY own_ends ON portal.grants FOR DELETE USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
ALTER TABLE portal.patient_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal.requests ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA audit TO practice_groups;
GRANT USAGE ON SCHEMA audit TO practice_locations;
GRANT USAGE ON SCHEMA audit TO practice_portal;
GRANT USAGE ON SCHEMA audit TO practice_users;
GRANT USAGE ON SCHEMA audit TO practice_messaging;
GRANT USAGE ON SCHEMA audit TO practice_audit;
GRANT USAGE ON SCHEMA audit TO practice_authority;
GRANT ALL ON SCHEMA authority TO practice_authority;
GRANT USAGE ON SCHEMA authority TO practice_groups;
GRANT USAGE ON SCHEMA authority TO practice_locations;
GRANT USAGE ON SCHEMA authority TO practice_portal;
GRANT USAGE ON SCHEMA authority TO practice_users;
GRANT USAGE ON SCHEMA authority TO practice_messaging;
GRANT USAGE ON SCHEMA groups TO practice_groups;
GRANT USAGE ON SCHEMA idempotency TO practice_groups;
GRANT USAGE ON SCHEMA idempotency TO practice_locations;
GRANT USAGE ON SCHEMA idempotency TO practice_portal;
GRANT USAGE ON SCHEMA idempotency TO practice_users;
GRANT USAGE ON SCHEMA idempotency TO practice_messaging;
GRANT USAGE ON SCHEMA locations TO practice_locations;
GRANT USAGE ON SCHEMA messaging TO practice_groups;
GRANT USAGE ON SCHEMA messaging TO practice_locations;
GRANT USAGE ON SCHEMA messaging TO practice_portal;
GRANT USAGE ON SCHEMA messaging TO practice_users;
GRANT USAGE ON SCHEMA messaging TO practice_messaging;
GRANT USAGE ON SCHEMA portal TO practice_portal;
GRANT USAGE ON SCHEMA users TO practice_users;
GRANT USAGE ON SCHEMA web TO practice_web;
REVOKE ALL ON FUNCTION audit.note_unsealed() FROM PUBLIC;
REVOKE ALL ON FUNCTION authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) TO practice_portal;
REVOKE ALL ON FUNCTION authority.current_user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION authority.current_user_id() TO practice_groups;
GRANT ALL ON FUNCTION authority.current_user_id() TO practice_locations;
GRANT ALL ON FUNCTION authority.current_user_id() TO practice_portal;
GRANT ALL ON FUNCTION authority.current_user_id() TO practice_users;
GRANT ALL ON FUNCTION authority.current_user_id() TO practice_messaging;
REVOKE ALL ON FUNCTION authority.end_session(p_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.end_session(p_session uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.end_sessions_of(p_user uuid, p_except uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.end_sessions_of(p_user uuid, p_except uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) TO practice_groups;
GRANT ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) TO practice_locations;
GRANT ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) TO practice_portal;
GRANT ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) TO practice_users;
GRANT ALL ON FUNCTION authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean) TO practice_messaging;
REVOKE ALL ON FUNCTION authority.enter_account_as_system(p_account uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter_account_as_system(p_account uuid) TO practice_portal;
REVOKE ALL ON FUNCTION authority.enter_address_as_system(p_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter_address_as_system(p_email text) TO practice_portal;
REVOKE ALL ON FUNCTION authority.enter_as_system(p_group uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter_as_system(p_group uuid) TO practice_groups;
GRANT ALL ON FUNCTION authority.enter_as_system(p_group uuid) TO practice_locations;
GRANT ALL ON FUNCTION authority.enter_as_system(p_group uuid) TO practice_portal;
GRANT ALL ON FUNCTION authority.enter_as_system(p_group uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.enter_person_as_system(p_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter_person_as_system(p_user uuid) TO practice_portal;
REVOKE ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) TO practice_groups;
GRANT ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) TO practice_locations;
GRANT ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) TO practice_portal;
GRANT ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) TO practice_users;
GRANT ALL ON FUNCTION authority.enter_portal(p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamp with time zone) TO practice_messaging;
REVOKE ALL ON FUNCTION authority.forget_expired_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION authority.forget_expired_sessions() TO practice_users;
REVOKE ALL ON FUNCTION authority.groups_of(p_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.groups_of(p_user uuid) TO practice_groups;
REVOKE ALL ON FUNCTION authority.open_session(p_token text, p_session uuid, p_user uuid, p_expires timestamp with time zone, p_must_change boolean, p_second_factor boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.open_session(p_token text, p_session uuid, p_user uuid, p_expires timestamp with time zone, p_must_change boolean, p_second_factor boolean) TO practice_users;
REVOKE ALL ON FUNCTION authority.openable_accounts(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.openable_accounts(p_now timestamp with time zone) TO practice_portal;
REVOKE ALL ON FUNCTION authority.own_account_of(p_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.own_account_of(p_user uuid) TO practice_portal;
REVOKE ALL ON FUNCTION authority.password_changed(p_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.password_changed(p_session uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.second_factor_removed(p_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.second_factor_removed(p_user uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.second_factor_shown(p_session uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.second_factor_shown(p_session uuid) TO practice_users;
REVOKE ALL ON FUNCTION authority.write_group(p_group uuid, p_requires_two_factor boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.write_group(p_group uuid, p_requires_two_factor boolean) TO practice_groups;
REVOKE ALL ON FUNCTION authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) TO practice_groups;
REVOKE ALL ON FUNCTION authority.write_portal_access(p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean, p_ends timestamp with time zone, p_clinical_ends timestamp with time zone, p_clinical_age integer, p_adult_age integer) FROM PUBLIC;
GRANT ALL ON FUNCTION authority.write_portal_access(p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean, p_ends timestamp with time zone, p_clinical_ends timestamp with time zone, p_clinical_age integer, p_adult_age integer) TO practice_portal;
GRANT SELECT,INSERT ON TABLE audit.entries TO practice_groups;
GRANT SELECT,INSERT ON TABLE audit.entries TO practice_locations;
GRANT SELECT,INSERT ON TABLE audit.entries TO practice_portal;
GRANT SELECT,INSERT ON TABLE audit.entries TO practice_users;
GRANT SELECT ON TABLE audit.entries TO practice_audit;
GRANT SELECT,INSERT ON TABLE audit.seals TO practice_audit;
GRANT INSERT ON TABLE audit.unsealed TO practice_authority;
GRANT SELECT,DELETE ON TABLE audit.unsealed TO practice_audit;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE groups.current_groups TO practice_groups;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE groups.groups TO practice_groups;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE groups.invitations TO practice_groups;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE groups.memberships TO practice_groups;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE groups.reservations TO practice_groups;
GRANT SELECT ON TABLE idempotency.calls TO practice_groups;
GRANT SELECT ON TABLE idempotency.calls TO practice_locations;
GRANT SELECT ON TABLE idempotency.calls TO practice_portal;
GRANT SELECT ON TABLE idempotency.calls TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE idempotency.calls TO practice_messaging;
GRANT UPDATE(answers) ON TABLE idempotency.calls TO practice_groups;
GRANT UPDATE(answers) ON TABLE idempotency.calls TO practice_locations;
GRANT UPDATE(answers) ON TABLE idempotency.calls TO practice_portal;
GRANT UPDATE(answers) ON TABLE idempotency.calls TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE locations.locations TO practice_locations;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_agent_restrictions TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_control_queue TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_dead_letter_history TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_dead_letters TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_incoming_envelopes TO practice_messaging;
GRANT INSERT ON TABLE messaging.wolverine_incoming_envelopes TO practice_groups;
GRANT INSERT ON TABLE messaging.wolverine_incoming_envelopes TO practice_locations;
GRANT INSERT ON TABLE messaging.wolverine_incoming_envelopes TO practice_portal;
GRANT INSERT ON TABLE messaging.wolverine_incoming_envelopes TO practice_users;
GRANT SELECT(id) ON TABLE messaging.wolverine_incoming_envelopes TO practice_groups;
GRANT SELECT(id) ON TABLE messaging.wolverine_incoming_envelopes TO practice_locations;
GRANT SELECT(id) ON TABLE messaging.wolverine_incoming_envelopes TO practice_portal;
GRANT SELECT(id) ON TABLE messaging.wolverine_incoming_envelopes TO practice_users;
GRANT SELECT(status),UPDATE(status) ON TABLE messaging.wolverine_incoming_envelopes TO practice_groups;
GRANT SELECT(status),UPDATE(status) ON TABLE messaging.wolverine_incoming_envelopes TO practice_locations;
GRANT SELECT(status),UPDATE(status) ON TABLE messaging.wolverine_incoming_envelopes TO practice_portal;
GRANT SELECT(status),UPDATE(status) ON TABLE messaging.wolverine_incoming_envelopes TO practice_users;
GRANT UPDATE(body) ON TABLE messaging.wolverine_incoming_envelopes TO practice_groups;
GRANT UPDATE(body) ON TABLE messaging.wolverine_incoming_envelopes TO practice_locations;
GRANT UPDATE(body) ON TABLE messaging.wolverine_incoming_envelopes TO practice_portal;
GRANT UPDATE(body) ON TABLE messaging.wolverine_incoming_envelopes TO practice_users;
GRANT UPDATE(keep_until) ON TABLE messaging.wolverine_incoming_envelopes TO practice_groups;
GRANT UPDATE(keep_until) ON TABLE messaging.wolverine_incoming_envelopes TO practice_locations;
GRANT UPDATE(keep_until) ON TABLE messaging.wolverine_incoming_envelopes TO practice_portal;
GRANT UPDATE(keep_until) ON TABLE messaging.wolverine_incoming_envelopes TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_node_assignments TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_node_records TO practice_messaging;
GRANT ALL ON SEQUENCE messaging.wolverine_node_records_id_seq TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_nodes TO practice_messaging;
GRANT ALL ON SEQUENCE messaging.wolverine_nodes_node_number_seq TO practice_messaging;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.wolverine_outgoing_envelopes TO practice_messaging;
GRANT INSERT ON TABLE messaging.wolverine_outgoing_envelopes TO practice_groups;
GRANT INSERT ON TABLE messaging.wolverine_outgoing_envelopes TO practice_locations;
GRANT INSERT ON TABLE messaging.wolverine_outgoing_envelopes TO practice_portal;
GRANT INSERT ON TABLE messaging.wolverine_outgoing_envelopes TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.accounts TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.appointments TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.clinical_records TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.grants TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.guardians TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.invoices TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.offers TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.patient_invitations TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.patients TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.receipts TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE portal.requests TO practice_portal;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.account_tokens TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.accounts TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.asked_mails TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.email_changes TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.links TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.mail_preferences TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.notifications TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.onboarding TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.pending_sign_ups TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.refresh_tokens TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.sessions TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.sign_in_attempts TO practice_users;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users.used_codes TO practice_users;
GRANT SELECT,INSERT ON TABLE web.keys TO practice_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE web.sessions TO practice_web;
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261122000000_Authority', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261123000000_Idempotency', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261123000001_AuditSeals', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261124000000_PortalAuthority', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261125000000_AddressAuthority', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261126000000_FrontEnd', '10.0.15');
INSERT INTO authority."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261127000000_ReckonedAges', '10.0.15');
INSERT INTO groups."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261123034607_Initial', '10.0.15');
INSERT INTO locations."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261123034632_Initial', '10.0.15');
INSERT INTO portal."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261124160633_Initial', '10.0.15');
INSERT INTO portal."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261125000000_NarrowOffersAndGrants', '10.0.15');
INSERT INTO portal."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261126054500_AppointmentTimeZone', '10.0.15');
INSERT INTO portal."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261127000000_WarnedGuardians', '10.0.15');
INSERT INTO users."__EFMigrationsHistory" (migration_id, product_version) VALUES ('20261124160633_Initial', '10.0.15');
set check_function_bodies = true;
