using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Practice.Groups.Tests;

/// <summary>Adding the people of a CSV file: a verdict per row, nobody is added twice, no passwords.</summary>
public sealed class ImportTests
{
    private const string Header =
        "title,firstName,lastName,roleType,profession,registrationNumber,email,accessLevel,settings,locations";

    [Fact]
    public async Task New_people_are_members_at_once_and_set_their_own_password_by_the_mailed_link()
    {
        var group = await NewGroup();
        var (first, second) = (People.NewEmail(), People.NewEmail());
        var report = await Import(
            group,
            Header,
            $"Dr,Ada,\"Moss, née Hill\",practitioner,podiatrist,POD1,{first},contact,"
                + "othersInvoices=false; exportData=true,Main street",
            $",Ben,Ray,Administrator,receptionist,,{second},reception,,"
        );
        Assert.Equal(["2 accepted", "3 accepted"], Verdicts(report));

        var ada = (await group.Owner.Api.Get($"{group.Path}/members?search={first}")).Items.Single();
        Assert.Equal(
            ("Dr", "Moss, née Hill", "POD1"),
            (
                ada.GetProperty("title").GetString(),
                ada.GetProperty("lastName").GetString(),
                ada.GetProperty("registrationNumber").GetString()
            )
        );
        Assert.Equal([group.LocationId], ada.GetProperty("locationIds").EnumerateArray().Select(id => id.GetGuid()));
        var access = (await group.Owner.Api.Get($"{group.Path}/members/{ada.GetProperty("userId").GetGuid()}/access"))[
            "settings"
        ];
        Assert.Equal(
            (true, false),
            (access.GetProperty("exportData").GetBoolean(), access.GetProperty("othersInvoices").GetBoolean())
        );

        var mail = await group.Host.Mail.WaitFor(first, letter => letter.Token is not null);
        var own = People.NewPassword();
        (await group.Host.Api.Post("/api/users/confirm-email", new { token = mail.Token, password = own })).Should(204);
        (await (await group.Host.SignIn(first, own)).Get(group.Path)).Should(200);
    }

    [Fact]
    public async Task Existing_people_are_invited_and_those_who_are_members_or_invited_do_not_change()
    {
        var group = await NewGroup();
        var (person, member) = (await group.Host.SignUpAndConfirm(), await group.AddsNewPerson("billing"));
        var gone = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);

        string[] rows = [Row(person.Email), Row(member.Email.ToUpperInvariant()), Row(gone.Email)];
        var report = await Import(group, Header, rows);
        Assert.Equal(
            ["2 accepted", "3 unchanged groups.already_member", "4 refused groups.member_deactivated"],
            Verdicts(report)
        );
        // Nor does the row itself tell that the person has an account.
        Assert.Equal(
            ["email", "row", "verdict"],
            report.Items[0].EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            group.Id,
            Assert.Single(await person.Api.GetAll("/api/invitations")).GetProperty("groupId").GetGuid()
        );
        Assert.Equal("billing", (await group.MemberOf(member))["accessLevel"].GetString());

