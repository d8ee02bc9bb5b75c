using System.IO.Compression;
using System.Text.Json;
using Practice.PatientPortal.Tests.Staff;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>What people read of all that is held about them.</summary>
public sealed class DataTests
{
    [Fact]
    public async Task A_holder_downloads_all_that_the_account_shows_and_who_opened_it()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (appointment, invoice, record) = await clinic.AddsRecords(patient);
        var hidden = (
            await clinic.Api.Post(
                $"{clinic.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "note",
                    title = "Not shared",
                    body = "For colleagues",
                    recordedAt = "2026-11-01T10:00:00Z",
                }
            )
        ).Should(201).Id;

        var files = await ExportTests.DownloadAsync(holder.Person, $"{Path(holder)}/export");
        Assert.Contains("<h2>Clinical records</h2>", files["index.html"], StringComparison.Ordinal);
        Assert.Contains("clinicalword body", files["index.html"], StringComparison.Ordinal);
        Assert.Equal(
            (appointment, invoice, record),
            (Only(files, "appointments"), Only(files, "invoices"), Only(files, "clinical-records"))
        );
        Assert.DoesNotContain(files, file => file.Value.Contains("For colleagues", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Value.Contains($"{hidden}", StringComparison.Ordinal));
        Assert.Contains(
            "clinicalRecords",
            (await holder.Api.GetAll($"{Path(holder)}/access-log")).Of("opened"),
            StringComparer.Ordinal
        );
        Assert.Equal(
            1,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where act = 'portal.account_exported' and subject_id = $1",
                holder.AccountId
            )
        );

        await app.VerificationEnds(holder.Person.Id);
        (await holder.Api.Get($"{Path(holder)}/export")).Should(403, "auth.verification_required");
    }

    [Fact]
    public async Task Only_a_holder_or_a_guardian_downloads_an_account()
    {
        var app = await TestApp.StartedAsync();
        var parent = await app.NewHolder();
        var child = await parent.AddsDependant("2020-05-06");
        var files = await ExportTests.DownloadAsync(parent.Person, $"{Path(child)}/export");
        Assert.Contains("Little", files["account.json"], StringComparison.Ordinal);

        var stranger = await app.NewHolder();
        (await stranger.Api.Get($"{Path(child)}/export")).Should(404);
    }

    [Fact]
    public async Task A_download_has_what_the_pages_show_and_no_more()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var (friend, waiting, gone) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (_, _, record) = await clinic.AddsRecords(patient);
        var bo = new { name = "Bo Own", phone = "131114" };
        (
            await holder.Api.Put($"{holder.Path}/details", new { address = "2 Own road", emergencyContact = bo }, "*")
        ).Should(204);
        (
            await clinic.Api.Change(
                $"{clinic.Path}/patients/{patient}",
                new
                {
                    firstName = "Robin",
                    lastName = "Sunderland",
                    dateOfBirth = Holders.Born,
                    email = holder.Email,
                    address = "1 Practice road",
                    sex = "female",
                    emergencyContact = new { name = "Al There", phone = "0400 000 009" },
                    acceptDuplicate = true,
                }
            )
        ).Should(204);
        var records = $"{clinic.Path}/patients/{patient}/clinical-records";
        (await clinic.Api.Post($"{records}/{record}/amendments", new { text = "A late amendment" })).Should(201);
        var document = (
            await clinic.Api.Post(
                records,
                new
                {
                    kind = "document",
                    title = "Letter",
                    body = "From the hospital",
                    recordedAt = "2026-11-01T10:00:00Z",
                    shared = true,
                }
            )
        ).Should(201).Id;
        (
            await clinic.Api.Post(
                $"{records}/{document}/attachments?name=letter.txt",
                new ByteArrayContent("Dear Robin"u8.ToArray())
            )
        ).Should(201);
        var grant = await holder.GivesAccess(friend);
        var access = $"{clinic.Path}/patients/{patient}/access";
        (await clinic.Api.Post($"{access}/{grant}/pause", new { reason = "A court order" })).Should(204);
        foreach (var asking in new[] { waiting, gone })
        {
            await asking.Asks(holder.Email);
            await holder.Sees(asking.Email);
        }

        await app.Owner.Execute(
            "update portal.grants set requested_at = requested_at - interval '31 days' where id = $1",
            (await holder.Sees(waiting.Email)).Id
        );
        await app.Owner.Execute(
            "update portal.grants set status = 'Withdrawn' where id = $1",
            (await holder.Sees(gone.Email)).Id
        );

        var files = await ExportTests.DownloadAsync(holder.Person, $"{Path(holder)}/export");
        Has("account", "2 Own road", "Bo Own", "131114");
        Has("practices", "1 Practice road", "female", "Al There", holder.Email);
        Has("access", friend.Email, $"\"pausedBy\": [\n      \"{clinic.Group.Name}\"");
        Has("clinical-records", "A late amendment", "letter.txt", "text/plain", "10");
        Assert.DoesNotContain(files, file => file.Value.Contains(waiting.Email, StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Value.Contains(gone.Email, StringComparison.Ordinal));
        Assert.DoesNotContain("authorId", files["clinical-records.json"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            $"{clinic.Practitioner.Id}",
            files["clinical-records.json"],
            StringComparison.OrdinalIgnoreCase
        );

        void Has(string table, params string[] texts)
        {
            foreach (var text in texts)
                Assert.Contains(text, files[$"{table}.json"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_guardian_downloads_neither_the_address_at_the_practice_nor_who_was_a_guardian()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent, other) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        await child.AddsGuardian(other.Person);
        (await other.Api.Post($"/api/portal/guardianships/{child.AccountId}/leave")).Should(204);
        var recorded = People.NewEmail();
        var patient = await clinic.AddsPatient("2019-05-01", recorded);
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Person.Claims(token, child.AccountId)).Should(204);

        var files = await ExportTests.DownloadAsync(parent.Person, $"{Path(child)}/export");
        Assert.Single(JsonSerializer.Deserialize<JsonElement>(files["practices.json"]).EnumerateArray());
        var guardian = JsonSerializer.Deserialize<JsonElement>(files["guardians.json"]).EnumerateArray().Single();
        var listed = (await child.Api.Get($"{Path(child)}/guardians")).Items.Single();
        foreach (var field in new[] { "addedAt", "endsAt", "clinicalEndsAt", "pausedBy" })
            Assert.Equal(listed.GetProperty(field).GetRawText(), guardian.GetProperty(field).GetRawText());
        Assert.DoesNotContain(files, file => file.Value.Contains(recorded, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The connection is cut, and what has arrived is no archive: its directory is missing.</summary>
    [Fact]
    public async Task A_guardian_who_may_see_clinical_data_no_more_is_sent_no_more_of_it()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01");
        (
            await parent.Person.Claims(await clinic.Invites(patient, parent.Email, guardian: true), child.AccountId)
        ).Should(204);
        var (appointment, _, _) = await clinic.AddsRecords(patient);
        await app.Owner.Execute(
            """
            insert into portal.appointments (id, group_id, patient_id, account_id, practitioner_id, practitioner_name,
                location_id, location_name, location_time_zone, starts_at, ends_at, status, reason)
            select gen_random_uuid(), group_id, patient_id, account_id, practitioner_id, practitioner_name,
                location_id, location_name, location_time_zone, starts_at, ends_at, status,
                (select string_agg(md5(n || ' ' || part), '') from generate_series(1, 500) part)
            from portal.appointments, generate_series(1, 2000) n where id = $1
            """,
            appointment
        );

        await using var arrived = ExportTests.NewFile();
        var cut = await ExportTests.DownloadAsync(parent.Person, $"{Path(child)}/export", arrived, () =>
            app.Owner.Execute(
                "update authority.portal_access set clinical_ends_at = now() where account_id = $1",
                child.AccountId
            )
        );
        Assert.NotNull(cut);
        Assert.Throws<InvalidDataException>(() => new ZipArchive(arrived, ZipArchiveMode.Read));
    }

    [Fact]
    public async Task A_person_downloads_what_is_held_about_them_as_a_user()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app);
        var person = clinic.Practitioner;
        var mails = await person.Api.Get("/api/users/me/mail-preferences");
        (await person.Api.Put("/api/users/me/mail-preferences", mails.Text, "*")).Should(204);
        var files = await ExportTests.DownloadAsync(person, "/api/users/me/export");

        Assert.Contains(person.Email, files["account.json"], StringComparison.Ordinal);
        Assert.Equal(
            JsonElement.Parse(mails.Text).EnumerateObject().Select(kind => kind.Name).Order(),
            JsonElement
                .Parse(files["account.json"])[0]
                .GetProperty("emails")
                .EnumerateObject()
                .Select(kind => kind.Name)
                .Order()
        );
        Assert.Contains($"{clinic.Group.Id}", files["memberships.json"], StringComparison.Ordinal);
        Assert.NotEmpty(JsonSerializer.Deserialize<JsonElement>(files["sessions.json"]).EnumerateArray());
        Assert.Contains("<h2>Memberships</h2>", files["index.html"], StringComparison.Ordinal);
        Assert.DoesNotContain(files, file => file.Value.Contains("passwordHash", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(
            1,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where act = 'users.data_exported' and subject_id = $1",
                person.Id
            )
        );
        await app.VerificationEnds(person.Id);
        (await person.Api.Get("/api/users/me/export")).Should(403, "auth.verification_required");
    }

    [Fact]
    public async Task Whoever_set_the_password_of_an_unconfirmed_account_does_not_download_what_others_offer()
    {
        var app = await TestApp.StartedAsync();
        var (group, other) = (await Clinic.New(app), await Clinic.New(app, "Secretname"));
        var person = await group.Group.AddsNewPerson();
        (await other.Api.Post($"{other.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
        await app.SettlesAsync();

        var files = await ExportTests.DownloadAsync(person, "/api/users/me/export");
        Assert.Contains($"{group.Group.Id}", files["memberships.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(files, file => file.Value.Contains("Secretname", StringComparison.Ordinal));

        await app.Owner.Execute("update users.accounts set email_confirmed = true where id = $1", person.Id);
        files = await ExportTests.DownloadAsync(person, "/api/users/me/export");
        Assert.Contains("Secretname", files["invitations.json"], StringComparison.Ordinal);
    }

    private static string Path(Holder holder) => $"/api/portal/accounts/{holder.AccountId}";

    private static Guid Only(Dictionary<string, string> files, string table) =>
        Assert
            .Single(JsonSerializer.Deserialize<JsonElement>(files[$"{table}.json"]).EnumerateArray())
            .GetProperty("id")
            .GetGuid();
}
