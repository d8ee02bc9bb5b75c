using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class RequestedEmailKinds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "kind",
                schema: "users",
                table: "asked_mails",
                type: "integer",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "kind", schema: "users", table: "asked_mails");
        }
    }
}
