using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Practice.Web;
using Group = Practice.TestKit.Group;

namespace Practice.Security.Tests;

/// <summary>
/// Every page, and every form on it, with each part of the address and each
/// field replaced by something hostile: never a 5xx.
/// </summary>
[Collection(nameof(OneAfterTheOther))]
public sealed partial class PageTests
{
    private static readonly string[] Queries =
    [
        "act",
        "actorId",
        "add",
        "after",
        "all",
        "book",
        "choose",
        "date",
        "done",
        "edit",
        "from",
        "invite",
        "issue",
        "kind",
        "later",
        "locationId",
        "off",
        "practitionerId",
        "request",
        "search",
        "sent",
        "show",
        "status",
        "subjectId",
        "to",
        "token",
    ];

    /// <summary>What shows the forms of a page.</summary>
    private static readonly string[] Openers = ["", "add", "edit", "book", "invite", "issue", "request", "choose"];

    private static readonly Lazy<Task<Visitor>> TheVisitor = new(VisitAsync);

    /// <summary>Every page, as its component says.</summary>
    public static TheoryData<string> Pages() =>
        [
            .. typeof(PracticeWeb)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false))
                .Cast<RouteAttribute>()
                .Select(route => route.Template)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_survives_hostile_input(string page)
    {
        var visitor = await TheVisitor.Value;
        var path = visitor.PathOf(page);
        await visitor.IsSignedInAsync();
        foreach (var text in Hostile.Texts.Append("/é"))
        {
            await GetsAsync(
                visitor,
                $"{path}?{string.Join('&', Queries.Select(name => $"{name}={Uri.EscapeDataString(text)}"))}"
            );
            await GetsAsync(visitor, $"{path}?date={Uri.EscapeDataString(text)}&from={Uri.EscapeDataString(text)}");
        }

        var tried = new HashSet<string>();
        foreach (var opener in Openers)
        foreach (var form in Form.AllOn(await GetsAsync(visitor, $"{path}?{opener}")))
        foreach (var field in form.Fields.Where(field => tried.Add($"{form.Handler} {field.Name}")))
        foreach (var text in Hostile.Typed)
        {
            if (
                field.Name is "_handler" or Form.Token
                || form.EndsSessions
                || field.Name.EndsWith("assword", StringComparison.Ordinal)
            )
                continue;
            using var answer = await visitor.Browser.Post(
                form.Action ?? $"{path}?{opener}&to=%2F%C3%A9",
                null,
                [.. form.Fields.Select(one => (one.Name, one == field ? text : one.Value))]
            );
            await SurvivesAsync(answer, $"POST {path}?{opener} {field.Name}={text}");
        }
    }

    private static async Task<string> GetsAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.Browser.Get(path);
        return await SurvivesAsync(answer, $"GET {path}");
    }

    private static async Task<string> SurvivesAsync(HttpResponseMessage answer, string what)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode}: {what}{Environment.NewLine}{text}");
        return text;
    }

    private static async Task<Visitor> VisitAsync()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        var account = (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = "1985-04-12" }))
            .Should(201)
            .Id;
        var patient = (
            await person.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Jo",
                    lastName = "Reed",
                    dateOfBirth = "1985-04-12",
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;
        return new Visitor(new Browser(app), person, group, account, patient);
    }

    /// <summary>An owner with a patient and a portal account of their own.</summary>
    private sealed record Visitor(Browser Browser, Person Person, Group Group, Guid Account, Guid Patient)
    {
        /// <summary>Else every page would answer with the way to the sign-in, and nothing be tried.</summary>
        public async Task IsSignedInAsync()
        {
            using var page = await Browser.Get("/account");
            if (page.StatusCode == HttpStatusCode.OK)
                return;
            using var signedIn = await Browser.SignIn(Person);
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        }

        public string PathOf(string page) =>
            Parameter()
                .Replace(page, parameter => parameter.Groups[1].Value switch
                    {
                        "GroupId" => $"{Group.Id}",
                        "AccountId" => $"{Account}",
                        "PatientId" => $"{Patient}",
                        "UserId" => $"{Group.Owner.Id}",
                        _ => $"{Guid.CreateVersion7()}",
                    });
    }

    private sealed record Field(string Name, string Value);

    private sealed record Form(string? Action, IReadOnlyList<Field> Fields)
    {
        public const string Token = "__RequestVerificationToken";

        public string? Handler => Fields.FirstOrDefault(one => one.Name == "_handler")?.Value;

        /// <summary>Signing out, here or elsewhere.</summary>
        public bool EndsSessions =>
            Action?.Contains("sign-out", StringComparison.Ordinal) == true
            || Handler?.Contains("sign-out", StringComparison.Ordinal) == true;

        public static IEnumerable<Form> AllOn(string html) =>
            FormTag()
                .Matches(html)
                .Select(form => new Form(
                    Attribute(form.Groups[1].Value, "action"),
                    [
                        .. FieldTag()
                            .Matches(form.Groups[2].Value)
                            .Select(field => field.Value)
                            .Where(tag => Attribute(tag, "name") is not null)
                            .Select(tag => new Field(Attribute(tag, "name")!, Attribute(tag, "value") ?? "")),
                    ]
                ));

        private static string? Attribute(string tag, string name) =>
            AttributeOf(name).Match(tag) is { Success: true } found
                ? WebUtility.HtmlDecode(found.Groups[1].Value)
                : null;

        private static Regex AttributeOf(string name) => new($"\\s{name}=\"([^\"]*)\"");
    }

    [GeneratedRegex("{([A-Za-z]+)[^}]*}")]
    private static partial Regex Parameter();

    [GeneratedRegex("<form([^>]*method=\"post\"[^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex FormTag();

    [GeneratedRegex("<(?:input|select|textarea)[^>]*>")]
    private static partial Regex FieldTag();
}
