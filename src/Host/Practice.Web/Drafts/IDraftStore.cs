namespace Practice.Web.Drafts;

/// <summary>
/// Stores unsaved input on the server for a day, encrypted and shared by all hosts. The host implements it.
/// </summary>
public interface IDraftStore
{
    /// <summary>Replaces the person's draft of this id. Of another person's draft nothing changes.</summary>
    Task KeepAsync(Guid userId, Guid id, byte[] content, CancellationToken ct);

    /// <summary>The person's drafts that have not expired, the latest first.</summary>
    Task<IReadOnlyList<StoredDraft>> ReadAsync(Guid userId, CancellationToken ct);

    Task DeleteAsync(Guid userId, Guid id, CancellationToken ct);
}

public sealed record StoredDraft(Guid Id, DateTimeOffset KeptAt, byte[] Content);