        Assert.Equal(
            [
                "2 unchanged groups.already_invited",
                "3 unchanged groups.already_member",
                "4 refused groups.member_deactivated",
            ],
            Verdicts(await Import(group, Header, rows))
        );
        Assert.Single((await person.Api.Get("/api/invitations")).Items);
    }

    [Fact]
    public async Task A_file_sent_again_adds_nobody_twice_and_mails_nobody_twice()
    {
        var group = await NewGroup();
        var email = People.NewEmail();
        Assert.Equal(["2 accepted"], Verdicts(await Import(group, Header, Row(email))));
        Assert.Equal(["2 unchanged groups.already_member"], Verdicts(await Import(group, Header, Row(email))));
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members?search={email}")).Items);
        await group.Host.Mail.WaitFor(email, letter => letter.Token is not null);
        Assert.Single(group.Host.Mail.To(email));
    }

    [Fact]
    public async Task With_an_idempotency_key_a_repeat_returns_the_first_verdicts()
    {
        var group = await NewGroup();
        var api = group.Owner.Api.WithHeader("Idempotency-Key", Guid.NewGuid().ToString());
        var first = (
            await api.Post(
                $"{group.Path}/members/import",
                Csv(Header, Row("key@practice.test"), Row("key.two@practice.test"))
            )
        ).Should(200);
        var second = (
            await api.Post(
                $"{group.Path}/members/import",
                Csv(Header, Row("key@practice.test"), Row("key.two@practice.test"))
            )
        ).Should(200);
        Assert.Equal(["2 accepted", "3 accepted"], Verdicts(first));
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public async Task A_dry_run_checks_every_row_stores_nothing_and_does_not_reveal_who_has_an_account()
    {
        var group = await NewGroup();
        var (stranger, member, invited) = (
            await group.Host.SignUpAndConfirm(),
            await group.AddsNewPerson(),
            await group.Host.SignUpAndConfirm()
        );
        (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception"))).Should(201);
        var nobody = People.NewEmail();

        var report = (
            await group.Owner.Api.Post(
                $"{group.Path}/members/import?dryRun=true",
                Csv(Header, Row(nobody), Row(stranger.Email), Row(member.Email), Row(invited.Email), Row("no email"))
            )
        ).Should(200);
        Assert.True(report["dryRun"].GetBoolean());
        Assert.Equal(
            [
                "2 ready",
                "3 ready",
                "4 unchanged groups.already_member",
                "5 unchanged groups.already_invited",
                "6 refused request.invalid",
            ],
            Verdicts(report)
        );
        Assert.Empty((await group.Owner.Api.Get($"{group.Path}/members?search={nobody}")).Items);
        Assert.Empty((await stranger.Api.Get("/api/invitations")).Items);
        (await group.Owner.Api.Post($"{group.Path}/members/import?dryRun=yes", Csv(Header, Row(nobody)))).ShouldReject(
            "dryRun"
        );
    }

    [Fact]
    public async Task An_invalid_row_names_its_columns_and_does_not_stop_the_others()
    {
        var group = await NewGroup();
        var (good, twice) = (People.NewEmail(), People.NewEmail());
        var report = await Import(
            group,
            Header,
            ",,Moss,doctor,wizard,,not an email,everything,readOnly,Nowhere",
            $",Ada,Moss,administrator,receptionist,R1,{People.NewEmail()},clinical,unknown=true,",
            Row(good),
            Row(twice),
            Row(twice.ToUpperInvariant()),
            $",Ada,Moss,administrator,receptionist,,{People.NewEmail()},reception,readOnly=true; readOnly=false,"
        );
        Assert.Equal(
            [
                "2 refused request.invalid",
                "3 refused request.invalid",
                "4 accepted",
                "5 accepted",
                "6 refused groups.twice_in_file",
                "7 refused request.invalid",
            ],
            Verdicts(report)
        );
        Assert.Equal(
            ["accessLevel", "email", "firstName", "locations", "profession", "roleType", "settings"],
            Columns(report.Items[0])
        );
        Assert.Equal(
            ["accessLevel", "registrationNumber", "settings"],
            Columns(report.Items[1]).Select(column => column.Split('.')[0])
        );
        Assert.Equal(["settings"], Columns(report.Items[5]));
    }

    [Fact]
    public async Task Nobody_imports_more_than_they_could_add_one_by_one()
    {
        var group = await NewGroup();
        var elsewhere = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var manager = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        string[] rows =
        [
            RowFor("full", "restrictToAssignedLocations=true", "Main street"),
            RowFor("reception", "", "Main street"),
            RowFor("reception", "restrictToAssignedLocations=true", elsewhere),
            RowFor("reception", "restrictToAssignedLocations=true", "Main street"),
        ];
        string[] expected =
        [
            "2 refused groups.beyond_own_access",
            "3 refused groups.beyond_own_access",
            "4 refused request.invalid",
        ];
        Assert.Equal(
            [.. expected, "5 ready"],
            Verdicts(
                (await manager.Api.Post($"{group.Path}/members/import?dryRun=true", Csv(Header, rows))).Should(200)
            )
        );
        Assert.Equal(
            [.. expected, "5 accepted"],
            Verdicts((await manager.Api.Post($"{group.Path}/members/import", Csv(Header, rows))).Should(200))
        );

        var reception = await group.AddsNewPerson("reception");
        (await reception.Api.Post($"{group.Path}/members/import", Csv(Header, rows))).Should(403, "auth.not_allowed");
        (
            await (await group.Host.SignUpAndConfirm()).Api.Post($"{group.Path}/members/import", Csv(Header, rows))
        ).Should(404);
        (await group.Host.Api.Post($"{group.Path}/members/import", Csv(Header, rows))).Should(401);

        static string RowFor(string level, string settings, object location) =>
            $",A,B,administrator,receptionist,,{People.NewEmail()},{level},{settings},{location}";
    }

    [Fact]
    public async Task An_import_stops_when_the_caller_loses_the_right_and_says_which_rows_were_not_tried()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var rows = Enumerable.Range(0, 400).Select(_ => Row(People.NewEmail())).ToArray();
        var last = rows[^1].Split(',')[6].ToUpperInvariant();
        Task<Answer> importing;
        await using (await LockEmailAsync(last)) // the import stops at the accounts of the last rows
        {
            importing = manager.Api.Post($"{group.Path}/members/import", Csv(Header, rows));
            await Eventually.Is(async () => (await group.Owner.Api.Get($"{group.Path}/members")).Items.Count > 3);
            (await group.Owner.Api.Post($"{group.Path}/members/{manager.Id}/deactivate")).Should(204);
        }

        var verdicts = (await importing)
            .Should(200)
            .Items.Select(row => row.GetProperty("verdict").GetString())
            .ToList();
        Assert.Equal(400, verdicts.Count);
        var done = verdicts.TakeWhile(verdict => verdict == "accepted").Count();
        Assert.InRange(done, 1, 398);
        Assert.Equal("refused", verdicts[done]);
        Assert.All(verdicts.Skip(done + 1), verdict => Assert.Equal("notTried", verdict));
        Assert.InRange((await group.Owner.Api.GetAll($"{group.Path}/members?status=active")).Count, done + 1, done + 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Header)]
    [InlineData("firstName,lastName\nA,B")]
    [InlineData(Header + ",password\n,A,B,administrator,receptionist,,x@practice.test,reception,,,secret")]
    [InlineData(Header + ",colour\n,A,B,administrator,receptionist,,x@practice.test,reception,,,red")]
    [InlineData(Header + ",Email\n,A,B,administrator,receptionist,,x@practice.test,reception,,,y@practice.test")]
    [InlineData(Header + "\n,A \"B\",C,administrator,receptionist,,x@practice.test,reception,,\"")]
    public async Task A_file_that_cannot_be_read_is_rejected_as_a_whole(string text)
    {
        var group = await Shared.Value;
        (await group.Owner.Api.Post($"{group.Path}/members/import", Csv(text))).ShouldReject("file");
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members")).Items);
    }

    [Fact]
    public async Task A_file_of_another_type_or_too_large_is_rejected()
    {
        var group = await Shared.Value;
        var path = $"{group.Path}/members/import";
        var json = (await group.Owner.Api.Post(path, new { })).Should(415, "request.unsupported_media_type");
        Assert.Contains("text/csv", json["detail"].GetString(), StringComparison.Ordinal);
        (await group.Owner.Api.Post(path, Content(Encoding.Latin1.GetBytes("PK\u0003\u0004")))).ShouldReject("file");
        (
            await group.Owner.Api.Post(path, Csv(Header, [.. Enumerable.Repeat(Row("x@practice.test"), 5_001)]))
        ).ShouldReject("file");
        (await group.Owner.Api.Post(path, Csv(Header, new string('x', 5 * 1024 * 1024)))).Should(413);
    }

    /// <summary>A key has the body read before the slice sees it; the limit is the slice's all the same.</summary>
    [Fact]
    public async Task A_large_file_is_read_with_an_idempotency_key_too()
    {
        var group = await NewGroup();
        var api = group.Owner.Api.WithHeader("Idempotency-Key", Guid.NewGuid().ToString());
        var rows = Enumerable.Repeat(Row($"not an address {new string('x', 1_000)}"), 1_500).ToArray();
        var report = (await api.Post($"{group.Path}/members/import?dryRun=true", Csv(Header, rows))).Should(200);
        Assert.Equal(1_500, report.Items.Count);

        var tooLarge = Enumerable.Repeat(Row(new string('x', 1_000)), 4_500).ToArray();
        (await api.Post($"{group.Path}/members/import?dryRun=true", Csv(Header, tooLarge))).Should(413);
    }

    /// <summary>What files may look like is tested without a host: MemberFileTests.</summary>
    [Fact]
    public async Task A_file_as_Excel_saves_it_on_Windows_is_read_and_the_answer_names_the_encoding()
    {
        var group = await NewGroup();
        var file = Encoding.Latin1.GetBytes(
            "sep=;\r\nFirst name;Last name;Role Type;Profession;E-mail;Access Level;;\r\n\r\n"
                + $"Zoë;B;Administrator;Receptionist;{People.NewEmail()};Reception\r\n\u001a"
        );
        var report = (
            await group.Owner.Api.Post($"{group.Path}/members/import", Content(file, "application/vnd.ms-excel"))
        ).Should(200);
        Assert.Equal("windows-1252", report["encoding"].GetString());
        Assert.Equal(["3 accepted"], Verdicts(report));
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members?search=zo%C3%AB")).Items);
    }

    [Fact]
    public async Task Ten_files_a_day_can_be_imported_and_dry_runs_do_not_count()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "10000" } }
        );
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        for (var file = 0; file < 10; file++)
        {
            (await group.Owner.Api.Post($"{group.Path}/members/import?dryRun=true", Csv(Header, Row("bad")))).Should(
                200
            );
            (await group.Owner.Api.Post($"{group.Path}/members/import", Csv(Header, Row("bad")))).Should(200);
        }

        (await group.Owner.Api.Post($"{group.Path}/members/import", Csv(Header, Row("bad")))).Should(
            429,
            "groups.too_many_imports"
        );
        (await group.Owner.Api.Post($"{group.Path}/members/import?dryRun=true", Csv(Header, Row("bad")))).Should(200);
    }

    [Fact]
    public async Task An_import_takes_as_many_statements_for_two_hundred_people_as_for_ten()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var statements = new CountedStatements(app.ConnectionString);
        await StatementsOf(1); // a first import reads what later ones know

        Assert.Equal(await StatementsOf(10), await StatementsOf(200));

        async Task<string> StatementsOf(int people)
        {
            await app.SettlesAsync();
            statements.Reset();
            var report = await Import(
                group,
                Header,
                [.. Enumerable.Range(0, people).Select(_ => Row(People.NewEmail()))]
            );
            Assert.All(report.Items, row => Assert.Equal("accepted", row.GetProperty("verdict").GetString()));
            await app.SettlesAsync();
            Assert.InRange(statements.Of("GroupsDbContext"), 5, int.MaxValue);
            Assert.InRange(statements.Of("UsersDbContext", "INSERT INTO users.accounts"), 1, int.MaxValue);
            return $"{statements.Of("GroupsDbContext")} by Groups, and "
                + $"{statements.Of("UsersDbContext", "INSERT INTO users.accounts")} that add accounts, "
                + $"{statements.Of("UsersDbContext", "INSERT INTO users.notifications")} that notify, "
                + $"{statements.Of("UsersDbContext", "INSERT INTO users.onboarding")} that start onboarding";
        }
    }

    private static readonly Lazy<Task<Group>> Shared = new(NewGroup);

    /// <summary>Has those wait who decide which account the email belongs to, until it is disposed.</summary>
    private static async Task<IAsyncDisposable> LockEmailAsync(string normalizedEmail)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder((await TestApp.StartedAsync()).ConnectionString)
            {
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_advisory_lock(hashtextextended($1, 0))", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = normalizedEmail });
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static string Row(string email) => $",Ada,Moss,administrator,receptionist,,{email},reception,,";

    private static async Task<Answer> Import(Group group, string header, params string[] rows) =>
        (await group.Owner.Api.Post($"{group.Path}/members/import", Csv(header, rows))).Should(200);

    private static ByteArrayContent Csv(string header, params string[] rows) =>
        Content(Encoding.UTF8.GetBytes(string.Join('\n', [header, .. rows])));

    private static ByteArrayContent Content(byte[] bytes, string type = "text/csv") =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static IEnumerable<string> Verdicts(Answer report) =>
        report.Items.Select(row =>
            $"{row.GetProperty("row").GetInt32()} {row.GetProperty("verdict").GetString()}"
            + (row.TryGetProperty("code", out var code) ? $" {code.GetString()}" : "")
        );

    private static IEnumerable<string> Columns(JsonElement row) =>
        row.GetProperty("errors").EnumerateObject().Select(column => column.Name).Order(StringComparer.Ordinal);

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
