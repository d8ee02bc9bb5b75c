using System.Text.RegularExpressions;

namespace Practice.Authorization.Tests;

/// <summary>The table is complete: every route, every level, every setting, and no row that proves nothing.</summary>
public sealed partial class TableTests
{
    private static IEnumerable<string> Tabled =>
        GroupRows
            .All.Select(row => row.Route)
            .Concat(PersonRows.All.Select(row => row.Route))
            .Concat(PortalRows.All.Select(row => row.Route))
            .Distinct();

    [Fact]
    public async Task Every_route_of_the_host_has_a_row_and_every_row_a_route()
    {
        var (routes, rows) = (await Routes.OfTheHost(), Tabled.Concat(Routes.Open).ToList());
        List<string> wrong =
        [
            .. routes.Except(rows).Select(route => $"{route} has no row"),
            .. rows.Except(routes).Select(row => $"{row} has no route"),
        ];
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.NotEmpty(routes);
    }

    [Fact]
    public async Task Every_page_but_the_open_ones_sends_a_browser_without_a_session_to_sign_in()
    {
        var pages = await Routes.Pages();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = (await TestApp.StartedAsync()).Url,
        };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        Assert.All(Routes.OpenPages, page => Assert.Contains(page, pages));
        Assert.All(
            await Task.WhenAll(
                pages
                    .Except(Routes.OpenPages)
                    .Select(async page =>
                    {
                        using var answer = await browser.GetAsync(
                            new Uri(Parameter().Replace(page, $"{Guid.CreateVersion7()}"), UriKind.Relative)
                        );
                        return $"{page} {(int)answer.StatusCode} {answer.Headers.Location?.OriginalString}";
                    })
            ),
            answer => Assert.Matches("^[^ ]+ 302 .*/sign-in", answer)
        );
        Assert.NotEmpty(pages.Except(Routes.OpenPages));
    }

    [Fact]
    public void No_call_of_the_api_is_open_to_everyone() =>
        Assert.DoesNotContain(Routes.Open, route => route.Contains("/api", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void A_row_is_named_once() =>
        Assert.All(
            Names(GroupRows.All).Concat(Names(PersonRows.All)).Concat(Names(PortalRows.All)).CountBy(name => name),
            name => Assert.Equal(1, name.Value)
        );

    [Fact]
    public void Without_a_session_the_answer_is_the_same_for_every_token()
    {
        Alike(Cast.Staff, GroupRows.All);
        Alike(Cast.People, PersonRows.All);
        Alike(Cast.Portal, PortalRows.All);

        static void Alike<TCaller>(IReadOnlyList<TCaller> callers, IReadOnlyList<Row<TCaller>> rows)
            where TCaller : Caller =>
            Assert.All(rows, row =>
                Assert.Single(callers.Where(caller => caller.Head == callers[0].Head).Select(row.Expected).Distinct())
            );
    }

    [Fact]
    public void Every_call_has_a_row_that_authorizes_a_caller()
    {
        Authorizes(Cast.Staff, GroupRows.All);
        Authorizes(Cast.People, PersonRows.All);
        Authorizes(Cast.Portal, PortalRows.All);

        static void Authorizes<TCaller>(IReadOnlyList<TCaller> callers, IReadOnlyList<Row<TCaller>> rows)
            where TCaller : Caller =>
            Assert.All(rows.GroupBy(row => row.Route), route =>
                Assert.Contains(callers, caller => route.Any(row => row.Expected(caller).Authorized))
            );
    }

    [Fact]
    public async Task The_catalogue_of_levels_is_the_one_that_the_host_has()
    {
        var levels = (await (await World.StartedAsync()).Group.Owner.Api.Get("/api/access-levels")).Items;
        var served = levels.ToDictionary(
            level => $"{level.GetProperty("roleType").GetString()} {level.GetProperty("code").GetString()}",
            level =>
                level
                    .GetProperty("settings")
                    .EnumerateObject()
                    .Where(setting => setting.Value.GetBoolean())
                    .Select(setting => setting.Name)
                    .Order(StringComparer.Ordinal)
                    .ToList()
        );
        var written = Catalogue.Levels.ToDictionary(
            level => $"{level.Key.RoleType} {level.Key.Level}",
            level => level.Value.Order(StringComparer.Ordinal).ToList()
        );
        Assert.Equal(
            written.OrderBy(level => level.Key, StringComparer.Ordinal),
            served.OrderBy(level => level.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_level_is_tried_and_every_setting_alone()
    {
        var levels = (await (await World.StartedAsync()).Group.Owner.Api.Get("/api/access-levels")).Items;
        Assert.Equal(
            levels
                .Select(level => $"{level.GetProperty("roleType").GetString()} {level.GetProperty("code").GetString()}")
                .Order(StringComparer.Ordinal),
            Cast.Staff.Where(caller =>
                    caller
                        is {
                            Credential: Credential.Session,
                            Standing: Standing.Member,
                            Owner: false,
                            Client: false,
                            SwitchedOn: null,
                        }
                )
                .Select(caller => $"{(caller.Practitioner ? "practitioner" : "administrator")} {caller.Level}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            levels[0]
                .GetProperty("settings")
                .EnumerateObject()
                .Select(setting => setting.Name)
                .Order(StringComparer.Ordinal),
            Cast.Staff.Where(caller => caller is { Level: "personal", Client: false, SwitchedOn: not null })
                .Select(caller => caller.SwitchedOn!)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<string> Names<TCaller>(IEnumerable<Row<TCaller>> rows)
        where TCaller : Caller => rows.Select(row => row.Name);

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();
}

public sealed class DocumentTests
{
    /// <summary>Set to 1 to rewrite the page; then review what git shows as changed.</summary>
    private const string Accept = "PRACTICE_ACCEPT_AUTHORIZATION";

    [Fact]
    public async Task The_page_in_the_repository_is_the_table_that_is_tested()
    {
        var table = Document.Write();
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            await File.WriteAllTextAsync(Document.File, table);

        Assert.True(
            File.Exists(Document.File) && table == await File.ReadAllTextAsync(Document.File),
            "docs/authorization.md is not the table of the tests. If the change is meant: "
                + $"{Accept}=1 dotnet test tests/Practice.Authorization.Tests --filter {nameof(DocumentTests)}"
        );
    }
}
