using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Groups.Data.Migrations;

/// <summary>
/// Who set the password of a member's account. Nobody noted it so far: of those who are members already it counts as
/// set by somebody else, until they have confirmed their email. So it does of those whom hosts of the release before add.
/// </summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261201150002_PasswordSetBy")]
internal sealed class PasswordSetBy : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table groups.memberships
                add column password_set_by uuid default '00000000-0000-0000-0000-000000000000';
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropColumn("password_set_by", "memberships", "groups");
}
