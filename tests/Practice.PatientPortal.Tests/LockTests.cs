using Npgsql;
using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests;

/// <summary>Handlers ask other modules before they lock rows, so that no lock waits for a second connection.</summary>
public sealed class LockTests
{
    [Fact]
    public async Task The_portal_locks_no_account_while_it_asks_who_a_person_is()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        var child = await holder.AddsDependant("2019-05-01");
        var given = new
        {
            email = People.NewEmail(),
            role = "view",
            level = "clinical",
        };

        await Check(() => holder.Api.Post($"{holder.Path}/access", given), holder.AccountId, 202);
        await Check(() => holder.Decides(grant, "current"), holder.AccountId, 204);
        // This answers at once. Its message asks later.
        var guardian = new { email = People.NewEmail(), relationship = "parent" };
        await Check(() => child.Api.Post($"{child.Path}/guardians", guardian), child.AccountId, 202);

        Task Check(Func<Task<Answer>> call, Guid account, int status) =>
            LocksNothing(app, call, status, "users.accounts", "portal.accounts", account);
    }

    [Fact]
    public async Task Staff_lock_no_patient_while_they_ask_for_practitioner_and_location()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var starts = DateTimeOffset.UtcNow.AddDays(3);
        var appointment = new
        {
            startsAt = starts,
            endsAt = starts.AddMinutes(30),
            practitionerId = clinic.Practitioner.Id,
            locationId = clinic.Group.LocationId,
            allowOverlap = true,
        };
        var wished = new
        {
            startsAt = starts,
            practitionerId = clinic.Practitioner.Id,
            locationId = clinic.Group.LocationId,
        };
        var wish = (await holder.Api.Post($"{holder.Path}/appointments", wished)).Should(201).Id;
        var record = new
        {
            kind = "note",
            title = "Visit",
            body = "Stiff.",
            recordedAt = "2026-03-01T10:00:00Z",
        };
        var details = new
        {
            firstName = "Pat",
            lastName = "Sunderland",
            dateOfBirth = Holders.Born,
            email = holder.Email,
            locationId = clinic.Group.LocationId,
        };
        var path = $"{clinic.Path}/patients/{patient}";

        await Check(() => clinic.Api.Post($"{path}/appointments", appointment), "locations.locations", 201);
        await Check(() => clinic.Api.Post($"{path}/appointments", appointment), "groups.memberships", 201);
        await Check(() => clinic.Api.Post($"{path}/clinical-records", record), "groups.memberships", 201);
        await Check(() => clinic.Api.Change(path, details), "locations.locations", 204);
        await Check(
            () => clinic.Api.Post($"{clinic.Path}/requests/{wish}/confirm", new { allowOverlap = true }),
            "locations.locations",
            204,
            also: ("portal.requests", wish)
        );

        async Task Check(Func<Task<Answer>> call, string asked, int status, (string Table, Guid Id)? also = null) =>
            await LocksNothing(app, call, status, asked, "portal.patients", patient, also);
    }

    /// <summary>Holds up what another module would answer from, and locks the row meanwhile.</summary>
    private static async Task LocksNothing(
        TestApp app,
        Func<Task<Answer>> call,
        int status,
        string asked,
        string table,
        Guid id,
        (string Table, Guid Id)? also = null
    )
    {
        Task<Answer> answer;
        await using (var held = new NpgsqlConnection(app.ConnectionString))
        {
            await held.OpenAsync();
            await using var transaction = await held.BeginTransactionAsync();
            await Execute(held, $"lock table {asked} in access exclusive mode");
            answer = Task.Run(call);
            await Eventually.Is(
                async () =>
                    await app.Owner.Scalar<bool>(
                        $"""
                        select exists (select from pg_locks where not granted and relation = '{asked}'::regclass
                                and database = (select oid from pg_database where datname = current_database()))
                            and exists (select from pg_stat_activity
                                where datname = current_database() and usename like '%portal'
                                    and state = 'idle in transaction')
                        """
                    ),
                what: $"a portal handler that waits for {asked}"
            );
            // Another handler may hold the row for a moment; the one that waits would hold it for good.
            var patient = new Sql($"{app.ConnectionString};Options=-c lock_timeout=10s");
            await patient.Execute($"select from {table} where id = $1 for update", id);
            if (also is { } second)
                await patient.Execute($"select from {second.Table} where id = $1 for update", second.Id);
        }

        (await answer).Should(status);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
