namespace Practice.TestKit;

/// <summary>A host that is up, in this process or in one of its own, as the people who use it see it.</summary>
public abstract class RunningHost(Uri url, MailFolder mail, TestLog? log) : IAsyncDisposable
{
    public Uri Url { get; } = url;

    /// <summary>Calls without a token.</summary>
    public ApiClient Api { get; } = new(new HttpClient { BaseAddress = url }, log);

    public MailFolder Mail { get; } = mail;

    public abstract ValueTask DisposeAsync();
}
