using System.Globalization;
using System.Text;
using CsCheck;
using Practice.PatientPortal.Tests.Staff;
using Practice.Shared.Http;

namespace Practice.PatientPortal.Tests;

/// <summary>
/// Names are compared without case, accents, apostrophes and hyphens, by one function of the database. Patients are
/// found by words that begin a word of name or email, and listed by family name, then first name.
/// </summary>
public sealed class SearchTests
{
    /// <summary>A patient's first name and family name, and what finds them.</summary>
    private static readonly (string First, string Last, string[] Sought)[] Patients =
    [
        (
            "Anna Maria",
            "Moss",
            ["moss anna", "moss, anna", "ANNA MOSS", "maria", "Anna Maria Moss", "annamaria", "anna-maria", "mos ma an"]
        ),
        ("Sean", "O’Brien", ["obrien", "o'brien", "O’Brien", "O´Brien", "o brien", "o‑brien", "brien sean"]),
        ("Anne-Marie", "Dupont", ["anne marie", "annemarie", "anne-marie", "Anne–Marie", "dupont marie"]),
        ("Mary Jane", "Watson", ["mary jane", "jane mary", "maryjane", "watson,mary jane"]),
        ("Jürgen", "Müller", ["muller", "MÜLLER", "mu\u0308ller", "ｍｕｌｌｅｒ"]),
        ("José", "Núñez", ["jose", "JOSÉ", "nunez", "jose\u0301 núñez"]),
        ("Karl", "Groß", ["gross", "groß", "GROẞ"]),
        ("Søren", "Ærø", ["soren", "søren", "aero", "ÆRØ"]),
        ("İpek", "Işık", ["İpek", "ipek", "isik", "IŞIK", "ışık"]),
        ("Ελένη", "ΠΑΠΑΔΌΠΟΥΛΟΣ", ["ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδόπουλος", "παπαδοπουλοσ", "Παπαδόπουλος ελενη"]),
        ("Łukasz", "Đorđević", ["lukasz", "dordevic", "łukasz đorđević"]),
        ("Þóra", "Œuvrard", ["thora", "oeuvrard", "þóra"]),
        ("J.R.", "van der Berg", ["jr", "j.r.", "berg", "van der berg", "vanderberg"]),
        ("민수", "김", ["김민수"[..1], "민수", "민"]),
        ("👩🏽‍⚕️", "-", ["👩🏽‍⚕️", "-", "👩"]),
    ];

    [Fact]
    public async Task A_patient_is_found_by_the_beginning_of_words_however_they_are_written()
    {
        var group = await Clinic.NewClinic();
        var ids = new Dictionary<string, Guid>();
        foreach (var (first, last, _) in Patients)
            ids[last] = (
                await group.Owner.Api.Post(
                    group.Patients(),
                    new
                    {
                        firstName = first,
                        lastName = last,
                        dateOfBirth = "1990-02-03",
                    }
                )
            ).Should(201).Id;
        ids["Post"] = (
            await group.Owner.Api.Post(
                group.Patients(),
                Clinic.Patient("Post", "ida.lund+x@mail.example.org", dateOfBirth: "1985-04-12")
            )
        )
            .Should(201)
            .Id;

        foreach (var (_, last, sought) in Patients)
        foreach (var text in sought)
            Assert.Equal($"{text}: {ids[last]}", $"{text}: {string.Join(", ", await Found(text))}");
        foreach (
            var text in new[]
            {
                "ida.lund+x@mail.example.org",
                "IDA.LUND",
                "lund",
                "example.org",
                "@mail",
                "1985-04-12",
                "12 Apr 1985",
                "post, 12 April 1985",
                "1985-04",
            }
        )
            Assert.Equal($"{text}: {ids["Post"]}", $"{text}: {string.Join(", ", await Found(text))}");
        foreach (var nobody in new[] { "rien", "oss anna", "moss dupont", "1985-12-04", "12 Abc 1985", ";" })
            Assert.Equal($"{nobody}: ", $"{nobody}: {string.Join(", ", await Found(nobody))}");

        async Task<List<Guid>> Found(string text) =>
            await group.Owner.Api.Ids($"{group.Patients()}?search={Uri.EscapeDataString(text)}");
    }

