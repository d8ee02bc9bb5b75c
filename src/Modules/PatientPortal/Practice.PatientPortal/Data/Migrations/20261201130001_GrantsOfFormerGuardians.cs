using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// What a guardian gave ends when they leave (docs/adr/0016). This ends what those gave who had left before; the
/// platform's migration <c>PortalInOneLevel</c> ends the access itself.
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261201130001_GrantsOfFormerGuardians")]
internal sealed class GrantsOfFormerGuardians : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table portal.accounts no force row level security;
            alter table portal.guardians no force row level security;
            alter table portal.grants no force row level security;
            update portal.grants g set status = 'Disabled'
            from portal.guardians former
            join portal.accounts a on a.id = former.account_id
            where former.account_id = g.account_id and former.user_id = g.given_by_id
                and former.ended_at is not null and a.user_id is null and g.status = 'Current';
            alter table portal.accounts force row level security;
            alter table portal.guardians force row level security;
            alter table portal.grants force row level security;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) { }
}
