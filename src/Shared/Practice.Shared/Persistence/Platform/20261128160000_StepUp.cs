using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A session knows when the person last proved who they are (docs/adr/0020).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128160000_StepUp")]
internal sealed class StepUp : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // Of the sessions that are open it is not known. Those that the release before opens count as just signed in.
        migrationBuilder.Sql(
            """
            alter table authority.sessions add verified_at timestamptz not null default '-infinity';
            alter table authority.sessions alter verified_at set default now();
            """
        );
        AuthorizationFunctions.Apply(migrationBuilder);
    }
}
