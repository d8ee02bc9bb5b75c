using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class InvitationSentAt : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The default is for hosts of the version before, which still run during the upgrade. "using" fills in the
            // column of every row: row-level security would hide the rows from an update.
            migrationBuilder.Sql(
                """
                alter table groups.invitations add sent_at timestamp with time zone not null default now();
                alter table groups.invitations alter sent_at type timestamp with time zone using created_at;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "sent_at", schema: "groups", table: "invitations");
        }
    }
}
