using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Groups.Data.Migrations;

/// <summary>Whether new clinical records are shared with patients. They are not, until an owner says so.</summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261129090000_SharesRecords")]
internal sealed class SharesRecords : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table groups.groups add shares_records boolean not null default false;");
}
