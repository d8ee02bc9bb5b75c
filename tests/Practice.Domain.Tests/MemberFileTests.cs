using System.Text;
using ErrorOr;
using Microsoft.AspNetCore.Http;
using Practice.Contracts.Locations;
using Practice.Groups.Domain;
using Practice.Groups.Features.Members;
using Practice.Groups.Features.Members.Import;

namespace Practice.Domain.Tests;

/// <summary>A staff file is taken as spreadsheet programs save it.</summary>
public sealed class MemberFileTests
{
    private const string Header = "firstName,lastName,roleType,profession,email,accessLevel";
    private const string Zoe = "Zoë,Müller,administrator,receptionist,zoe@practice.test,reception";
    private const string Ben = "Ben,Ray,practitioner,nurse,ben@practice.test,full";

    private static readonly LocationFacts MainStreet = new(
        Guid.CreateVersion7(),
        "Main street",
        Archived: false,
        "Australia/Melbourne"
    );

    /// <summary>Each is the same two people. The last column is the encoding that the answer names.</summary>
    public static TheoryData<string, byte[], string> Habits
    {
        get
        {
            var (utf8, text) = ("utf-8", $"{Header}\r\n{Zoe}\r\n{Ben}\r\n");
            var (semicolons, tabs) = (text.Replace(',', ';'), text.Replace(',', '\t'));
            var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
            return new()
            {
                { "UTF-8", Utf8(text), utf8 },
                { "UTF-8 with a mark", [.. Encoding.UTF8.Preamble, .. Utf8(text)], utf8 },
                {
                    "UTF-16 LE with tabs",
                    [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(tabs)],
                    "utf-16le"
                },
                { "UTF-16 LE without a mark", Encoding.Unicode.GetBytes(tabs), "utf-16le" },
                {
                    "UTF-16 BE",
                    [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)],
                    "utf-16be"
                },
                { "UTF-16 BE without a mark", Encoding.BigEndianUnicode.GetBytes(tabs), "utf-16be" },
                { "Windows-1252", windows.GetBytes(semicolons), "windows-1252" },
                { "semicolons", Utf8(semicolons), utf8 },
                { "tabs", Utf8(tabs), utf8 },
                { "a sep= line", Utf8($"sep=;\r\n{semicolons}"), utf8 },
                { "a sep= line after a mark", [.. Encoding.UTF8.Preamble, .. Utf8($"SEP=\t\r\n{tabs}")], utf8 },
                { "a sep= line saved as cells", Utf8($"\"sep=,\",,,,,\r\n{text}"), utf8 },
                { "another sep=", Utf8($"sep=|\r\n{text.Replace(',', '|')}"), utf8 },
                { "line feeds", Utf8(text.ReplaceLineEndings("\n")), utf8 },
                { "carriage returns", Utf8(text.Replace("\n", "")), utf8 },
                { "no last line break", Utf8(text.TrimEnd()), utf8 },
                { "a Ctrl-Z", Utf8($"{text}\u001a"), utf8 },
                { "a Ctrl-Z after the last cell", Utf8($"{text.TrimEnd()}\u001a\r\n"), utf8 },
                { "quotes everywhere", Utf8(Quoted(text)), utf8 },
                { "empty columns", Utf8(text.Replace("\r\n", ",,,\r\n")), utf8 },
                { "an empty column between", Utf8(text.Replace(",", ",,")), utf8 },
                { "blank rows at the end", Utf8($"{text}\r\n,,,,,\r\n   \r\n"), utf8 },
                { "blanks around", Utf8(text.Replace(",", " , ")), utf8 },
                { "no-break spaces around", Utf8(text.Replace(",", "\u00a0,\u00a0")), utf8 },
                {
                    "the words of the pages",
                    Utf8(
                        text.Replace(Header, "First name,Last name,Role Type,Profession (optional),E-mail,Access Level")
                            .Replace("administrator,receptionist", "Administrator,Receptionist")
                            .Replace("practitioner,nurse", "Practitioner,Nurse")
                            .Replace(",full", ",Full: everything")
                    ),
                    utf8
                },
                {
                    "underscores",
                    Utf8(text.Replace(Header, "first_name,LAST_NAME,role_type,profession,e_mail,ACCESS LEVEL")),
                    utf8
                },
                {
                    "line breaks in a heading and a cell",
                    Utf8(text.Replace("firstName", "\"First\nname\"").Replace("Ben,", "\"Ben\r\n\",")),
                    utf8
                },
            };
        }
    }

    [Theory, MemberData(nameof(Habits))]
    public async Task A_file_is_read_as_spreadsheets_save_it(string habit, byte[] file, string encoding)
    {
        var read = await Read(file);
        Assert.False(read.IsError, $"{habit}: {(read.IsError ? read.FirstError.Description : "")}");
        Assert.Equal(encoding, read.Value.Encoding);
        Assert.All(read.Value.Rows, row => Assert.Empty(row.Errors));
        Assert.Equal(
            [
                ("Zoë", "Müller", RoleType.Administrator, "receptionist", "zoe@practice.test", AccessLevel.Reception),
                ("Ben", "Ray", RoleType.Practitioner, "nurse", "ben@practice.test", AccessLevel.Full),
            ],
            read.Value.Rows.Select(row => row.Member)
                .Select(m =>
                    (
                        m.FirstName,
                        m.LastName,
                        m.RoleType!.Value,
                        m.Profession,
                        m.Email,
                        m.AccessLevel!.Value.Preset!.Value
                    )
                )
        );
    }

    [Theory]
    [InlineData("2 3", Header, Zoe, Ben)]
    [InlineData("2 5", Header, Zoe, "", ",,,,,", Ben)]
    [InlineData("4 5", "", ",,,,,", Header, Zoe, Ben)]
    [InlineData("2 3", "\"first\nname\",lastName,roleType,profession,email,accessLevel", Zoe, Ben)]
    [InlineData("2 3", "sep=,", Header, Zoe, Ben)]
    public async Task Rows_have_the_numbers_that_the_spreadsheet_shows(string numbers, params string[] lines) =>
        Assert.Equal(numbers, string.Join(' ', (await Rows(string.Join("\r\n", lines))).Select(row => row.Number)));

    [Fact]
    public async Task A_short_row_lacks_its_last_cells_and_nothing_else()
    {
        var rows = await Rows($"{Header},settings,locations\nAda,Moss,administrator\n{Zoe}\n");
        Assert.Equal(["accesslevel", "email", "profession"], Columns(rows[0]));
        Assert.Empty(rows[1].Errors);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("\uFEFF\r\n,,,\r\n\u001a", "The file is empty.")]
    [InlineData(Header, "The file has a header and no rows.")]
    [InlineData(Header + "\n" + Zoe + ",more", "Row 2 has text in a column without a heading.")]
    [InlineData(Header + "\n\n" + Zoe + "\nAda,\"Moss\" x,a,b,c,d", "Row 4 has a misplaced quote.")]
    [InlineData(Header + "\n" + Zoe + "\nAda,\"Moss,administrator", "Row 3 has a misplaced quote.")]
    [InlineData(Header + ",First name\n" + Zoe + ",x", "A column appears twice.")]
    [InlineData(Header + ",PassWord\n" + Zoe + ",x", "Do not put passwords in the file.")]
    [InlineData(Header + ",colour\n" + Zoe + ",x", "There is no column 'colour'.")]
    [InlineData("name;email\nA;b", "There is no column 'name'.")]
    [InlineData("email\nzoe@practice.test", "Missing columns: firstName, lastName")]
    public async Task A_file_that_cannot_be_read_says_why(string file, string sentence) =>
        Assert.StartsWith(sentence, (await Read(Utf8(file))).FirstError.Description, StringComparison.Ordinal);

    /// <summary>The names of each of these files would be stored wrong if it were taken for Windows-1252.</summary>
    /// <summary>They read as other possible names: the answer says that the encoding is a guess.</summary>
    private static readonly (int Page, string Name)[] Undecidable =
    [
        (10000, "Mönch"), // Mšnch
        (10000, "Köhler"),
        (10000, "García"), // Garc’a
        (10000, "Raúl"), // Raœl
        (437, "Weiß"), // Weiá
        (850, "Weiß"),
    ];

    public static TheoryData<string, byte[]> UnknownEncodings
    {
        get
        {
            var data = new TheoryData<string, byte[]>();
            foreach (var page in (int[])[437, 850, 10000]) // DOS, DOS in Europe, old Macs
            foreach (
                var name in "Zoë José Müller Françoise Ågård Mönch Köhler García López Muñoz Raúl Sørensen Weiß".Split(
                    ' '
                )
            )
            {
                if (Undecidable.Contains((page, name)))
                    continue;
                var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
                if (encoding.GetString(encoding.GetBytes(name)) == name)
                    data.Add($"{name} in {page}", encoding.GetBytes($"{Header}\n{Row(name)}\n"));
            }

            static string Row(string name) => Zoe.Replace("Müller", "Moss").Replace("Zoë", name);

            data.Add("half of a UTF-16 character", [.. Encoding.Unicode.GetBytes($"{Header}\n{Zoe}\n"), 0x41]);
            return data;
        }
    }

    [Theory, MemberData(nameof(UnknownEncodings))]
    public async Task A_file_of_unknown_encoding_is_not_guessed(string what, byte[] file)
    {
        var read = await Read(file);
        Assert.True(read.IsError, what);
        Assert.StartsWith("The file's encoding is not known.", read.FirstError.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_list_of_people_is_refused_before_it_takes_memory()
    {
        var rows = await Read(Encoding.ASCII.GetBytes($"{Header}\n{string.Concat(Enumerable.Repeat("a\n", 6_000))}"));
        Assert.Equal("At most 5000 rows.", rows.FirstError.Description);
        var cells = await Read(Encoding.ASCII.GetBytes($"{Header}\n{new string(',', 1_000)}\n"));
        Assert.Equal("At most 200 columns.", cells.FirstError.Description);
    }

    [Theory]
    [InlineData("O’Brien")]
    [InlineData("Šimek-Žák")]
    [InlineData("Jean–Œuvre")]
    [InlineData("François")]
    public async Task Windows_letters_and_quotes_are_what_they_are(string name)
    {
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var read = await Read(windows.GetBytes($"{Header}\n{Zoe.Replace("Zoë", name)}\n"));
        Assert.Equal((name, "windows-1252"), (read.Value.Rows[0].Member.FirstName, read.Value.Encoding));
    }

    [Theory]
    [InlineData("PK\u0003\u0004 .xlsx, .ods")]
    [InlineData("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1 .xls")]
    public async Task A_workbook_is_refused_with_how_to_save_it(string file) =>
        Assert.Contains("choose CSV UTF-8", (await Read(Encoding.Latin1.GetBytes(file))).FirstError.Description);

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("text/csv; charset=utf-8", true)]
    [InlineData("text/plain", true)]
    [InlineData("text/tab-separated-values", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("application/vnd.ms-excel", true)]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true)]
    [InlineData(null, true)]
    public async Task The_type_that_a_browser_makes_up_does_not_matter(string? type, bool read)
    {
        var rows = await Read(Utf8($"{Header}\n{Zoe}\n"), type);
        Assert.Equal(read ? null : "request.unsupported_media_type", rows.IsError ? rows.FirstError.Code : null);
    }

    [Fact]
    public async Task Values_are_known_by_code_and_by_the_words_of_the_pages()
    {
        var row = Assert.Single(
            await Rows(
                "First name\tLast name\tRole Type\tProfession\tEmail\tAccess Level\tSettings\tAssign to Locations\n"
                    + "Zoë\tB\tPRACTITIONER\tOccupational Therapist\tzoe@practice.test\tClinical\t"
                    + "\"Export records = Yes; See other people’s clinical records=off\nread_only=TRUE\"\t\"\nmain street\n\"\n"
            )
        );
        Assert.Empty(row.Errors);
        Assert.Equal(
            ("occupationalTherapist", AccessLevel.Clinical),
            (row.Member.Profession, row.Member.AccessLevel?.Preset)
        );
        Assert.Equal([MainStreet.LocationId], row.Member.LocationIds!);
        Assert.Equal(
            [("exportData", true), ("othersClinicalRecords", false), ("readOnly", true)],
            row.Member.Settings!.Select(setting => (setting.Key, setting.Value)).Order()
        );
    }

    [Theory]
    [InlineData("1,23E+11")]
    [InlineData("1.23457E+12")]
    [InlineData("9e+20")]
    public async Task A_number_that_the_spreadsheet_shortened_is_not_stored(string number)
    {
        var row = (await Rows($"{Header},registrationNumber\n{Ben},\"{number}\"\n")).Single();
        Assert.Equal("registrationNumber", Assert.Single(row.Errors).Code);
    }

    [Fact]
    public async Task The_example_of_the_template_is_nobody_to_add()
    {
        var rows = await Rows($"{Header}\nJo,Example,practitioner,nurse,JO.example@example.com,full\n{Zoe}\n");
        Assert.Equal("groups.example_row", Assert.Single(rows[0].Errors).Code);
        Assert.Empty(rows[1].Errors);
    }

    private static IEnumerable<string> Columns(MemberRow row) =>
        row.Errors.Select(error => error.Code.ToLowerInvariant()).Order();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Quoted(string text) =>
        $"\"{text.TrimEnd().Replace(",", "\",\"").Replace("\r\n", "\"\r\n\"")}\"\r\n";

    private static async Task<IReadOnlyList<MemberRow>> Rows(string text) => (await Read(Utf8(text))).Value.Rows;

    private static async Task<ErrorOr<MemberRows>> Read(byte[] bytes, string? type = "text/csv")
    {
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream(bytes), ContentType = type } };
        var file = await MemberFile.BindAsync(http);
        return await file.ReadAsync([MainStreet], [], new NewMemberValidator(), CancellationToken.None);
    }
}
