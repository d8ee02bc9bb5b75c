using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <summary>What stands on invoices beside the practice's name.</summary>
    [DbContext(typeof(GroupsDbContext))]
    [Migration("20261129110000_GroupLetterhead")]
    public sealed class GroupLetterhead : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                "alter table groups.groups add address text, add phone text, add business_number text;"
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table groups.groups drop address, drop phone, drop business_number;");
    }
}
