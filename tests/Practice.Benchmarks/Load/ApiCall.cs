using System.Net.Http.Headers;

namespace Practice.Benchmarks.Load;

/// <summary>A call that can be made any number of times.</summary>
internal sealed record ApiCall(string Method, string Path)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string? Token { get; init; }
    public string? Body { get; init; }
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Makes the requests for one server: what is the same each time is made once.</summary>
    public Func<HttpRequestMessage> For(Uri server)
    {
        var (method, url) = (new HttpMethod(Method), new Uri(server, Path));
        var body = Body is null ? null : System.Text.Encoding.UTF8.GetBytes(Body);
        var caller = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        return () =>
        {
            var request = new HttpRequestMessage(method, url);
            request.Headers.Authorization = caller;
            foreach (var (name, value) in Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            if (body is not null)
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
            return request;
        };
    }
}
