using System.Security.Cryptography;
using System.Text;

namespace Practice.Users.Domain;

/// <summary>The mails of the first week after a person's first group membership began, once in an account's life.</summary>
public sealed class OnboardingSeries
{
    /// <summary>When each step is due, from joining.</summary>
    private static readonly TimeSpan[] Due = [TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7)];

    private OnboardingSeries() { }

    public Guid AccountId { get; private init; }

    /// <summary>The group that was joined first: losing the access to it ends the series.</summary>
    public Guid JoinedGroupId { get; private init; }

    public string Practice { get; private init; } = null!;
    public DateTimeOffset JoinedAt { get; private init; }

    /// <summary>How many steps are done with, sent or skipped.</summary>
    public int StepsDone { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public static OnboardingSeries Begin(Guid accountId, Guid groupId, string practice, DateTimeOffset now) =>
        new()
        {
            AccountId = accountId,
            JoinedGroupId = groupId,
            Practice = practice,
            JoinedAt = now,
        };

    public void End(DateTimeOffset now) => EndedAt ??= now;

    /// <summary>How long to wait for the next step; null where there is none.</summary>
    public TimeSpan? UntilNext(DateTimeOffset now) =>
        EndedAt is not null || StepsDone == Due.Length ? null
        : JoinedAt + Due[StepsDone] is var due && due > now ? due - now
        : TimeSpan.Zero;

    /// <summary>
    /// Takes the step that is due, counted from 1; null where none is. Those whose time went by while nobody worked are passed
    /// over: several mails at once would help nobody.
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

    /// <summary>The id of a step's mail: the same however often it is asked for.</summary>
    public Guid MailIdOf(int step) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"onboarding {AccountId:n} {step}")).AsSpan(0, 16));
}
