using System.Text.Json;

namespace Practice.TestKit;

/// <summary>A person who is signed in.</summary>
public sealed record Person(
    RunningHost Host,
    Guid Id,
    string Email,
    string Password,
    string FirstName,
    string LastName,
    ApiClient Api
)
{
    /// <summary>The same person in another, new session.</summary>
    public async Task<Person> SignsInAgain() => this with { Api = await Host.SignIn(Email, Password) };

    /// <summary>Creates a practice group with its first location, as its owner.</summary>
    public async Task<Group> CreatesGroup(
        string? name = null,
        string roleType = "administrator",
        string? profession = null
    )
    {
        name ??= $"Practice of {FirstName} {LastName}";
        var made = await Api.Post(
            "/api/groups",
            new
            {
                name,
                roleType,
                profession,
                location = new { name = "Main street", timeZone = "Australia/Melbourne" },
            }
        );
        var id = made.Should(201).Id;
        var location = await Eventually.Get(async () =>
            (await Api.Get($"/api/groups/{id}/locations"))
                .Items.Select(item => item.GetProperty("id").GetString())
                .FirstOrDefault()
        );
        return new Group(Host, id, name, Guid.Parse(location), this);
    }
}

/// <summary>A practice group, its first location and who created it.</summary>
public sealed record Group(RunningHost Host, Guid Id, string Name, Guid LocationId, Person Owner)
{
    public string Path => $"/api/groups/{Id}";

    /// <summary>
    /// The body that adds a person. Leave <paramref name="password"/> null for someone who has an account.
    /// </summary>
    public static Dictionary<string, object?> Member(
        string email,
        string accessLevel,
        string? password = null,
        string roleType = "administrator",
        Dictionary<string, bool>? settings = null,
        IEnumerable<Guid>? locations = null,
        string firstName = "Ada",
        string lastName = "Moss"
    ) =>
        new()
        {
            ["firstName"] = firstName,
            ["lastName"] = lastName,
            ["roleType"] = roleType,
            ["profession"] = roleType == "practitioner" ? "physiotherapist" : "practiceManager",
            ["email"] = email,
            ["confirmEmail"] = email,
            ["password"] = password,
            ["confirmPassword"] = password,
            ["accessLevel"] = accessLevel,
            ["settings"] = settings,
            ["locationIds"] = locations ?? [],
        };

    /// <summary>Adds a new person, who then signs in and changes the temporary password.</summary>
    public async Task<Person> AddsNewPerson(
        string accessLevel = "reception",
        string roleType = "administrator",
        Dictionary<string, bool>? settings = null,
        params Guid[] locations
    )
    {
        var email = People.NewEmail();
        var (first, last) = People.NewName();
        var temporary = People.NewPassword();
        var added = await Owner.Api.Post(
            $"{Path}/members",
            Member(email, accessLevel, temporary, roleType, settings, locations, first, last)
        );
        var id = added.Should(201)["userId"].GetGuid();

        var password = People.NewPassword();
        var limited = await Host.SignIn(email, temporary);
        (
            await limited.Put("/api/users/me/password", new { currentPassword = temporary, newPassword = password })
        ).Should(204);
        return new Person(Host, id, email, password, first, last, await Host.SignIn(email, password));
    }

    /// <summary>A new person who has confirmed their email, and so can hold the group as an owner.</summary>
    public async Task<Person> WelcomesNewPerson(string accessLevel = "full")
    {
        var person = await Host.SignUpAndConfirm();
        await Welcomes(person, accessLevel);
        return person;
    }

    /// <summary>Invites a person who has an account, and has them accept.</summary>
    public async Task Welcomes(
        Person person,
        string accessLevel = "reception",
        string roleType = "administrator",
        Dictionary<string, bool>? settings = null,
        params Guid[] locations
    )
    {
        var added = await Owner.Api.Post(
            $"{Path}/members",
            Member(person.Email, accessLevel, null, roleType, settings, locations)
        );
        var invitation = added.Should(201)["invitationId"].GetGuid();
        (await person.Api.Post($"/api/invitations/{invitation}/accept")).Should(204);
    }

    /// <summary>The member as the owner sees them.</summary>
    public async Task<Answer> MemberOf(Person person) =>
        (await Owner.Api.Get($"{Path}/members/{person.Id}")).Should(200);
}

/// <summary>Makes people, over HTTP, as they make themselves.</summary>
public static class People
{
    private static int _made;

    /// <summary>
    /// More than 5 minutes pass in which the person does nothing: dangerous acts ask for the password.
    /// </summary>
    public static Task VerificationEnds(this TestApp app, Guid userId) =>
        app.TimePasses(userId, TimeSpan.FromSeconds(301));

    /// <summary>
    /// Time passes for every session of the person, in which they do nothing. Their tokens do not expire by it.
    /// </summary>
    public static Task TimePasses(this TestApp app, Guid userId, TimeSpan time) =>
        app.Owner.Execute(
            """
            with theirs as (
                update users.sessions set verified_at = verified_at - $2 where account_id = $1),
            used as (
                update authority.session_use set counts_from = counts_from - $2, last_used_at = last_used_at - $2
                where session_id in (select session_id from authority.sessions where user_id = $1))
            update authority.sessions set verified_at = verified_at - $2 where user_id = $1
            """,
            userId,
            time
        );

    /// <summary>Signs up, confirms by the mailed link, and signs in.</summary>
    public static async Task<Person> SignUpAndConfirm(this RunningHost host, string? email = null)
    {
        email ??= NewEmail();
        var (firstName, lastName) = NewName();
        var password = NewPassword();
        (
            await host.Api.Post(
                "/api/users/sign-up",
                new
                {
                    firstName,
                    lastName,
                    email,
                    password,
                }
            )
        ).Should(201);
        var mail = await host.Mail.WaitFor(email, mail => mail.Token is not null, $"the confirmation mail to {email}");
        (await host.Api.Post("/api/users/confirm-email", new { token = mail.Token })).Should(204);

        var api = await host.SignIn(email, password);
        var me = (await api.Get("/api/users/me")).Should(200);
        return new Person(host, me.Id, email, password, firstName, lastName, api);
    }

    /// <summary>A client in the new session.</summary>
    public static async Task<ApiClient> SignIn(this RunningHost host, string email, string password) =>
        host.Api.InSession((await host.Api.Post("/api/users/sign-in", new { email, password })).Should(200));

    public static string NewEmail() => $"person{Interlocked.Increment(ref _made)}.{Guid.NewGuid():n}@practice.test";

    public static (string First, string Last) NewName() => ("Robin", $"Person-{Interlocked.Increment(ref _made)}");

    public static string NewPassword() => $"correct horse {Guid.NewGuid():n}";

    /// <summary>The items of a list over all its pages.</summary>
    public static async Task<List<JsonElement>> GetAll(this ApiClient api, string path)
    {
        var items = new List<JsonElement>();
        string? next = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = (
                await api.Get(next is null ? path : $"{path}{separator}after={Uri.EscapeDataString(next)}")
            ).Should(200);
            items.AddRange(page.Items);
            next = page["next"].GetString();
        } while (next is not null);
        return items;
    }
}
