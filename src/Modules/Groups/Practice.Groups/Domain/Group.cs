using Practice.Contracts.Users;

namespace Practice.Groups.Domain;

/// <summary>A practice group: the tenant. Every shared record belongs to exactly one.</summary>
public sealed class Group
{
    private Group() { }

    public Guid Id { get; private init; }
    public string Name { get; private set; } = null!;

    /// <summary>As it stands on invoices; may have several lines.</summary>
    public string? Address { get; private set; }

    public string? Phone { get; private set; }

    /// <summary>The number under which the practice pays tax, such as an ABN.</summary>
    public string? BusinessNumber { get; private set; }

    public bool RemindersEnabled { get; private set; } = true;

    /// <summary>How many hours before an appointment its reminder is sent.</summary>
    public int RemindersHoursBefore { get; private set; } = 24;

    /// <summary>Whether patients are reminded by text message, too.</summary>
    public bool RemindsByText { get; private set; }

    /// <summary>An ISO 4217 code.</summary>
    public string InvoiceCurrency { get; private set; } = "AUD";

    public int InvoiceDueAfterDays { get; private set; } = 14;

    /// <summary>Whether new clinical records are shared with patients, unless the author says otherwise.</summary>
    public bool SharesRecords { get; private set; }

    /// <summary>Whether members need a session with a second factor.</summary>
    public bool RequiresTwoFactor { get; private set; }

    /// <summary>
    /// After how many minutes without use a session must be confirmed before it opens this group; null where the
    /// operator's limit is enough.
    /// </summary>
    public int? IdleMinutes { get; private set; }

    /// <summary>
    /// The name of the identity provider that members must sign in with, when it was chosen; null for any sign-in.
    /// </summary>
    public string? RequiredProvider { get; private set; }

    /// <summary>Its issuer, by which it counts: operators may rename a provider.</summary>
    public string? RequiredIssuer { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public uint Version { get; private set; }

    internal void Rename(string name) => Name = name.Trim();

    internal void Describe(string? address, string? phone, string? businessNumber) =>
        (Address, Phone, BusinessNumber) = (address, phone, businessNumber);

    /// <returns>Whether that changes anything.</returns>
    internal bool Remind(bool enabled, int hoursBefore, bool byText)
    {
        var before = (RemindersEnabled, RemindersHoursBefore, RemindsByText);
        (RemindersEnabled, RemindersHoursBefore, RemindsByText) = (enabled, hoursBefore, byText);
        return before != (enabled, hoursBefore, byText);
    }

    internal void Invoice(string currency, int dueAfterDays) =>
        (InvoiceCurrency, InvoiceDueAfterDays) = (currency, dueAfterDays);

    internal void ShareRecords(bool shared) => SharesRecords = shared;

    internal void RequireTwoFactor(bool required) => RequiresTwoFactor = required;

    internal void LimitIdle(int? minutes) => IdleMinutes = minutes;

    /// <param name="provider">Null: any sign-in will do.</param>
    internal void RequireProvider(IdentityProviderFacts? provider) =>
        (RequiredProvider, RequiredIssuer) = (provider?.Name, provider?.Issuer);

    /// <summary>Whether this limit would let sessions in that the present one keeps out.</summary>
    internal bool LoosensIdle(int? minutes) => IdleMinutes is { } now && (minutes is null || minutes > now);

    internal static Group Create(Guid id, string name, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Name = name.Trim(),
            CreatedAt = now,
        };
}
