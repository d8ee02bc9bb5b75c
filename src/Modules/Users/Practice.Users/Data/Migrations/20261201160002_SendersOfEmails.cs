using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Users.Data.Migrations;

/// <summary>Emails to one address are counted by who causes them (docs/adr/0057).</summary>
[DbContext(typeof(UsersDbContext))]
[Migration("20261201160002_SendersOfEmails")]
internal sealed class SendersOfEmails : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<Guid>(
            name: "sender_id",
            schema: "users",
            table: "asked_mails",
            type: "uuid",
            nullable: true
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropColumn(name: "sender_id", schema: "users", table: "asked_mails");
}
