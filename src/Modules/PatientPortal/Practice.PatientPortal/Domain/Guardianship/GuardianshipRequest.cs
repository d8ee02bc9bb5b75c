using Practice.Contracts.Users;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Domain.Guardianship;

/// <summary>
/// A guardian asks a person, by email, to be a guardian too. Nobody becomes one unasked. The guardian who asks learns
/// nothing of the person before they accept: declining looks like not answering.
/// </summary>
public sealed class GuardianshipRequest
{
    /// <summary>How long a request can be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How many people one guardian may ask in <see cref="LimitPeriod"/>.</summary>
    internal const int MaxOfAPerson = 20;

    internal static readonly TimeSpan LimitPeriod = TimeSpan.FromDays(1);

    private GuardianshipRequest() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>A copy of the dependant's name, for the person who is asked.</summary>
    public string AccountName { get; private init; } = null!;

    public string NormalizedEmail { get; private init; } = null!;

    /// <summary>The person who is asked; null until a person has confirmed the address.</summary>
    public Guid? UserId { get; private set; }

    public Relationship Relationship { get; private init; }
    public Guid AskedById { get; private init; }
    public string AskedByName { get; private init; } = null!;
    public DateTimeOffset AskedAt { get; private init; }

    /// <summary>
    /// When the person declined. The row stays and counts for the limits, so that declining does not show.
    /// </summary>
    public DateTimeOffset? DeclinedAt { get; private set; }

    internal static GuardianshipRequest Ask(
        PortalAccount account,
        string email,
        Relationship relationship,
        AccountFacts askedBy,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            AccountName = account.Name,
            NormalizedEmail = EmailAddress.Normalize(email),
            Relationship = relationship,
            AskedById = askedBy.UserId,
            AskedByName = askedBy.FullName(),
            AskedAt = now,
        };

    internal bool HasExpired(DateTimeOffset now) => now >= AskedAt + Lifetime;

    /// <summary>Whether the person can still answer it.</summary>
    internal bool IsOpen(DateTimeOffset now) => DeclinedAt is null && !HasExpired(now);

    internal void AssignTo(Guid userId) => UserId = userId;

    internal void Decline(DateTimeOffset now) => DeclinedAt = now;
}
