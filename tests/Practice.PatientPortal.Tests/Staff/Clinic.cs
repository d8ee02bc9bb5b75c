using System.Globalization;
using System.Text.Json;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>Bodies and calls shared by the tests of the practice's side.</summary>
internal static class Clinic
{
    public const string Born = "1990-02-03";

    /// <summary>A whole hour, some days ahead.</summary>
    public static DateTimeOffset In(int days, int hour = 9) =>
        new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(days).AddHours(hour);

    public static async Task<Group> NewClinic() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();

    public static Task<Person> Practitioner(
        this Group group,
        string level = "clinical",
        Dictionary<string, bool>? settings = null
    ) => group.AddsNewPerson(level, "practitioner", settings, group.LocationId);

    public static async Task<Guid> OpensLocation(this Group group, string name = "Harbour clinic") =>
        (await group.Owner.Api.Post($"{group.Path}/locations", new { name, timeZone = "Australia/Melbourne" }))
            .Should(201)
            .Id;

    /// <summary>Who works at the location, and nobody else.</summary>
    public static async Task Assigns(this Group group, Guid location, params Guid[] people) =>
        (await group.Owner.Api.Change($"{group.Path}/locations/{location}/members", new { userIds = people })).Should(
            204
        );

    public static string Patients(this Group group) => $"{group.Path}/patients";

    public static string Patient(this Group group, Guid id) => $"{group.Path}/patients/{id}";

    public static Dictionary<string, object?> Patient(
        string lastName = "Reed",
        string? email = null,
        Guid? locationId = null,
        string dateOfBirth = Born,
        bool acceptDuplicate = true
    ) =>
        new()
        {
            ["firstName"] = "Jo",
            ["lastName"] = lastName,
            ["email"] = email,
            ["dateOfBirth"] = dateOfBirth,
            ["locationId"] = locationId,
            ["acceptDuplicate"] = acceptDuplicate,
        };

    public static async Task<Guid> Adds(
        this Person person,
        Group group,
        string lastName = "Reed",
        string? email = null,
        Guid? locationId = null
    ) => (await person.Api.Post(group.Patients(), Patient(lastName, email, locationId))).Should(201).Id;

    /// <summary>Overlaps are allowed: the tests that are about them say otherwise.</summary>
    public static Dictionary<string, object?> Appointment(
        Guid practitionerId,
        Guid locationId,
        DateTimeOffset? startsAt = null
    ) =>
        new()
        {
            ["startsAt"] = startsAt ?? In(1),
            ["endsAt"] = (startsAt ?? In(1)).AddMinutes(45),
            ["practitionerId"] = practitionerId,
            ["locationId"] = locationId,
            ["reason"] = "Back pain",
            ["allowOverlap"] = true,
        };

    public static async Task<Guid> Books(
        this Person person,
        Group group,
        Guid patient,
        Guid practitionerId,
        Guid? locationId = null,
        DateTimeOffset? startsAt = null
    ) =>
        (
            await person.Api.Post(
                $"{group.Patient(patient)}/appointments",
                Appointment(practitionerId, locationId ?? group.LocationId, startsAt)
            )
        )
            .Should(201)
            .Id;

    public static Dictionary<string, object?> Invoice(string number = "INV-1") =>
        new()
        {
            ["number"] = number,
            ["issuedOn"] = "2026-03-01",
            ["dueOn"] = "2026-03-15",
            ["currency"] = "AUD",
            ["lines"] = new object[]
            {
                new
                {
                    description = "Visit",
                    quantity = 1.5,
                    unitPrice = "12.50",
                },
                new
                {
                    description = "Tape",
                    quantity = 2,
                    unitPrice = "3",
                },
            },
        };

    public static Dictionary<string, object?> Record(string title = "First visit") =>
        new()
        {
            ["kind"] = "note",
            ["title"] = title,
            ["body"] = "Stiff.\nBetter after walking.",
            ["recordedAt"] = "2026-03-01T10:00:00+11:00",
        };

    /// <summary>Links the patient to an account, as claiming an invitation does.</summary>
    public static async Task<Guid> Links(
        this Group group,
        Guid patient,
        string dateOfBirth = Born,
        bool dependant = false
    )
    {
        var (app, account) = (await TestApp.StartedAsync(), Guid.CreateVersion7());
        await app.Owner.Execute(
            """
            insert into portal.accounts (id, user_id, first_name, last_name, date_of_birth, time_zone, created_at)
            values ($1, $2, 'Jo', 'Reed', $3, 'UTC', now())
            """,
            account,
            dependant ? DBNull.Value : Guid.CreateVersion7(),
            DateOnly.Parse(dateOfBirth, CultureInfo.InvariantCulture)
        );
        await app.Owner.Execute(
            "update portal.patients set account_id = $1 where id = $2 and group_id = $3",
            account,
            patient,
            group.Id
        );
        return account;
    }

    private static int _sent;

    /// <summary>A request sent from the portal.</summary>
    public static async Task<Guid> Sent(
        this Group group,
        Guid patient,
        string kind = "Appointment",
        Guid? practitionerId = null,
        Guid? locationId = null,
        DateTimeOffset? startsAt = null,
        string text = "Sent text"
    )
    {
        // Later than the one before, also within a millisecond: lists are ordered by id.
        var id = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddMilliseconds(Interlocked.Increment(ref _sent)));
        await (await TestApp.StartedAsync()).Owner.Execute(
            """
            insert into portal.requests (id, group_id, patient_id, account_id, kind, text,
                starts_at, practitioner_id, location_id, sent_by_name, acting_for, status, sent_at)
            values ($1, $2, $3, gen_random_uuid(), $4, $5,
                $6::timestamptz, $7::uuid, $8::uuid, 'Sam Sender', 'Jo Reed', 'Open', now())
            """,
            id,
            group.Id,
            patient,
            kind,
            text,
            Or(startsAt),
            Or(practitionerId),
            Or(locationId)
        );
        return id;
    }

    public static Task<Answer> Answers(
        this Person person,
        Group group,
        Guid request,
        string act,
        object? body = null
    ) => person.Api.Post($"{group.Path}/requests/{request}/{act}", body);

    public static IEnumerable<string?> Of(this IEnumerable<JsonElement> items, string property) =>
        items.Select(item => item.GetProperty(property).GetString());

    public static async Task<List<Guid>> Ids(this ApiClient api, string path) =>
        [.. (await api.GetAll(path)).Select(item => item.GetProperty("id").GetGuid())];

    private static object Or(object? value) => value ?? DBNull.Value;
}
