namespace Practice.Benchmarks.Load;

/// <summary>
/// Sends requests and reads the answers to their end, and does nothing besides: it shares the processors with the
/// servers that it measures.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        }
    );

    /// <exception cref="InvalidOperationException">The answer has another status.</exception>
    public async Task SendAsync(Func<HttpRequestMessage> call, int expected)
    {
        using var request = call();
        using var response = await _http.SendAsync(request, CancellationToken.None);
        await response.Content.CopyToAsync(Stream.Null);
        if ((int)response.StatusCode != expected)
            throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}.");
    }

    public void Dispose() => _http.Dispose();
}
