using System.Text.Json;
using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>What can be booked when, what becomes of an appointment, and what is free.</summary>
public sealed class CalendarTests
{
    private const string Header = "Overlapping-Appointments";

    [Fact]
    public async Task A_practitioner_has_one_appointment_at_a_time_unless_more_are_allowed()
    {
        var clinic = await NewDay();
        var second = await clinic.Group.OpensLocation();
        await clinic.Group.Assigns(second, clinic.Doctor.Id);
        var first = (await clinic.Books(9)).Should(201).Id;

        var refused = (await clinic.Books(9.25, body => body["locationId"] = second)).Should(409, "portal.overlaps");
        Assert.Equal([first], Ids(refused["appointmentIds"]));
        Assert.Equal((true, false), (refused["practitioner"].GetBoolean(), refused["room"].GetBoolean()));
        Assert.Equal([$"{first}"], refused.Headers.GetValues(Header));
        Assert.Single(await clinic.Group.Owner.Api.GetAll(clinic.Appointments));

        (await clinic.Books(8.25)).Should(201); // it ends when the other begins
        (await clinic.Books(9.75)).Should(201);
        (await clinic.Books(9, body => body["practitionerId"] = clinic.Other.Id)).Should(201);

        var allowed = (await clinic.Books(9.25, body => body["allowOverlap"] = true)).Should(201);
        Assert.Contains($"{first}", allowed.Headers.GetValues(Header).Single(), StringComparison.Ordinal);
        var audited = await clinic.Audited("portal.appointment_booked");
        Assert.True(audited.GetProperty("allowed").GetProperty("overlap").GetBoolean());
        Assert.Contains(first, Ids(audited.GetProperty("allowed").GetProperty("overlaps")));

        var request = await clinic.Group.Sent(
            clinic.Patient,
            practitionerId: clinic.Doctor.Id,
            locationId: clinic.Group.LocationId,
            startsAt: Clinic.In(2, 9)
        );
        var asked = (await clinic.Group.Owner.Answers(clinic.Group, request, "confirm")).Should(409, "portal.overlaps");
        Assert.Contains(first, Ids(asked["appointmentIds"]));
        (await clinic.Group.Owner.Answers(clinic.Group, request, "confirm", new { allowOverlap = true })).Should(204);
        Assert.True(
            (await clinic.Audited("portal.request_confirmed"))
                .GetProperty("allowed")
                .GetProperty("overlap")
                .GetBoolean()
        );
    }

