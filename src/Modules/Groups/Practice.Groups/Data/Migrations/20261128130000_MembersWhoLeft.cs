using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class MembersWhoLeft : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "has_left",
                schema: "groups",
                table: "memberships",
                type: "boolean",
                nullable: false,
                defaultValue: false
            );
            migrationBuilder.Sql(
                "update groups.memberships set has_left = true where status = 'Deactivated' and deactivation_reason = 'left'"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "has_left", schema: "groups", table: "memberships");
        }
    }
}
