using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;

namespace Practice.Host;

/// <summary>
/// A small practice for demos. It is created with the same HTTP calls that people make, so it needs no special access.
/// Each step first checks whether it is done, so that the next start completes an interrupted one.
/// </summary>
internal sealed partial class DemoPractice
{
    private const string GroupName = "Riverside Health (demo)";

    private static readonly DemoPerson Olivia = new("Olivia", "Owner", "olivia@riverside.example", "owner");
    private static readonly DemoPerson Paul = new(
        "Paul",
        "Practitioner",
        "paul@riverside.example",
        "practitioner, access level clinical"
    );
    private static readonly DemoPerson Rita = new(
        "Rita",
        "Reception",
        "rita@riverside.example",
        "receptionist, with a temporary password to be changed first"
    );
    private static readonly DemoPerson Ines = new(
        "Ines",
        "Invited",
        "ines@riverside.example",
        "invited, has not answered yet"
    );

    private static readonly TimeSpan MailTimeout = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly string _pickupDirectory;
    private readonly Dictionary<DemoPerson, string> _passwords = [];

    private DemoPractice(HttpClient http, string pickupDirectory) =>
        (_http, _pickupDirectory) = (http, pickupDirectory);

    /// <summary>Creates the parts of the demo practice that do not exist yet.</summary>
    /// <returns>The demo accounts, as lines of text; with passwords only if they were created now.</returns>
    public static async Task<IReadOnlyList<string>> SeedAsync(
        WebApplication app,
        HostSettings settings,
        string url,
        CancellationToken ct
    )
    {
        var marker = Path.Combine(settings.DataDirectory, "demo.done");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var demo = new DemoPractice(http, settings.PickupDirectory!);
        try
        {
            if (!File.Exists(marker))
            {
                await demo.CreateAsync(ct);
                Directory.CreateDirectory(settings.DataDirectory);
                await File.WriteAllTextAsync(marker, GroupName, ct);
            }
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TimeoutException or IOException or OperationCanceledException)
        {
            app.Logger.LogWarning(
                "Could not complete the demo practice; the next start continues. {Reason}",
                exception.Message
            );
            return [];
        }

        return demo.SignIns();
    }

    private List<string> SignIns()
    {
        DemoPerson[] people = [Olivia, Paul, Rita, Ines];
        return
        [
            $"Demo practice \"{GroupName}\":",
            .. people.Select(person =>
                $"  {person.Email, -26}{_passwords.GetValueOrDefault(person, ""), -20}{person.Role}"
            ),
            _passwords.Count == people.Length
                ? "Note these passwords: they are shown only now and stored nowhere."
                : "Passwords are shown only when they are created. Set a new one at /forgot-password.",
        ];
    }

    private async Task CreateAsync(CancellationToken ct)
    {
        await EnsureAccountAsync(Olivia, ct);
        var session = await SendAsync(
            HttpMethod.Post,
            "/api/users/sign-in",
            new { Olivia.Email, password = _passwords[Olivia] },
            ct
        );
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            session.GetProperty("accessToken").GetString()
        );

        var group = await FindAsync("/api/groups", item => item.GetProperty("name").GetString() == GroupName, ct)
            ?? await SendAsync(
                HttpMethod.Post,
                "/api/groups",
                new
                {
                    name = GroupName,
                    roleType = "administrator",
                    profession = "practiceManager",
                    location = new { name = "Riverside", timeZone = "Australia/Melbourne" },
                },
                ct
            );
        var path = $"/api/groups/{group.GetProperty("id").GetGuid()}";

        await EnsureMemberAsync(path, Paul, "practitioner", "physiotherapist", "clinical", confirmed: true, ct);
        await EnsureMemberAsync(path, Rita, "administrator", "receptionist", "reception", confirmed: false, ct);

