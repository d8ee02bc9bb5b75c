using System.Security.Cryptography;
using System.Text;

namespace Practice.Users.Domain;

/// <summary>
/// The emails of the first week of a person's first group membership. An account has one series, ever.
/// </summary>
public sealed class OnboardingSeries
{
    /// <summary>When each step is due, counted from joining.</summary>
    private static readonly TimeSpan[] Due = [TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7)];

    private OnboardingSeries() { }

    public Guid AccountId { get; private init; }

    /// <summary>The group joined first: the series ends when access to it ends.</summary>
    public Guid JoinedGroupId { get; private init; }

    public string Practice { get; private init; } = null!;
    public DateTimeOffset JoinedAt { get; private init; }

    /// <summary>How many steps were sent or skipped.</summary>
    public int StepsDone { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public static OnboardingSeries Start(Guid accountId, Guid groupId, string practice, DateTimeOffset now) =>
        new()
        {
            AccountId = accountId,
            JoinedGroupId = groupId,
            Practice = practice,
            JoinedAt = now,
        };

    public void End(DateTimeOffset now) => EndedAt ??= now;

    /// <summary>How long to wait for the next step; null if there is none.</summary>
    public TimeSpan? UntilNext(DateTimeOffset now) =>
        EndedAt is not null || StepsDone == Due.Length ? null
        : JoinedAt + Due[StepsDone] is var due && due > now ? due - now
        : TimeSpan.Zero;

    /// <summary>
    /// Takes the step that is due, counted from 1; null if none is. Steps missed while the host was down are skipped:
    /// nobody wants several of these emails at once.
    /// </summary>
    public int? TakeStep(DateTimeOffset now)
    {
        var due = Due.Count(after => JoinedAt + after <= now);
        if (EndedAt is not null || due <= StepsDone)
            return null;

        StepsDone = due;
        if (due == Due.Length)
            End(now);
        return due;
    }

    /// <summary>
    /// The id of a step's email. It is always the same, so that a repeated step sends the same email.
    /// </summary>
    public Guid MailIdOf(int step) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"onboarding {AccountId:n} {step}")).AsSpan(0, 16));
}
