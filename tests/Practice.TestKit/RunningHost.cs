namespace Practice.TestKit;

/// <summary>A host that is up, in this process or in one of its own, as the people who use it see it.</summary>
public abstract class RunningHost(Uri url, MailFolder mail, TestLog? log) : IAsyncDisposable
{
    public Uri Url { get; } = url;

    /// <summary>Calls without a token.</summary>
    public ApiClient Api { get; } =
        new(
            // A busy machine may take its time to refuse a large body.
            new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
            {
                BaseAddress = url,
            },
            log
        );

    public MailFolder Mail { get; } = mail;

    public abstract ValueTask DisposeAsync();
}
