using Practice.Messages;

namespace Practice.Contracts.Users;

/// <summary>
/// The account that signs in with this email, if there is one. An unconfirmed sign-up is not an account.
/// </summary>
public sealed record FindAccountByEmail(string Email) : Message, IQuery<AccountAnswer>;

/// <summary>The account with this id, if there is one.</summary>
public sealed record FindAccount(Guid UserId) : Message, IQuery<AccountAnswer>;

/// <summary>As <see cref="FindAccountByEmail"/>, of many. The answer leaves out emails without an account.</summary>
public sealed record FindAccountsByEmail(IReadOnlyList<string> Emails) : Message, IQuery<AccountsAnswer>;

/// <summary>As <see cref="FindAccount"/>, of many. The answer leaves out ids without an account.</summary>
public sealed record FindAccounts(IReadOnlyList<Guid> UserIds) : Message, IQuery<AccountsAnswer>;

/// <summary>
/// Whether at least one of these people wants reminders of appointments; without any, whether the address does.
/// </summary>
public sealed record FindReminderChoice(IReadOnlyList<Guid> UserIds, string? Email)
    : Message,
        IQuery<ReminderChoiceAnswer>;

public sealed record ReminderChoiceAnswer(bool IsWanted);

/// <summary>The identity providers that people can sign in with here, as the operator ordered them.</summary>
public sealed record ListIdentityProviders : Message, IQuery<IdentityProvidersAnswer>;

public sealed record IdentityProvidersAnswer(IReadOnlyList<IdentityProviderFacts> Providers);

/// <param name="Issuer">Without a slash at its end.</param>
public sealed record IdentityProviderFacts(string Name, string Issuer);

/// <summary>Which of these accounts are connected with the identity provider that has this issuer.</summary>
/// <param name="Issuer">Without a slash at its end.</param>
public sealed record FindConnectedAccounts(IReadOnlyList<Guid> UserIds, string Issuer)
    : Message,
        IQuery<ConnectedAccountsAnswer>;

public sealed record ConnectedAccountsAnswer(IReadOnlyList<Guid> UserIds);

/// <param name="Account">Null if there is none.</param>
public sealed record AccountAnswer(AccountFacts? Account);

public sealed record AccountsAnswer(IReadOnlyList<AccountFacts> Accounts);

/// <param name="Email">In its display form.</param>
/// <param name="HasSignedIn">At least once.</param>
public sealed record AccountFacts(
    Guid UserId,
    string Email,
    bool EmailConfirmed,
    string? Title,
    string FirstName,
    string LastName,
    bool HasSignedIn
);

/// <summary>
/// Creates the account of a person added by a practice group, with a temporary password. Repeating it with the same
/// <paramref name="UserId"/> updates the names and the password until the person has taken the account over. The error
/// is <c>users.email_taken</c> if another account has the email.
/// </summary>
/// <param name="Attempt">
/// Numbers the attempts with the same <paramref name="UserId"/>. The later one wins: an earlier one that arrives after
/// it gets the error <c>users.attempt_superseded</c>.
/// </param>
/// <param name="TemporaryPassword">
/// Null if nobody hands one over: the person can sign in only after following the link of the welcome email.
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
/// As <see cref="AddAccount"/>, many in one transaction and without passwords. One that cannot be added stops no other.
/// </summary>
/// <param name="People">No email twice.</param>
public sealed record AddAccounts(Guid GroupId, IReadOnlyList<PersonToAdd> People, Guid AddedBy)
    : Message,
        ICommand<AccountsAdded>;

public sealed record PersonToAdd(
    Guid UserId,
    string Email,
    string? Title,
    string FirstName,
    string LastName,
    int Attempt
);

/// <param name="Outcomes">Of each person, in the order of the command.</param>
public sealed record AccountsAdded(IReadOnlyList<AccountOutcome> Outcomes);

public enum AccountOutcome
{
    Added,

    /// <summary>As <see cref="AddAccount.EmailTaken"/>.</summary>
    EmailTaken,

    /// <summary>As <see cref="AddAccount.AttemptSuperseded"/>.</summary>
    AttemptSuperseded,
}

/// <summary>
/// Gives a person who has never confirmed the account a new temporary password, and ends their sessions. The group's
/// audit has an entry about it, committed with it. The error is
/// <c>users.not_added_here</c> if the group did not create the account, <c>users.account_confirmed</c> if the person
/// has confirmed it, or one of the field <c>password</c>.
/// </summary>
/// <param name="ReissuedBy">The administrator, for the audit.</param>
public sealed record ReissueTemporaryPassword(Guid UserId, Guid GroupId, string Password, Guid ReissuedBy)
    : Message,
        ICommand<TemporaryPasswordReissued>
{
    public const string NotAddedHere = "users.not_added_here";
    public const string AccountConfirmed = "users.account_confirmed";
}

public sealed record TemporaryPasswordReissued(Guid UserId);

/// <summary>A person has confirmed that the email is theirs.</summary>
public sealed record EmailConfirmed(Guid UserId) : Message, IEvent;

/// <summary>A person's name or email has changed; modules that keep a copy update it.</summary>
public sealed record AccountChanged(Guid UserId, string Email, string? Title, string FirstName, string LastName)
    : Message,
        IEvent;
