using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Users.Data.Migrations;

/// <summary>Whether a person, or an address without an account, wants reminders of appointments.</summary>
[DbContext(typeof(UsersDbContext))]
[Migration("20261129120200_Reminders")]
internal sealed class Reminders : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>(
            name: "reminders",
            schema: "users",
            table: "mail_preferences",
            type: "boolean",
            nullable: false,
            defaultValue: true
        );
        migrationBuilder.Sql(
            """
            create table users.stopped_addresses (
                id uuid constraint pk_stopped_addresses primary key,
                stopped_at timestamptz not null);
            """
        );
    }
}
