using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Webhooks handle five events that had one handler. An event with several has a queue for each: what waits, or failed,
/// in the event's own queue goes to the one of its first handler.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130310000_QueuesOfEvents")]
internal sealed class QueuesOfEvents : Migration
{
    private static readonly (string Event, string Handler)[] Events =
    [
        ("InvitationClosed", "CloseNotificationOnInvitationClosedHandler"),
        ("MemberAccessChanged", "NotifyOnMemberAccessChangedHandler"),
        ("MemberReactivated", "NotifyOnMemberReactivatedHandler"),
        ("MembersAccessChanged", "NotifyOnMembersAccessChangedHandler"),
        ("UserInvited", "NotifyOnUserInvitedHandler"),
    ];

    /// <summary>Where messages come from, and where they go.</summary>
    internal static IEnumerable<(string From, string To)> Moved =>
        Events.Select(moved =>
            (Queue($"Practice.Contracts.Groups.{moved.Event}"), Queue($"Practice.Users.EventHandlers.{moved.Handler}"))
        );

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["wolverine_incoming_envelopes", "wolverine_dead_letters"])
        {
            foreach (var (from, to) in Moved)
                migrationBuilder.Sql(
                    $"""
                    do $$ begin
                        if to_regclass('messaging.{table}') is not null then -- a new database does not have it yet
                            update messaging.{table}
                            set received_at = '{to}'
                            where received_at = '{from}';
                        end if;
                    end $$;
                    """
                );
        }
    }

    private static string Queue(string name) => $"local://{name.ToLowerInvariant()}/";
}
