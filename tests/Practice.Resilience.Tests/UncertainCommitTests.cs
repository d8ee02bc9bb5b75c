using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>A change that is committed after its call has failed, as the connection broke meanwhile.</summary>
public sealed class UncertainCommitTests
{
    [Fact]
    public async Task The_file_of_an_attachment_stays()
    {
        const long Lock = 4712;
        var database = await TestServer.NewDatabaseAsync();
        var (address, connectionString) = MovingAddress.Of(database);
        using var _ = address;
        await using var app = await TestApp.StartAsync(
            new()
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
                {
                    CommandTimeout = 30, // it would end the wait for the lock
                }.ConnectionString,
                Settings = new Dictionary<string, string?> { ["Files:Directory"] = TestFolder.New("files") },
            }
        );
        var group = await (await app.SignUpAndConfirm()).CreatesGroup(null, "practitioner", "nurse");
        var api = group.Owner.Api;
        var patient = new
        {
            firstName = "Ida",
            lastName = "Moss",
            dateOfBirth = "1990-02-03",
        };
        var record = new
        {
            kind = "document",
            title = "A scan",
            body = "Sent by the hospital.",
            recordedAt = "2026-03-01T10:00:00Z",
        };
        var records =
            $"{group.Path}/patients/{(await api.Post($"{group.Path}/patients", patient)).Should(201).Id}/clinical-records";
        var attachments = $"{records}/{(await api.Post(records, record)).Should(201).Id}/attachments";
        await app.SettlesAsync();
        var direct = new Sql(database);
        await direct.Execute(
            $"""
            create function public.hold() returns trigger security definer language plpgsql as
                $$ begin perform pg_advisory_xact_lock({Lock}); return null; end $$;
            create constraint trigger hold after insert on portal.attachments deferrable initially deferred
                for each row execute function public.hold();
            """
        );

        await using (var held = await HeldLock.TakeAsync(database, $"select pg_advisory_xact_lock({Lock})"))
        {
            var adding = api.Post($"{attachments}?name=a.txt", new ByteArrayContent("kept"u8.ToArray()));
            await Eventually.Is(() =>
                direct.Scalar<bool>(
                    """
                    select exists (select from pg_stat_activity
                        where datname = current_database() and wait_event = 'advisory' and query ilike 'commit%')
                    """
                )
            );
            address.Cut();
            (await adding).Should(503, "request.unavailable");
            await held.ReleaseAsync();
        }

        await Eventually.Is(() => direct.Scalar<bool>("select exists (select from portal.attachments)"));
        var file = await direct.Scalar<Guid>("select id from portal.attachments");
        var content = await Eventually.Get(async () =>
            await api.Get($"{attachments}/{file}") is { Status: not 503 } answer ? answer : null
        );
        Assert.Equal("kept", content.Should(200).Text);
    }
}
