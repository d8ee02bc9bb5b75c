using Practice.Users.Domain;

namespace Practice.Users.Passkeys;

/// <param name="Synced">Whether a password manager keeps a copy: then the device may be lost without it.</param>
public sealed record PasskeyView(
    Guid Id,
    string Name,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    bool Synced
)
{
    public static PasskeyView Of(Passkey passkey)
    {
        var data = passkey.Data;
        return new PasskeyView(passkey.Id, data.Name ?? "", data.CreatedAt, passkey.LastUsedAt, data.IsBackedUp);
    }
}
