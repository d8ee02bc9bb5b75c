using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class GroupIdleMinutes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "idle_minutes",
                schema: "groups",
                table: "groups",
                type: "integer",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "idle_minutes", schema: "groups", table: "groups");
        }
    }
}
