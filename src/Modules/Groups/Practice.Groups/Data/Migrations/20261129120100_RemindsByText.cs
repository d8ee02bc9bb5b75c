using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Groups.Data.Migrations;

[DbContext(typeof(GroupsDbContext))]
[Migration("20261129120100_RemindsByText")]
internal sealed class RemindsByText : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<bool>(
            name: "reminds_by_text",
            schema: "groups",
            table: "groups",
            type: "boolean",
            nullable: false,
            defaultValue: false
        );
}
