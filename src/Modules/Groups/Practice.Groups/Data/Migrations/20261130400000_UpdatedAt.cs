using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data.Migrations;

/// <summary>When a group and its members last changed, for those who follow the changes (docs/api/fhir.md).</summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261130400000_UpdatedAt")]
internal sealed class UpdatedAtOfRows : Migration
{
    private static readonly string[] Tables = ["groups", "memberships"];

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.NoteUpdates("groups", Tables);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ForgetUpdates("groups", Tables);
}
