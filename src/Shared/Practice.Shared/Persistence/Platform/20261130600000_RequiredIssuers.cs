using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A group may require that sessions began with a sign-in at one issuer.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130600000_RequiredIssuers")]
internal sealed class RequiredIssuers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table authority.sessions add issuer text;
            alter table authority.group_rules add required_issuer text;
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
