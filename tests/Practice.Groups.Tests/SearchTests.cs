using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Npgsql;

namespace Practice.Groups.Tests;

/// <summary>
/// Members are found by words that begin a word of name or email, however these are written, whether they were typed,
/// imported or changed.
/// </summary>
public sealed class SearchTests
{
    /// <summary>A member's first name and family name, and what finds them.</summary>
    private static readonly (string First, string Last, string[] Sought)[] Members =
    [
        ("Anna Maria", "Moss", ["moss anna", "moss, anna", "Anna Maria Moss", "annamaria"]),
        ("Sean", "O’Brien", ["obrien", "o'brien", "O’Brien"]),
        ("Anne-Marie", "Müller", ["anne marie", "annemarie", "anne-marie", "muller", "MÜLLER"]),
        ("José", "Groß", ["jose", "gross", "groß josé"]),
        ("Søren", "ΠΑΠΑΔΌΠΟΥΛΟΣ", ["soren", "ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδόπουλος"]),
        ("İpek", "Watson", ["İpek", "ipek"]),
    ];

    [Fact]
    public async Task An_imported_member_is_found_by_the_beginning_of_words_however_they_are_written()
    {
        var group = await NewGroup();
        var emails = Members.ToDictionary(member => member.Last, _ => People.NewEmail());
        var file = string.Join(
            "\n",
            [
                "firstName,lastName,roleType,profession,email,accessLevel",
                .. Members.Select(member =>
                    $"{member.First},{member.Last},administrator,receptionist,{emails[member.Last]},reception"
                ),
            ]
        );
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        (await group.Owner.Api.Post($"{group.Path}/members/import", content)).Should(200);

        foreach (var (_, last, sought) in Members)
        foreach (var text in sought.Append(emails[last]).Append(emails[last].ToUpperInvariant()))
            Assert.Equal($"{text}: {emails[last]}", $"{text}: {string.Join(", ", await Found(group, text))}");
        foreach (var nobody in new[] { "rien", "oss anna", "moss jose" })
            Assert.Equal($"{nobody}: ", $"{nobody}: {string.Join(", ", await Found(group, nobody))}");
    }

    [Fact]
    public async Task Members_are_listed_by_family_name_then_first_name_and_a_cursor_holds_no_name()
    {
        var group = await NewGroup();
        foreach (var (first, last) in new[] { ("Xu", "Smith"), ("Ann", "Smith Jones"), ("Amy", "Smith") })
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/members",
                    Group.Member(
                        People.NewEmail(),
                        "reception",
                        "a good long password",
                        firstName: first,
                        lastName: last
                    )
                )
            ).Should(201);

        var found = $"{group.Path}/members?search=smith";
        foreach (var limit in new[] { 1, 2, 50 })
            Assert.Equal(
                ["Amy", "Xu", "Ann"],
                (await group.Owner.Api.GetAll($"{found}&limit={limit}")).Select(item =>
                    item.GetProperty("firstName").GetString()
                )
            );

        var page = await group.Owner.Api.Get($"{found}&limit=1");
        Assert.Equal(
            page.Items.Single().GetProperty("userId").GetString(),
            Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(page["next"].GetString()))
        );
        foreach (var list in new[] { $"{group.Path}/members", $"{group.Path}/locations", "/api/groups" })
        foreach (var gone in new[] { $"smith\u001f{Guid.NewGuid()}", $"{Guid.NewGuid()}" })
            (
                await group.Owner.Api.Get(
                    $"{list}?after={System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(gone))}"
                )
            ).ShouldReject("after");
    }

    /// <summary>
    /// In a new database, where PostgreSQL knows nothing of the tables yet. Eight times as many took eighty times as
    /// long.
    /// </summary>
    [Fact]
    public async Task Many_members_at_once_are_indexed_in_time_with_their_number()
    {
        await using var connection = new NpgsqlConnection(await TestServer.NewDatabaseAsync());
        await connection.OpenAsync();
        var group = Guid.CreateVersion7();
        for (var round = 1; ; round++) // another test may have held the machine up
        {
            var (few, many) = (await InsertAsync(500), await InsertAsync(4_000));
            if (many < few * 30)
                break;
            Assert.True(round < 4, $"500 in {few}, 4,000 in {many}");
        }

        async Task<TimeSpan> InsertAsync(int count)
        {
            await using var insert = new NpgsqlCommand(
                """
                insert into groups.memberships (group_id, user_id, email, first_name, last_name, role_type, profession,
                    level, switched_on, switched_off, is_owner, location_ids, status, joined_at)
                select $1, gen_random_uuid(), n || '@practice.test', 'First' || n, 'Last' || n, 'Administrator', 'other',
                    'Reception', 0, 0, false, '{}', 'Active', now()
                from generate_series(1, $2) n
                """,
                connection
            )
            {
                Parameters =
                {
                    new() { Value = group },
                    new() { Value = count },
                },
                CommandTimeout = 300,
            };
            var took = Stopwatch.StartNew();
            Assert.Equal(count, await insert.ExecuteNonQueryAsync());
            return took.Elapsed;
        }
    }

    private static async Task<IEnumerable<string?>> Found(Group group, string text) =>
        (await group.Owner.Api.Get($"{group.Path}/members?search={Uri.EscapeDataString(text)}"))
            .Should(200)
            .Items.Select(item => item.GetProperty("email").GetString());

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
