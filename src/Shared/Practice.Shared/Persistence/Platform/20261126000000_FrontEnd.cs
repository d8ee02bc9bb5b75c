using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// What the front end keeps for all hosts (docs/adr/0014): the sessions of browsers and the keys that protect cookies and
/// forms. Both are encrypted with a key that is not in the database.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261126000000_FrontEnd")]
internal sealed class FrontEnd : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table web.sessions (
                key_hash text primary key,
                sealed bytea not null,
                expires_at timestamptz not null
            );
            create index sessions_by_end on web.sessions (expires_at);
            create table web.keys (
                name text primary key,
                sealed bytea not null
            );
            """
        );
}
