using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>A person with a portal account, of their own or a dependant's.</summary>
internal sealed record Holder(Person Person, Guid AccountId)
{
    public string Path => $"/api/portal/accounts/{AccountId}";

    public ApiClient Api => Person.Api;

    public string Email => Person.Email;

    /// <summary>The same account, opened by another person.</summary>
    public Holder OpenedBy(Person other) => this with { Person = other };

    public async Task<Holder> SignsInAgain() => this with { Person = await Person.SignsInAgain() };

    /// <summary>The same person at another address.</summary>
    public async Task<Holder> ChangesEmail(string? email = null)
    {
        email ??= People.NewEmail();
        (await Api.Post("/api/users/me/email", new { newEmail = email, password = Person.Password })).Should(202);
        var mail = await Person.Host.Mail.WaitFor(email, mail => mail.Subject == "Confirm your new email");
        (await Api.Post("/api/users/me/email/confirm", new { token = mail.Token })).Should(204);
        return await (this with { Person = Person with { Email = email } }).SignsInAgain();
    }

    /// <summary>Requests access to another person's account.</summary>
    public async Task Asks(string email, string role = "view") =>
        (await Api.Post("/api/portal/access-requests", new { email, role })).Should(202);

    /// <summary>A person's grant as the holder sees it, once it exists.</summary>
    public Task<Seen> Sees(string email) =>
        Eventually.Get(
            async () =>
                (await Api.GetAll($"{Path}/access"))
                    .Where(item => item.GetProperty("email").GetString() == email)
                    .Select(item => new Seen(item))
                    .FirstOrDefault(),
            what: $"a grant for {email}"
        );

    /// <summary>Decides on a grant.</summary>
    public Task<Answer> Decides(
        Guid grantId,
        string status,
        string role = "view",
        string level = "administrative",
        string? endsOn = null
    ) =>
        Api.Change(
            $"{Path}/access/{grantId}",
            new
            {
                status,
                role,
                level,
                endsOn,
            }
        );

    /// <summary>The other person requests access, and the holder grants it.</summary>
    public async Task<Guid> GivesAccess(
        Holder other,
        string role = "view",
        string level = "administrative",
        string? endsOn = null
    )
    {
        await other.Asks(Email, role);
        var grant = (await Sees(other.Email)).Id;
        (await Decides(grant, "current", role, level, endsOn)).Should(204);
        return grant;
    }

    /// <summary>Asks a person to be a guardian of this dependant too, and they accept.</summary>
    public async Task AddsGuardian(Person other, string relationship = "parent")
    {
        (await Api.Post($"{Path}/guardians", new { email = other.Email, relationship })).Should(202);
        await other.AcceptsGuardianship();
    }

    /// <summary>The access this person requested and was given.</summary>
    public Task<List<JsonElement>> Asked() => Api.GetAll("/api/portal/access");
}

internal sealed record Seen(JsonElement Grant)
{
    public Guid Id => Grant.GetProperty("grantId").GetGuid();

    public string? this[string property] =>
        Grant.GetProperty(property).ToString() is { Length: > 0 } text ? text : null;
}

internal static class Holders
{
    public const string Born = "1985-04-12";

    /// <summary>Signs up, confirms, and opens a portal account.</summary>
    public static async Task<Holder> NewHolder(
        this RunningHost host,
        string dateOfBirth = Born,
        string? email = null
    ) => await (await host.SignUpAndConfirm(email)).OpensAccount(dateOfBirth);

    public static async Task<Holder> OpensAccount(this Person person, string dateOfBirth = Born) =>
        new(person, (await person.Api.Post("/api/portal/accounts", new { dateOfBirth })).Should(201).Id);

    public static async Task<Holder> AddsDependant(
        this Holder guardian,
        string dateOfBirth,
        string relationship = "parent",
        string firstName = "Robin"
    )
    {
        var added = await guardian.Api.Post(
            "/api/portal/dependants",
            new
            {
                firstName,
                lastName = "Little",
                dateOfBirth,
                relationship,
            }
        );
        return guardian with { AccountId = added.Should(201)["accountId"].GetGuid() };
    }

    /// <summary>What a person was asked to be the guardian of, once they were.</summary>
    public static async Task<JsonElement> IsAskedToBeGuardian(this Person person)
    {
        List<JsonElement> asked = [];
        await Eventually.Is(async () => (asked = await person.Api.GetAll("/api/portal/guardianships")).Count > 0);
        return asked[0];
    }

    public static async Task AcceptsGuardianship(this Person person)
    {
        var asked = (await person.IsAskedToBeGuardian()).GetProperty("id").GetGuid();
        (await person.Api.Post($"/api/portal/guardianships/{asked}/accept")).Should(204);
    }

    /// <summary>The accounts a person can switch between: relation, role and level by account.</summary>
    public static async Task<Dictionary<Guid, string>> Accounts(this Person person) =>
        (await person.Api.GetAll("/api/portal/accounts")).ToDictionary(
            item => item.GetProperty("accountId").GetGuid(),
            item =>
                string.Join(
                    ' ',
                    new[] { "relation", "role", "level" }.Select(name => item.GetProperty(name).GetString())
                )
        );
}
