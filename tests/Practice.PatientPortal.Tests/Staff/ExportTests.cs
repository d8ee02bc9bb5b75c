using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What members export of their practice: what they see and no more, whole or not at all.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task An_export_is_an_archive_of_what_the_member_sees()
    {
        var group = await Clinic.NewClinic();
        var doctor = await group.Practitioner();
        var patient = await group.Owner.Adds(group, "=Vale", "ines@practice.test");
        var appointment = await group.Owner.Books(group, patient, doctor.Id);
        var invoice = (await group.Owner.Api.Post($"{group.Patient(patient)}/invoices", Clinic.Invoice()))
            .Should(201)
            .Id;
        var record = (await doctor.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record()))
            .Should(201)
            .Id;

        string[] kinds = ["patients", "appointments", "invoices", "clinicalRecords", "members", "audit"];
        var asked = (await group.Owner.Api.Post(Exports(group), new { kinds })).Should(202);
        var before = (await group.Owner.Api.Get($"{Exports(group)}/{asked.Id}")).Should(200);
        Assert.Equal(("ready", 12), (before["status"].GetString(), before["files"].GetInt32()));
        var files = await DownloadAsync(group.Owner, $"{Exports(group)}/{asked.Id}/file");

        Assert.Equal(
            [
                "appointments.csv",
                "appointments.json",
                "audit.csv",
                "audit.json",
                "clinical-records.csv",
                "clinical-records.json",
                "invoices.csv",
                "invoices.json",
                "members.csv",
                "members.json",
                "patients.csv",
                "patients.json",
            ],
            files.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(patient, Only(files["patients.json"]).GetProperty("id").GetGuid());
        Assert.Equal(appointment, Only(files["appointments.json"]).GetProperty("id").GetGuid());
        Assert.Equal(
            "Visit",
            Only(files["invoices.json"]).GetProperty("lines")[0].GetProperty("description").GetString()
        );
        Assert.Equal(record, Only(files["clinical-records.json"]).GetProperty("id").GetGuid());
        Assert.Equal(2, Rows(files["members.json"]).Count);
        Assert.Contains(Rows(files["audit.json"]).Of("sentence"), said =>
            said!.EndsWith("added Jo =Vale", StringComparison.Ordinal)
        );
        // One row a thing, and no cell that a spreadsheet would work out.
        Assert.StartsWith("\uFEFFid,code,firstName,lastName,", files["patients.csv"], StringComparison.Ordinal);
        Assert.Contains(",Jo,'=Vale,ines@practice.test,", files["patients.csv"], StringComparison.Ordinal);
        Assert.Equal(3, files["patients.csv"].Split("\r\n").Length);
        Assert.Contains($"{invoice},", files["invoices.csv"], StringComparison.Ordinal);

        var after = (await group.Owner.Api.Get($"{Exports(group)}/{asked.Id}")).Should(200);
        Assert.Equal("done", after["status"].GetString());
        Assert.True(after["rows"].GetInt64() > 10);
        Assert.Equal(
            ["portal.export_downloaded", "portal.export_requested"],
            (await group.Owner.Api.GetAll($"{group.Path}/audit?subjectId={asked.Id}")).Of("act")
        );
    }

    [Fact]
    public async Task It_holds_only_what_the_member_may_see()
    {
        var group = await Clinic.NewClinic();
        var (doctor, other) = (
            await group.Practitioner("personal", new() { ["exportData"] = true }),
            await group.Practitioner()
        );
        var (own, hidden) = (await doctor.Adds(group, "Own"), await other.Adds(group, "Hidden"));
        foreach (var (who, patient) in new[] { (doctor, own), (other, hidden), (other, own) })
        {
            await who.Books(group, patient, who.Id);
            (await who.Api.Post($"{group.Patient(patient)}/clinical-records", Clinic.Record(who.LastName))).Should(201);
        }

        var files = await ExportAsync(group, doctor, "patients", "appointments", "clinicalRecords");
        Assert.Equal(own, Only(files["patients.json"]).GetProperty("id").GetGuid());
        Assert.Equal(doctor.Id, Only(files["appointments.json"]).GetProperty("practitionerId").GetGuid());
        Assert.Equal(doctor.Id, Only(files["clinical-records.json"]).GetProperty("authorId").GetGuid());

        var blind = await group.AddsNewPerson("manager", settings: new() { ["hidePatientNames"] = true });
        files = await ExportAsync(group, blind, "patients", "appointments", "invoices", "audit");
        Assert.Equal(2, Rows(files["patients.json"]).Count);
        Assert.DoesNotContain(files, file => file.Value.Contains("Hidden", StringComparison.Ordinal));

        // What the practice's pages would not show at all is refused at once.
        await Refused(blind, 403, "auth.not_allowed", "clinicalRecords");
        await Refused(doctor, 403, "auth.not_allowed", "audit");
        await Refused(await group.AddsNewPerson("reception"), 403, "auth.not_allowed", "patients");

        async Task Refused(Person who, int status, string code, string kind) =>
            (await who.Api.Post(Exports(group), new { kinds = new[] { kind } })).Should(status, code);
    }

    [Fact]
    public async Task A_member_has_one_export_at_a_time_and_nobody_elses()
    {
        var group = await Clinic.NewClinic();
        var first = (await Ask(group.Owner)).Should(202).Id;
        (await Ask(group.Owner)).Should(409, "portal.export_waiting");
        (await group.Owner.Api.Delete($"{Exports(group)}/{first}")).Should(204);
        (await group.Owner.Api.Get($"{Exports(group)}/{first}")).Should(404);
        var second = (await Ask(group.Owner)).Should(202).Id;

        var manager = await group.AddsNewPerson("manager");
        foreach (var path in new[] { $"{Exports(group)}/{second}", $"{Exports(group)}/{second}/file" })
            (await manager.Api.Get(path)).Should(404);
        (await manager.Api.Delete($"{Exports(group)}/{second}")).Should(404);
        Assert.Empty(await manager.Api.GetAll(Exports(group)));
        Assert.Single(await group.Owner.Api.GetAll(Exports(group)));
        (await Ask(manager)).Should(202);

        // While it is being downloaded, it is nobody's to download or discard.
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(
            "update portal.exports set status = 'Running', progress_at = now() where id = $1",
            second
        );
        (await group.Owner.Api.Get($"{Exports(group)}/{second}/file")).Should(409, "portal.export_running");
        (await group.Owner.Api.Delete($"{Exports(group)}/{second}")).Should(409, "portal.export_running");
        // A host that went away says nothing: then it counts as broken off.
        await app.Owner.Execute(
            "update portal.exports set progress_at = now() - interval '3 minutes' where id = $1",
            second
        );
        Assert.Equal("failed", (await group.Owner.Api.Get($"{Exports(group)}/{second}"))["status"].GetString());
        await DownloadAsync(group.Owner, $"{Exports(group)}/{second}/file");

        // After a day, also where it has not been deleted yet.
        await app.Owner.Execute("update portal.exports set expires_at = now() where id = $1", second);
        foreach (var path in new[] { $"{Exports(group)}/{second}", $"{Exports(group)}/{second}/file" })
            (await group.Owner.Api.Get(path)).Should(404);
        (await group.Owner.Api.Delete($"{Exports(group)}/{second}")).Should(404);
        Assert.Empty(await group.Owner.Api.GetAll(Exports(group)));

        Task<Answer> Ask(Person who) => who.Api.Post(Exports(group), new { kinds = new[] { "members" } });
    }

    [Fact]
    public async Task Two_who_ask_at_once_do_not_get_two()
    {
        var group = await Clinic.NewClinic();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => group.Owner.Api.Post(Exports(group), new { kinds = new[] { "members" } }))
        );
        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer =>
            answer.Should(409, "portal.export_waiting")
        );
    }

    [Fact]
    public async Task A_practice_has_limits()
    {
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        var mine = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "members" } })).Should(202).Id;
        await Others(3, "Running");
        (await group.Owner.Api.Get($"{Exports(group)}/{mine}/file")).Should(429, "portal.too_many_exports");
        await app.Owner.Execute("update portal.exports set status = 'Done' where group_id = $1", group.Id);
        await DownloadAsync(group.Owner, $"{Exports(group)}/{mine}/file");
        (await group.Owner.Api.Delete($"{Exports(group)}/{mine}")).Should(204);
        (await group.Owner.Api.Get($"{Exports(group)}/{mine}")).Should(404);
        await Others(16, "Done"); // the one that was given up counts too
        (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "members" } })).Should(
            429,
            "portal.too_many_exports"
        );

        Task Others(int count, string status) =>
            app.Owner.Execute(
                """
                insert into portal.exports (id, group_id, requested_by_id, kinds, requested_at, expires_at, status, rows,
                    progress_at)
                select gen_random_uuid(), $1, gen_random_uuid(), array['Members'], now(), now() + interval '1 day', $2,
                    0, now()
                from generate_series(1, $3)
                """,
                group.Id,
                status,
                count
            );
    }

    [Fact]
    public async Task It_asks_who_it_is_and_is_gone_after_a_day()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var owner = group.Owner;
        var export = (await owner.Api.Post(Exports(group), new { kinds = new[] { "members" } })).Should(202).Id;
        await app.VerificationEnds(owner.Id);
        (await owner.Api.Get($"{Exports(group)}/{export}/file")).Should(403, "auth.verification_required");
        (await owner.Api.Post(Exports(group), new { kinds = new[] { "members" } })).Should(
            403,
            "auth.verification_required"
        );
        (await owner.Api.Get($"{Exports(group)}/{export}")).Should(200);

        await app.PassesAsync(TimeSpan.FromHours(25));
        var again = await owner.SignsInAgain();
        (await again.Api.Get($"{Exports(group)}/{export}/file")).Should(404);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from portal.exports where id = $1", export) == 0
        );
    }

    [Fact]
    public async Task A_download_that_began_in_time_goes_on_past_the_end_of_the_day()
    {
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        await ManyRecords(app, group, count: 4_000, hashesInEach: 250);
        var export = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "clinicalRecords" } }))
            .Should(202)
            .Id;

        await using var arrived = NewFile();
        var cut = await DownloadAsync(group.Owner, $"{Exports(group)}/{export}/file", arrived, () =>
            app.Owner.Execute("update portal.exports set expires_at = now() where id = $1", export)
        );

        Assert.Null(cut);
        using var zip = new ZipArchive(arrived, ZipArchiveMode.Read);
        Assert.Equal(2, zip.Entries.Count);
        Assert.Equal("Done", await app.Owner.Scalar<string>("select status from portal.exports where id = $1", export));
        (await group.Owner.Api.Get($"{Exports(group)}/{export}/file")).Should(404);
    }

    [Fact]
    public async Task A_slow_download_does_not_count_as_broken_off()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        await ManyRecords(app, group, count: 4_000, hashesInEach: 250); // too few for a note by rows
        var export = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "clinicalRecords" } }))
            .Should(202)
            .Id;

        using var http = Client(group.Owner);
        using var answer = await http.GetAsync(
            new Uri($"{Exports(group)}/{export}/file", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        await stream.ReadExactlyAsync(buffer);
        app.Clock.Advance(TimeSpan.FromSeconds(110));
        for (var read = 0; read < 40; read++) // of some 17 MB that the first file has
            await stream.ReadExactlyAsync(buffer);
        app.Clock.Advance(TimeSpan.FromSeconds(110));

        Assert.Equal("running", (await group.Owner.Api.Get($"{Exports(group)}/{export}"))["status"].GetString());
        await stream.CopyToAsync(Stream.Null);
        Assert.Equal("done", (await group.Owner.Api.Get($"{Exports(group)}/{export}"))["status"].GetString());
    }

    [Fact]
    public async Task What_is_being_downloaded_is_deleted_after_it()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var export = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "members" } })).Should(202).Id;
        await app.Owner.Execute(
            "update portal.exports set status = 'Running', progress_at = now() + interval '24.5 hours' where id = $1",
            export
        );

        await app.PassesAsync(TimeSpan.FromHours(24.1));
        Assert.Equal(1, await CountAsync());
        await app.PassesAsync(TimeSpan.FromHours(1));
        await Eventually.Is(async () => await CountAsync() == 0);

        Task<long> CountAsync() => app.Owner.Scalar<long>("select count(*) from portal.exports where id = $1", export);
    }

    /// <summary>
    /// The connection is cut, and what has arrived is no archive: the directory at its end is missing.
    /// </summary>
    [Theory]
    [InlineData("exportData", false, 403)]
    [InlineData("hidePatientNames", true, 200)] // may export still, and sees less
    public async Task Whoever_loses_a_setting_meanwhile_gets_nothing_that_opens(string setting, bool on, int status)
    {
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        await ManyRecords(app, group, count: 4_000, hashesInEach: 250); // far more than connections hold
        var manager = await group.AddsNewPerson("full");
        var export = (await manager.Api.Post(Exports(group), new { kinds = new[] { "clinicalRecords" } }))
            .Should(202)
            .Id;

        await using var arrived = NewFile();
        var cut = await DownloadAsync(manager, $"{Exports(group)}/{export}/file", arrived, async () =>
            (
                await group.Owner.Api.Change(
                    $"{group.Path}/members/{manager.Id}/access",
                    new { accessLevel = "full", settings = new Dictionary<string, bool> { [setting] = on } }
                )
            ).Should(204)
        );

        Assert.NotNull(cut);
        Assert.Throws<InvalidDataException>(() => new ZipArchive(arrived, ZipArchiveMode.Read));
        (await manager.Api.Get(Exports(group))).Should(status);
    }

    [Fact]
    public async Task What_is_moved_meanwhile_is_neither_missed_nor_there_twice()
    {
        const int appointments = 1_500;
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        var doctor = await group.Practitioner();
        var first = await group.Owner.Books(group, await group.Owner.Adds(group), doctor.Id);
        await app.Owner.Execute(
            """
            insert into portal.appointments (id, group_id, patient_id, practitioner_id, practitioner_name,
                location_id, location_name, location_time_zone, starts_at, ends_at, status, reason)
            select gen_random_uuid(), group_id, patient_id, practitioner_id, practitioner_name,
                location_id, location_name, location_time_zone, starts_at + n * interval '1 hour',
                ends_at + n * interval '1 hour', status,
                (select string_agg(md5(n || ' ' || part), '') from generate_series(1, 600) part)
            from portal.appointments, generate_series(2, $2) n where id = $1
            """,
            first,
            appointments
        );
        var export = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "appointments" } }))
            .Should(202)
            .Id;

        await using var arrived = NewFile();
        // The last ones become the first, and the first the last.
        var cut = await DownloadAsync(group.Owner, $"{Exports(group)}/{export}/file", arrived, () => app.Owner.Execute(
                """
                update portal.appointments set starts_at = now() - (starts_at - now()),
                    ends_at = now() + interval '9 years'
                where group_id = $1
                """,
                group.Id
            ));
        Assert.Null(cut);
        using var zip = new ZipArchive(arrived, ZipArchiveMode.Read);
        using var text = new StreamReader(zip.GetEntry("appointments.csv")!.Open());
        List<string> ids = [];
        await text.ReadLineAsync(); // the columns
        while (await text.ReadLineAsync() is { } line)
            ids.Add(line.Split(',')[0]);
        Assert.Equal((appointments, appointments), (ids.Count, ids.Distinct().Count()));
    }

    [Fact]
    public async Task An_export_is_downloaded_five_times_whatever_became_of_each()
    {
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        var export = (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "patients" } })).Should(202).Id;
        var file = $"{Exports(group)}/{export}/file";
        await DownloadAsync(group.Owner, file);
        await app.Owner.Execute("update portal.exports set downloads = downloads + 2 where id = $1", export);
        using (var http = Client(group.Owner)) // one that breaks off at once
            (await http.GetAsync(new Uri(file, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).Dispose();
        await Eventually.Is(async () => (await ExportAsync())["status"].GetString() != "running");
        Assert.Equal(1, await LeftAsync());
        await DownloadAsync(group.Owner, file);
        (await group.Owner.Api.Get(file)).Should(409, "portal.export_used_up");
        Assert.Equal(0, await LeftAsync());
        (await group.Owner.Api.Delete($"{Exports(group)}/{export}")).Should(204);
        (await group.Owner.Api.Post(Exports(group), new { kinds = new[] { "patients" } })).Should(202);

        async Task<int> LeftAsync() => (await ExportAsync())["downloadsLeft"].GetInt32();

        Task<Answer> ExportAsync() => group.Owner.Api.Get($"{Exports(group)}/{export}");
    }

    [Fact]
    public async Task Holders_of_accounts_see_in_their_access_log_what_was_exported_of_them()
    {
        var group = await Clinic.NewClinic();
        var app = await TestApp.StartedAsync();
        var (linked, other) = (await group.Owner.Adds(group, "Linked"), await group.Owner.Adds(group, "Other"));
        var account = await group.Links(linked);
        (await group.Owner.Api.Post($"{group.Patient(linked)}/invoices", Clinic.Invoice())).Should(201);
        (await group.Owner.Api.Post($"{group.Patient(other)}/invoices", Clinic.Invoice("INV-2"))).Should(201);

        await ExportAsync(group, group.Owner, "patients", "appointments", "invoices");
        Assert.Equal(
            ["invoices", "patient"],
            (
                await app.Owner.Rows(
                    "select opened from portal.receipts where account_id = $1 and user_id = $2",
                    account,
                    group.Owner.Id
                )
            )
                .Select(row => (string)row[0]!)
                .Order(StringComparer.Ordinal)
        );
    }

    internal static string Exports(Group group) => $"{group.Path}/exports";

    /// <summary>Clinical records whose text does not compress well.</summary>
    internal static async Task ManyRecords(TestApp app, Group group, int count, int hashesInEach)
    {
        var patient = await group.Owner.Adds(group);
        await app.Owner.Execute(
            """
            insert into portal.clinical_records (id, group_id, patient_id, author_id, author_name, kind, title, body,
                recorded_at, shared)
            select gen_random_uuid(), $1, $2, $3, 'Dr Moss', 'Note', 'Visit ' || n,
                (select string_agg(md5(n || ' ' || part), '') from generate_series(1, $5) part), now(), false
            from generate_series(1, $4) n
            """,
            group.Id,
            patient,
            group.Owner.Id,
            count,
            hashesInEach
        );
    }

    private static async Task<Dictionary<string, string>> ExportAsync(Group group, Person who, params string[] kinds)
    {
        var export = (await who.Api.Post(Exports(group), new { kinds })).Should(202).Id;
        return await DownloadAsync(who, $"{Exports(group)}/{export}/file");
    }

    internal static async Task<Dictionary<string, string>> DownloadAsync(Person who, string path)
    {
        using var http = Client(who);
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(bytes));
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var text = new StreamReader(entry.Open(), new System.Text.UTF8Encoding(false), false);
            files.Add(entry.FullName, await text.ReadToEndAsync());
        }

        return files;
    }

    /// <summary>
    /// Something happens when the download has begun, and waits for its reader. Into a file: its bytes are not to be
    /// alive while another test measures memory.
    /// </summary>
    /// <returns>Why the connection was cut; null if all has arrived.</returns>
    internal static async Task<IOException?> DownloadAsync(
        Person who,
        string path,
        Stream arrived,
        Func<Task> meanwhile
    )
    {
        using var http = Client(who);
        using var answer = await http.GetAsync(
            new Uri(path, UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        await arrived.WriteAsync(buffer.AsMemory(0, await stream.ReadAsync(buffer)));
        await meanwhile();
        try
        {
            await stream.CopyToAsync(arrived);
            return null;
        }
        catch (IOException cut)
        {
            return cut;
        }
    }

    internal static Stream NewFile() => File.Create(TestFolder.New("download"), 4096, FileOptions.DeleteOnClose);

    internal static HttpClient Client(Person who)
    {
        var http = new HttpClient { BaseAddress = who.Host.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", who.Api.Token);
        return http;
    }

    private static List<JsonElement> Rows(string json) =>
        [.. JsonSerializer.Deserialize<JsonElement>(json).EnumerateArray()];

    private static JsonElement Only(string json) => Assert.Single(Rows(json));
}
