using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Calls with an <c>Idempotency-Key</c>: each person's own, written by every module in the transaction of its change
/// (docs/adr/0009).
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261123000000_Idempotency")]
internal sealed class Idempotency : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table idempotency.calls (
                user_id uuid not null,
                key text not null,
                fingerprint bytea not null,
                attempt uuid not null,
                created_at timestamptz not null,
                started_at timestamptz not null,
                answers jsonb not null default '{}',
                status integer,
                headers jsonb,
                body bytea,
                primary key (user_id, key)
            );
            """
        );
        migrationBuilder.ProtectByPerson("idempotency", "calls");
    }
}
