using System.Net;

namespace Practice.Webhooks.Delivery;

/// <summary>
/// Asks the system. A look-up takes a thread until the name server answers or the system gives up, which is longer than
/// an attempt may take: so there are only so many at once, and those whose attempt has ended count too.
/// </summary>
internal sealed class SystemNameResolver(Func<string, Task<IPAddress[]>>? lookUp = null) : INameResolver, IDisposable
{
    internal const int AtOnce = 32;

    private readonly Func<string, Task<IPAddress[]>> _lookUp = lookUp ?? Dns.GetHostAddressesAsync;
    private readonly SemaphoreSlim _free = new(AtOnce);

    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        return await LookUpAsync(Absolute(host)).WaitAsync(ct);
    }

    public void Dispose() => _free.Dispose();

    private async Task<IPAddress[]> LookUpAsync(string host)
    {
        try
        {
            return await _lookUp(host);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>
    /// With the dot at its end, so that a system with a search list does not try the name in its own domains, too.
    /// </summary>
    private static string Absolute(string host) =>
        !host.Contains('.', StringComparison.Ordinal) || host.EndsWith('.') || IPAddress.TryParse(host, out _)
            ? host
            : $"{host}.";
}
