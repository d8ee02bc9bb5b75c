namespace Practice.Users.Domain;

/// <summary>A sign-up whose email nobody has proved. It is nothing yet: no account, no session, not an "existing person".</summary>
public sealed class PendingSignUp
{
    private PendingSignUp()
    {
    }

    /// <summary>Will be the account's id.</summary>
    public Guid Id { get; private init; }

    public string? Title { get; private init; }
    public string FirstName { get; private init; } = "";
    public string LastName { get; private init; } = "";
    public string Email { get; private init; } = "";
    public string NormalizedEmail { get; private init; } = "";
    public string PasswordHash { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }

    public static PendingSignUp Begin(Guid id, string? title, string firstName, string lastName, string email, string passwordHash, DateTimeOffset now) => new()
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
}
