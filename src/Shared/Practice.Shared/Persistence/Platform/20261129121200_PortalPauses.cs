using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A practice pauses a person's access to its rows of a portal account (docs/adr/0033).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261129121200_PortalPauses")]
internal sealed class PortalPauses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table authority.portal_pauses (
                account_id uuid not null,
                user_id uuid not null,
                group_id uuid not null,
                primary key (account_id, user_id, group_id)
            );
            alter table authority.portal_pauses enable row level security;
            alter table authority.portal_pauses force row level security;
            create policy functions_only on authority.portal_pauses to current_user using (true) with check (true);
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
