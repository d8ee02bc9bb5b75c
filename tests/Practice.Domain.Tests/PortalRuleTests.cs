using System.Globalization;
using System.Text.Json;
using FluentValidation;
using Practice.Authorization;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Http;

namespace Practice.Domain.Tests;

/// <summary>The texts that are stored and published for enum values. They must never change.</summary>
public sealed class PortalCodeTests
{
    [Fact]
    public void The_codes_of_relations_roles_and_levels_are_these()
    {
        Assert.Equal(["self", "guardian", "granted"], Codes<PortalRelation>());
        Assert.Equal(["view", "edit"], Codes<PortalRole>());
        Assert.Equal(["administrative", "clinical"], Codes<PortalLevel>());
        Assert.Equal(["clinicalSuspended", "guardianshipEnds"], Codes<GuardianshipLimit>());
    }

    [Fact]
    public void The_codes_of_the_access_log_are_these()
    {
        Assert.Equal(["self", "guardian", "grant", "staff"], Codes<AccessLogAuthority>());
        Assert.Equal(
            [
                "profile",
                "patient",
                "appointments",
                "appointmentRequests",
                "invoices",
                "clinicalRecords",
                "clinicalRecord",
                "healthNotes",
                "requests",
                "detailsChanged",
                "appointmentRequested",
                "appointmentCancelled",
                "healthNoteAdded",
            ],
            Codes<AccessLogAction>()
        );
    }

    [Fact]
    public void An_unknown_value_or_code_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((PortalRole)7).ToCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => EnumCodes.Parse<PortalRole>("View"));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnumCodes.Parse<PortalRole>("1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => AccountRelations.Of((PortalRelation)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => AccessLogEntry.AuthorityOf((PortalRelation)7));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            GuardianWarnings.TextFor((GuardianshipLimit)7, "Robin", default)
        );
    }

    [Fact]
    public void A_relation_has_one_name_in_the_api_and_one_in_the_access_log()
    {
        Assert.Equal(
            [AccountRelation.Self, AccountRelation.Dependant, AccountRelation.Granted],
            Enum.GetValues<PortalRelation>().Select(AccountRelations.Of)
        );
        Assert.Equal(
            [AccessLogAuthority.Self, AccessLogAuthority.Guardian, AccessLogAuthority.Grant],
            Enum.GetValues<PortalRelation>().Select(AccessLogEntry.AuthorityOf)
        );
        Assert.Equal((PortalRole.View, PortalRole.Edit), (PortalRoles.Of(false), PortalRoles.Of(true)));
        Assert.Equal(
            (PortalLevel.Administrative, PortalLevel.Clinical),
            (PortalRoles.LevelOf(false), PortalRoles.LevelOf(true))
        );
    }

    /// <summary>Warnings are scheduled months ahead, so an upgrade finds those that an earlier version wrote.</summary>
    [Fact]
    public void A_scheduled_warning_is_written_and_read_as_earlier_versions_did()
    {
        const string stored =
            "{\"AccountId\":\"0193c1de-0000-7000-8000-000000000001\","
            + "\"UserId\":\"0193c1de-0000-7000-8000-000000000002\","
            + "\"What\":\"clinicalSuspended\",\"On\":\"2030-05-06\",\"Days\":60}";
        var warning = new WarnGuardian(
            Guid.Parse("0193c1de-0000-7000-8000-000000000001"),
            Guid.Parse("0193c1de-0000-7000-8000-000000000002"),
            GuardianshipLimit.ClinicalSuspended,
            new DateOnly(2030, 5, 6),
            60
        );
        Assert.Equal(warning, JsonSerializer.Deserialize<WarnGuardian>(stored));
        Assert.Equal(stored, JsonSerializer.Serialize(warning));
        Assert.Equal(
            GuardianshipLimit.GuardianshipEnds,
            JsonSerializer
                .Deserialize<WarnGuardian>(
                    stored.Replace("clinicalSuspended", "guardianshipEnds", StringComparison.Ordinal)
                )!
                .What
        );
    }

    private static IEnumerable<string> Codes<T>()
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            Assert.Equal(value, EnumCodes.Parse<T>(value.ToCode()));
        return Enum.GetValues<T>().Select(value => value.ToCode());
    }
}

