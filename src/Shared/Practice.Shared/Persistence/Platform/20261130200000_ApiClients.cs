using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// API clients call as members do: what they may do is in <c>authority.memberships</c>, their tokens are in
/// <c>authority.sessions</c> (docs/adr/0039).
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130200000_ApiClients")]
internal sealed class ApiClients : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table authority.sessions add client boolean not null default false;

            create table authority.clients (
                client_id uuid primary key,
                group_id uuid not null,
                secret_hash text,
                former_hash text,
                former_until timestamptz,
                expires_at timestamptz,
                last_token_at timestamptz
            );
            -- Who asked for tokens with a wrong secret: one row a client and address, and one an address for all
            -- clients together.
            create table authority.client_attempts (
                client_id uuid not null,
                address text not null,
                failures integer not null default 0,
                last_at timestamptz not null default now(),
                blocked_until timestamptz,
                succeeded_at timestamptz,
                primary key (client_id, address)
            );
            create index client_attempts_by_age on authority.client_attempts (last_at);
            alter table authority.clients enable row level security;
            alter table authority.clients force row level security;
            create policy functions_only on authority.clients to current_user using (true) with check (true);
            alter table authority.client_attempts enable row level security;
            alter table authority.client_attempts force row level security;
            create policy functions_only on authority.client_attempts to current_user using (true) with check (true);
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
