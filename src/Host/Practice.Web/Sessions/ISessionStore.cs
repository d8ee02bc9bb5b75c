namespace Practice.Web.Sessions;

/// <summary>
/// Stores browser sessions on the server, encrypted and shared by all hosts. The host implements it.
/// </summary>
public interface ISessionStore
{
    /// <returns>The content of the session; null where it does not exist or has expired.</returns>
    Task<byte[]?> ReadAsync(string key, CancellationToken ct);

    Task WriteAsync(string key, byte[] content, DateTimeOffset expiresAt, CancellationToken ct);

    /// <summary>Waits for the lock of this session, across all hosts.</summary>
    Task<ILockedSession> LockAsync(string key, CancellationToken ct);
}

/// <summary>A session that nobody else changes. Writing, removing or disposing it ends the lock.</summary>
public interface ILockedSession : IAsyncDisposable
{
    /// <returns>As <see cref="ISessionStore.ReadAsync"/>.</returns>
    Task<byte[]?> ReadAsync(CancellationToken ct);

    Task WriteAsync(byte[] content, DateTimeOffset expiresAt, CancellationToken ct);

    Task RemoveAsync(CancellationToken ct);
}