    [Fact]
    public async Task A_cancelled_appointment_and_one_that_nobody_came_to_take_up_no_time()
    {
        var clinic = await NewDay();
        var cancelled = (await clinic.Books(9)).Should(201).Id;
        (await clinic.Group.Owner.Api.Post($"{clinic.Appointment(cancelled)}/cancel")).Should(204);
        (await clinic.Books(9)).Should(201);

        var missed = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddMinutes(-5))).Should(201).Id;
        (await clinic.BooksAt(DateTimeOffset.UtcNow)).Should(409, "portal.overlaps");
        (await clinic.Group.Owner.Api.Post($"{clinic.Appointment(missed)}/no-show")).Should(204);
        (await clinic.BooksAt(DateTimeOffset.UtcNow)).Should(201);
    }

    [Fact]
    public async Task A_period_has_what_is_under_way_as_it_begins()
    {
        var clinic = await NewDay();
        var midnight = Clinic.In(3, 0);
        var ended = (await clinic.BooksAt(midnight.AddMinutes(-45))).Should(201).Id;
        var night = (
            await clinic.BooksAt(midnight.AddHours(-4), body =>
                (body["endsAt"], body["practitionerId"]) = (midnight.AddHours(2), clinic.Other.Id)
            )
        )
            .Should(201)
            .Id;
        var first = (await clinic.BooksAt(midnight)).Should(201).Id;

        Assert.Equal([night, ended], await On(2));
        Assert.Equal([night, first], await On(3));
        Assert.Equal([night], await On(3, $"&practitionerId={clinic.Other.Id}"));

        Task<List<Guid>> On(int day, string more = "") =>
            clinic.Group.Owner.Api.Ids(
                $"{clinic.Group.Path}/appointments?from={Clinic.In(day, 0):yyyy-MM-dd}T00:00:00Z"
                    + $"&to={Clinic.In(day + 1, 0):yyyy-MM-dd}T00:00:00Z{more}"
            );
    }

    [Fact]
    public async Task What_a_patient_has_to_come_is_listed_by_its_time_and_so_is_the_rest()
    {
        var clinic = await NewDay();
        var (late, soon) = ((await clinic.Books(20)).Should(201).Id, (await clinic.Books(9)).Should(201).Id);
        var cancelled = (await clinic.Books(12)).Should(201).Id;
        (await clinic.Group.Owner.Api.Post($"{clinic.Appointment(cancelled)}/cancel")).Should(204);
        var over = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(-3))).Should(201).Id;
        var now = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddMinutes(-20))).Should(201).Id;
        var before = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(-20))).Should(201).Id;

        Assert.Equal([now, soon, late], await List("upcoming=true"));
        Assert.Equal([cancelled, over, before], await List("upcoming=false"));
        Assert.Equal([before, now, over, cancelled, soon, late], await List(""));
        (await clinic.Group.Owner.Api.Get($"{clinic.Appointments}?upcoming=perhaps")).ShouldReject("upcoming");

        async Task<List<Guid>> List(string query)
        {
            var paged = await clinic.Group.Owner.Api.Ids($"{clinic.Appointments}?{query}&limit=2");
            Assert.Equal(paged, await clinic.Group.Owner.Api.Ids($"{clinic.Appointments}?{query}"));
            return paged;
        }
    }

    [Fact]
    public async Task A_room_has_one_appointment_at_a_time_however_its_name_is_written()
    {
        var clinic = await NewDay();
        var second = await clinic.Group.OpensLocation();
        await clinic.Group.Assigns(second, clinic.Other.Id);
        var first = (await clinic.Books(9, body => body["room"] = "Room 2")).Should(201).Id;
        var refused = (await clinic.Books(9, OtherIn(" room 2 "))).Should(409, "portal.overlaps");
        Assert.Equal([first], Ids(refused["appointmentIds"]));
        Assert.Equal((false, true), (refused["practitioner"].GetBoolean(), refused["room"].GetBoolean()));

        (await clinic.Books(9.75, OtherIn("ROOM 2"))).Should(201);
        (await clinic.Books(9, OtherIn("Room 3"))).Should(201);
        (await clinic.Books(10.5, OtherIn(null))).Should(201);
        (await clinic.Books(11.25, OtherIn("Room 2", second))).Should(201);
        (await clinic.Books(11.25, body => body["room"] = "Room 2")).Should(201); // another one, at another location

        Action<Dictionary<string, object?>> OtherIn(string? room, Guid? location = null) =>
            body =>
                (body["practitionerId"], body["room"], body["locationId"]) = (
                    clinic.Other.Id,
                    room,
                    location ?? clinic.Group.LocationId
                );
    }

    [Fact]
    public async Task Who_books_learns_that_something_overlaps_and_not_what_they_may_not_see()
    {
        var group = await Clinic.NewClinic();
        var (me, second) = (
            await group.Practitioner("personal", new() { ["restrictToAssignedLocations"] = true }),
            await group.OpensLocation()
        );
        var (here, there) = (
            await group.Owner.Adds(group, locationId: group.LocationId),
            await group.Owner.Adds(group, locationId: second)
        );
        await group.Assigns(second, me.Id);
        await group.Owner.Books(group, there, me.Id, second);
        await group.Owner.Books(group, here, me.Id, second);
        await group.Assigns(second);
        await group.Owner.Books(group, here, me.Id, startsAt: Clinic.In(5)); // makes the patient one's own

        var body = Clinic.Appointment(me.Id, group.LocationId);
        body["allowOverlap"] = false;
        var refused = (await me.Api.Post($"{group.Patient(here)}/appointments", body)).Should(409, "portal.overlaps");
        Assert.Empty(Ids(refused["appointmentIds"]));
        Assert.True(refused["practitioner"].GetBoolean());
        Assert.False(refused.Headers.Contains(Header));

        var seen = await group.Owner.Books(group, here, me.Id);
        refused = (await me.Api.Post($"{group.Patient(here)}/appointments", body)).Should(409, "portal.overlaps");
        Assert.Equal([seen], Ids(refused["appointmentIds"]));
        body["allowOverlap"] = true;
        var booked = (await me.Api.Post($"{group.Patient(here)}/appointments", body)).Should(201);
        Assert.Equal([$"{seen}"], booked.Headers.GetValues(Header));
    }

    [Fact]
    public async Task Of_two_bookings_of_one_practitioner_at_once_one_succeeds()
    {
        var clinic = await NewDay();
        var request = 0;
        await AtOnce.OneWins(201, (409, "portal.overlaps"), () =>
        {
            var at = Clinic.In(3 + (request++ / 20), request % 20);
            return Task.FromResult<Func<Task<Answer>>[]>([
                () => clinic.BooksAt(at),
                () => clinic.BooksAt(at.AddMinutes(30)),
                () => clinic.BooksAt(at.AddMinutes(15)),
            ]);
        });
    }

    [Fact]
    public async Task Of_two_bookings_of_one_room_at_once_one_succeeds_whether_it_is_booked_or_moved_to()
    {
        var clinic = await NewDay();
        var round = 0;
        await AtOnce.OneWins(201, (409, "portal.overlaps"), () =>
        {
            var at = Clinic.In(3 + (round++ / 20), round % 20);
            return Task.FromResult<Func<Task<Answer>>[]>([
                () => clinic.BooksAt(at, body => body["room"] = "Room 2"),
                () => clinic.BooksAt(at, body => (body["practitionerId"], body["room"]) = (clinic.Other.Id, "room 2")),
            ]);
        });

        for (round = 0; round < AtOnce.Rounds(8); round++)
        {
            var at = Clinic.In(10, round);
            var mine = (await clinic.BooksAt(at)).Should(201).Id;
            var others = (await clinic.BooksAt(at, body => body["practitionerId"] = clinic.Other.Id)).Should(201).Id;
            var moved = await Task.WhenAll(
                Task.Run(() => clinic.Moves(mine, body => body["room"] = "Attic")),
                Task.Run(() => clinic.Moves(others, body => body["room"] = "Attic"))
            );
            Assert.Single(moved, answer => answer.Status == 204);
            Assert.Single(moved, answer => answer.Code == "portal.overlaps");
        }
    }

    [Fact]
    public async Task Outside_the_opening_hours_is_booked_only_where_that_is_allowed()
    {
        var clinic = await NewDay();
        var location = await clinic.Opens("08:30", "12:00");
        (await At("2027-03-01T08:30:00+11:00")).Should(201); // a Monday
        (await At("2027-03-01T11:15:00+11:00")).Should(201);
        (await At("2027-03-01T11:16:00+11:00", allowOverlap: true)).Should(422, "portal.outside_hours");
        (await At("2027-03-01T08:29:00+11:00", allowOverlap: true)).Should(422, "portal.outside_hours");
        (await At("2027-03-02T09:00:00+11:00")).Should(422, "portal.outside_hours");
        (await At("2027-03-02T09:00:00+11:00", allow: true)).Should(201);
        var allowed = (await clinic.Audited("portal.appointment_booked")).GetProperty("allowed");
        Assert.Equal(
            (false, true),
            (allowed.GetProperty("overlap").GetBoolean(), allowed.GetProperty("outsideHours").GetBoolean())
        );

        // Clocks in Melbourne go back at 3:00 on Sunday 4 April 2027: the day after it, half past eight is at +10:00.
        (await At("2027-04-05T08:30:00+10:00")).Should(201);
        (await At("2027-04-05T08:30:00+11:00")).Should(422, "portal.outside_hours");

        // Hours that nobody has entered allow all, also as seven empty days that a form has stored; what is long past
        // is meant only on purpose.
        Assert.Equal(
            1,
            await (await TestApp.StartedAsync()).Owner.Execute(
                "update locations.locations set hours = $1::jsonb where id = $2",
                """{"monday":[],"tuesday":[],"wednesday":[],"thursday":[],"friday":[],"saturday":[],"sunday":[]}""",
                clinic.Group.LocationId
            )
        );
        (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(-23))).Should(201);
        (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(-25))).Should(422, "portal.outside_hours");
        (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(-25), body => body["allowOutsideHours"] = true)).Should(
            201
        );
        (await clinic.BooksAt(Clinic.In(4), body => body["endsAt"] = Clinic.In(4).AddHours(12))).Should(201);
        (
            await clinic.BooksAt(Clinic.In(5), body => body["endsAt"] = Clinic.In(5).AddHours(12).AddSeconds(1))
        ).ShouldReject("endsAt");

        Task<Answer> At(string startsAt, bool allow = false, bool allowOverlap = false) =>
            clinic.BooksAt(DateTimeOffset.Parse(startsAt, null), body =>
                (body["locationId"], body["allowOutsideHours"], body["allowOverlap"]) = (location, allow, allowOverlap)
            );
    }

    [Fact]
    public async Task A_practitioner_is_booked_where_they_work()
    {
        var clinic = await NewDay();
        var second = await clinic.Group.OpensLocation();
        (await clinic.Books(9, body => body["locationId"] = second)).Should(422, "portal.practitioner_not_at_location");
        var request = await clinic.Group.Sent(
            clinic.Patient,
            practitionerId: clinic.Doctor.Id,
            locationId: second,
            startsAt: Clinic.In(2)
        );
        (await clinic.Group.Owner.Answers(clinic.Group, request, "confirm")).Should(
            422,
            "portal.practitioner_not_at_location"
        );
        await clinic.Group.Assigns(second, clinic.Doctor.Id);
        (await clinic.Group.Owner.Answers(clinic.Group, request, "confirm")).Should(204);

        (await clinic.Group.Owner.Api.Post($"{clinic.Group.Path}/locations/{second}/archive")).Should(204);
        (await clinic.Books(10, body => body["locationId"] = second)).Should(422, "locations.archived");
        (await clinic.Group.Owner.Api.Post($"{clinic.Group.Path}/members/{clinic.Doctor.Id}/deactivate")).Should(204);
        (await clinic.Books(10)).Should(422, "portal.unknown_practitioner");
    }

    [Fact]
    public async Task An_appointment_is_moved_under_the_rules_of_booking_and_the_audit_says_from_where_to_where()
    {
        var clinic = await NewDay();
        var owner = clinic.Group.Owner.Api;
        var (moved, taken) = ((await clinic.Books(9)).Should(201).Id, (await clinic.Books(11)).Should(201).Id);
        var path = clinic.Appointment(moved);
        var read = (await owner.Get(path)).Should(200);
        Assert.Equal((moved, "booked"), (read.Id, read["status"].GetString()));

        var body = clinic.Body(Clinic.In(2, 11));
        (await owner.Put(path, body)).Should(428);
        (await owner.Put(path, body, "\"other\"")).Should(412);
        Assert.Equal([taken], Ids((await owner.Put(path, body, read.ETag)).Should(409)["appointmentIds"]));
        (await clinic.Moves(moved, b => b["practitionerId"] = clinic.Group.Owner.Id)).Should(
            422,
            "portal.unknown_practitioner"
        );
        (await clinic.Moves(moved, b => b["endsAt"] = b["startsAt"])).ShouldReject("endsAt");
        (await owner.Put(path, clinic.Body(Clinic.In(2, 13)), read.ETag)).Should(204);
        (await owner.Put(path, clinic.Body(Clinic.In(2, 14)), read.ETag)).Should(412);
        var (from, to) = await FromTo();
        Assert.Equal(
            (Clinic.In(2, 9), Clinic.In(2, 13)),
            (from.GetProperty("startsAt").GetDateTimeOffset(), to.GetProperty("startsAt").GetDateTimeOffset())
        );

        (
            await clinic.Moves(moved, b =>
                (b["practitionerId"], b["room"], b["reason"]) = (clinic.Other.Id, "Room 2", null)
            )
        ).Should(204);
        (from, to) = await FromTo();
        Assert.Equal(
            (clinic.Doctor.Id, clinic.Other.Id, "Room 2"),
            (
                from.GetProperty("practitionerId").GetGuid(),
                to.GetProperty("practitionerId").GetGuid(),
                to.GetProperty("room").GetString()
            )
        );
        Assert.True((await clinic.Audited("portal.appointment_moved")).GetProperty("reasonChanged").GetBoolean());
        Assert.Equal(JsonValueKind.Null, (await owner.Get(path))["reason"].ValueKind);

        // What was allowed at booking needs no new permission when only the reason changes.
        var second = (await clinic.Books(11, b => b["allowOverlap"] = true)).Should(201).Id;
        (await clinic.Moves(second, b => b["reason"] = "Knee")).Should(204);
        (await clinic.Moves(second, b => b["endsAt"] = Clinic.In(2, 12))).Should(409, "portal.overlaps");

        (await clinic.Doctor.Api.Get(path)).Should(404); // it is another's by now
        (await clinic.Doctor.Api.Put(path, body, "*")).Should(404, "request.not_found");
        body["practitionerId"] = clinic.Other.Id;
        (await clinic.Doctor.Api.Put(clinic.Appointment(second), body, "*")).Should(403, "auth.not_allowed");
        (await owner.Post($"{path}/cancel")).Should(204);
        (await owner.Put(path, body, "*")).Should(409, "portal.invalid_transition");

        async Task<(JsonElement From, JsonElement To)> FromTo()
        {
            var details = await clinic.Audited("portal.appointment_moved");
            return (details.GetProperty("from"), details.GetProperty("to"));
        }
    }

    public static TheoryData<string, string?, string> Steps() =>
        new()
        {
            { "arrive", null, "arrived" },
            { "complete", null, "completed" },
            { "no-show", null, "noShow" },
            { "cancel", null, "cancelled" },
            { "arrive complete", null, "completed" },
            { "arrive no-show", null, "noShow" },
            { "arrive cancel", null, "cancelled" },
            { "no-show arrive complete", null, "completed" },
            { "arrive arrive", "portal.invalid_transition", "arrived" },
            { "complete arrive", "portal.invalid_transition", "completed" },
            { "complete complete", "portal.invalid_transition", "completed" },
            { "complete no-show", "portal.invalid_transition", "completed" },
            { "complete cancel", "portal.appointment_not_open", "completed" },
            { "no-show no-show", "portal.invalid_transition", "noShow" },
            { "no-show cancel", "portal.appointment_not_open", "noShow" },
            { "cancel arrive", "portal.invalid_transition", "cancelled" },
            { "cancel complete", "portal.invalid_transition", "cancelled" },
            { "cancel no-show", "portal.invalid_transition", "cancelled" },
            { "cancel cancel", "portal.appointment_not_open", "cancelled" },
        };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task An_appointment_takes_one_step_after_another(string steps, string? code, string status)
    {
        var clinic = await Shared.Value;
        var id = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddMinutes(-10), body => body["allowOverlap"] = true))
            .Should(201)
            .Id;
        var answers = new List<Answer>();
        foreach (var step in steps.Split(' '))
            answers.Add(await clinic.Group.Owner.Api.Post($"{clinic.Appointment(id)}/{step}"));
        foreach (var answer in answers.SkipLast(1))
            answer.Should(204);
        answers[^1].Should(code is null ? 204 : 409, code);
        Assert.Equal(status, (await clinic.Group.Owner.Api.Get(clinic.Appointment(id)))["status"].GetString());
    }

    [Fact]
    public async Task Who_comes_late_after_all_is_seen_beside_whoever_has_the_time_by_now()
    {
        var clinic = await NewDay();
        var late = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddMinutes(-20))).Should(201).Id;
        (await clinic.Group.Owner.Api.Post($"{clinic.Appointment(late)}/no-show")).Should(204);
        var next = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddMinutes(-5))).Should(201).Id;
        (await clinic.Group.Owner.Api.Post($"{clinic.Appointment(late)}/arrive")).Should(204);

        var overlaps = (await clinic.Audited("portal.appointment_arrived")).GetProperty("overlaps");
        Assert.True(overlaps.GetProperty("practitioner").GetBoolean());
        Assert.Equal([next], Ids(overlaps.GetProperty("visible")));
        (await clinic.BooksAt(DateTimeOffset.UtcNow)).Should(409, "portal.overlaps");
    }

    [Fact]
    public async Task Nobody_arrives_days_early_and_nobody_is_missed_before_the_time()
    {
        var clinic = await NewDay();
        var api = clinic.Group.Owner.Api;
        var far = clinic.Appointment((await clinic.Books(9)).Should(201).Id);
        var arrived = (await clinic.BooksAt(DateTimeOffset.UtcNow.AddHours(1))).Should(201).Id;
        var soon = clinic.Appointment(arrived);
        foreach (var step in new[] { "arrive", "complete", "no-show" })
            (await api.Post($"{far}/{step}")).Should(409, "portal.appointment_too_early");
        (await api.Post($"{soon}/no-show")).Should(409, "portal.appointment_too_early");
        (await api.Post($"{soon}/arrive")).Should(204);
        Assert.Equal("booked", (await clinic.Audited("portal.appointment_arrived")).GetProperty("from").GetString());

        // Moved to another day, the patient has not arrived.
        var other = Clinic.In(5);
        (
            await clinic.Moves(arrived, body => (body["startsAt"], body["endsAt"]) = (other, other.AddMinutes(30)))
        ).Should(204);
        Assert.Equal("booked", (await api.Get(soon))["status"].GetString());
        Assert.Equal("booked", (await clinic.Audited("portal.appointment_moved")).GetProperty("status").GetString());

        (await api.Post($"{far}/cancel", new { reason = "\u0007" })).ShouldReject("reason");
        (await api.Post($"{far}/cancel", new { reason = " The doctor is ill. " })).Should(204);
        Assert.Equal("The doctor is ill.", (await api.Get(far))["cancelReason"].GetString());
    }

    [Fact]
    public async Task The_portal_shows_what_became_of_an_appointment_and_not_why_the_practice_cancelled_it()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Portal.Clinic.New(app), await app.NewHolder());
        var patient = await clinic.Links(holder);
        var (soon, later) = (await Books(DateTimeOffset.UtcNow.AddHours(1)), await Books(Clinic.In(9)));
        Assert.Equal([soon, later], await holder.Api.Ids($"{holder.Path}/appointments?upcoming=true"));
        (await clinic.Api.Post($"{clinic.Path}/appointments/{soon}/arrive")).Should(204);
        Assert.Equal(
            ["arrived", "booked"],
            (await holder.Api.GetAll($"{holder.Path}/appointments?upcoming=true")).Of("status")
        );
        (await holder.Api.Post($"{holder.Path}/appointments/{soon}/cancel")).Should(409, "portal.appointment_not_open");
        (await clinic.Api.Post($"{clinic.Path}/appointments/{soon}/complete")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/appointments/{later}/cancel", new { reason = "staffword" })).Should(204);
        Assert.Empty(await holder.Api.GetAll($"{holder.Path}/appointments?upcoming=true"));
        var all = (await holder.Api.Get($"{holder.Path}/appointments")).Should(200);
        Assert.Equal(["cancelled", "completed"], all.Items.Of("status"));
        Assert.DoesNotContain("staffword", all.Text, StringComparison.Ordinal);

        async Task<Guid> Books(DateTimeOffset startsAt) =>
            (
                await clinic.Api.Post(
                    $"{clinic.Path}/patients/{patient}/appointments",
                    Clinic.Appointment(clinic.Practitioner.Id, clinic.Group.LocationId, startsAt)
                )
            )
                .Should(201)
                .Id;
    }

    [Fact]
    public async Task Free_slots_lie_within_the_opening_hours_between_what_is_booked_also_when_clocks_change()
    {
        var clinic = await NewDay();
        var api = clinic.Group.Owner.Api;
        // On Sunday 4 April 2027 clocks in Melbourne go back from 3:00 to 2:00, on 3 October forward from 2:00 to 3:00.
        var location = await clinic.Opens("01:00", "05:00", "sunday");
        (
            await clinic.BooksAt(DateTimeOffset.Parse("2027-04-04T03:10:00+10:00", null), body =>
                body["locationId"] = location
            )
        ).Should(201);
        Assert.Equal(
            [
                "2027-04-03T14:00:00Z", // 1:00
                "2027-04-03T15:00:00Z", // 2:00, the first time
                "2027-04-03T16:00:00Z", // 2:00, the second time
                "2027-04-03T17:55:00Z", // 3:55, after what is booked from 3:10
            ],
            await Free("from=2027-04-03T00:00:00Z&to=2027-04-06T00:00:00Z&minutes=60")
        );
        Assert.Equal(
            ["2027-10-02T15:00:00Z", "2027-10-02T16:00:00Z", "2027-10-02T17:00:00Z"],
            await Free("from=2027-10-02T00:00:00Z&to=2027-10-05T00:00:00Z&minutes=60")
        );
        Assert.Equal(
            ["2027-10-02T15:40:00Z"], // begins within the period, and ends within it
            await Free("from=2027-10-02T15:38:00Z&to=2027-10-02T17:30:00Z&minutes=60")
        );
        Assert.Equal(
            ["2027-10-02T15:00:00Z", "2027-10-02T15:30:00Z"],
            await Free("from=2027-10-02T10:00:00Z&to=2027-10-02T16:15:00Z")
        );
        Assert.Empty(await Free("from=2026-01-01T00:00:00Z&to=2026-01-20T00:00:00Z")); // over

        var unknown = (await api.Get(Path(clinic.Group.LocationId))).Should(200);
        Assert.False(unknown["hoursKnown"].GetBoolean());
        Assert.Empty(unknown.Items);

        (await api.Get($"{clinic.Group.Path}/free-slots")).ShouldReject("locationId", "practitionerId");
        (await api.Get($"{Path(location)}&from=2027-01-01T00:00:00Z&to=2027-02-02T00:00:00Z")).ShouldReject("to");
        (await api.Get($"{Path(location)}&minutes=4")).ShouldReject("minutes");
        (await api.Get($"{Path(location)}&minutes=721")).ShouldReject("minutes");
        (await api.Get($"{Path(location)}&from=9999-12-31T00:00:00Z")).ShouldReject("from");
        (await clinic.Other.Api.Get(Path(clinic.Group.LocationId))).Should(403, "auth.not_allowed");
        (await clinic.Doctor.Api.Get(Path(clinic.Group.LocationId))).Should(200);
        (await api.Get(Path(await clinic.Group.OpensLocation()))).Should(422, "portal.practitioner_not_at_location");

        string Path(Guid at) => $"{clinic.Group.Path}/free-slots?practitionerId={clinic.Doctor.Id}&locationId={at}";

        async Task<List<string>> Free(string query)
        {
            var answer = (await api.Get($"{Path(location)}&{query}")).Should(200);
            Assert.Equal("Australia/Melbourne", answer["timeZone"].GetString());
            return
            [
                .. answer.Items.Select(slot =>
                    slot.GetProperty("startsAt").GetDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", null)
                ),
            ];
        }
    }

    private static IEnumerable<Guid> Ids(JsonElement list) => list.EnumerateArray().Select(id => id.GetGuid());

    private static readonly Lazy<Task<Day>> Shared = new(NewDay);

    private static async Task<Day> NewDay()
    {
        var group = await Clinic.NewClinic();
        return new Day(
            group,
            await group.Practitioner("personal"),
            await group.Practitioner("personal"),
            await group.Owner.Adds(group)
        );
    }

    /// <summary>A practice with two practitioners and a patient. Nothing overlaps by itself.</summary>
    private sealed record Day(Group Group, Person Doctor, Person Other, Guid Patient)
    {
        public string Appointments => $"{Group.Patient(Patient)}/appointments";

        public string Appointment(Guid id) => $"{Group.Path}/appointments/{id}";

        public Dictionary<string, object?> Body(DateTimeOffset startsAt)
        {
            var body = Clinic.Appointment(Doctor.Id, Group.LocationId, startsAt);
            body["allowOverlap"] = false;
            return body;
        }

        public Task<Answer> Books(double hour, Action<Dictionary<string, object?>>? change = null) =>
            BooksAt(Clinic.In(2, 0).AddHours(hour), change);

        public Task<Answer> BooksAt(DateTimeOffset startsAt, Action<Dictionary<string, object?>>? change = null)
        {
            var body = Body(startsAt);
            change?.Invoke(body);
            return Group.Owner.Api.Post(Appointments, body);
        }

        /// <summary>Changes the appointment as it is now.</summary>
        public async Task<Answer> Moves(Guid id, Action<Dictionary<string, object?>> change)
        {
            var now = (await Group.Owner.Api.Get(Appointment(id))).Should(200);
            var body = new[] { "startsAt", "endsAt", "practitionerId", "locationId", "room", "reason" }.ToDictionary(
                field => field,
                field => now[field].ValueKind == JsonValueKind.Null ? null : (object?)now[field].GetString()
            );
            change(body);
            return await Group.Owner.Api.Put(Appointment(id), body, now.ETag);
        }

        /// <summary>
        /// A location in Melbourne with these hours on one day of the week, at which the doctor works.
        /// </summary>
        public async Task<Guid> Opens(string opens, string closes, string day = "monday")
        {
            var hours = new Dictionary<string, object> { [day] = new[] { new { opens, closes } } };
            var location = (
                await Group.Owner.Api.Post(
                    $"{Group.Path}/locations",
                    new
                    {
                        name = "Hill clinic",
                        timeZone = "Australia/Melbourne",
                        hours,
                    }
                )
            ).Should(201).Id;
            await Group.Assigns(location, Doctor.Id);
            return location;
        }

        public async Task<JsonElement> Audited(string act) =>
            (await Group.Owner.Api.Get($"{Group.Path}/audit?act={act}")).Should(200).Items[0].GetProperty("details");
    }
}
