using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Users.Data.Migrations;

/// <summary>Each host deletes expired tokens every hour, of a table that has many. Hosts add some meanwhile.</summary>
[DbContext(typeof(UsersDbContext))]
[Migration("20261201190001_ExpiredTokens")]
internal sealed class ExpiredTokens : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndexConcurrently(
            "users",
            "ix_refresh_tokens_expires_at",
            "refresh_tokens (expires_at)"
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop index users.ix_refresh_tokens_expires_at;");
}
