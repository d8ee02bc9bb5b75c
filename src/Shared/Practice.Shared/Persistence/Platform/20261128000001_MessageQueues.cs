using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Messages that wait follow the handlers that were renamed: an event with several handlers has a queue for each, named
/// after the handler. The types of messages keep the names they are stored with (<c>MessageIdentity</c>).
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000001_MessageQueues")]
internal sealed class MessageQueues : Migration
{
    private static readonly (string Before, string After)[] Handlers =
    [
        (
            "Practice.Groups.Reactions.FollowAccountHandler",
            "Practice.Groups.EventHandlers.SyncMemberOnAccountChangedHandler"
        ),
        (
            "Practice.Groups.Reactions.FollowAccountOnMemberJoinedHandler",
            "Practice.Groups.EventHandlers.SyncMemberOnMemberJoinedHandler"
        ),
        (
            "Practice.PatientPortal.Reactions.FollowPersonOnAccountChangedHandler",
            "Practice.PatientPortal.EventHandlers.SyncPersonOnAccountChangedHandler"
        ),
        (
            "Practice.Users.Reactions.BeginOnboardingOnMemberJoinedHandler",
            "Practice.Users.EventHandlers.StartOnboardingOnMemberJoinedHandler"
        ),
        (
            "Practice.Users.Reactions.WelcomeOnMemberJoinedHandler",
            "Practice.Users.EventHandlers.NotifyOnMemberJoinedHandler"
        ),
        (
            "Practice.Users.Reactions.EndOnboardingOnMemberDeactivatedHandler",
            "Practice.Users.EventHandlers.EndOnboardingOnMemberDeactivatedHandler"
        ),
        (
            "Practice.Users.Reactions.TellOnMemberDeactivatedHandler",
            "Practice.Users.EventHandlers.NotifyOnMemberDeactivatedHandler"
        ),
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["wolverine_incoming_envelopes", "wolverine_dead_letters"])
        {
            foreach (var (before, after) in Handlers)
                migrationBuilder.Sql(
                    $"""
                    do $$ begin
                        if to_regclass('messaging.{table}') is not null then -- a new database does not have it yet
                            update messaging.{table} set received_at = '{Queue(after)}'
                            where received_at = '{Queue(before)}';
                        end if;
                    end $$;
                    """
                );
        }
    }

    private static string Queue(string handler) => $"local://{handler.ToLowerInvariant()}/";
}
