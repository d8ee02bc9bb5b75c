using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Which module's role handles the messages of a queue, and the keys that encrypt stored messages and authenticator keys
/// (docs/adr/0019). <c>DatabaseSetup</c> fills both.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128160000_EncryptedMessages")]
internal sealed class EncryptedMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table messaging.queues (
                received_at text primary key,
                roles name[] not null
            );
            create table messaging.encryption_keys (
                id text primary key,
                encrypted bytea not null,
                created_at timestamptz not null default now(),
                used_from timestamptz not null
            );
            """
        );
}
