using Practice.Messages;

namespace Practice.Contracts.Users;

/// <summary>The account that signs in with this email, if there is one. An unconfirmed sign-up is none.</summary>
public sealed record FindAccountByEmail(string Email) : Message, IQuery<AccountAnswer>;

/// <summary>The account with this id, if there is one.</summary>
public sealed record FindAccount(Guid UserId) : Message, IQuery<AccountAnswer>;

/// <param name="Account">Null where there is none.</param>
public sealed record AccountAnswer(AccountFacts? Account);

/// <param name="Email">In its display form.</param>
public sealed record AccountFacts(
    Guid UserId,
    string Email,
    bool EmailConfirmed,
    string? Title,
    string FirstName,
    string LastName
);

/// <summary>
/// Makes the account of a person whom a practice group adds, with a temporary password. Repeating it with the same
/// <paramref name="UserId"/> completes it, with the newer names and password, as long as nobody has confirmed the account.
/// Refused with <c>users.email_taken</c> where another account has the email.
/// </summary>
/// <param name="Attempt">
/// Of several that were begun with the same <paramref name="UserId"/>, the later one holds: an earlier one that comes after it
/// is refused with <c>users.attempt_superseded</c>.
/// </param>
/// <param name="TemporaryPassword">
/// Null for a person to whom nobody hands one over: they can't sign in before they have followed the link of the welcome mail.
/// </param>
/// <param name="AddedBy">The administrator, for the audit.</param>
public sealed record AddAccount(
    Guid UserId,
    Guid GroupId,
    string Email,
    string? Title,
    string FirstName,
    string LastName,
    string? TemporaryPassword,
    int Attempt,
    Guid AddedBy
) : Message, ICommand<AccountAdded>
{
    public const string EmailTaken = "users.email_taken";
    public const string AttemptSuperseded = "users.attempt_superseded";
}

public sealed record AccountAdded(Guid UserId);

/// <summary>
/// Gives a person who has never confirmed the account another temporary password, and ends their sessions. Refused with
/// <c>users.not_added_here</c> where another group, or none, made the account, with <c>users.account_confirmed</c> where it is
/// the person's own by now, and with errors of the field <c>password</c>.
/// </summary>
/// <param name="ReissuedBy">The administrator, for the audit.</param>
public sealed record ReissueTemporaryPassword(Guid UserId, Guid GroupId, string Password, Guid? ReissuedBy = null)
    : Message,
        ICommand<TemporaryPasswordReissued>
{
    public const string NotAddedHere = "users.not_added_here";
    public const string AccountConfirmed = "users.account_confirmed";
}

public sealed record TemporaryPasswordReissued(Guid UserId);

/// <summary>A person has proved that the email is theirs.</summary>
public sealed record EmailConfirmed(Guid UserId) : Message, IEvent;

/// <summary>A person's name or email is now this; modules that keep a copy follow.</summary>
public sealed record AccountChanged(Guid UserId, string Email, string? Title, string FirstName, string LastName)
    : Message,
        IEvent;