    [Fact]
    public async Task A_patient_is_found_by_the_date_of_birth_however_it_is_written()
    {
        var group = await Clinic.NewClinic();
        var ids = new Dictionary<string, Guid>();
        foreach (
            var (name, born) in new[]
            {
                ("february", "1990-02-01"),
                ("january", "1990-01-02"),
                ("thirteenth", "1990-03-13"),
                ("eleventh", "1990-11-11"),
            }
        )
            ids[name] = (await group.Owner.Api.Post(group.Patients(), Clinic.Patient(name, dateOfBirth: born)))
                .Should(201)
                .Id;

        foreach (
            var (text, names) in new[]
            {
                // Which is the day, nobody can say: both.
                ("01/02/1990", new[] { "february", "january" }),
                ("1.2.1990", ["february", "january"]),
                ("01-02-1990", ["february", "january"]),
                ("1. 2. 1990", ["february", "january"]),
                ("january, 2/1/1990", ["january"]),
                ("13/03/1990", ["thirteenth"]),
                ("3/13/1990", ["thirteenth"]),
                ("13.3.1990", ["thirteenth"]),
                ("11-11-1990", ["eleventh"]),
                ("1990/2/1", ["february"]),
                ("13/13/1990", []),
                ("31/02/1990", []),
            }
        )
            Assert.Equal(
                $"{text}: {string.Join(", ", names.Select(name => ids[name]).Order())}",
                $"{text}: {string.Join(", ", (await Found(text)).Order())}"
            );

        async Task<List<Guid>> Found(string text) =>
            await group.Owner.Api.Ids($"{group.Patients()}?search={Uri.EscapeDataString(text)}");
    }

    [Fact]
    public async Task A_patient_is_found_by_phone_however_it_is_written()
    {
        var group = await Clinic.NewClinic();
        foreach (
            var (stored, sought) in new[]
            {
                ("0412 345 678", new[] { "0412345678", "0412 345 678", "+61 412 345 678", "(0412) 345-678", "0412 3" }),
                ("+61 (0)3 9555-0147", ["03 9555 0147", "+61395550147", "0061 3 9555 0147", "9555 0147"]),
                ("+44 20 7946 0018", ["020 7946 0018", "+442079460018", "20794"]),
            }
        )
        {
            var patient = Clinic.Patient();
            patient["phone"] = stored;
            var id = (await group.Owner.Api.Post(group.Patients(), patient)).Should(201).Id;
            foreach (var text in sought)
                Assert.Equal(
                    $"{text}: {id}",
                    $"{text}: {string.Join(", ", await group.Owner.Api.Ids($"{group.Patients()}?search={Uri.EscapeDataString(text)}"))}"
                );
            Assert.Equal(stored, (await group.Owner.Api.Get(group.Patient(id)))["phone"].GetString());
        }

        Assert.Empty(await group.Owner.Api.Ids($"{group.Patients()}?search=0412+345+679"));
    }

