using System.Globalization;
using System.Text.Json.Serialization;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Accounts;
using Wolverine.Attributes;

namespace Practice.PatientPortal.Domain.Guardianship;

/// <summary>
/// Scheduled for the day of a warning. Its identity is the name it had before it moved here: warnings wait for months,
/// and an upgrade must still find their handler.
/// </summary>
[MessageIdentity("Practice.PatientPortal.Features.Portal.WarnGuardian")]
public sealed record WarnGuardian(
    Guid AccountId,
    Guid UserId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<GuardianshipLimit>))] GuardianshipLimit What,
    DateOnly On,
    int Days
) : Message, IInAccount;

/// <summary>
/// Warnings 60 and 14 days before a guardian's clinical access is suspended and before the guardianship ends.
/// </summary>
internal static class GuardianWarnings
{
    private static readonly int[] DaysAhead = [60, 14];

    /// <summary>The warnings still to come, and in how long.</summary>
    public static IEnumerable<(WarnGuardian Warning, TimeSpan Delay)> Upcoming(
        PortalAccount account,
        Guardian guardian,
        PortalOptions options,
        DateTimeOffset now
    ) =>
        from limit in guardian.Limits(account, options)
        from days in DaysAhead
        let due = PortalDays.BeginningOf(limit.On.AddDays(-days), options.TimeZone)
        where due > now
        select (new WarnGuardian(account.Id, guardian.UserId, limit.Limit, limit.On, days), due - now);

    /// <summary>
    /// The warnings that are overdue although the limit is still ahead, one for each limit: after the configured ages
    /// changed, these guardians are warned at once.
    /// </summary>
    public static IEnumerable<WarnGuardian> Overdue(
        PortalAccount account,
        Guardian guardian,
        PortalOptions options,
        DateTimeOffset now
    )
    {
        var today = PortalDays.Today(now, options.TimeZone);
        return from limit in guardian.Limits(account, options)
            where limit.On > today
            let overdue = DaysAhead.Where(days => limit.On.AddDays(-days) <= today).ToList()
            where overdue.Count > 0
            select new WarnGuardian(account.Id, guardian.UserId, limit.Limit, limit.On, overdue.Min());
    }

    /// <summary>What a practice reads about a limit of one of its patient's guardians.</summary>
    public static string TextFor(GuardianshipLimit limit, string guardianName, DateOnly on) =>
        limit switch
        {
            GuardianshipLimit.ClinicalSuspended => string.Create(
                CultureInfo.InvariantCulture,
                $"{guardianName} can no longer see clinical records from {on:d MMMM yyyy}."
            ),
            GuardianshipLimit.GuardianshipEnds => string.Create(
                CultureInfo.InvariantCulture,
                $"{guardianName} is no longer a guardian from {on:d MMMM yyyy}."
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, "Not a limit of a guardianship."),
        };
}
