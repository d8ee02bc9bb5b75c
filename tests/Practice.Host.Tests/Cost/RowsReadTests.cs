using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests.Cost;

/// <summary>
/// A page costs the same wherever it lies and however much there is: PostgreSQL counts the rows and index entries it
/// reads. A sequential scan, or a sort of all rows, would read thousands.
/// </summary>
public sealed class RowsReadTests
{
    private const int PageSize = 20;

    /// <summary>Of a page with 20 items: what each of them needs, authorization, and a page's policies.</summary>
    private const long MaxRows = 400;

    /// <summary>Of 1,000 rows: in two files, and in what the access log says of them.</summary>
    private const long MaxRowsOfExport = 4_500;

    [Fact]
    public async Task A_page_reads_few_rows_of_large_tables()
    {
        await using var app = await TestApp.StartAsync();
        var crowd = await Crowd.MakeAsync(app);
        var (group, account) = ($"/api/groups/{crowd.Group}", $"/api/portal/accounts/{crowd.Account}");
        var (patient, fhir) = ($"{group}/patients/{crowd.Patient}", $"/fhir/groups/{crowd.Group}");
        string[] lists =
        [
            $"{group}/members",
            $"{group}/members?status=active",
            $"{group}/members?search=first17",
            $"{group}/invitations",
            $"{group}/access-levels",
            $"{group}/clients",
            $"{group}/locations",
            $"{group}/audit",
            $"{group}/credit",
            $"{group}/audit?subjectId={crowd.Patient}",
            $"{group}/audit?actorId={crowd.Owner.Id}",
            $"{group}/audit?patientId={crowd.Patient}",
            $"{group}/audit?act=portal.opened",
            $"{group}/audit?act=portal.invoice_voided&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z",
            $"{group}/patients",
            $"{group}/patients?search=first17",
            $"{group}/patients?archived=true",
            $"{group}/webhooks",
            $"{group}/webhooks/{crowd.Group}/deliveries",
            $"{patient}/access",
            $"{group}/appointments",
            $"{group}/requests",
            $"{group}/invoices",
            $"{group}/invoices?status=paid",
            $"{group}/invoices?status=unpaid",
            $"{group}/invoices?from=2026-01-01&to=2026-01-31",
            $"{group}/invoices?practitionerId={crowd.Owner.Id}",
            $"{patient}/appointments",
            $"{patient}/appointments?upcoming=true",
            $"{patient}/clinical-records",
            $"{patient}/invoices",
            "/api/groups",
            "/api/invitations",
            "/api/users/me/notifications",
            "/api/users/me/sessions",
            "/api/portal/access",
            "/api/portal/accounts",
            "/api/portal/guardianships",
            $"{fhir}/AuditEvent?",
            $"{fhir}/AuditEvent?patient={crowd.Patient}",
            $"{fhir}/Appointment?",
            $"{fhir}/Appointment?_lastUpdated=ge2000",
            $"{fhir}/Appointment?patient={crowd.Patient}",
            $"{fhir}/Consent?patient={crowd.Patient}",
            $"{fhir}/DocumentReference?patient={crowd.Patient}",
            $"{fhir}/Invoice?",
            $"{fhir}/Invoice?_lastUpdated=ge2000",
            $"{fhir}/Invoice?patient={crowd.Patient}",
            $"{fhir}/Invoice?date=2026-01",
            $"{fhir}/Patient?",
            $"{fhir}/Patient?_lastUpdated=ge2000",
            $"{fhir}/Patient?name=first17",
            $"{fhir}/Practitioner?",
            $"{fhir}/Practitioner?name=first17",
            $"{fhir}/PractitionerRole?",
            $"{fhir}/RelatedPerson?patient={crowd.Patient}",
            $"{account}/access",
            $"{account}/access-log",
            $"{account}/appointments",
            $"{account}/clinical-records",
            $"{account}/invoices",
            $"{account}/health-notes",
            $"{account}/appointment-requests",
        ];
        await TellWhatFillingReadAsync(app);
        var costly = new List<string>();
        foreach (var list in lists)
        {
            var cursor = "";
            for (var page = 1; page <= 2 && cursor is not null; page++)
            {
                var size = list.StartsWith(fhir, StringComparison.Ordinal) ? "_count" : "limit";
                var path = $"{list}{(list.Contains('?') ? '&' : '?')}{size}={PageSize}{cursor}";
                Answer? answer = null;
                var read = await RowsReadAsync(app, async () => answer = await crowd.Owner.Api.Get(path));
                if (answer!.Status != 200)
                    costly.Add($"{path}: {answer.Text}");
                if (read.Sum(table => table.Value) > MaxRows)
                    costly.Add($"{path}: {string.Join(", ", read.OrderByDescending(table => table.Value))}");
                cursor = answer.Status == 200 ? NextOf(answer) : null;
            }
        }

        // An export reads each row once for a file, of which it makes two. A page that sorted all would read far more.
        var kinds = new[] { "patients", "appointments", "invoices" };
        var export = (await crowd.Owner.Api.Post($"{group}/exports", new { kinds })).Should(202).Id;
        var exported = await RowsReadAsync(app, async () =>
            (await crowd.Owner.Api.Get($"{group}/exports/{export}/file")).Should(200)
        );
        costly.AddRange(
            new[] { "portal.appointments", "portal.invoices" }
                .Where(table => exported[table] > MaxRowsOfExport)
                .Select(table => $"export: {table} {exported[table]}")
        );
        Assert.True(costly.Count == 0, string.Join('\n', costly));
    }

