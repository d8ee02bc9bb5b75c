using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data.Migrations;

/// <summary>
/// Where nobody is authorized, lookups of all people can be deleted after a day and reservations after 30. Nobody can
/// read them for that: a delete without a condition meets only these policies.
/// </summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261201180002_ExpiredRows")]
internal sealed class ExpiredRows : Migration
{
    private const string Nobody = $"{RowSecurity.Person} is null and {RowSecurity.AuthorizedGroup} is null";

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            create policy expired on groups.lookups for delete using ({Nobody} and at < now() - interval '1 day');
            create policy expired on groups.reservations for delete
                using ({Nobody} and reserved_at < now() - interval '30 days');
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop policy expired on groups.lookups; drop policy expired on groups.reservations;");
}
