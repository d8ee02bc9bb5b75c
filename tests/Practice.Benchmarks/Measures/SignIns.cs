using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>People who sign in, with a hash that the product itself has made.</summary>
internal sealed partial class SignIns
{
    private const string Password = "seven grey boats turn north";
    private const int Callers = 16;

    private readonly byte[][] _requests;
    private readonly byte[] _sameHash;
    private readonly byte[] _defaultHash;

    private SignIns(string hash)
    {
        _requests =
        [
            .. Enumerable
                .Range(1, Callers)
                .Select(person =>
                    HttpConnection.Request(
                        "POST",
                        "/api/users/sign-in",
                        json: JsonSerializer.Serialize(
                            new { email = $"person{person}@practice.test", password = Password }
                        )
                    )
                ),
        ];
        _sameHash = HashRequest(hash);
        _defaultHash = HashRequest(new PasswordHasher<string>().HashPassword("", Password));
    }

    /// <summary>A person signs up as everybody does; the others get the same password, and so the same hash.</summary>
    public static async Task<SignIns> PrepareAsync(ChildServer ours, string mailFolder, string connection)
    {
        var email = $"signs.up.{Guid.NewGuid():n}@practice.test";
        using var http = new HttpClient { BaseAddress = ours.Url };
        var person = new
        {
            firstName = "Sia",
            lastName = "Nupp",
            email,
            password = Password,
        };
        using var signedUp = await http.PostAsJsonAsync("/api/users/sign-up", person);
        signedUp.EnsureSuccessStatusCode();
        var token = await FindTokenAsync(mailFolder, email);
        using var confirmed = await http.PostAsJsonAsync("/api/users/confirm-email", new { token });
        confirmed.EnsureSuccessStatusCode();
        await Sql.ExecuteAsync(
            connection,
            $"""
            update users.accounts set password_hash = (select password_hash from users.accounts where email = '{email}')
            where id in ({string.Join(", ", Enumerable.Range(1, Callers).Select(n => $"'{Ids.Person(n)}'"))})
            """
        );
        return new SignIns(
            await Sql.ScalarAsync<string>(
                connection,
                $"select password_hash from users.accounts where email = '{email}'"
            )
        );
    }

    /// <summary>As many people at once as callers, each in their own account.</summary>
    public LoadResult Run(ChildServer ours, TimeSpan duration, CancellationToken end = default) =>
        LoadRun.Run(ours.Url, Callers, duration, (caller, _) => _requests[caller], end: end);

    /// <summary>One person, once.</summary>
    public TimeSpan RunOnce(ChildServer ours)
    {
        using var connection = new HttpConnection(ours.Url);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        if (connection.Send(_requests[0]) != 200)
            throw new InvalidOperationException("The sign-in failed.");
        return System.Diagnostics.Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Comparing the same hash and nothing else, on as many processors as there are callers.</summary>
    public LoadResult RunHash(ChildServer raw, int callers, TimeSpan duration) =>
        LoadRun.Run(raw.Url, callers, duration, (_, _) => _sameHash);

    /// <summary>As <see cref="RunHash"/>, with the iterations that Identity has by default.</summary>
    public LoadResult RunDefaultHash(ChildServer raw, int callers, TimeSpan duration) =>
        LoadRun.Run(raw.Url, callers, duration, (_, _) => _defaultHash);

    private static byte[] HashRequest(string hash) =>
        HttpConnection.Request("GET", "/hash", headers: $"X-Hash: {hash}\r\nX-Password: {Password}\r\n");

    private static async Task<string> FindTokenAsync(string mailFolder, string email)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            foreach (var file in Directory.Exists(mailFolder) ? Directory.GetFiles(mailFolder, "*.eml") : [])
            {
                var mail = await File.ReadAllTextAsync(file);
                if (
                    mail.Contains(email, StringComparison.OrdinalIgnoreCase)
                    && Token().Match(mail) is { Success: true } token
                )
                    return token.Groups[1].Value;
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"No mail to {email} came.");
    }

    [GeneratedRegex("token=([A-Za-z0-9_.-]+)")]
    private static partial Regex Token();
}
