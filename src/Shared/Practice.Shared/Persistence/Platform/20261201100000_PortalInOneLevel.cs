using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// The authorization of a portal call is one level, and looks practices up only where an access opens some. What
/// guardians gave who have left gives no access any more (docs/adr/0016).
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261201100000_PortalInOneLevel")]
internal sealed class PortalInOneLevel : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            update authority.portal_access given set active = false
            from authority.portal_access former
            where given.relation = 'granted' and given.active
                and former.account_id = given.account_id and former.user_id = given.given_by
                and former.relation = 'guardian' and not former.active
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
