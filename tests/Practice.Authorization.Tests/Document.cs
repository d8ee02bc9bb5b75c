using System.Globalization;
using System.Text;

namespace Practice.Authorization.Tests;

/// <summary>The table for readers: <c>docs/authorization.md</c>.</summary>
internal static class Document
{
    public static readonly string File = Path.Combine(Checkout.Folder, "docs", "authorization.md");

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Who may call what

            Each call of the API, tried by each kind of caller, with the status of the answer. **Bold**: authorized.
            The rules are in `tests/Practice.Authorization.Tests`, written from the domain and not read from the
            product. This page is generated from them, and a test checks every cell, and the code of every error,
            against the running host. A route without a row fails; so does a row without a route.

            ```sh
            dotnet test tests/Practice.Authorization.Tests
            # This rewrites the page:
            PRACTICE_ACCEPT_AUTHORIZATION=1 dotnet test tests/Practice.Authorization.Tests --filter DocumentTests
            ```

            401: no valid session. 403: known, but not allowed. 404: unknown, of another tenant, or not for this
            caller to see. 409, 410 and 422 are about the call, not the caller: a caller who gets them was authorized.


            """.ReplaceLineEndings("\n")
        );
        Section(
            text,
            "In a practice group",
            """
            Everything is tried at one location of the group. *One's own* patient is one added by the caller.

            Needs other than settings. *Changes*: not `readOnly`. *In reach*: not restricted to locations, or assigned
            to this one. *Grants nothing beyond their own*: holds every setting that is granted, and has no
            restriction that is not granted with them. *Manages the member*: the same for what the member has; a
            caller restricted to locations works at every location of the member.
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
        text.Append("## Other routes\n\nOpen to everyone, and without anyone's data: ")
            .AppendJoin(", ", Routes.Open.Select(route => $"`{route}`"))
            .Append(
                ".\n\nThe pages of the front end call the API as any client would, with the session of their visitor. "
                    + "Without a session they redirect to the sign-in, except for "
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
        // The first column is for all callers without a session: a separate test checks that they get the same answers.
        var columns = callers.Where((caller, index) => index == 0 || caller.Head != callers[0].Head).ToList();
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n{about}\n\n| column | caller |\n|---|---|\n");
        foreach (var column in columns)
        {
            var names = callers.Where(caller => caller.Head == column.Head).Select(caller => caller.Name);
            text.Append(CultureInfo.InvariantCulture, $"| {column.Head} | {string.Join("; ", names)} |\n");
        }

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

    private static string Cell(Outcome outcome) =>
        outcome.Authorized ? $" **{outcome.Status}** " : $" {outcome.Status} ";
}