    /// <summary>What names the next page; null after the last one.</summary>
    private static string? NextOf(Answer answer) =>
        !answer.Json.TryGetProperty("link", out var links)
            ? answer["next"].GetString() is { } next
                ? $"&after={next}"
                : null
            : links
                .EnumerateArray()
                .Where(link => link.GetProperty("relation").GetString() == "next")
                .Select(link => link.GetProperty("url").GetString()!)
                .Select(url => url[url.IndexOf("&_after=", StringComparison.Ordinal)..])
                .SingleOrDefault();

    /// <summary>
    /// Policies that could serve an index in place of the query, or make few rows out of many (docs/adr/0028).
    /// </summary>
    [Fact]
    public async Task Second_policies_and_those_of_locations_are_checked_row_by_row()
    {
        var app = await TestApp.StartedAsync();
        Assert.Empty(
            await app.Owner.Rows(
                """
                select tablename, policyname from pg_policies
                where policyname in ('also_visible', 'by_location') and ltrim(qual, E' \n(') not like 'CASE%'
                """
            )
        );
    }

    /// <summary>By table. A connection tells what it has read when it ends.</summary>
    private static async Task<Dictionary<string, long>> RowsReadAsync(TestApp app, Func<Task> act)
    {
        await EndConnectionsAsync(app);
        var before = await CountAsync(app);
        await act();
        await EndConnectionsAsync(app);
        return (await CountAsync(app))
            .Select(table => (table.Key, Read: table.Value - before.GetValueOrDefault(table.Key)))
            .Where(table => table.Read > 0)
            .ToDictionary(table => table.Key, table => table.Read);
    }

    private static async Task<Dictionary<string, long>> CountAsync(TestApp app) =>
        (
            await app.Owner.Rows(
                """
                select t.schemaname || '.' || t.relname, t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0)::bigint
                from pg_stat_user_tables t left join pg_stat_user_indexes i using (relid)
                where t.schemaname in ('groups', 'portal', 'users', 'locations', 'webhooks', 'authority') or t.relname = 'entries'
                group by t.relid, t.schemaname, t.relname, t.seq_tup_read
                """
            )
        ).ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

    /// <summary>The owner filled the tables: what that read must not come with the first page.</summary>
    private static Task TellWhatFillingReadAsync(TestApp app) =>
        Eventually.Is(async () =>
        {
            await app.Owner.Execute("select pg_stat_force_next_flush()");
            return await app.Owner.Scalar<long>(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
                        and backend_type = 'client backend'
                    """
                ) == 0;
        });

    private static async Task EndConnectionsAsync(TestApp app)
    {
        foreach (var schema in Modules)
            app.Services.GetRequiredService<PracticeDatabase>().For(schema).Clear();
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = any ($1)",
                (object)Array.ConvertAll(Modules, schema => $"practice_{schema}")
            ) == 0
        );
    }

    private static readonly string[] Modules = ["groups", "portal", "users", "locations", "webhooks"];
}