    [Fact]
    public async Task A_changed_patient_is_found_by_what_is_stored_now()
    {
        var group = await Clinic.NewClinic();
        var patient = await group.Owner.Adds(group, "Before", "before@patients.test");
        (await group.Owner.Api.Change(group.Patient(patient), Clinic.Patient("After"))).Should(204);

        Assert.Empty(await group.Owner.Api.Ids($"{group.Patients()}?search=before"));
        Assert.Equal([patient], await group.Owner.Api.Ids($"{group.Patients()}?search=after"));

        var app = await TestApp.StartedAsync();
        await app.Owner.Execute("delete from portal.patients where id = $1", patient);
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>("select count(*) from portal.patient_words where patient_id = $1", patient)
        );
    }

    /// <summary>Whatever name is stored is found by itself, by itself folded, and by each of its words.</summary>
    [Fact]
    public async Task Any_name_is_found_by_itself_folded_and_by_each_of_its_words()
    {
        var app = await TestApp.StartedAsync();
        Names
            .Array[200]
            .Sample(
                names =>
                    NotFound(app, names).GetAwaiter().GetResult() is var missed && missed.Count == 0
                        ? true
                        : throw new InvalidOperationException(string.Join("\n", missed)),
                iter: 3,
                threads: 1,
                print: names => $"{names.Length} names"
            );
    }

    [Fact]
    public async Task Patients_are_listed_by_family_name_then_first_name_and_a_cursor_holds_no_name()
    {
        var group = await Clinic.NewClinic();
        foreach (var (first, last) in new[] { ("Xu", "Smith"), ("Ann", "Smith Jones"), ("Amy", "Smith") })
            (
                await group.Owner.Api.Post(
                    group.Patients(),
                    new
                    {
                        firstName = first,
                        lastName = last,
                        dateOfBirth = "1990-02-03",
                    }
                )
            ).Should(201);
        foreach (var limit in new[] { 1, 2, 50 })
            Assert.Equal(
                ["Amy", "Xu", "Ann"],
                (await group.Owner.Api.GetAll($"{group.Patients()}?limit={limit}")).Of("firstName")
            );

        var cursor = (await group.Owner.Api.Get($"{group.Patients()}?limit=1"))["next"].GetString()!;
        var amy = (await group.Owner.Api.Ids($"{group.Patients()}?search=amy")).Single();
        Assert.Equal($"{amy}", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)));

        // Of the release before, and of a row that is gone.
        (await group.Owner.Api.Get($"{group.Patients()}?after={Cursor($"smith amy\u001f{amy}")}")).ShouldReject(
            "after"
        );
        (await group.Owner.Api.Get($"{group.Patients()}?after={Cursor($"{Guid.NewGuid()}")}")).ShouldReject("after");

        static string Cursor(string keys) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(keys));
    }

    /// <summary>
    /// Under the policies only what is leakproof reaches an index. A search that reads more words than it finds reads
    /// all words of a large practice that come after.
    /// </summary>
    [Fact]
    public async Task A_search_reads_no_more_words_than_it_finds()
    {
        var (app, group) = (await TestApp.StartedAsync(), Guid.CreateVersion7());
        await app.Owner.Execute(
            """
            insert into portal.patients
                (id, group_id, practice_name, first_name, last_name, date_of_birth, added_by_id, added_at)
            select gen_random_uuid(), $1, '', 'Jo', name, '1990-02-03', $1, now()
            from unnest('{Abel,Bell,Cole,Dean,Ellis,Ford,Gray,Hale}'::text[]) name
            """,
            group
        );
        await app.RoleOf("portal")
            .Execute(
                $$"""
                do $$ declare
                    found bigint;
                    entries bigint;
                begin
                    perform set_config('app.group_id', '{{group}}', true), set_config('enable_seqscan', 'off', true),
                        set_config('enable_bitmapscan', 'off', true);
                    select count(*) into found from portal.find_patients('{{group}}', 'bel');
                    entries := pg_stat_get_xact_tuples_returned('portal.pk_patient_words'::regclass);
                    if (found, entries) is distinct from (1::bigint, 1::bigint) then
                        raise exception '% found by % entries', found, entries;
                    end if;
                end $$
                """
            );
    }

    /// <summary>Letters of many scripts, accents, blanks, punctuation, emoji, and what cannot be seen.</summary>
    private static readonly Gen<string> Names = Gen.Frequency(
            (6, Gen.Char['a', 'z'].Select(letter => $"{letter}")),
            (3, Gen.Char['\u00C0', '\u024F'].Select(letter => $"{letter}")),
            (2, Gen.Char['\u0300', '\u0345'].Select(accent => $"{accent}")),
            (2, Gen.Char['\u0370', '\u05F4'].Select(letter => $"{letter}")),
            (1, Gen.Char['\u0621', '\u1FFE'].Select(letter => $"{letter}")),
            (1, Gen.Char['\u2000', '\u33FF'].Select(sign => $"{sign}")),
            (1, Gen.Char['\uAC00', '\uD7A3'].Select(syllable => $"{syllable}")),
            (1, Gen.Char['\uF900', '\uFFFD'].Select(form => $"{form}")),
            (3, Gen.OneOfConst(" ", " ", "-", "'", "’", ".", ",", "İ", "ß", "Σ", "&", "😀", "𝒜", "ﷺ"))
        )
        .Array[1, 24]
        .Select(parts => InputText.CleanName(string.Concat(parts)).Trim())
        .Where(name =>
            name.Length > 0
            && !name.Any(character => char.IsControl(character) || char.IsSurrogate(character) && name.Length == 1)
            && !name.Any(IsAccentAlone)
            && !(name.Contains(' ') && name.All(IsBlankOrMark)) // folded, nothing is left of it but a space
        );

    private static bool IsBlankOrMark(char character) =>
        character == ' '
        || char.GetUnicodeCategory(character)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    /// <summary>An accent with nothing to stand on: folded, nothing is left of it but a space or a tatweel.</summary>
    private static bool IsAccentAlone(char character) =>
        // Arabic ones are letters by their category.
        character is (>= '\uFE70' and <= '\uFE7F') or (>= '\uFC5E' and <= '\uFC63') or (>= '\uFCF2' and <= '\uFCF4')
        // Greek ones, and lines above and below: .NET does not take them apart without ICU.
        || character
            is '\u037A'
                or '\u0384'
                or '\u0385'
                or '\u1FBD'
                or (>= '\u1FBF' and <= '\u1FC1')
                or (>= '\u1FCD' and <= '\u1FCF')
                or (>= '\u1FDD' and <= '\u1FDF')
                or (>= '\u1FED' and <= '\u1FEF')
                or '\u1FFD'
                or '\u1FFE'
                or '\u2017'
                or '\u203E'
                or '\u309B'
                or '\u309C'
        || !char.IsSurrogate(character)
            && $"{character}".Normalize(NormalizationForm.FormKC) is [' ' or '\u0640', _, ..];

    private static async Task<List<string>> NotFound(TestApp app, string[] names)
    {
        var group = Guid.CreateVersion7();
        var ids = names.Select(_ => Guid.CreateVersion7()).ToArray();
        await app.Owner.Execute(
            """
            insert into portal.patients
                (id, group_id, practice_name, first_name, last_name, date_of_birth, added_by_id, added_at)
            select id, $1, '', 'Jo', name, '1990-02-03', id, now() from unnest($2::uuid[], $3::text[]) named (id, name)
            """,
            group,
            ids,
            names
        );
        var sought = names
            .Zip(ids)
            .SelectMany(named =>
                Words(named.First)
                    .Prepend(named.First)
                    .Select(text => (Id: named.Second, Name: named.First, Text: text))
            )
            .ToList();
        var missed = await app.Owner.Rows(
            """
            select name, text from unnest($2::uuid[], $3::text[], $4::text[]) sought (id, name, text)
            where not exists (select from portal.find_patients($1, text) found where found.id = sought.id)
                or not exists (select from portal.find_patients($1, search.fold(text)) found where found.id = sought.id)
                or search.fold(search.fold(text)) <> search.fold(text)
            """,
            group,
            sought.Select(one => one.Id).ToArray(),
            sought.Select(one => one.Name).ToArray(),
            sought.Select(one => one.Text).ToArray()
        );
        return missed.ConvertAll(row => $"“{row[0]}” is not found by “{row[1]}”");
    }

    private static IEnumerable<string> Words(string name) =>
        name.Split([' ', ',']).Where(word => word.EnumerateRunes().Any(Rune.IsLetterOrDigit));
}
