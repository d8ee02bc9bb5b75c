using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Messages that wait, some of them scheduled for years ahead, follow the types and handlers that were renamed. Wolverine finds a
/// message's type and queue by these two columns alone; what is in the body is not looked at.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000001_MessageNames")]
internal sealed class MessageNames : Migration
{
    private static readonly (string Before, string After)[] Types =
    [
        ("Practice.Users.Reactions.SendOnboarding", "Practice.Users.EventHandlers.SendOnboarding"),
    ];

    /// <summary>Queues are named after the type of a message with one handler, else after the handler.</summary>
    private static readonly (string Before, string After)[] Handlers =
    [
        ("Practice.Groups.Reactions.FollowAccountHandler", "Practice.Groups.EventHandlers.FollowAccountHandler"),
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["wolverine_incoming_envelopes", "wolverine_dead_letters"])
        {
            foreach (var (before, after) in Types)
                migrationBuilder.Sql(Update(table, "message_type", before, after));
            foreach (var (before, after) in Types.Concat(Handlers))
                migrationBuilder.Sql(Update(table, "received_at", Queue(before), Queue(after)));
        }
    }

    private static string Queue(string type) => $"local://{type.ToLowerInvariant()}/";

    /// <summary>A new database has no such table yet.</summary>
    private static string Update(string table, string column, string before, string after) =>
        $"""
            do $$ begin
                if to_regclass('messaging.{table}') is not null then
                    update messaging.{table} set {column} = '{after}' where {column} = '{before}';
                end if;
            end $$;
            """;
}
