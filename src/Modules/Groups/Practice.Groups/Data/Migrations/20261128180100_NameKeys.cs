using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <summary>By themselves: while these columns are written, nobody reads the table.</summary>
    [DbContext(typeof(GroupsDbContext))]
    [Migration("20261128180100_NameKeys")]
    public sealed class NameKeys : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                alter table groups.memberships
                    add last_name_key text collate "C" generated always as (left(search.fold(last_name), 100)) stored,
                    add first_name_key text collate "C" generated always as (left(search.fold(first_name), 100)) stored;
                create index ix_memberships_group_id_last_name_key_first_name_key_user_id
                    on groups.memberships (group_id, last_name_key, first_name_key, user_id);
                """
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table groups.memberships drop last_name_key, drop first_name_key;");
    }
}
