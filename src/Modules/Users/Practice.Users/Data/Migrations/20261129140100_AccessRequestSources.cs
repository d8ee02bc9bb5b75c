using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Users.Data.Migrations;

/// <summary>
/// A request for access is known by its grant, so that it is found again when it is decided.
/// </summary>
[DbContext(typeof(UsersDbContext))]
[Migration("20261129140100_AccessRequestSources")]
internal sealed class AccessRequestSources : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            update users.notifications old set source = 'access:' || (data ->> 'GrantId')
            where kind = 'PortalRequest' and data ->> 'GrantId' is not null and source not like 'access:%'
                and not exists (
                    select from users.notifications newer
                    where newer.account_id = old.account_id and newer.id > old.id and newer.kind = 'PortalRequest'
                        and newer.data ->> 'GrantId' = old.data ->> 'GrantId');
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) { }
}