        await EnsureAccountAsync(Ines, ct);
        if (
            await FindAsync(
                $"{path}/invitations?status=pending",
                item => item.GetProperty("email").GetString() == Ines.Email,
                ct
            )
            is null
        )
            await SendAsync(
                HttpMethod.Post,
                $"{path}/members",
                Member(Ines, "practitioner", "psychologist", "personal", password: null),
                ct
            );
    }

    /// <summary>Creates a confirmed account, or gives an existing one a new password.</summary>
    private async Task EnsureAccountAsync(DemoPerson person, CancellationToken ct)
    {
        var password = NewPassword();
        var mails = MailsTo(person);
        await SendAsync(
            HttpMethod.Post,
            "/api/users/sign-up",
            new
            {
                person.FirstName,
                person.LastName,
                person.Email,
                password,
            },
            ct
        );
        if (await TokenOfNextMailAsync(mails, person, ct) is { } confirmation)
            await SendAsync(HttpMethod.Post, "/api/users/confirm-email", new { token = confirmation }, ct);
        else
            await ResetPasswordAsync(person, password, ct); // signed up by an interrupted start
        _passwords[person] = password;
    }

    private async Task EnsureMemberAsync(
        string group,
        DemoPerson person,
        string roleType,
        string profession,
        string accessLevel,
        bool confirmed,
        CancellationToken ct
    )
    {
        var password = NewPassword();
        var mails = MailsTo(person);
        if (
            await FindAsync($"{group}/members", item => item.GetProperty("email").GetString() == person.Email, ct)
            is null
        )
        {
            await SendAsync(
                HttpMethod.Post,
                $"{group}/members",
                Member(person, roleType, profession, accessLevel, password),
                ct
            );
            if (confirmed)
            {
                password = NewPassword();
                await SendAsync(
                    HttpMethod.Post,
                    "/api/users/confirm-email",
                    new { token = await TokenOfNextMailAsync(mails, person, ct), password },
                    ct
                );
            }
        }
        else
        {
            await ResetPasswordAsync(person, password, ct);
        }

        _passwords[person] = password;
    }

    private async Task ResetPasswordAsync(DemoPerson person, string password, CancellationToken ct)
    {
        var mails = MailsTo(person);
        await SendAsync(HttpMethod.Post, "/api/users/forgot-password", new { person.Email }, ct);
        await SendAsync(
            HttpMethod.Post,
            "/api/users/reset-password",
            new { token = await TokenOfNextMailAsync(mails, person, ct), password },
            ct
        );
    }

    private static object Member(
        DemoPerson person,
        string roleType,
        string profession,
        string accessLevel,
        string? password
    ) =>
        new
        {
            person.FirstName,
            person.LastName,
            person.Email,
            confirmEmail = person.Email,
            roleType,
            profession,
            accessLevel,
            password,
            confirmPassword = password,
            locationIds = Array.Empty<Guid>(),
        };

    private async Task<JsonElement?> FindAsync(string list, Predicate<JsonElement> predicate, CancellationToken ct)
    {
        foreach (var item in (await SendAsync(HttpMethod.Get, list, null, ct)).GetProperty("items").EnumerateArray())
        {
            if (predicate(item))
                return item;
        }

        return null;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var response = await _http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        var json = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        return response.IsSuccessStatusCode
            ? json
            : throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode} {CodeOf(json)}.");
    }

    private static string? CodeOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("code", out var code) ? code.GetString() : null;

    private HashSet<string> MailsTo(DemoPerson person) =>
        [
            .. Directory.Exists(_pickupDirectory)
                ? Directory.EnumerateFiles(_pickupDirectory, "*.eml").Where(file => IsTo(file, person))
                : [],
        ];

    private static bool IsTo(string file, DemoPerson person)
    {
        using var mail = MimeMessage.Load(file);
        return mail.To.Mailboxes.Any(mailbox => mailbox.Address == person.Email);
    }

    /// <summary>The token in the link of the next mail to the person; null if that mail has no link.</summary>
    private async Task<string?> TokenOfNextMailAsync(HashSet<string> known, DemoPerson person, CancellationToken ct)
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

    private static string NewPassword() =>
        string.Join(
            '-',
            Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5))
        );

    [GeneratedRegex(@"[?&]token=([^\s&]+)")]
    private static partial Regex Token();

    private sealed record DemoPerson(string FirstName, string LastName, string Email, string Role);
}
