using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Practice.TestKit;

/// <summary>Calls the API as any client would.</summary>
public sealed class ApiClient
{
    private readonly HttpClient _http;
    private readonly TestLog? _log;
    private readonly SessionTokens? _tokens;
    private readonly (string Name, string Value)[] _headers;

    /// <param name="log">The host's log, to be shown with a failure.</param>
    public ApiClient(HttpClient http, TestLog? log = null)
        : this(http, log, null, []) { }

    private ApiClient(HttpClient http, TestLog? log, SessionTokens? tokens, (string, string)[] headers) =>
        (_http, _log, _tokens, _headers) = (http, log, tokens, headers);

    /// <summary>The access token of who calls; null for nobody's.</summary>
    public string? Token => _tokens?.Access;

    /// <summary>The same, with this access token.</summary>
    public ApiClient WithToken(string? token) =>
        new(_http, _log, token is null ? null : new SessionTokens(token), _headers);

    /// <summary>
    /// The same, in the session that this answer started. It stays signed in, however slow the tests are.
    /// </summary>
    public ApiClient InSession(Answer signedIn) => new(_http, _log, SessionTokens.Of(signedIn), _headers);

    /// <summary>The same, sending this header too.</summary>
    public ApiClient WithHeader(string name, string value) => new(_http, _log, _tokens, [.. _headers, (name, value)]);

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    /// <param name="body">
    /// An object to be sent as JSON, a string that is JSON already, an <see cref="HttpContent"/>, or nothing.
    /// </param>
    public Task<Answer> Post(string path, object? body = null, string? etag = null) =>
        Send(HttpMethod.Post, path, body, etag);

    /// <inheritdoc cref="Post"/>
    public Task<Answer> Put(string path, object? body = null, string? etag = null) =>
        Send(HttpMethod.Put, path, body, etag);

    /// <inheritdoc cref="Post"/>
    public Task<Answer> Delete(string path, object? body = null, string? etag = null) =>
        Send(HttpMethod.Delete, path, body, etag);

    /// <summary>Reads the resource and puts the change made from it, with its entity tag.</summary>
    public async Task<Answer> Change(string path, object body) =>
        await Put(path, body, (await Get(path)).Should(200).ETag);

    /// <inheritdoc cref="Post"/>
    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, string? etag = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => new StringContent(json, new MediaTypeHeaderValue("application/json")),
            _ => JsonContent.Create(body),
        };
        if (_tokens is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await _tokens.CurrentAsync(_http)}");
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        foreach (var (name, value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);

        var sent = request.Content is null ? null : await request.Content.ReadAsStringAsync();
        // A server may refuse a large body and close while it is still being sent: ask first, as curl does.
        request.Headers.ExpectContinue = sent?.Length > 1_000_000;
        using var response = await _http.SendAsync(request);
        return await Answer.ReadAsync(request, sent, response, _log);
    }
}
