using System.Net;
using System.Text;
using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Files of clinical records: seen by those who see the record, known by their content.</summary>
public sealed class AttachmentTests
{
    private const int Limit = 20 * 1024 * 1024;

    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, 0, 1, 2, 3];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    private static readonly byte[] Png = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0];

    public static TheoryData<byte[], string, string, string> Files =>
        new()
        {
            { Pdf, "scan.pdf", "scan.pdf", "application/pdf" },
            { Pdf, "SCAN.PDF", "SCAN.PDF", "application/pdf" },
            { Jpeg, "skin.jpeg", "skin.jpeg", "image/jpeg" },
            { Png, "x-ray", "x-ray.png", "image/png" },
            { "Grüße, Dr Müller\r\n"u8.ToArray(), "Brief an Müller.txt", "Brief an Müller.txt", "text/plain" },
            { "a;b"u8.ToArray(), "", "document.txt", "text/plain" },
            { "x"u8.ToArray(), "../../etc/passwd", "passwd.txt", "text/plain" },
            { "x"u8.ToArray(), @"C:\temp\a<b>|c"".txt", "a_b__c_.txt", "text/plain" },
            { "x"u8.ToArray(), "a\u202Etxt.txt", "atxt.txt", "text/plain" },
            { Pdf, $"{new string('n', 300)}.pdf", $"{new string('n', 116)}.pdf", "application/pdf" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_is_kept_as_it_was_sent_under_a_clean_name(
        byte[] content,
        string sent,
        string kept,
        string mediaType
    )
    {
        var document = await Document.New();
        var id = (await document.Attaches(content, sent)).Should(201).Id;

        var shown = (await document.Api.Get(document.Path))["attachments"].EnumerateArray().Single();
        Assert.Equal(
            (id, kept, mediaType, content.Length),
            (
                shown.GetProperty("id").GetGuid(),
                shown.GetProperty("name").GetString(),
                shown.GetProperty("mediaType").GetString(),
                shown.GetProperty("size").GetInt32()
            )
        );
        using var answer = await document.Downloads(id);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(content.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(kept, answer.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_large_file_comes_back_byte_by_byte_and_a_larger_one_is_refused()
    {
        var document = await Document.New();
        var content = new byte[Limit];
        new Random(7).NextBytes(content);
        Pdf.CopyTo(content, 0);
        var id = (await document.Attaches(content, "large.pdf")).Should(201).Id;
        using var answer = await document.Downloads(id);
        var received = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(content.AsSpan().SequenceEqual(received));

        byte[] larger = [.. content, 0];
        (await document.Api.Post($"{document.Path}/attachments?name=larger.pdf", new ByteArrayContent(larger))).Should(
            413
        );
        Assert.Single((await document.Api.Get(document.Path))["attachments"].EnumerateArray());
    }

    public static TheoryData<byte[], string, int, string> Refused =>
        new()
        {
            { [], "empty.txt", 422, "portal.file_empty" },
            { [0x50, 0x4B, 3, 4, 0], "a.zip", 415, "portal.file_type_unknown" },
            { [0x4D, 0x5A, 0x90, 0], "scan.pdf", 415, "portal.file_type_unknown" },
            { "Gr\u00FC"u8.ToArray()[..^1], "cut.txt", 415, "portal.file_type_unknown" },
            { Encoding.Latin1.GetBytes("Grüße"), "old.txt", 415, "portal.file_type_unknown" },
            { "a\0b"u8.ToArray(), "nul.txt", 415, "portal.file_type_unknown" },
            { Png, "scan.pdf", 415, "portal.file_name_differs" },
            { "%PDF"u8.ToArray(), "scan.pdf", 415, "portal.file_name_differs" },
            { "<script>alert(1)</script>"u8.ToArray(), "a.html", 415, "portal.file_name_differs" },
            { Pdf, "invoice.pdf.exe", 415, "portal.file_name_differs" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_file_is_what_it_contains_and_its_name_says_the_same(
        byte[] content,
        string name,
        int status,
        string code
    )
    {
        var document = await Document.New();
        (await document.Attaches(content, name)).Should(status, code);
        Assert.Empty((await document.Api.Get(document.Path))["attachments"].EnumerateArray());
        var app = await TestApp.StartedAsync();
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>(
                "select count(*) from portal.attachments where record_id = $1",
                document.Record
            )
        );
    }

    [Fact]
    public async Task Only_a_document_takes_files_and_the_same_file_once()
    {
        var document = await Document.New();
        var note = (await document.Api.Post($"{document.Patient}/clinical-records", Clinic.Record())).Should(201).Id;
        (
            await document.Api.Post(
                $"{document.Patient}/clinical-records/{note}/attachments?name=a.pdf",
                new ByteArrayContent(Pdf)
            )
        ).Should(409, "portal.not_a_document");

        var first = (await document.Attaches(Pdf, "a.pdf")).Should(201).Id;
        Assert.Equal(first, (await document.Attaches(Pdf, "a.pdf")).Should(201).Id);
        Assert.NotEqual(first, (await document.Attaches(Pdf, "b.pdf")).Should(201).Id);
        for (var number = 2; number < 20; number++)
            (await document.Attaches([(byte)'a', (byte)('a' + number)], "a.txt")).Should(201);
        (await document.Attaches("one too many"u8.ToArray(), "a.txt")).Should(422, "portal.too_many_attachments");
    }

    /// <summary>20 GB, unless an operator says otherwise.</summary>
    [Fact]
    public async Task A_practice_has_room_for_so_much_and_also_what_the_caller_does_not_see_counts()
    {
        var group = await Clinic.NewClinic();
        var author = await group.Practitioner("personal", new() { ["restrictToAssignedLocations"] = true });
        var here = group.Patient(await author.Adds(group, locationId: group.LocationId));
        var document = await Document.New(new(group, author, here, default));
        var elsewhere = group.Patient(await group.Owner.Adds(group));
        var hidden = await Document.New(new(group, await group.Practitioner(), elsewhere, default));
        var app = await TestApp.StartedAsync();
        (await hidden.Attaches(Pdf, "a.pdf")).Should(201);
        var room = await app.Owner.Execute(
            "update portal.file_totals set bytes = bytes + 20000000000 - 2 * 4096 where group_id = $1",
            group.Id
        );
        Assert.Equal(1, room);
        Assert.Empty((await document.Api.Get(document.Path))["attachments"].EnumerateArray());

        var large = new byte[4_097];
        large.AsSpan().Fill((byte)'a');
        (await document.Attaches(large, "a.txt")).Should(422, "portal.practice_files_full");
        Assert.Empty((await document.Api.Get(document.Path))["attachments"].EnumerateArray());
        var second = await Document.New(document);
        var answers = await Task.WhenAll(
            document.Attaches("abc"u8.ToArray(), "a.txt"),
            second.Attaches("def"u8.ToArray(), "b.txt")
        );
        Assert.Equal([201, 422], answers.Select(answer => answer.Status).Order());
        (await (await Document.New()).Attaches("of another practice"u8.ToArray(), "a.txt")).Should(201);
    }

    [Fact]
    public async Task Who_does_not_see_the_record_does_not_see_its_files()
    {
        var document = await Document.New();
        var (group, id) = (document.Group, (await document.Attaches(Pdf, "a.pdf")).Should(201).Id);
        var (reception, other) = (await group.AddsNewPerson("reception"), await group.Practitioner("contact"));
        foreach (var person in new[] { reception, other, (await Clinic.NewClinic()).Owner })
        {
            (await person.Api.Get($"{document.Path}/attachments/{id}")).Should(404);
            Assert.InRange(
                (await person.Api.Post($"{document.Path}/attachments?name=b.pdf", new ByteArrayContent(Pdf))).Status,
                403,
                404
            );
        }

        var another = await Document.New(document);
        (await document.Api.Get($"{another.Path}/attachments/{id}")).Should(404);
        (await (await group.Practitioner()).Api.Get($"{document.Path}/attachments/{id}")).Should(200);
        Assert.Equal(
            ["portal.attachment_opened", "portal.attachment_added"],
            (await group.Owner.Api.Get($"{group.Path}/audit?limit=200"))
                .Items.Where(entry => entry.GetRawText().Contains(id.ToString(), StringComparison.Ordinal))
                .Select(entry => entry.GetProperty("act").GetString()!)
        );
    }

    [Fact]
    public async Task The_portal_shows_files_of_shared_records_to_those_with_clinical_access()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend) = (await Portal.Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = $"{clinic.Path}/patients/{await clinic.Links(holder)}";
        var record = (await clinic.Api.Post($"{patient}/clinical-records", Document.Body(shared: false)))
            .Should(201)
            .Id;
        var file = (
            await clinic.Api.Post(
                $"{patient}/clinical-records/{record}/attachments?name=letter.txt",
                new ByteArrayContent("Dear Robin"u8.ToArray())
            )
        )
            .Should(201)
            .Id;
        var path = $"{holder.Path}/clinical-records/{record}";
        (await holder.Api.Get($"{path}/attachments/{file}")).Should(404);

        (await clinic.Api.Post($"{patient}/clinical-records/{record}/share")).Should(204);
        Assert.Equal(
            "letter.txt",
            (await holder.Api.Get(path))["attachments"].EnumerateArray().Single().GetProperty("name").GetString()
        );
        Assert.Equal("Dear Robin", (await holder.Api.Get($"{path}/attachments/{file}")).Should(200).Text);
        Assert.Equal(
            2,
            (await holder.Api.GetAll($"{holder.Path}/access-log")).Count(entry =>
                entry.GetProperty("opened").GetString() == "clinicalRecord"
            )
        );
        await holder.GivesAccess(friend);
        (await friend.Api.Get($"{path}/attachments/{file}")).Should(403, "portal.clinical_not_granted");

        (await clinic.Api.Post($"{patient}/clinical-records/{record}/withhold", new { reason = "Wrong" })).Should(204);
        (await holder.Api.Get($"{path}/attachments/{file}")).Should(404);
    }

    [Fact]
    public async Task A_file_whose_sending_is_broken_off_leaves_nothing()
    {
        var document = await Document.New();
        var app = await TestApp.StartedAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(app.Url, $"{document.Path}/attachments?name=a.pdf")
        );
        request.Headers.Authorization = new("Bearer", document.Api.Token);
        request.Content = new BrokenContent();
        await Assert.ThrowsAnyAsync<Exception>(() => http.SendAsync(request));
        Assert.Empty((await document.Api.Get(document.Path))["attachments"].EnumerateArray());
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "practice-????????????????????????????????"));
    }

    /// <summary>
    /// What a crash between the file and its row would leave is set aside, and removed a month later. What has a row
    /// stays, also where a host of another database has set it aside.
    /// </summary>
    [Fact]
    public async Task With_a_directory_files_are_kept_there_and_orphans_are_set_aside()
    {
        var directory = TestFolder.New("files");
        var database = await TestServer.NewDatabaseAsync();
        var options = new TestAppOptions
        {
            ConnectionString = database,
            Settings = new Dictionary<string, string?> { ["Files:Directory"] = directory },
        };
        Person author;
        string path;
        Guid file;
        string folder;
        await using (var app = await TestApp.StartAsync(options))
        {
            var group = await (await app.SignUpAndConfirm()).CreatesGroup(null, "practitioner", "nurse");
            author = group.Owner;
            var patient = group.Patient(await author.Adds(group));
            var record = (await author.Api.Post($"{patient}/clinical-records", Document.Body(shared: false)))
                .Should(201)
                .Id;
            path = $"{patient}/clinical-records/{record}/attachments";
            file = (await author.Api.Post($"{path}?name=a.txt", new ByteArrayContent("kept"u8.ToArray())))
                .Should(201)
                .Id;
            folder = Path.Combine(directory, $"{group.Id:n}");
            Assert.Equal([$"{file:n}"], Directory.GetFiles(folder).Select(Path.GetFileName));
            Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(folder, $"{file:n}")));
            Assert.Equal(0L, await app.Owner.Scalar<long>("select count(*) from portal.attachment_chunks"));
            Assert.Equal("kept", (await author.Api.Get($"{path}/{file}")).Should(200).Text);

            File.Delete(Path.Combine(folder, $"{file:n}"));
            await File.WriteAllTextAsync(Path.Combine(folder, $"{file:n}.part"), "cut off");
            (await author.Api.Get($"{path}/{file}")).Should(503, "portal.file_unavailable");
            var again = await author.Api.Post($"{path}?name=a.txt", new ByteArrayContent("kept"u8.ToArray()));
            Assert.Equal(file, again.Should(201).Id);
            Assert.Equal("kept", (await author.Api.Get($"{path}/{file}")).Should(200).Text);

            const string fill = "update portal.file_totals set bytes = bytes + $2 where group_id = $1";
            await app.Owner.Execute(fill, group.Id, 20_000_000_000L);
            (await author.Api.Post($"{path}?name=b.txt", new ByteArrayContent("too much"u8.ToArray()))).Should(
                422,
                "portal.practice_files_full"
            );
            Assert.Equal([$"{file:n}"], Directory.GetFiles(folder).Select(Path.GetFileName));
            await app.Owner.Execute(fill, group.Id, -20_000_000_000L);

            File.Move(Path.Combine(folder, $"{file:n}"), Path.Combine(folder, $"{file:n}.unknown"));
            Assert.Equal("kept", (await author.Api.Get($"{path}/{file}")).Should(200).Text);
        }

        var young = Guid.CreateVersion7();
        await File.WriteAllTextAsync(Path.Combine(folder, $"{young:n}"), "its row is about to be committed");
        var orphan = Guid.CreateVersion7();
        var incomplete = $"{Guid.CreateVersion7():n}.part";
        var (recent, longAgo) = ($"{Guid.CreateVersion7():n}.unknown", $"{Guid.CreateVersion7():n}.unknown");
        foreach (var name in new[] { $"{orphan:n}", incomplete, recent, longAgo })
            await File.WriteAllTextAsync(Path.Combine(folder, name), "without a row");
        foreach (var name in new[] { $"{orphan:n}", incomplete })
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddHours(-2));
        foreach (var (name, days) in new[] { (recent, 29), (longAgo, 31), ($"{file:n}.unknown", 31) })
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddDays(-days));
        for (var i = 0; i < 8; i++)
            AddUnmovable(directory); // in no order that is known
        string[] expected = [$"{file:n}", $"{young:n}", $"{orphan:n}.unknown", recent];
        await using (await TestApp.StartAsync(options))
            await Eventually.Is(() =>
                Task.FromResult(expected.ToHashSet().SetEquals(Directory.GetFiles(folder).Select(Path.GetFileName)!))
            );

        await using var without = await TestApp.StartAsync(new() { ConnectionString = database });
        var api = without.Api.WithToken(author.Api.Token);
        (await api.Get($"{path}/{file}")).Should(503, "portal.file_unavailable");
        var second = (await api.Post($"{path}?name=b.txt", new ByteArrayContent("in the database"u8.ToArray()))).Should(
            201
        );
        Assert.Equal("in the database", (await api.Get($"{path}/{second.Id}")).Should(200).Text);
    }

    /// <summary>A practice's file that cannot be set aside, since a folder has that name.</summary>
    private static void AddUnmovable(string directory)
    {
        var path = Path.Combine(directory, $"{Guid.CreateVersion7():n}", $"{Guid.CreateVersion7():n}");
        Directory.CreateDirectory(Path.Combine(path + ".unknown", "something"));
        File.WriteAllText(path, "without a row");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
    }

    [Theory]
    [InlineData("files")] // not a full path
    [InlineData("/proc/nothing")]
    public async Task A_directory_that_cannot_be_written_to_stops_the_start(string directory)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            TestApp.StartAsync(new() { Settings = new Dictionary<string, string?> { ["Files:Directory"] = directory } })
        );
        Assert.Contains("Files:Directory", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Promises more than it sends.</summary>
    private sealed class BrokenContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Pdf);
            await stream.FlushAsync();
            throw new IOException("The cable is out.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1000;
            return true;
        }
    }

    /// <summary>A record of the kind document.</summary>
    private sealed record Document(Group Group, Person Author, string Patient, Guid Record)
    {
        public ApiClient Api => Author.Api;

        public string Path => $"{Patient}/clinical-records/{Record}";

        public static object Body(bool shared) =>
            new
            {
                kind = "document",
                title = "A scan",
                body = "Sent by the hospital.",
                recordedAt = "2026-03-01T10:00:00Z",
                shared,
            };

        public static async Task<Document> New(Document? beside = null)
        {
            var group = beside?.Group ?? await Clinic.NewClinic();
            var author = beside?.Author ?? await group.Practitioner("personal");
            var patient = beside?.Patient ?? group.Patient(await author.Adds(group));
            return new(
                group,
                author,
                patient,
                (await author.Api.Post($"{patient}/clinical-records", Body(shared: false))).Should(201).Id
            );
        }

        public Task<Answer> Attaches(byte[] content, string name) =>
            Api.Post($"{Path}/attachments?name={Uri.EscapeDataString(name)}", new ByteArrayContent(content));

        public async Task<HttpResponseMessage> Downloads(Guid id)
        {
            var app = await TestApp.StartedAsync();
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, $"{Path}/attachments/{id}"));
            request.Headers.Authorization = new("Bearer", Api.Token);
            var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return answer;
        }
    }
}
