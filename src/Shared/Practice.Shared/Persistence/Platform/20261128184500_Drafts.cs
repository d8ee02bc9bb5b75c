using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// What a person typed into a form whose session ended before it was saved (docs/adr/0026). Encrypted like the sessions;
/// a release that does not know the table neither reads nor writes it.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128184500_Drafts")]
internal sealed class Drafts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table web.drafts (
                id uuid primary key,
                user_id uuid not null,
                sealed bytea not null,
                kept_at timestamptz not null,
                expires_at timestamptz not null
            );
            create index drafts_of_user on web.drafts (user_id);
            create index drafts_by_end on web.drafts (expires_at);
            """
        );
}
