using System.Globalization;
using System.Text;

namespace Practice.Users.Domain;

/// <summary>
/// A sign-up whose email is not confirmed yet. It is no account, has no session and is not an "existing person".
/// </summary>
public sealed class PendingSignUp
{
    /// <summary>
    /// One that is not confirmed in this time is deleted. Until then its link can be sent again.
    /// </summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    private PendingSignUp() { }

    /// <summary>The id of the future account.</summary>
    public Guid Id { get; private init; }

    public string? Title { get; private init; }
    public string FirstName { get; private init; } = null!;
    public string LastName { get; private init; } = null!;
    public string Email { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public string PasswordHash { get; private init; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>
    /// Distinguishes a person's own sign-up from someone else's with the same email. Initials only: names are free
    /// text, and nobody may have their own text emailed to another person.
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
            Title = title.NullIfBlank(),
            FirstName = firstName.Trim(),
            LastName = lastName.Trim(),
            Email = email.Trim(),
            NormalizedEmail = EmailAddress.Normalize(email),
            PasswordHash = passwordHash,
            CreatedAt = now,
        };

    private static Rune Initial(string name) => name.EnumerateRunes().First();
}
