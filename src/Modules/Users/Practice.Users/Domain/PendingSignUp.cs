using System.Globalization;
using System.Text;

namespace Practice.Users.Domain;

/// <summary>A sign-up whose email nobody has proved. It is nothing yet: no account, no session, not an "existing person".</summary>
public sealed class PendingSignUp
{
    private PendingSignUp() { }

    /// <summary>Will be the account's id.</summary>
    public Guid Id { get; private init; }

    public string? Title { get; private init; }
    public string FirstName { get; private init; } = null!;
    public string LastName { get; private init; } = null!;
    public string Email { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public string PasswordHash { get; private init; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>
    /// Tells the person's own sign-up from another's with the same email. Initials only: whoever signs up chooses the
    /// name, and must not have a text of their own mailed to somebody else.
    /// </summary>
    public string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{CreatedAt.UtcDateTime:d MMMM yyyy, HH:mm} UTC, initials {Initial(FirstName)}. {Initial(LastName)}."
        );

    public static PendingSignUp Begin(
        Guid id,
        string? title,
        string firstName,
        string lastName,
        string email,
        string passwordHash,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            Title = string.IsNullOrWhiteSpace(title) ? null : title.Trim(),
            FirstName = firstName.Trim(),
            LastName = lastName.Trim(),
            Email = EmailAddress.Display(email),
            NormalizedEmail = EmailAddress.Normalize(email),
            PasswordHash = passwordHash,
            CreatedAt = now,
        };

    private static Rune Initial(string name) => name.EnumerateRunes().First();
}
