using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Users.Data.Migrations;

/// <summary>Unread notifications are counted with every page; those of staff grow with the practice.</summary>
[DbContext(typeof(UsersDbContext))]
[Migration("20261129140101_CountOfUnread")]
internal sealed class CountOfUnread : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndexConcurrently(
            "users",
            "ix_notifications_unread",
            "notifications (account_id) where read_at is null"
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop index users.ix_notifications_unread");
}
