using MimeKit;
using Npgsql;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary><c>kill -9</c> of the host at the moments in which a reminder could be lost, or go out twice.</summary>
public sealed class ReminderCrashTests
{
    [Fact]
    public async Task Killed_before_its_mark_and_then_before_that_of_its_email_a_reminder_is_one_email()
    {
        var (database, data, email) = (await TestServer.NewDatabaseAsync(), TestFolder.New("data"), People.NewEmail());
        var sql = new Sql(database);
        HeldMark reminded;
        await using (var first = await StartAsync())
        {
            var group = await (await first.SignUpAndConfirm()).CreatesGroup(null, "practitioner", "nurse");
            var owner = group.Owner;
            var patient = await owner.Adds(group, email: email);
            await owner.Books(group, patient, owner.Id, startsAt: Clinic.In(3));
            reminded = await HeldMark.OnAsync(database, "portal.appointment_reminders", "new.reminded_at is not null");
            (
                await owner.Api.Change(
                    group.Path,
                    new
                    {
                        name = group.Name,
                        reminders = new { enabled = true, hoursBefore = 168 }, // due at once
                        invoices = new { currency = "AUD", dueAfterDays = 14 },
                    }
                )
            ).Should(204);
            await reminded.IsReachedAsync(first);
            await first.KillAsync();
            Assert.Empty(Reminders(first)); // none was on its way
        }

        await reminded.EndAsync();
        Assert.Equal(1, await sql.Scalar<long>("select count(*) from portal.appointment_reminders"));
        Assert.Equal(
            0,
            await sql.Scalar<long>("select count(*) from portal.appointment_reminders where reminded_at is not null")
        );

        var handled = await HeldMark.OnAsync(
            database,
            "messaging.wolverine_incoming_envelopes",
            "new.status = 'Handled' and old.status <> 'Handled' and new.message_type like '%DeliverMail'"
        );
        (DateTime At, string Id) sent;
        await using (var second = await StartAsync())
        {
            await second.Mail.WaitFor(email, "Reminder");
            await handled.IsReachedAsync(second);
            sent = await WhenAndAs(Reminders(second).Single());
            await second.KillAsync();
        }

        await handled.EndAsync();
        await using var third = await StartAsync();
        (DateTime At, string Id) again = sent;
        await Eventually.Is(async () => (again = await WhenAndAs(Reminders(third)[0])).At > sent.At); // nobody knew
        Assert.Single(Reminders(third));
        Assert.Equal(sent.Id, again.Id); // as a mail server knows it again
        Assert.Equal(0, await sql.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));

        Task<HostProcess> StartAsync() =>
            HostProcess.StartAsync(
                data,
                new Dictionary<string, string?>
                {
                    ["ConnectionStrings:Practice"] = database,
                    ["PublicUrl"] = "https://practice.test",
                }
            );

        List<Mail> Reminders(HostProcess host) =>
            [.. host.Mail.To(email).Where(mail => mail.Subject.StartsWith("Reminder", StringComparison.Ordinal))];
    }

    private static async Task<(DateTime At, string Id)> WhenAndAs(Mail mail)
    {
        using var message = await MimeMessage.LoadAsync(mail.File);
        return (File.GetLastWriteTimeUtc(mail.File), message.MessageId!);
    }

    /// <summary>A host that sets a mark waits, and ends without it.</summary>
    private sealed class HeldMark(NpgsqlConnection holder, Sql sql, string table)
    {
        private const int Key = 4711;

        public static async Task<HeldMark> OnAsync(string database, string table, string mark)
        {
            var sql = new Sql(database);
            await sql.Execute(
                $"""
                create or replace function hold() returns trigger language plpgsql as $f$ begin
                    perform pg_advisory_xact_lock_shared({Key});
                    return new;
                end $f$;
                """
            );
            var holder = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString
            );
            await holder.OpenAsync();
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({Key})", holder);
            await command.ExecuteNonQueryAsync();
            await sql.Execute(
                $"create trigger hold before update on {table} for each row when ({mark}) execute function hold()"
            );
            return new(holder, sql, table);
        }

        public Task IsReachedAsync(HostProcess host) =>
            Eventually.Is(
                async () => await sql.Scalar<long>($"select count(*) from ({Waiting}) waiting") > 0,
                what: $"the mark in {table}, which nobody sets: {string.Join('\n', host.Output)}"
            );

        /// <summary>
        /// The server ends what waits as well: it could not know yet that the other end is gone, and would set the
        /// mark.
        /// </summary>
        public async Task EndAsync()
        {
            await sql.Execute($"select pg_terminate_backend(pid) from ({Waiting}) waiting");
            await sql.Execute($"drop trigger hold on {table}");
            await holder.DisposeAsync();
        }

        private static string Waiting =>
            $"""
                select pid from pg_locks
                where locktype = 'advisory' and objid = {Key} and not granted
                  and database = (select oid from pg_database where datname = current_database())
                """;
    }
}
