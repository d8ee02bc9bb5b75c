using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Kept answers to calls with an <c>Idempotency-Key</c> can be deleted after a day, whoever's they are, where nobody is
/// authorized. Nobody can read them for that: a delete without a condition meets only this policy.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130700200_ExpiredAnswers")]
internal sealed class ExpiredAnswers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            create policy expired on idempotency.calls for delete
            using ({RowSecurity.Person} is null and created_at < now() - interval '1 day');
            """
        );
}
