using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// What a practice verifies opens its own rows only (docs/adr/0016). Until the next start has calculated their access
/// again, guardians whom a practice had verified open nothing.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000003_VerifiedGuardians")]
internal sealed class VerifiedGuardians : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table authority.verified_guardians (
                account_id uuid not null,
                user_id uuid not null,
                group_id uuid not null,
                ends_at timestamptz not null,
                primary key (account_id, user_id, group_id)
            );
            alter table authority.verified_guardians enable row level security;
            alter table authority.verified_guardians force row level security;
            create policy functions_only on authority.verified_guardians to current_user using (true) with check (true);

            -- The next start calculates what guardians of dependants, and those whom they gave access, open.
            alter table authority.portal_access add all_practices_until timestamptz, add given_by uuid;
            update authority.portal_access
            set all_practices_until = coalesce(ends_at, 'infinity'), clinical_age = 0, adult_age = 0
            where relation <> 'self' and adult_age is not null;
            update authority.portal_access set all_practices_until = '-infinity'
            where relation <> 'self' and adult_age is not null and account_id in (
                select account_id from authority.portal_access
                where relation = 'guardian' and active and clinical_ends_at is null);
            """
        );
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
