using System.Net;
using System.Text.RegularExpressions;

namespace Practice.TestKit;

/// <summary>Cookies and forms, as a browser without script has them; it goes nowhere by itself.</summary>
public sealed partial class Browser : IDisposable
{
    private readonly CookieContainer _cookies;
    private readonly HttpClient _http;
    private Uri? _site;

    /// <param name="address">Where it is, on this machine.</param>
    public Browser(TestApp? app = null, string address = "127.0.0.1")
        : this(app?.Url, new CookieContainer(), address) { }

    private Browser(Uri? site, CookieContainer cookies, string address = "127.0.0.1")
    {
        (_site, _cookies) = (site, cookies);
        _http = new HttpClient(FromAddress.Handler(IPAddress.Parse(address)));
    }

    public void Visit(TestApp app) => _site = app.Url;

    /// <summary>Another window of the same browser, at this host.</summary>
    public Browser Tab(TestApp app)
    {
        var copy = new CookieContainer();
        foreach (Cookie cookie in _cookies.GetAllCookies())
            copy.Add(new Cookie(cookie.Name, cookie.Value, "/", "practice.test"));
        return new Browser(app.Url, copy);
    }

    public async Task<HttpResponseMessage> SignIn(Person person, string path = "/sign-in") =>
        await Post(
            path,
            await Token("/sign-in"),
            ("_handler", "sign-in"),
            ("email", person.Email),
            ("password", person.Password)
        );

    public Task<HttpResponseMessage> Get(string path, string accept = "text/html", CancellationToken ct = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        return SendAsync(request, ct);
    }

    public Task<HttpResponseMessage> Head(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Accept", "text/html");
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> Post(string path, string? token, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).ToList();
        if (token is not null)
            form.Add(KeyValuePair.Create("__RequestVerificationToken", token));
        return SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(form),
                Headers = { { "Accept", "text/html" } },
            }
        );
    }

    /// <summary>As <see cref="Post"/>, with a file, as a form sends it without script.</summary>
    public Task<HttpResponseMessage> Upload(
        string path,
        string? token,
        (string Field, string Name, byte[] Content) file,
        params (string Name, string Value)[] fields
    )
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        if (token is not null)
            form.Add(new StringContent(token), "__RequestVerificationToken");
        form.Add(new ByteArrayContent(file.Content), file.Field, file.Name);
        return SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = form, Headers = { { "Accept", "text/html" } } }
        );
    }

    /// <summary>What proves that a form was made for this browser, from a page with one.</summary>
    public async Task<string> Token(string path) =>
        TokenField().Match(await (await Get(path)).Content.ReadAsStringAsync()).Groups[1].Value;

    /// <summary>The value of a cookie that it holds.</summary>
    public string Cookie(string name) => _cookies.GetAllCookies().Single(cookie => cookie.Name == name).Value;

    public static IEnumerable<string> SetCookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [];

    public void Dispose() => _http.Dispose();

    private static readonly Uri CookieSite = new("https://practice.test/");

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct = default)
    {
        request.RequestUri = new Uri(_site!, request.RequestUri!);
        if (_cookies.GetCookieHeader(new Uri(CookieSite, request.RequestUri.AbsolutePath)) is { Length: > 0 } cookies)
            request.Headers.Add("Cookie", cookies);
        var answer = await _http.SendAsync(request, ct);
        foreach (var line in SetCookies(answer))
            _cookies.SetCookies(CookieSite, line);
        return answer;
    }

    [GeneratedRegex("""__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex TokenField();
}
