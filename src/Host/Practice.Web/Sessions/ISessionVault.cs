namespace Practice.Web.Sessions;

/// <summary>
/// Where the sessions of browsers lie: on the server, sealed, for all hosts alike. The host of the front end brings it.
/// </summary>
public interface ISessionVault
{
    /// <returns>What was kept under the key; null where nothing is, or no longer.</returns>
    Task<byte[]?> ReadAsync(string key, CancellationToken ct);

    Task WriteAsync(string key, byte[] content, DateTimeOffset expiresAt, CancellationToken ct);

    Task RemoveAsync(string key, CancellationToken ct);

    /// <summary>Waits until nobody else, on any host, has this session locked; disposing lets go of it.</summary>
    Task<IAsyncDisposable> LockAsync(string key, CancellationToken ct);
}
