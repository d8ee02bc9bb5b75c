using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Tests.Portal;
using Wolverine;
using Place = Practice.PatientPortal.Tests.Portal.Clinic;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// What patients do in the portal reaches the members who handle it, and nobody else. All members are told in one
/// transaction: once one of them is, the others are too, or never will be.
/// </summary>
public sealed class StaffNotificationTests
{
    private static readonly Dictionary<string, bool> ReadsOnly = new() { ["readOnly"] = true };
    private static readonly Dictionary<string, bool> NoNames = new() { ["hidePatientNames"] = true };
    private static readonly Dictionary<string, bool> OwnLocations = new() { ["restrictToAssignedLocations"] = true };
    private static readonly Dictionary<string, bool> NoCalendars = new() { ["othersCalendars"] = false };

    [Fact]
    public async Task A_request_reaches_those_who_may_answer_it_and_names_no_patient()
    {
        var (clinic, holder, group) = await Linked();
        var elsewhere = await group.OpensLocation();
        var treats = await group.Practitioner("personal");
        var (all, staff) = (
            group.LocationId,
            new Dictionary<string, Person>
            {
                ["owner"] = group.Owner,
                ["reception"] = await group.AddsNewPerson(),
                ["treats"] = treats,
                ["treats nobody"] = await group.Practitioner("personal"),
                ["no calendars"] = await group.AddsNewPerson("reception", settings: NoCalendars),
                ["reads only"] = await group.AddsNewPerson("reception", settings: ReadsOnly),
                ["no names"] = await group.AddsNewPerson("reception", settings: NoNames),
                ["here"] = await group.AddsNewPerson("reception", "administrator", OwnLocations, group.LocationId),
                ["there"] = await group.AddsNewPerson("reception", "administrator", OwnLocations, elsewhere),
                ["nowhere"] = await group.AddsNewPerson("reception", settings: OwnLocations),
                ["gone"] = await group.AddsNewPerson(),
                ["other practice"] = await holder.Person.Host.SignUpAndConfirm(),
            }
        );
        (await group.Owner.Api.Post($"{group.Path}/members/{staff["gone"].Id}/deactivate", new { })).Should(204);
        await staff["other practice"].CreatesGroup();
        var patient = await PatientOf(clinic, holder, all);
        await group.Owner.Books(group, patient, treats.Id);

        // What each of them sees in the list, and may answer, is what they are told of.
        foreach (
            var (practitioner, location) in new (Guid?, Guid?)[] { (null, null), (treats.Id, all), (null, elsewhere) }
        )
        {
            var request = await Asks(group, holder, practitioner, location);
            var told = await Told(staff, request);
            var answers = new List<string>();
            foreach (var (name, person) in staff)
                if (name != "reads only" && await Sees(person, group, request))
                    answers.Add(name);
            Assert.Equal(answers, told);
            Assert.Contains("owner", told);
            Assert.Equal(practitioner is null, told.Contains("no calendars"));
            Assert.Equal(location != elsewhere, told.Contains("here"));
        }

        foreach (var person in staff.Values)
            Nameless(await Notifications(person), holder);
        var shown = (await Notifications(staff["no names"]))[0];
        Assert.Equal($"A patient asks for an appointment at {group.Name}", shown.GetProperty("title").GetString());
        Assert.Equal(group.Id, shown.GetProperty("data").GetProperty("groupId").GetGuid());
        Assert.Equal(patient, shown.GetProperty("data").GetProperty("patientId").GetGuid());
    }