/// <summary>What the people concerned are told, and what is written about an access.</summary>
public sealed class PortalNotificationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly PortalOptions Options = new() { TimeZone = "Etc/UTC" };
    private static readonly Guid Robin = Guid.CreateVersion7();
    private static readonly Guid Holder = Guid.CreateVersion7();

    [Theory]
    [InlineData(GrantStatus.Pending, GrantStatus.Current, nameof(PortalAccessGranted))]
    [InlineData(GrantStatus.Disabled, GrantStatus.Current, nameof(PortalAccessGranted))]
    [InlineData(GrantStatus.Current, GrantStatus.Disabled, nameof(PortalAccessRevoked))]
    [InlineData(GrantStatus.Pending, GrantStatus.Disabled, null)]
    [InlineData(GrantStatus.Current, GrantStatus.Current, null)]
    [InlineData(GrantStatus.Disabled, GrantStatus.Disabled, null)]
    public void A_person_is_told_of_access_and_of_its_end_but_not_of_a_denial(
        GrantStatus before,
        GrantStatus after,
        string? notification
    )
    {
        var account = Account();
        var grant = Requested(account);
        grant.Decide(after, PortalRole.Edit, PortalLevel.Clinical, null, Holder, Now);
        Assert.Equal(notification, GrantNotifications.For(account, grant, before)?.GetType().Name);
    }

    [Fact]
    public void The_notification_has_the_role_and_level_of_the_grant()
    {
        var account = Account();
        var grant = Requested(account);
        grant.Decide(GrantStatus.Current, PortalRole.Edit, PortalLevel.Clinical, null, Holder, Now);
        Assert.Equal(
            new PortalAccessGranted(
                account.Id,
                grant.Id,
                Robin,
                "Jo Reed",
                PortalRole.Edit,
                PortalLevel.Clinical,
                Holder
            ),
            GrantNotifications.For(account, grant, GrantStatus.Pending)
        );
        grant.Decide(GrantStatus.Disabled, PortalRole.Edit, PortalLevel.Clinical, null, Holder, Now);
        Assert.Equal(
            new PortalAccessRevoked(account.Id, grant.Id, Robin, "Jo Reed", Holder),
            GrantNotifications.For(account, grant, GrantStatus.Current)
        );
    }

    /// <summary>As in messages of earlier versions, which may have waited.</summary>
    [Fact]
    public void Events_are_stored_with_the_codes_of_the_api_and_unknown_ones_are_not_read()
    {
        var granted = new PortalAccessGranted(
            Guid.Empty,
            Guid.Empty,
            Robin,
            "Jo Reed",
            PortalRole.View,
            PortalLevel.Administrative
        );
        var json = JsonSerializer.Serialize(granted, JsonSerializerOptions.Web);
        Assert.Contains("\"role\":\"view\",\"level\":\"administrative\"", json, StringComparison.Ordinal);
        Assert.Equal(granted, JsonSerializer.Deserialize<PortalAccessGranted>(json, JsonSerializerOptions.Web));
        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<PortalAccessGranted>(
                json.Replace("view", "owner", StringComparison.Ordinal),
                JsonSerializerOptions.Web
            )
        );
        var warning = new WarnGuardian(Guid.Empty, Robin, GuardianshipLimit.ClinicalSuspended, Day("2030-05-06"), 60);
        Assert.Contains(
            "\"what\":\"clinicalSuspended\"",
            JsonSerializer.Serialize(warning, JsonSerializerOptions.Web),
            StringComparison.Ordinal
        );
        var ending = new GuardianshipEnding(
            Guid.Empty,
            Robin,
            "Kim",
            GuardianshipLimit.GuardianshipEnds,
            Day("2030-05-06"),
            14
        );
        Assert.Contains(
            "\"what\":\"guardianshipEnds\"",
            JsonSerializer.Serialize(ending, JsonSerializerOptions.Web),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_grant_without_a_person_notifies_no_one()
    {
        var account = Account();
        var grant = Grant.Give(
            account,
            "robin@practice.test",
            PortalRole.View,
            PortalLevel.Clinical,
            null,
            Holder,
            Now
        );
        Assert.Null(GrantNotifications.For(account, grant, GrantStatus.Pending));
    }

    [Fact]
    public void A_guardian_is_warned_sixty_and_fourteen_days_before_each_limit()
    {
        var (account, guardian) = Child("2016-05-06");
        Assert.Equal(
            [
                Warning(account, GuardianshipLimit.ClinicalSuspended, "2030-05-06", 60, "2030-03-07"),
                Warning(account, GuardianshipLimit.ClinicalSuspended, "2030-05-06", 14, "2030-04-22"),
                Warning(account, GuardianshipLimit.GuardianshipEnds, "2034-05-06", 60, "2034-03-07"),
                Warning(account, GuardianshipLimit.GuardianshipEnds, "2034-05-06", 14, "2034-04-22"),
            ],
            GuardianWarnings.Upcoming(account, guardian, Options, Now)
        );
        Assert.Empty(GuardianWarnings.Overdue(account, guardian, Options, Now));
    }

    [Fact]
    public void A_warning_that_is_due_now_is_not_upcoming()
    {
        var (account, guardian) = Child("2016-05-06");
        var due = Midnight("2030-03-07");
        Assert.Equal(4, GuardianWarnings.Upcoming(account, guardian, Options, due.AddTicks(-1)).Count());
        Assert.Equal(3, GuardianWarnings.Upcoming(account, guardian, Options, due).Count());
    }

    [Theory]
    [InlineData("2030-03-06", null)]
    [InlineData("2030-03-07", 60)]
    [InlineData("2030-04-21", 60)]
    [InlineData("2030-04-22", 14)]
    [InlineData("2030-05-05", 14)]
    [InlineData("2030-05-06", null)]
    public void An_overdue_warning_is_the_latest_one_before_the_limit(string today, int? days)
    {
        var (account, guardian) = Child("2016-05-06");
        Assert.Equal(
            days is { } ahead ? [ahead] : Array.Empty<int>(),
            GuardianWarnings.Overdue(account, guardian, Options, Midnight(today)).Select(warning => warning.Days)
        );
    }

    [Fact]
    public void A_practice_reads_which_limit_comes_on_which_day()
    {
        Assert.Equal(
            "Robin can no longer see clinical records from 6 May 2030.",
            GuardianWarnings.TextFor(GuardianshipLimit.ClinicalSuspended, "Robin", Day("2030-05-06"))
        );
        Assert.Equal(
            "Robin is no longer a guardian from 6 May 2034.",
            GuardianWarnings.TextFor(GuardianshipLimit.GuardianshipEnds, "Robin", Day("2034-05-06"))
        );
    }

    [Fact]
    public void A_pending_grant_keeps_only_the_address_and_what_waits_for_it()
    {
        var account = Account();
        var grant = Grant.Give(
            account,
            "robin@practice.test",
            PortalRole.View,
            PortalLevel.Clinical,
            null,
            Holder,
            Now
        );
        var waiting = PendingGrant.Of(grant, account.Id, Now);
        Assert.Equal(
            ("ROBIN@PRACTICE.TEST", account.Id, grant.Id, Now),
            (waiting.NormalizedEmail, waiting.AccountId, waiting.GrantId, waiting.CreatedAt)
        );
    }

    [Fact]
    public void An_access_log_entry_of_the_portal_has_the_callers_authority()
    {
        var (account, grant, subject) = (Account(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var caller = Caller.Nobody with
        {
            UserId = Robin,
            Portal = new PortalCaller(account.Id, PortalRelation.Granted, grant, CanEdit: true, Clinical: true),
        };
        var entry = AccessLogEntry.ByPortal(account, caller, "Robin", AccessLogAction.ClinicalRecord, subject, Now);
        Assert.Equal(
            (account.Id, Robin, "Robin", AccessLogAuthority.Grant, grant, AccessLogAction.ClinicalRecord, subject, Now),
            (
                entry.AccountId,
                entry.UserId,
                entry.UserName,
                entry.Authority,
                entry.GrantId,
                entry.Action,
                entry.SubjectId,
                entry.At
            )
        );
        Assert.Equal((null, null), (entry.GroupId, entry.PracticeName));
        Assert.NotEqual(Guid.Empty, entry.Id);
    }

    [Fact]
    public void An_access_log_entry_of_staff_has_their_practice()
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Robin, Now);
        var account = Guid.CreateVersion7();
        var entry = AccessLogEntry.ByStaff(
            patient,
            account,
            Caller.Nobody with
            {
                UserId = Robin,
            },
            "Robin",
            AccessLogAction.Invoices,
            null,
            Now
        );
        Assert.Equal(
            (
                account,
                patient.GroupId,
                "The clinic",
                Robin,
                "Robin",
                AccessLogAuthority.Staff,
                AccessLogAction.Invoices,
                Now
            ),
            (
                entry.AccountId,
                entry.GroupId,
                entry.PracticeName,
                entry.UserId,
                entry.UserName,
                entry.Authority,
                entry.Action,
                entry.At
            )
        );
        Assert.Equal((null, null), (entry.GrantId, entry.SubjectId));
        Assert.NotEqual(Guid.Empty, entry.Id);
    }

    private static (WarnGuardian, TimeSpan) Warning(
        PortalAccount account,
        GuardianshipLimit limit,
        string on,
        int days,
        string due
    ) => (new WarnGuardian(account.Id, Robin, limit, Day(on), days), Midnight(due) - Now);

    private static Grant Requested(PortalAccount account)
    {
        var grant = Grant.Request(Robin, "Robin", "robin@practice.test", "jo@practice.test", PortalRole.View, Now);
        grant.LinkTo(account);
        return grant;
    }

    private static PortalAccount Account() =>
        PortalAccount.Own(Guid.CreateVersion7(), "Jo", "Reed", new DateOnly(1990, 2, 3), "Etc/UTC", Now);

    private static (PortalAccount, Guardian) Child(string born)
    {
        var account = PortalAccount.OfDependant("Mia", "Little", Day(born), "Etc/UTC", Now);
        return (account, Guardian.Of(account.Id, Robin, "Robin", "robin@practice.test", Relationship.Parent, Now));
    }

    private static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);

    private static DateTimeOffset Midnight(string day) => new(Day(day), TimeOnly.MinValue, TimeSpan.Zero);
}

