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

    /// <summary>The caller of all measurements.</summary>
    public static (string Email, string Password) Person => ("person1@practice.test", Password);

    private readonly IReadOnlyList<ApiCall> _calls;
    private readonly ApiCall _sameHash;
    private readonly ApiCall _defaultHash;

    private SignIns(string hash)
    {
        _calls =
        [
            .. Enumerable
                .Range(1, Callers)
                .Select(person => new ApiCall("POST", "/api/users/sign-in")
                {
                    Body = JsonSerializer.Serialize(
                        new { email = $"person{person}@practice.test", password = Password }
                    ),
                }),
        ];
        _sameHash = HashCall(hash);
        _defaultHash = HashCall(new PasswordHasher<string>().HashPassword("", Password));
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
    public Task<LoadResult> RunAsync(ChildServer ours, TimeSpan duration, CancellationToken end = default) =>
        LoadRun.RunAsync([.. _calls.Select(call => call.For(ours.Url))], duration, end: end);

    /// <summary>One person, once.</summary>
    public async Task RunOnceAsync(LoadClient client, ChildServer ours) =>
        await client.SendAsync(_calls[0].For(ours.Url), 200);

    /// <summary>Comparing the same hash and nothing else, on as many processors as there are callers.</summary>
    public Task<LoadResult> RunHashAsync(ChildServer raw, int callers, TimeSpan duration) =>
        LoadRun.RunAsync(_sameHash.For(raw.Url), callers, duration);

    /// <summary>As <see cref="RunHashAsync"/>, with the iterations that Identity has by default.</summary>
    public Task<LoadResult> RunDefaultHashAsync(ChildServer raw, int callers, TimeSpan duration) =>
        LoadRun.RunAsync(_defaultHash.For(raw.Url), callers, duration);

    private static ApiCall HashCall(string hash) =>
        new("GET", "/hash") { Headers = [("X-Hash", hash), ("X-Password", Password)] };

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
