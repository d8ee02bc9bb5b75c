using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// A session knows when the person last proved who they are, and how long it was not used (docs/adr/0020).
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128160000_StepUp")]
internal sealed class StepUp : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            -- Of the sessions that are open it is not known. Those that the release before opens count as just signed in.
            alter table authority.sessions add verified_at timestamptz not null default 'epoch';
            alter table authority.sessions alter verified_at set default now();

            alter table authority.group_rules add idle_minutes integer;

            -- Apart from the sessions: every call of a session may write here, and must wait for nobody. counts_from is
            -- the verification since which longest_pause counts.
            create table authority.session_use (
                session_id uuid primary key,
                counts_from timestamptz not null default '-infinity',
                last_used_at timestamptz not null default now(),
                longest_pause interval not null default '0'
            ) with (fillfactor = 70);
            insert into authority.session_use (session_id, counts_from)
            select distinct session_id, timestamptz 'epoch' from authority.sessions;
            alter table authority.session_use enable row level security;
            alter table authority.session_use force row level security;
            do $$ declare owner name := (select relowner::regrole from pg_class where oid = 'authority.sessions'::regclass);
            begin
                -- At once, and not with the rest of the setup: hosts are running that authorize callers.
                execute format('create policy functions_only on authority.session_use to %I using (true) with check (true)', owner);
                execute format('alter table authority.session_use owner to %I', owner);
            end $$;
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
