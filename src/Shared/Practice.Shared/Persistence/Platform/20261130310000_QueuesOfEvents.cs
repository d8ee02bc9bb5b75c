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

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["wolverine_incoming_envelopes", "wolverine_dead_letters"])
        {
            foreach (var (name, handler) in Events)
                migrationBuilder.Sql(
                    $"""
                    do $$ begin
                        if to_regclass('messaging.{table}') is not null then -- a new database does not have it yet
                            update messaging.{table}
                            set received_at = '{Queue($"Practice.Users.EventHandlers.{handler}")}'
                            where received_at = '{Queue($"Practice.Contracts.Groups.{name}")}';
                        end if;
                    end $$;
                    """
                );
        }
    }

    private static string Queue(string name) => $"local://{name.ToLowerInvariant()}/";
}
