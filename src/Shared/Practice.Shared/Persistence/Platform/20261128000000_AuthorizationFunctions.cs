using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>The functions get the names of the field (docs/glossary.md), and their text moves to a file each.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000000_AuthorizationFunctions")]
internal sealed class AuthorizationFunctionsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            drop function authority.enter(text, uuid, integer, boolean, boolean);
            drop function authority.enter_portal(text, uuid, boolean, boolean, boolean, timestamptz);
            drop function authority.enter_as_system(uuid);
            drop function authority.enter_account_as_system(uuid);
            drop function authority.enter_person_as_system(uuid);
            drop function authority.enter_address_as_system(text);
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
