using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Practice.TestKit;

/// <summary>
/// The tokens of a session. They are exchanged well before they expire: who is shared by many tests is still signed in
/// at the end of a slow run.
/// </summary>
/// <param name="refresh">Null for an access token that ends by itself.</param>
internal sealed class SessionTokens(string access, string? refresh = null, TimeSpan lifetime = default)
{
    private readonly Lock _one = new();
    private readonly Stopwatch _age = Stopwatch.StartNew();
    private Task<string> _current = Task.FromResult(access);

    public string Access { get; private set; } = access;

    private bool IsDue => refresh is not null && _age.Elapsed > lifetime / 2;

    public static SessionTokens Of(Answer signedIn) =>
        new(
            signedIn["accessToken"].GetString()!,
            signedIn["refreshToken"].GetString(),
            TimeSpan.FromSeconds(signedIn["expiresIn"].GetInt32())
        );

    /// <summary>The access token for the next call.</summary>
    public Task<string> CurrentAsync(HttpClient http)
    {
        lock (_one) // a refresh token works once
        {
            if (_current.IsCompleted && IsDue)
                _current = ExchangeAsync(http);
            return _current;
        }
    }

    /// <summary>A session that has ended keeps its token, so that the call itself is refused.</summary>
    private async Task<string> ExchangeAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync("/api/users/refresh", new { refreshToken = refresh });
        if (response.IsSuccessStatusCode)
        {
            var pair = await response.Content.ReadFromJsonAsync<JsonElement>();
            (Access, refresh) = (
                pair.GetProperty("accessToken").GetString()!,
                pair.GetProperty("refreshToken").GetString()
            );
        }

        _age.Restart();
        return Access;
    }
}
