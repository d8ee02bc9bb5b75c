using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Of an id that is no client's, nothing is stored.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130510000_UnknownClients")]
internal sealed class UnknownClients : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        AuthorizationFunctions.CreateMissing(migrationBuilder);
        migrationBuilder.Sql(
            """
            delete from authority.client_attempts a
            where a.client_id <> '00000000-0000-0000-0000-000000000000'
                and not exists (select from authority.clients c where c.client_id = a.client_id)
            """
        );
    }
}
