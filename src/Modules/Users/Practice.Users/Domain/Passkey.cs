using Microsoft.AspNetCore.Identity;

namespace Practice.Users.Domain;

/// <summary>
/// A key pair that signs a person in. The private key never leaves their device or password manager; Identity checks
/// its signatures by what is in <see cref="IdentityUserPasskey{TKey}.Data"/>.
/// </summary>
public sealed class Passkey : IdentityUserPasskey<Guid>
{
    /// <summary>For one person. More is a script, not a person with devices.</summary>
    public const int MaxPerPerson = 10;

    public const int MaxNameLength = 60;

    /// <summary>What the API calls it: the credential's own id is the authenticator's choice.</summary>
    public Guid Id { get; init; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public void Use(DateTimeOffset now) => LastUsedAt = now;
}
