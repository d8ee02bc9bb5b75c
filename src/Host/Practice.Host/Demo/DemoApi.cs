using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;
using Practice.Host.FrontEnd;

namespace Practice.Host.Demo;

/// <summary>
/// The HTTP calls that people make, and the mails that they get. Nobody waits for the demo's calls to be limited.
/// </summary>
internal sealed partial class DemoApi : IDisposable
{
    private static readonly TimeSpan MailTimeout = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly string _mails;
    private readonly Dictionary<DemoPerson, string> _tokens = [];

    public DemoApi(string url, string mailDirectory)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Add(FrontEndCalls.Header, FrontEndCalls.Secret);
        _mails = mailDirectory;
    }

    /// <summary>Of everybody in the demo; another at each start that makes somebody.</summary>
    public string Password { get; } =
        string.Join(
            '-',
            Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5))
        );

    public void Dispose() => _http.Dispose();

    /// <summary>A confirmed account. One that an interrupted start signed up gets the password of this start.</summary>
    public async Task SignUpAsync(DemoPerson person, CancellationToken ct)
    {
        var known = MailsTo(person);
        await PostAsync(
            null,
            "/api/users/sign-up",
            new
            {
                person.FirstName,
                person.LastName,
                person.Email,
                Password,
            },
            ct
        );
        if (await TokenOfNextMailAsync(person, known, ct) is { } token)
            await PostAsync(null, "/api/users/confirm-email", new { token }, ct);
        else
            await ResetPasswordAsync(person, ct);
    }

    public async Task ResetPasswordAsync(DemoPerson person, CancellationToken ct)
    {
        var known = MailsTo(person);
        await PostAsync(null, "/api/users/forgot-password", new { person.Email }, ct);
        await PostAsync(
            null,
            "/api/users/reset-password",
            new { token = await TokenOfNextMailAsync(person, known, ct), Password },
            ct
        );
    }

    public Task<JsonElement> GetAsync(DemoPerson by, string path, CancellationToken ct) =>
        SendAsync(HttpMethod.Get, by, path, null, null, ct);

    public Task<JsonElement> PostAsync(DemoPerson? by, string path, object? body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, by, path, body, null, ct);

    /// <summary>Changes a resource as it is now.</summary>
    public async Task PutAsync(DemoPerson by, string path, object body, CancellationToken ct) =>
        await SendAsync(HttpMethod.Put, by, path, body, "*", ct);

    /// <summary>The id of what is made.</summary>
    public async Task<Guid> AddAsync(DemoPerson by, string path, object body, CancellationToken ct) =>
        (await PostAsync(by, path, body, ct)).GetProperty("id").GetGuid();

    /// <summary>All pages of a list.</summary>
    public async Task<List<JsonElement>> ListAsync(DemoPerson by, string path, CancellationToken ct)
    {
        List<JsonElement> items = [];
        var (first, next) = ($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=200", "");
        do
        {
            var page = await GetAsync(by, first + next, ct);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString() is { } after ? $"&after={Uri.EscapeDataString(after)}" : "";
        } while (next.Length > 0);
        return items;
    }

    public HashSet<string> MailsTo(DemoPerson person) =>
        [
            .. Directory.Exists(_mails)
                ? Directory.EnumerateFiles(_mails, "*.eml").Where(file => IsTo(file, person))
                : [],
        ];

    /// <summary>The token in the link of the next mail to the person; null if that mail has no link.</summary>
    public async Task<string?> TokenOfNextMailAsync(DemoPerson person, HashSet<string> known, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < MailTimeout)
        {
            if (MailsTo(person).Except(known).FirstOrDefault() is { } file)
            {
                using var mail = await MimeMessage.LoadAsync(file, ct);
                return Token().Match(mail.TextBody ?? "") is { Success: true } link
                    ? Uri.UnescapeDataString(link.Groups[1].Value)
                    : null;
            }

            await Task.Delay(50, ct);
        }

        throw new TimeoutException($"No mail to {person.Email} arrived within {MailTimeout.TotalSeconds} seconds.");
    }

    private static bool IsTo(string file, DemoPerson person)
    {
        using var mail = MimeMessage.Load(file);
        return mail.To.Mailboxes.Any(mailbox => mailbox.Address == person.Email);
    }

    private async Task<string> TokenAsync(DemoPerson person, CancellationToken ct)
    {
        if (_tokens.TryGetValue(person, out var known))
            return known;
        var session = await PostAsync(null, "/api/users/sign-in", new { person.Email, Password }, ct);
        return _tokens[person] = session.GetProperty("accessToken").GetString()!;
    }

    private async Task<JsonElement> SendAsync(
        HttpMethod method,
        DemoPerson? by,
        string path,
        object? body,
        string? etag,
        CancellationToken ct
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (by is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(by, ct));
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        using var response = await _http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        var json = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        return response.IsSuccessStatusCode
            ? json
            : throw new DemoCallException($"{method} {path}", (int)response.StatusCode, CodeOf(json), text);
    }

    private static string? CodeOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("code", out var code) ? code.GetString() : null;

    [GeneratedRegex(@"[?&]token=([^\s&]+)")]
    private static partial Regex Token();
}

/// <summary>A call of the demo was refused.</summary>
internal sealed class DemoCallException(string call, int status, string? code, string answer)
    : Exception($"{call} answered {status} {code}: {answer}")
{
    public string? Code { get; } = code;
}
