using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Seeds;

/// <summary>What a database is filled with.</summary>
internal sealed record DataSet(
    string Database,
    int Groups,
    int Members,
    int Users,
    int Patients,
    int Accounts,
    int Entries
)
{
    /// <summary>The caller's access token.</summary>
    public const string Token = "the-access-token-of-the-one-who-measures";

    public static DataSet Small { get; } = new("bench_small", 50, 200, 10_000, 200, 1_000, 100);

    public static DataSet Large { get; } = new("bench_large", 10_000, 100, 200_000, 20, 50_000, 50);

    /// <summary>Another practice of the caller.</summary>
    public Guid SecondGroup => Ids.Group(1 + (Groups / 5));

    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Groups:n0} groups, {Groups * Members:n0} memberships, {Groups * Patients:n0} patients"
        );

    public async Task FillAsync(string connection)
    {
        using var reader = new StreamReader(
            typeof(DataSet).Assembly.GetManifestResourceStream("seed.sql")
                ?? throw new InvalidOperationException("The assembly lacks seed.sql.")
        );
        var sql = await reader.ReadToEndAsync();
        foreach (
            var (name, value) in new[]
            {
                ("groups", Groups),
                ("members", Members),
                ("users", Users),
                ("patients", Patients),
                ("accounts", Accounts),
                ("entries", Entries),
            }
        )
            sql = sql.Replace($"{{{name}}}", value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await Sql.ExecuteAsync(connection, sql);
        await Sql.ExecuteAsync(connection, "vacuum analyze");
        await Sql.ExecuteAsync(connection, "checkpoint");
    }

    /// <summary>A session of the caller, who verified themselves a moment ago.</summary>
    public static async Task OpenSessionAsync(string connection)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        await Sql.ExecuteAsync(connection, $"delete from authority.sessions where token_hash = '{hash}'");
        await Sql.ExecuteAsync(
            connection,
            $"""
            select authority.open_session(
                '{hash}', gen_random_uuid(), '{Ids.Person(1)}', now() + interval '1 day', false, false)
            """
        );
    }
}