    [Fact]
    public async Task A_health_note_reaches_those_who_see_health_notes()
    {
        var (_, holder, group) = await Linked();
        var (reception, clinical) = (await group.AddsNewPerson(), await group.Practitioner());

        var note = (
            await holder.Api.Post($"{holder.Path}/health-notes", new { text = "clinicalword", groupId = group.Id })
        )
            .Should(201)
            .Id;

        var staff = new Dictionary<string, Person>
        {
            ["owner"] = group.Owner,
            ["clinical"] = clinical,
            ["desk"] = reception,
        };
        Assert.Equal(["owner", "clinical"], await Told(staff, note));
        Assert.DoesNotContain(
            "clinicalword",
            (await Notifications(clinical))[0].GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("confirm")]
    [InlineData("decline")]
    [InlineData("withdraw")]
    [InlineData("unlink")]
    public async Task A_request_that_was_answered_is_unread_for_nobody(string how)
    {
        var (clinic, holder, group) = await Linked();
        var reception = await group.AddsNewPerson();
        var patient = await PatientOf(clinic, holder);
        var request = await Asks(group, holder);
        var staff = new Dictionary<string, Person> { ["owner"] = group.Owner, ["desk"] = reception };
        Assert.Equal(["owner", "desk"], await Told(staff, request));
        Assert.Equal(1, await OpenRequests(reception, group));

        await (
            how switch
            {
                "withdraw" => Done(holder.Api.Post($"{holder.Path}/appointments/{request}/cancel")),
                "unlink" => Done(group.Owner.Api.Post($"{group.Patient(patient)}/unlink", new { reason = "Mistaken" })),
                "decline" => Done(reception.Answers(group, request, how)),
                _ => Done(
                    reception.Answers(
                        group,
                        request,
                        how,
                        new
                        {
                            practitionerId = group.Owner.Id,
                            locationId = group.LocationId,
                            allowOutsideHours = true,
                        }
                    )
                ),
            }
        );

        foreach (var person in staff.Values)
        {
            await Eventually.Is(async () => await Unread(person, "patientRequest") == 0);
            var shown = About(await Notifications(person), "requestId", request)!.Value;
            Assert.Equal("closed", shown.GetProperty("data").GetProperty("status").GetString());
        }

        Assert.Equal(0, await OpenRequests(reception, group));

        static async Task Done(Task<Answer> answer) => (await answer).Should(204);
    }

    [Fact]
    public async Task A_request_that_was_answered_before_staff_were_told_is_not_told()
    {
        var (clinic, holder, group) = await Linked();
        var patient = await PatientOf(clinic, holder);
        var app = await TestApp.StartedAsync();
        // As if the message had waited: the request is there, and answered.
        var answered = await group.Sent(patient);
        (await group.Owner.Answers(group, answered, "decline")).Should(204);
        await Arrives(app, group, answered);

        var open = await Asks(group, holder);

        await Told(new() { ["owner"] = group.Owner }, open);
        await app.SettlesAsync();
        Assert.Null(About(await Notifications(group.Owner), "requestId", answered));
    }

    [Fact]
    public async Task Ten_requests_of_a_sender_a_day_are_told_and_all_are_in_the_list()
    {
        var (_, holder, group) = await Linked();
        for (var sent = 1; sent <= 12; sent++)
            await Asks(group, holder);

        var app = await TestApp.StartedAsync();
        await app.SettlesAsync();
        Assert.Equal(10, await Unread(group.Owner, "patientRequest"));
        Assert.Equal(12, await OpenRequests(group.Owner, group));

        // What others send for the patient is counted for itself.
        var helper = await app.NewHolder();
        await holder.GivesAccess(helper, "edit", "clinical");
        (
            await helper.Api.Post(
                $"{holder.Path}/appointments",
                new
                {
                    groupId = group.Id,
                    startsAt = Clinic.In(5),
                    reason = "clinicalword",
                }
            )
        ).Should(201);
        await app.SettlesAsync();
        Assert.Equal(11, await Unread(group.Owner, "patientRequest"));
    }

    [Fact]
    public async Task A_cancelled_appointment_reaches_those_who_see_it_and_several_are_one_notification()
    {
        var (clinic, holder, group) = await Linked();
        var patient = await PatientOf(clinic, holder);
        var treats = await group.Practitioner("personal");
        var staff = new Dictionary<string, Person>
        {
            ["owner"] = group.Owner,
            ["treats"] = treats,
            ["reads only"] = await group.AddsNewPerson("reception", settings: ReadsOnly),
            ["no names"] = await group.AddsNewPerson("reception", settings: NoNames),
            ["another practitioner"] = await group.Practitioner("personal"),
            ["no calendars"] = await group.AddsNewPerson("reception", settings: NoCalendars),
            ["elsewhere"] = await group.AddsNewPerson(
                "reception",
                "administrator",
                OwnLocations,
                await group.OpensLocation()
            ),
        };
        var (first, second, third) = (await Books(2), await Books(3), await Books(4));

        await Cancels(first);
        Assert.Equal(["owner", "treats", "reads only", "no names"], await Told(staff, first, "appointmentId"));
        await Cancels(second);
        await Told(staff, second, "appointmentId");
        var shown = Assert.Single(await Notifications(treats), Cancelled);
        Assert.Contains(
            "A patient cancelled 2 appointments",
            shown.GetProperty("title").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, shown.GetProperty("data").GetProperty("times").GetInt32());
        foreach (var person in staff.Values)
            Nameless(await Notifications(person), holder);

        (await treats.Api.Post($"/api/users/me/notifications/{shown.GetProperty("id")}/read")).Should(204);
        await Cancels(third);
        await Told(staff, third, "appointmentId");
        Assert.Equal(2, (await Notifications(treats)).Count(Cancelled));
        Assert.Equal(1, (await Notifications(group.Owner)).Count(Cancelled));

        Task<Guid> Books(int days) => group.Owner.Books(group, patient, treats.Id, startsAt: Clinic.In(days));

        async Task Cancels(Guid appointment) =>
            (await holder.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(204);

        static bool Cancelled(JsonElement item) => item.GetProperty("kind").GetString() == "appointmentCancelled";
    }

    [Fact]
    public async Task What_the_practice_cancels_reaches_the_practitioner_who_did_not_do_it()
    {
        var (clinic, holder, group) = await Linked();
        var patient = await PatientOf(clinic, holder);
        var treats = await group.Practitioner("contact");
        var reception = await group.AddsNewPerson();
        var (own, theirs) = (await Books(2), await Books(3));

        (await treats.Api.Post($"{group.Path}/appointments/{own}/cancel")).Should(204);
        (await reception.Api.Post($"{group.Path}/appointments/{theirs}/cancel")).Should(204);

        var staff = new Dictionary<string, Person>
        {
            ["owner"] = group.Owner,
            ["treats"] = treats,
            ["desk"] = reception,
        };
        Assert.Equal(["treats"], await Told(staff, theirs, "appointmentId"));
        var app = await TestApp.StartedAsync();
        await app.SettlesAsync();
        foreach (var person in staff.Values)
            Assert.Null(About(await Notifications(person), "appointmentId", own));

        // What the patient cancels later is told apart from it.
        var patients = await Books(4);
        (await holder.Api.Post($"{holder.Path}/appointments/{patients}/cancel")).Should(204);
        await Eventually.Is(async () => About(await Notifications(treats), "appointmentId", patients) is not null);
        var told = await Notifications(treats);
        Assert.StartsWith("A patient cancelled the appointment of", Title(patients), StringComparison.Ordinal);
        Assert.StartsWith("Your appointment of", Title(theirs), StringComparison.Ordinal);

        string? Title(Guid appointment) => About(told, "appointmentId", appointment)?.GetProperty("title").GetString();

        Task<Guid> Books(int days) => treats.Books(group, patient, treats.Id, startsAt: Clinic.In(days));
    }

    [Fact]
    public async Task Changed_contact_details_reach_those_who_may_change_the_patient()
    {
        var (clinic, holder, group) = await Linked();
        var patient = await PatientOf(clinic, holder);
        var staff = new Dictionary<string, Person>
        {
            ["owner"] = group.Owner,
            ["reception"] = await group.AddsNewPerson(),
            ["reads only"] = await group.AddsNewPerson("reception", settings: ReadsOnly),
            ["no names"] = await group.AddsNewPerson("reception", settings: NoNames),
            ["treats nobody"] = await group.Practitioner("personal"),
        };

        await Changes(new { phone = "0491 570 006" });
        Assert.Equal(["owner", "reception"], await Told(staff, patient, "patientId"));
        var first = (await Notifications(group.Owner))[0];
        await Changes(new { phone = "0491 570 006", timeZone = "Australia/Perth" }); // nothing for the practice
        await (await TestApp.StartedAsync()).SettlesAsync();
        Assert.Equal(
            first.GetProperty("id").GetGuid(),
            (await Notifications(group.Owner))[0].GetProperty("id").GetGuid()
        );
        await Changes(new { phone = "0491 570 156", timeZone = "Australia/Perth" });

        await Eventually.Is(async () =>
            (await Notifications(group.Owner))[0].GetProperty("id").GetGuid() != first.GetProperty("id").GetGuid()
        );
        var shown = Assert.Single(await Notifications(group.Owner), item =>
            item.GetProperty("kind").GetString() == "contactDetailsChanged"
        );
        Assert.Equal(
            $"A patient of {group.Name} changed their contact details",
            shown.GetProperty("title").GetString()
        );
        Assert.DoesNotContain("570 156", shown.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("570156", shown.GetRawText(), StringComparison.Ordinal);
        Nameless([shown], holder);

        async Task Changes(object details) =>
            (await holder.Api.Put($"{holder.Path}/details", details, "*")).Should(204);
    }

    [Fact]
    public async Task Staff_are_not_told_what_they_did_themselves_as_a_patient()
    {
        var (clinic, holder, group) = await Linked();
        var patient = await PatientOf(clinic, holder);
        await group.Welcomes(holder.Person);
        var appointment = await group.Owner.Books(group, patient, group.Owner.Id, startsAt: Clinic.In(2));

        var request = await Asks(group, holder);
        (await holder.Api.Post($"{holder.Path}/appointments/{appointment}/cancel")).Should(204);

        var staff = new Dictionary<string, Person> { ["owner"] = group.Owner, ["self"] = holder.Person };
        Assert.Equal(["owner"], await Told(staff, request));
        Assert.Equal(["owner"], await Told(staff, appointment, "appointmentId"));
    }

    [Fact]
    public async Task The_number_of_open_requests_is_of_those_that_the_member_may_answer()
    {
        var group = await Clinic.NewClinic();
        var (here, elsewhere) = (group.LocationId, await group.OpensLocation());
        var (seen, unseen) = (
            await group.Owner.Adds(group, locationId: here),
            await group.Owner.Adds(group, locationId: elsewhere)
        );
        var treats = await group.Practitioner("personal");
        await group.Sent(seen);
        await group.Sent(seen, practitionerId: treats.Id);
        await group.Sent(seen, "HealthNote");
        await group.Sent(unseen);
        var decided = await group.Sent(seen);
        (await group.Owner.Answers(group, decided, "decline")).Should(204);

        Assert.Equal(4, await OpenRequests(group.Owner, group));
        Assert.Equal(3, await OpenRequests(await group.AddsNewPerson(), group));
        Assert.Equal(2, await OpenRequests(await group.AddsNewPerson("reception", settings: NoCalendars), group));
        Assert.Equal(0, await OpenRequests(await group.AddsNewPerson("reception", settings: ReadsOnly), group));
        Assert.Equal(0, await OpenRequests(treats, group));
        Assert.Equal(
            2,
            await OpenRequests(await group.AddsNewPerson("reception", "administrator", OwnLocations, here), group)
        );
    }

    private static async Task<(Place Clinic, Holder Holder, Group Group)> Linked()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Place.New(app, "Hill Clinic"), await app.NewHolder());
        await clinic.Links(holder);
        return (clinic, holder, clinic.Group);
    }

    /// <summary>The linked patient, who is seen at a location, if that is said.</summary>
    private static async Task<Guid> PatientOf(Place clinic, Holder holder, Guid? locationId = null)
    {
        var patient = Assert.Single((await clinic.Api.Get($"{clinic.Path}/patients")).Items);
        var id = patient.GetProperty("id").GetGuid();
        if (locationId is not null)
            (
                await clinic.Api.Change(
                    $"{clinic.Path}/patients/{id}",
                    new
                    {
                        firstName = "Robin",
                        lastName = "Sunderland",
                        email = holder.Email,
                        dateOfBirth = Holders.Born,
                        locationId,
                        acceptDuplicate = true,
                    }
                )
            ).Should(204);
        return id;
    }

    private static async Task<Guid> Asks(
        Group group,
        Holder holder,
        Guid? practitionerId = null,
        Guid? locationId = null
    ) => (
            await holder.Api.Post(
                $"{holder.Path}/appointments",
                new
                {
                    groupId = group.Id,
                    startsAt = Clinic.In(5),
                    practitionerId,
                    locationId,
                    reason = "clinicalword",
                }
            )
        ).Should(201).Id;

    /// <summary>The names of those who were told of the thing with this id, once somebody was.</summary>
    private static async Task<List<string>> Told(
        Dictionary<string, Person> staff,
        Guid about,
        string property = "requestId"
    )
    {
        await Eventually.Is(async () => (await ReadAsync()).Count > 0);
        return await ReadAsync(); // some were read before it was told

        async Task<List<string>> ReadAsync()
        {
            var names = new List<string>();
            foreach (var (name, person) in staff)
                if (About(await Notifications(person), property, about) is not null)
                    names.Add(name);
            return names;
        }
    }

    private static JsonElement? About(IEnumerable<JsonElement> notifications, string property, Guid id) =>
        notifications
            .Where(item => item.GetProperty("data").TryGetProperty(property, out var value) && value.GetGuid() == id)
            .Select(item => (JsonElement?)item)
            .FirstOrDefault();

    private static Task<List<JsonElement>> Notifications(Person person) =>
        person.Api.GetAll("/api/users/me/notifications");

    private static async Task<int> Unread(Person person, string kind) =>
        (await person.Api.GetAll("/api/users/me/notifications?unread=true")).Count(item =>
            item.GetProperty("kind").GetString() == kind
        );

    private static async Task<int> OpenRequests(Person person, Group group) =>
        (await person.Api.Get($"{group.Path}/requests/open-count")).Should(200)["count"].GetInt32();

    private static async Task<bool> Sees(Person person, Group group, Guid request)
    {
        var listed = await person.Api.Get($"{group.Path}/requests?limit=100");
        return listed.Status == 200 && listed.Items.Any(item => item.GetProperty("id").GetGuid() == request);
    }

    private static void Nameless(IReadOnlyList<JsonElement> notifications, Holder holder)
    {
        foreach (var item in notifications.Where(item => item.GetProperty("data").TryGetProperty("patientId", out _)))
        foreach (var word in new[] { "Robin", "Sunderland", holder.Person.LastName, holder.Email, "clinicalword" })
            Assert.DoesNotContain(word, item.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The message that a request sends, late.</summary>
    private static async Task Arrives(TestApp app, Group group, Guid request)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<IMessageBus>()
            .PublishAsync(new RequestArrived(group.Id, request));
    }
}