/// <summary>Decisions that combine the portal's own data with what other modules know.</summary>
public sealed class PortalDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly PortalOptions Options = new() { TimeZone = "Etc/UTC" };
    private static readonly Guid Ada = Guid.CreateVersion7(),
        Here = Guid.CreateVersion7();
    private static readonly MemberFacts Practitioner = new(Ada, "Ada Moss", Practitioner: true, Active: true, [Here]);
    private static readonly LocationFacts Location = new(Here, "Main street", Archived: false, "Australia/Melbourne");

    [Fact]
    public void A_person_books_in_their_own_calendar()
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Ada, Now);
        var booked = Booking().Book(patient, Member(), new(Practitioner, Location), Now).Value;
        Assert.Equal(
            (patient.Id, Ada, "Ada Moss", Here, "Main street", "Australia/Melbourne", "Back pain"),
            (
                booked.PatientId,
                booked.PractitionerId,
                booked.PractitionerName,
                booked.LocationId,
                booked.LocationName,
                booked.LocationTimeZone,
                booked.Reason
            )
        );
        Assert.Equal((Now, Now.AddHours(1), TimeSpan.Zero), (booked.StartsAt, booked.EndsAt, booked.StartsAt.Offset));
    }

    [Fact]
    public void Another_persons_calendar_takes_access_to_others_calendars()
    {
        var other = Member() with { UserId = Guid.CreateVersion7() };
        Assert.Equal("auth.not_allowed", Error(Booking(), other, new(Practitioner, Location)));
        Assert.Null(Error(Booking(), other with { Access = Access.OthersCalendars }, new(Practitioner, Location)));
    }

    [Fact]
    public void An_appointment_ends_after_it_starts_and_within_twelve_hours()
    {
        var facts = new BookingFacts(Practitioner, Location);
        Assert.Equal("portal.appointment_length", Error(Booking() with { EndsAt = Now }, Member(), facts));
        Assert.Null(Error(Booking() with { EndsAt = Now.AddTicks(1) }, Member(), facts));
        Assert.Null(Error(Booking() with { EndsAt = Now.AddHours(12) }, Member(), facts));
        Assert.Equal(
            "portal.appointment_length",
            Error(Booking() with { EndsAt = Now.AddHours(12).AddTicks(1) }, Member(), facts)
        );
    }

    [Fact]
    public void An_appointment_needs_an_active_practitioner()
    {
        Assert.Equal("portal.unknown_practitioner", Error(Booking(), Member(), new(null, Location)));
        Assert.Equal(
            "portal.unknown_practitioner",
            Error(Booking(), Member(), new(Practitioner with { Active = false }, Location))
        );
        Assert.Equal(
            "portal.unknown_practitioner",
            Error(Booking(), Member(), new(Practitioner with { Practitioner = false }, Location))
        );
    }

    [Fact]
    public void A_practitioner_is_booked_where_they_work_while_it_is_open()
    {
        var elsewhere = Practitioner with { LocationIds = [Guid.CreateVersion7()] };
        Assert.Equal("portal.practitioner_not_at_location", Error(Booking(), Member(), new(elsewhere, Location)));

        // Now is a Sunday, 20:00 in Melbourne.
        var (closed, open) = (Location with { Hours = [] }, Location with { Hours = [Sunday(20 * 60, 21 * 60)] });
        Assert.Null(Error(Booking(), Member(), new(Practitioner, open)));
        foreach (var hours in new[] { Sunday(20 * 60, (21 * 60) - 1), Sunday((20 * 60) + 1, 1440) })
            Assert.Equal(
                "portal.outside_hours",
                Error(Booking(), Member(), new(Practitioner, Location with { Hours = [hours] }))
            );
        Assert.Null(
            Error(
                Booking(),
                Member(),
                new(Practitioner, Location with { Hours = [Sunday(20 * 60, 1230), Sunday(1230, 1440)] })
            )
        );
        Assert.Equal("portal.outside_hours", Error(Booking(), Member(), new(Practitioner, closed)));
        Assert.Null(Error(Booking() with { AllowOutsideHours = true }, Member(), new(Practitioner, closed)));

        var late = Booking() with { StartsAt = Now.AddDays(-1), EndsAt = Now.AddDays(-1).AddMinutes(30) };
        Assert.Null(Error(late, Member(), new(Practitioner, Location)));
        Assert.Equal(
            "portal.outside_hours",
            Error(late with { StartsAt = late.StartsAt.AddTicks(-1) }, Member(), new(Practitioner, Location))
        );

        static OpenStretch Sunday(int opens, int closes) => new((int)DayOfWeek.Sunday, opens, closes);
    }

    /// <summary>
    /// Lord Howe moves its clocks by half an hour, Apia skipped 30 December 2011 and Cairo skips midnight.
    /// </summary>
    [Theory]
    [InlineData("Australia/Lord_Howe", "2027-04-03T14:00:00Z", 2.5)]
    [InlineData("Australia/Lord_Howe", "2027-10-02T14:30:00Z", 1.5)]
    [InlineData("Pacific/Apia", "2011-12-30T11:00:00Z", 2)]
    [InlineData("Africa/Cairo", "2027-04-29T22:00:00Z", 2)]
    public void Opening_hours_last_as_long_as_clocks_say(string zone, string opens, double hours)
    {
        var at = DateTimeOffset.Parse(opens, CultureInfo.InvariantCulture);
        var always = Enum.GetValues<DayOfWeek>().Select(day => new OpenStretch((int)day, 60, 180)).ToList();
        var location = Location with { TimeZone = zone, Hours = always };
        var open = OpeningTimes.Of(location, at.AddHours(-30), at.AddHours(30)).Single(one => one.StartsAt == at);
        Assert.Equal(TimeSpan.FromHours(hours), open.EndsAt - open.StartsAt);
    }

    [Fact]
    public void Work_needs_an_open_location_at_which_the_caller_works()
    {
        var restricted = Member() with { Access = Access.RestrictToAssignedLocations };
        Assert.Equal("auth.not_allowed", Error(Booking(), restricted, new(Practitioner, Location)));
        Assert.Null(Error(Booking(), restricted with { LocationIds = [Here] }, new(Practitioner, Location)));
        Assert.Equal("locations.unknown_location", Error(Booking(), Member(), new(Practitioner, null)));
        Assert.Equal(
            "locations.archived",
            Error(Booking(), Member(), new(Practitioner, Location with { Archived = true }))
        );
    }

    [Fact]
    public void Only_members_restricted_to_locations_must_give_a_patient_one()
    {
        var restricted = Member() with { Access = Access.RestrictToAssignedLocations, LocationIds = [Here] };
        Assert.Null(WorkLocations.ErrorForPatient(Member(), null, null));
        Assert.Equal("portal.location_required", WorkLocations.ErrorForPatient(restricted, null, null)?.Code);
        Assert.Null(WorkLocations.ErrorForPatient(restricted, Here, Location));
        Assert.Equal("locations.unknown_location", WorkLocations.ErrorForPatient(Member(), Here, null)?.Code);
    }

    [Fact]
    public void A_person_is_of_age_from_the_birthday_on()
    {
        var account = PortalAccount.OfDependant("Mia", "Little", new DateOnly(2008, 3, 1), "Etc/UTC", Now);
        Assert.True(account.IsOfAge(Options, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(account.IsOfAge(Options, new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Members_who_may_not_see_names_read_the_code_only()
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Ada, Now);
        patient.Describe("Jo", "Reed", "jo@practice.test", new DateOnly(1990, 2, 3), Sex.Male, Here);
        patient.Reach(new("0412 345 678", "1 Hill road", new("Al", "0400 000 001", "brother")));
        var hidden = Member() with { Access = Access.HidePatientNames };
        Assert.Equal(("Jo Reed", null), (patient.NameFor(Member()), patient.NameFor(hidden)));
        Assert.Equal(
            new PatientView(
                patient.Id,
                patient.Code,
                null,
                null,
                null,
                null,
                null,
                null,
                Sex.Male,
                patient.DateOfBirth,
                Here,
                Now,
                PortalState.None,
                null
            ),
            PatientView.Of(patient, invited: false, hidden)
        );
        Assert.Equal(
            ("Jo", "Reed", "jo@practice.test", "0412 345 678", PortalState.Invited),
            PatientView.Of(patient, invited: true, Member()) is var seen
                ? (seen.FirstName, seen.LastName, seen.Email, seen.Phone, seen.Portal)
                : default
        );
        patient.LinkTo(Guid.CreateVersion7());
        Assert.Equal(PortalState.Linked, PatientView.Of(patient, invited: true, Member()).Portal);
    }

    [Fact]
    public void A_practice_follows_what_changed_in_the_portal_and_keeps_the_rest()
    {
        var (al, bo) = (new EmergencyContact("Al", "1", null), new EmergencyContact("Bo", "2", "aunt"));
        var practice = new ContactDetails("0400 000 009", "9 Old road", al);
        var before = new ContactDetails("0400 000 001", null, al);
        Assert.Equal(practice with { Phone = null }, practice.Follow(before, before with { Phone = null }));
        Assert.Equal(practice with { Address = "New" }, practice.Follow(before, before with { Address = "New" }));
        Assert.Equal(
            practice with
            {
                EmergencyContact = bo,
            },
            practice.Follow(before, before with { EmergencyContact = bo })
        );
        Assert.Equal(practice, practice.Follow(before, before with { EmergencyContact = new("Al", "1", null) }));
        Assert.Equal(
            [("phone", null, null), ("address", null, (string?)null)], // the audit holds no values of patients
            practice.ChangesTo(before).Select(change => (change.What, change.From, change.To))
        );
    }

    [Theory]
    [InlineData("2026-03-01", true)] // it is that day somewhere on earth
    [InlineData("2026-03-02", false)]
    [InlineData("1896-03-01", true)]
    [InlineData("1896-02-29", false)]
    public void A_date_of_birth_is_in_the_past_and_within_a_human_life(string day, bool plausible) =>
        Assert.Equal(plausible, DatesOfBirth.IsPlausible(DateOnly.Parse(day, CultureInfo.InvariantCulture), Now));

    [Theory]
    [InlineData("1899-12-31T23:59:59Z", false)]
    [InlineData("1900-01-01T00:00:00Z", true)]
    [InlineData("2199-12-31T23:59:59Z", true)]
    [InlineData("2200-01-01T00:00:00Z", false)]
    public void A_time_is_within_the_years_of_a_practice(string time, bool plausible)
    {
        var at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        Assert.Equal(plausible, PlausibleTimes.IsPlausible(at));
        var validator = new InlineValidator<DateTimeOffset[]>();
        validator.RuleFor(times => times.Cast<DateTimeOffset?>().FirstOrDefault()).PlausibleTime();
        Assert.Equal(plausible, validator.Validate([at]).IsValid);
        Assert.True(validator.Validate([]).IsValid);
    }

    [Fact]
    public void A_patient_needs_a_name_and_a_date_of_birth()
    {
        var validator = new PatientInputValidator(
            TimeProvider.System,
            Microsoft.Extensions.Options.Options.Create(Options)
        );
        var input = new PatientInput("Jo", "Reed", null, new DateOnly(1990, 2, 3), null);
        Assert.True(validator.Validate(input).IsValid);
        Assert.True(validator.Validate(input with { Email = "jo@practice.test" }).IsValid);
        Assert.Equal(["FirstName"], Fields(input with { FirstName = " " }));
        Assert.Equal(["LastName"], Fields(input with { LastName = null }));
        Assert.Equal(["Email"], Fields(input with { Email = "jo" }));
        Assert.Equal(["DateOfBirth"], Fields(input with { DateOfBirth = null }));
        Assert.Equal(["DateOfBirth"], Fields(input with { DateOfBirth = new DateOnly(1790, 2, 3) }));

        IEnumerable<string> Fields(PatientInput wrong) =>
            validator.Validate(wrong).Errors.Select(error => error.PropertyName).Distinct();
    }

    private static string? Error(Booking booking, Caller caller, BookingFacts facts)
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Ada, Now);
        return booking.Book(patient, caller, facts, Now) is { IsError: true } denied ? denied.FirstError.Code : null;
    }

    private static Booking Booking() =>
        new(Ada, Here, Now.ToOffset(TimeSpan.FromHours(11)), Now.AddHours(1), "Back pain");

    private static Caller Member() => Caller.Nobody with { UserId = Ada };
}
