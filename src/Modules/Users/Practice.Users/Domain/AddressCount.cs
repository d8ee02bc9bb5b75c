namespace Practice.Users.Domain;

/// <summary>What a stranger can do to many people, one after the other.</summary>
public enum AddressAct
{
    /// <summary>Have an email sent.</summary>
    RequestEmail,

    /// <summary>Give a wrong password for an account that never signed in from there.</summary>
    GuessPassword,

    /// <summary>Have an email sent to an address that is to become theirs; counted by person.</summary>
    ChangeEmail,
}

/// <summary>
/// How often one address did that within <see cref="Window"/>, to any account. A whole practice may share an
/// address, so it is much more than one person needs.
/// </summary>
public sealed class AddressCount
{
    public const int MaxPerWindow = 100;

    private const int MaxChangesOfEmail = 5;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private AddressCount() { }

    public string AddressHash { get; private init; } = null!;
    public AddressAct Act { get; private init; }
    public int Count { get; private init; }

    /// <summary>When the window began.</summary>
    public DateTimeOffset Since { get; private init; }

    /// <summary>How long to wait; null if it is not too often.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now) =>
        Count > (Act == AddressAct.ChangeEmail ? MaxChangesOfEmail : MaxPerWindow) ? Since + Window - now : null;
}
