using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class InvitationsByPerson : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_invitations_group_id_normalized_email",
                schema: "groups",
                table: "invitations"
            );

            migrationBuilder.CreateIndex(
                name: "ix_invitations_group_id_user_id",
                schema: "groups",
                table: "invitations",
                columns: new[] { "group_id", "user_id" },
                unique: true,
                filter: "status = 'Pending'"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "ix_invitations_group_id_user_id", schema: "groups", table: "invitations");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_group_id_normalized_email",
                schema: "groups",
                table: "invitations",
                columns: new[] { "group_id", "normalized_email" },
                unique: true,
                filter: "status = 'Pending'"
            );
        }
    }
}
