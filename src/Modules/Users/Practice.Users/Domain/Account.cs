using Microsoft.AspNetCore.Identity;

namespace Practice.Users.Domain;

/// <summary>
/// A person with one sign-in, staff or patient. What the person may do is decided by the other modules.
/// </summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>How long a temporary password works.</summary>
    public static readonly TimeSpan TemporaryPasswordLifetime = TimeSpan.FromDays(7);

    /// <summary>From the report that the second factor is lost until it ends.</summary>
    public static readonly TimeSpan SecondFactorCoolDown = TimeSpan.FromHours(24);

    private Account() { }

    public string? Title { get; private set; }
    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;

    /// <summary>Someone else set the password and knows it. The person can only replace it.</summary>
    public bool MustChangePassword { get; private set; }

    public DateTimeOffset? TemporaryPasswordExpiresAt { get; private set; }

    /// <summary>The practice group whose administrator created the account; null for people who signed up.</summary>
    public Guid? AddedByGroupId { get; private init; }

    /// <summary>The attempt at adding the person that set the name and the temporary password.</summary>
    public int AddedAttempt { get; private set; }

    /// <summary>
    /// When two-factor authentication ends, for a person who lost the app and the recovery codes; null as long as
    /// nobody has asked for that.
    /// </summary>
    public DateTimeOffset? TwoFactorEndsAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Null for a person who never signed in.</summary>
    public DateTimeOffset? FirstSignedInAt { get; private set; }

    public uint Version { get; private set; }

    /// <summary>The account of a person who signed up and followed the emailed link.</summary>
    public static Account SignedUp(PendingSignUp signUp, DateTimeOffset now) =>
        new()
        {
            Id = signUp.Id,
            Email = signUp.Email,
            NormalizedEmail = signUp.NormalizedEmail,
            EmailConfirmed = true,
            Title = signUp.Title,
            FirstName = signUp.FirstName,
            LastName = signUp.LastName,
            PasswordHash = signUp.PasswordHash,
            SecurityStamp = NewStamp(),
            CreatedAt = now,
        };

    public void SignIn(DateTimeOffset now) => FirstSignedInAt ??= now;

    /// <summary>
    /// The account of a person added by an administrator. Its email is not confirmed yet; it has a temporary password
    /// or none.
    /// </summary>
    public static Account Added(
        Guid id,
        Guid groupId,
        string email,
        string? title,
        string firstName,
        string lastName,
        string? passwordHash,
        int attempt,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            Email = email.Trim(),
            NormalizedEmail = EmailAddress.Normalize(email),
            Title = title.NullIfBlank(),
            FirstName = firstName.Trim(),
            LastName = lastName.Trim(),
            PasswordHash = passwordHash,
            MustChangePassword = true,
            TemporaryPasswordExpiresAt = now + TemporaryPasswordLifetime,
            AddedByGroupId = groupId,
            AddedAttempt = attempt,
            SecurityStamp = NewStamp(),
            CreatedAt = now,
        };

    /// <summary>
    /// Whether the person has never taken the account over. Until then the adding group may still correct it.
    /// </summary>
    public bool IsUntouched => !EmailConfirmed && MustChangePassword;

    public bool PasswordHasExpired(DateTimeOffset now) => MustChangePassword && now >= TemporaryPasswordExpiresAt;

    public void Rename(string? title, string firstName, string lastName) =>
        (Title, FirstName, LastName) = (title.NullIfBlank(), firstName.Trim(), lastName.Trim());

    /// <summary>The person chose a password that nobody else knows.</summary>
    public void ChoosePassword(string hash)
    {
        PasswordHash = hash;
        MustChangePassword = false;
        TemporaryPasswordExpiresAt = null;
        SecurityStamp = NewStamp();
    }

    /// <summary>A later attempt at adding the person, with its own temporary password or none.</summary>
    public void AddAgain(string? hash, int attempt, DateTimeOffset now)
    {
        AddedAttempt = attempt;
        SetTemporaryPassword(hash, now);
    }

    public void SetTemporaryPassword(string? hash, DateTimeOffset now)
    {
        PasswordHash = hash;
        MustChangePassword = true;
        TemporaryPasswordExpiresAt = now + TemporaryPasswordLifetime;
        SecurityStamp = NewStamp();
    }

    /// <summary>
    /// The reader of the mailbox has lost the second factor: it ends after a time in which the person can stop that.
    /// </summary>
    public void LoseSecondFactor(DateTimeOffset now) => TwoFactorEndsAt ??= now + SecondFactorCoolDown;

    public bool TwoFactorEndsBy(DateTimeOffset now) => TwoFactorEndsAt <= now;

    /// <summary>Stops the end of two-factor authentication. Returns whether it was about to end.</summary>
    public bool KeepTwoFactor()
    {
        var ending = TwoFactorEndsAt is not null;
        TwoFactorEndsAt = null;
        return ending;
    }

    public void ConfirmEmail() => EmailConfirmed = true;

    /// <summary>The person confirmed the new address: it replaces the old one.</summary>
    public void ChangeEmail(EmailChange change) =>
        (Email, NormalizedEmail, SecurityStamp) = (change.NewEmail, change.NormalizedEmail, NewStamp());

    private static string NewStamp() => Guid.NewGuid().ToString("n");
}
