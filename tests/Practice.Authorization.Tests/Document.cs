using System.Globalization;
using System.Text;

namespace Practice.Authorization.Tests;

/// <summary>The table as people read it: <c>docs/authorization.md</c>.</summary>
internal static class Document
{
    public static readonly string File = Path.Combine(Checkout.Folder, "docs", "authorization.md");

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Who may call what

            Each call of the API, tried by each kind of caller: the status that it is answered with. **Bold**: let in. The rules stand in
            `tests/Practice.Authorization.Tests`, written from the domain's words and not read from the product; this page is made from them, and
            a test asks the running host for every cell, and for the code of every refusal. A route without a row fails, and so does a row without a route.

            ```sh
            dotnet test tests/Practice.Authorization.Tests
            PRACTICE_ACCEPT_AUTHORIZATION=1 dotnet test tests/Practice.Authorization.Tests --filter FullyQualifiedName~DocumentTests   # writes this page anew
            ```

            401: no good session. 403: known, but not allowed. 404: unknown, or of another tenant, or not for this caller to see. 409, 410 and 422
            say something of the call, not of the caller: who gets them was let in.


            """.ReplaceLineEndings("\n")
        );
        Section(
            text,
            "In a practice group",
            """
            Everything is tried at one location of the group. *One's own* patient is one that the caller has added.

            What is needed besides settings: *changes*: not `readOnly`. *In reach*: not restricted to locations, or assigned to this one. *Grants
            nothing beyond their own*: holds every setting that is given, and carries no restriction that is not given along. *Manages the member*:
            the same of what the member has, and whoever is restricted to locations works wherever the member works.
            """.ReplaceLineEndings("\n"),
            Cast.Staff,
            GroupRows.All
        );
        Section(text, "As a person", "In no practice group and no portal account.", Cast.People, PersonRows.All);
        Section(
            text,
            "In a portal account",
            "The account is linked to a patient of a practice.",
            Cast.Portal,
            PortalRows.All
        );
        text.Append("## Besides\n\nOpen to everybody, and without anybody's data: ")
            .AppendJoin(", ", Routes.Open.Select(route => $"`{route}`"))
            .Append(
                ".\n\nThe front end's pages call the API as any client would, by the session of who looks at them. Without one they lead to the sign-in, but for "
            )
            .AppendJoin(", ", Routes.OpenPages.Select(page => $"`{page}`"))
            .Append(".\n");
        return text.ToString();
    }

    private static void Section<TCaller>(
        StringBuilder text,
        string title,
        string about,
        IReadOnlyList<TCaller> callers,
        IReadOnlyList<Row<TCaller>> rows
    )
        where TCaller : Caller
    {
        // The first column stands for all who come without a session: a test of its own holds that they are answered alike.
        var columns = callers.Where((caller, index) => index == 0 || caller.Head != callers[0].Head).ToList();
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n{about}\n\n| column | caller |\n|---|---|\n");
        foreach (var column in columns)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {column.Head} | {string.Join("; ", callers.Where(caller => caller.Head == column.Head).Select(caller => caller.Name))} |\n"
            );
        text.Append("\n| call | on | needs |")
            .AppendJoin("|", columns.Select(column => $" {column.Head} "))
            .Append("|\n|---|---|---|")
            .AppendJoin("|", columns.Select(_ => "---"))
            .Append("|\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Route}` | {row.On} | {row.Words} |")
                .AppendJoin(
                    "|",
                    columns.Select(column => Routes.Tried(row, column) ? Cell(row.Expected(column)) : " · ")
                )
                .Append("|\n");
        }

        text.Append('\n');
    }

    private static string Cell(Verdict verdict) => verdict.LetIn ? $" **{verdict.Status}** " : $" {verdict.Status} ";
}
