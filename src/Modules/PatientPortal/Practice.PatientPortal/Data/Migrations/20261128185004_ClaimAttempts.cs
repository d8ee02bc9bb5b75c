using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class ClaimAttempts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "attempts",
                schema: "portal",
                table: "patient_invitations",
                type: "integer",
                nullable: false,
                defaultValue: 0
            );
            RowPolicies.HideUnlinkedPracticesInLog(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "attempts", schema: "portal", table: "patient_invitations");
        }
    }
}
