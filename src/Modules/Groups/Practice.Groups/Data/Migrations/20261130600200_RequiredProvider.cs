using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class RequiredProvider : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "required_issuer",
                schema: "groups",
                table: "groups",
                type: "text",
                nullable: true
            );

            migrationBuilder.AddColumn<string>(
                name: "required_provider",
                schema: "groups",
                table: "groups",
                type: "text",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "required_issuer", schema: "groups", table: "groups");

            migrationBuilder.DropColumn(name: "required_provider", schema: "groups", table: "groups");
        }
    }
}
