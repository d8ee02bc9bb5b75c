using System.Globalization;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Http;

namespace Practice.Domain.Tests;

/// <summary>
/// A grant and its changes: <c>pending → current | disabled</c> and <c>current ↔ disabled</c> by the holder, withdrawn
/// by the person it is for.
/// </summary>
public sealed class GrantTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Holder = Guid.CreateVersion7();
    private static readonly TimeSpan Month = TimeSpan.FromDays(30),
        Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_request_shows_nothing_but_what_was_typed_until_it_is_approved()
    {
        var user = Guid.CreateVersion7();
        var grant = Grant.Request(
            user,
            "Robin Person",
            "robin@practice.test",
            " Holder@Practice.test ",
            PortalRole.Edit,
            Now
        );
        Assert.Equal(
            (user, "Robin Person", "robin@practice.test", "Holder@Practice.test", "HOLDER@PRACTICE.TEST"),
            (grant.UserId, grant.UserName, grant.UserEmail, grant.RequestedEmail, grant.NormalizedRequestedEmail)
        );
        Assert.Equal(
            (PortalRole.Edit, PortalRole.Edit, PortalLevel.Administrative, GrantStatus.Pending, Now),
            (grant.RequestedRole!.Value, grant.Role, grant.Level, grant.Status, grant.RequestedAt)
        );
        Assert.Equal((null, null), (grant.AccountId, grant.AccountName));
        Assert.False(grant.VisibleToRequester);
        Assert.True(grant.LooksPendingToRequester(Now));
        Assert.NotEqual(Guid.Empty, grant.Id);

        var account = Account();
        grant.LinkTo(account);
        Assert.Equal((account.Id, "Jo Reed"), (grant.AccountId, grant.AccountName));
    }

    [Fact]
    public void A_grant_given_unasked_is_current_from_the_start_and_waits_for_its_person()
    {
        var account = Account();
        var grant = Grant.Give(
            account,
            " robin@practice.test ",
            PortalRole.Edit,
            PortalLevel.Clinical,
            new DateOnly(2026, 4, 1),
            Holder,
            Now
        );
        Assert.Equal(
            (account.Id, "Jo Reed", null, "robin@practice.test", "", null),
            (grant.AccountId, grant.AccountName, grant.UserId, grant.UserEmail, grant.UserName, grant.RequestedRole)
        );
        Assert.Equal(
            (PortalRole.Edit, PortalLevel.Clinical, GrantStatus.Current, new DateOnly(2026, 4, 1), Now, Now),
            (grant.Role, grant.Level, grant.Status, grant.EndsOn, grant.RequestedAt, grant.ApprovedAt)
        );
        Assert.True(grant.VisibleToRequester);
        Assert.NotEqual(Guid.Empty, grant.Id);
        var user = Guid.CreateVersion7();
        grant.AssignTo(user, "Robin Person");
        Assert.Equal((user, "Robin Person"), (grant.UserId, grant.UserName));
    }

    [Theory]
    [InlineData(GrantStatus.Pending, GrantStatus.Current, true)]
    [InlineData(GrantStatus.Pending, GrantStatus.Disabled, true)]
    [InlineData(GrantStatus.Current, GrantStatus.Current, true)]
    [InlineData(GrantStatus.Current, GrantStatus.Disabled, true)]
    [InlineData(GrantStatus.Disabled, GrantStatus.Current, true)]
    [InlineData(GrantStatus.Disabled, GrantStatus.Disabled, true)]
    [InlineData(GrantStatus.Pending, GrantStatus.Pending, false)]
    [InlineData(GrantStatus.Current, GrantStatus.Pending, false)]
    [InlineData(GrantStatus.Disabled, GrantStatus.Pending, false)]
    [InlineData(GrantStatus.Pending, GrantStatus.Withdrawn, false)]
    [InlineData(GrantStatus.Current, GrantStatus.Withdrawn, false)]
    [InlineData(GrantStatus.Withdrawn, GrantStatus.Current, false)]
    [InlineData(GrantStatus.Withdrawn, GrantStatus.Disabled, false)]
    public void The_holder_switches_between_current_and_disabled_and_a_withdrawn_grant_stays_withdrawn(
        GrantStatus from,
        GrantStatus to,
        bool possible
    )
    {
        var grant = Of(from);
        var before = (grant.Status, grant.Role, grant.Level, grant.EndsOn);
        Assert.Equal(
            possible,
            grant.Decide(to, PortalRole.Edit, PortalLevel.Clinical, new DateOnly(2027, 1, 1), Holder, Now)
        );
        Assert.Equal(
            possible ? (to, PortalRole.Edit, PortalLevel.Clinical, new DateOnly(2027, 1, 1)) : before,
            (grant.Status, grant.Role, grant.Level, grant.EndsOn)
        );
    }

    [Fact]
    public void A_request_expires_after_thirty_days()
    {
        var grant = Asked();
        Assert.False(grant.HasExpired(Now + Month - Tick));
        Assert.True(grant.IsOpen(Now + Month - Tick));
        Assert.True(grant.IsListedForRequester(Now + Month - Tick));
        Assert.True(grant.HasExpired(Now + Month));
        Assert.False(grant.IsOpen(Now + Month));
        Assert.False(grant.IsListedForRequester(Now + Month));
        Assert.False(grant.LooksPendingToRequester(Now + Month));
        Assert.False(
            grant.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, null, Holder, Now + Month)
        );
        Assert.Equal(GrantStatus.Pending, grant.Status);
        Assert.True(grant.Withdraw());
    }

    [Fact]
    public void An_approved_grant_never_expires_and_stays_visible_to_its_person()
    {
        var grant = Asked();
        Assert.True(grant.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, null, Holder, Now + Tick));
        Assert.Equal(Now + Tick, grant.ApprovedAt);
        Assert.True(
            grant.Decide(GrantStatus.Current, PortalRole.Edit, PortalLevel.Clinical, null, Holder, Now.AddDays(2))
        );
        Assert.Equal(Now + Tick, grant.ApprovedAt);
        Assert.False(grant.HasExpired(Now.AddYears(1)));
        Assert.True(grant.IsOpen(Now.AddYears(1)));
        grant.Decide(GrantStatus.Disabled, PortalRole.Edit, PortalLevel.Clinical, null, Holder, Now.AddYears(1));
        Assert.True(grant.VisibleToRequester);
        Assert.True(grant.IsListedForRequester(Now.AddYears(2)));
        Assert.False(grant.LooksPendingToRequester(Now.AddYears(2)));
        Assert.False(grant.IsOpen(Now.AddYears(1)));
    }

    [Fact]
    public void After_a_denial_a_new_request_has_no_effect_for_thirty_days_unless_the_holder_approves()
    {
        var grant = Asked();
        Assert.False(grant.BlocksNewRequests(Now));
        grant.Decide(GrantStatus.Disabled, PortalRole.View, PortalLevel.Administrative, null, Holder, Now);
        Assert.True(grant.BlocksNewRequests(Now + Month - Tick));
        Assert.False(grant.BlocksNewRequests(Now + Month));
        Assert.True(grant.LooksPendingToRequester(Now)); // the requester does not learn of it
        grant.Decide(GrantStatus.Disabled, PortalRole.View, PortalLevel.Administrative, null, Holder, Now.AddDays(9));
        Assert.Equal(Now, grant.DeniedAt); // a second denial does not restart the period
        grant.Withdraw();
        Assert.True(grant.BlocksNewRequests(Now + Month - Tick)); // withdrawing does not undo the denial

        var approved = Asked();
        approved.Decide(GrantStatus.Disabled, PortalRole.View, PortalLevel.Administrative, null, Holder, Now);
        approved.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Administrative, null, Holder, Now);
        Assert.False(approved.BlocksNewRequests(Now));
    }

    [Fact]
    public void Withdrawing_is_final_and_hides_it()
    {
        var grant = Asked();
        Assert.True(grant.Withdraw());
        Assert.Equal(GrantStatus.Withdrawn, grant.Status);
        Assert.False(grant.Withdraw());
        Assert.False(grant.IsListedForRequester(Now));
        Assert.False(grant.LooksPendingToRequester(Now));
        Assert.False(grant.IsOpen(Now));
        Assert.False(grant.HasExpired(Now + Month));
    }

    [Fact]
    public void A_grant_keeps_who_gave_or_last_approved_it()
    {
        var (grant, other) = (Asked(), Guid.CreateVersion7());
        Assert.Null(grant.GivenById);
        grant.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, null, Holder, Now);
        Assert.Equal(Holder, grant.GivenById);
        grant.Decide(GrantStatus.Disabled, PortalRole.View, PortalLevel.Clinical, null, other, Now);
        Assert.Equal(Holder, grant.GivenById);
        grant.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, null, other, Now);
        Assert.Equal(other, grant.GivenById);
        var given = Grant.Give(Account(), "a@b.test", PortalRole.View, PortalLevel.Clinical, null, Holder, Now);
        Assert.Equal(Holder, given.GivenById);
    }

    [Fact]
    public void Taking_over_an_account_ends_what_guardians_gave_without_denying_anyone()
    {
        var grant = Of(GrantStatus.Current);
        grant.LinkTo(Account());
        grant.End();
        Assert.Equal((GrantStatus.Disabled, "Jo Reed", null), (grant.Status, grant.AccountName, grant.DeniedAt));
        Assert.False(grant.BlocksNewRequests(Now));
    }

    [Theory]
    [InlineData(GrantStatus.Pending, null, true)]
    [InlineData(GrantStatus.Current, null, true)]
    [InlineData(GrantStatus.Current, "2026-03-01", true)]
    [InlineData(GrantStatus.Current, "2026-02-28", false)]
    [InlineData(GrantStatus.Disabled, null, false)]
    [InlineData(GrantStatus.Withdrawn, null, false)]
    public void Names_are_followed_as_long_as_access_is_given_or_asked_for(
        GrantStatus status,
        string? last,
        bool followed
    )
    {
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        var grant = Of(status, last is null ? null : DateOnly.Parse(last, CultureInfo.InvariantCulture));
        Assert.Equal(followed, Grant.IsFollowed(today).Compile()(grant));
        Assert.Equal(status == GrantStatus.Current && !followed ? GrantStatus.Disabled : status, grant.StatusOn(today));
    }

    [Fact]
    public void Who_is_given_access_again_has_todays_names_on_both_sides()
    {
        var (grant, account) = (Of(GrantStatus.Disabled), Account());
        var person = new AccountFacts(grant.UserId!.Value, "new@practice.test", true, null, "Alex", "New", true);
        grant.Refresh(account, person);
        Assert.Equal((null, "Robin Person"), (grant.AccountName, grant.UserName));

        grant.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, null, Holder, Now);
        grant.Refresh(account, person with { UserId = Guid.CreateVersion7() });
        Assert.Equal(("Jo Reed", "Robin Person"), (grant.AccountName, grant.UserName));
        grant.Refresh(account, person);
        Assert.Equal(("Alex New", "new@practice.test"), (grant.UserName, grant.UserEmail));
    }

    [Fact]
    public void Others_know_the_person_of_a_grant_by_address_unless_it_was_requested()
    {
        var (given, asked, today) = (
            Grant.Give(Account(), "a@b.test", PortalRole.View, PortalLevel.Clinical, null, Holder, Now),
            Asked(),
            DateOnly.FromDateTime(Now.UtcDateTime)
        );
        Assert.Equal((null, "A@B.TEST"), (given.NameForOthers, given.AddressForOthers));
        Assert.Equal(("Robin Person", null), (asked.NameForOthers, asked.AddressForOthers));

        var state = given.StateForHolder(today);
        given.AssignTo(Guid.CreateVersion7(), "Robin Person");
        Assert.Equal((null, state), (given.NameForOthers, given.StateForHolder(today)));
        given.Decide(GrantStatus.Current, PortalRole.View, PortalLevel.Clinical, today, Holder, Now);
        Assert.NotEqual(state, given.StateForHolder(today));
        Assert.NotEqual(given.StateForHolder(today), given.StateForHolder(today.AddDays(1)));
    }

    [Fact]
    public void A_grant_that_is_given_again_still_counts_for_the_day_and_denies_nothing()
    {
        var given = Grant.Give(Account(), "a@b.test", PortalRole.View, PortalLevel.Clinical, null, Holder, Now);
        given.Decide(GrantStatus.Disabled, PortalRole.View, PortalLevel.Clinical, null, Holder, Now);
        given.Replace();
        Assert.Equal((GrantStatus.Withdrawn, null), (given.Status, given.DeniedAt));
        Assert.True(given.CountsForLimit(Now.AddDays(1) - Tick));
        Assert.False(given.CountsForLimit(Now.AddDays(1)));
        Assert.False(Asked().CountsForLimit(Now));
    }

    [Fact]
    public void A_paused_address_is_paused_for_each_person_who_has_it()
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Guid.CreateVersion7(), Now);
        patient.LinkTo(Guid.CreateVersion7());
        var pause = AccessPause.Of(patient, null, "A@B.TEST", " A court order ", (Holder, "Ada"), Now);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Null(pause.AssignTo(first, Now));
        Assert.Null(pause.AssignTo(first, Now));
        Assert.Equal(first, pause.UserId);
        var another = pause.AssignTo(second, Now)!;
        Assert.Equal((first, second), (pause.UserId, another.UserId));
        Assert.Equal(
            (pause.GroupId, pause.AccountId, "A@B.TEST", "A court order", Holder, "Ada", Now),
            (
                another.GroupId,
                another.AccountId,
                another.Email,
                another.Reason,
                another.PausedById,
                another.PausedByName,
                another.PausedAt
            )
        );
        Assert.NotEqual(pause.Id, another.Id);
    }

    private static Grant Asked() =>
        Grant.Request(
            Guid.CreateVersion7(),
            "Robin Person",
            "robin@practice.test",
            "holder@practice.test",
            PortalRole.View,
            Now
        );

    private static Grant Of(GrantStatus status, DateOnly? endsOn = null)
    {
        var grant = Asked();
        if (status is GrantStatus.Current or GrantStatus.Disabled)
            Assert.True(grant.Decide(status, PortalRole.View, PortalLevel.Administrative, endsOn, Holder, Now));
        if (status == GrantStatus.Withdrawn)
            Assert.True(grant.Withdraw());
        return grant;
    }

    private static PortalAccount Account() =>
        PortalAccount.Own(Guid.CreateVersion7(), "Jo", "Reed", new DateOnly(1990, 2, 3), "Etc/UTC", Now);
}

/// <summary>Ages, days and guardians.</summary>
public sealed class GuardianTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly PortalOptions Options = new() { TimeZone = "Etc/UTC" };
    private static readonly Guid Here = Guid.CreateVersion7();
    private static readonly Guid There = Guid.CreateVersion7();

    [Fact]
    public void Each_warning_is_sent_once()
    {
        var guardian = Guardian.Of(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            "Robin",
            "r@practice.test",
            Relationship.Parent,
            Now
        );
        Assert.True(guardian.Warn(GuardianshipLimit.ClinicalSuspended, Day("2030-05-06"), 60));
        Assert.False(guardian.Warn(GuardianshipLimit.ClinicalSuspended, Day("2030-05-06"), 60));
        Assert.True(guardian.Warn(GuardianshipLimit.ClinicalSuspended, Day("2030-05-06"), 14));
        Assert.True(guardian.Warn(GuardianshipLimit.ClinicalSuspended, Day("2030-05-07"), 60));
        Assert.True(guardian.Warn(GuardianshipLimit.GuardianshipEnds, Day("2030-05-06"), 60));
    }

    [Fact]
    public void The_default_ages_and_time_zone_are_Australian() =>
        Assert.Equal(
            ("Australia/Melbourne", 14, 18),
            (new PortalOptions().TimeZone, new PortalOptions().ClinicalAge, new PortalOptions().AdultAge)
        );

    [Theory]
    [InlineData("2010-05-06", 14, "2024-05-06")]
    [InlineData("2012-02-29", 14, "2026-02-28")]
    [InlineData("2012-02-29", 16, "2028-02-28")]
    [InlineData("2012-02-28", 14, "2026-02-28")]
    [InlineData("2012-03-29", 14, "2026-03-29")]
    public void An_age_is_reached_on_the_birthday_and_29_February_counts_as_the_28th(string born, int age, string on) =>
        Assert.Equal(Day(on), Ages.Reached(Day(born), age));

    [Theory]
    [InlineData("2026-03-01", "Etc/UTC", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01", "Australia/Melbourne", "2026-02-28T13:00:00Z")]
    [InlineData("2026-09-06", "America/Santiago", "2026-09-06T04:00:00Z")] // the clocks skip midnight: the moment after
    [InlineData("2026-11-01", "America/Havana", "2026-11-01T04:00:00Z")] // midnight comes twice: the first
    public void A_day_begins_at_the_zones_midnight(string day, string zone, string moment) =>
        Assert.Equal(
            DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture),
            PortalDays.BeginningOf(Day(day), zone)
        );

    [Fact]
    public void A_last_day_is_included_and_today_is_the_zones()
    {
        Assert.Null(PortalDays.EndOf(null, "Etc/UTC"));
        Assert.Equal(
            PortalDays.BeginningOf(Day("2026-03-02"), "Australia/Melbourne"),
            PortalDays.EndOf(Day("2026-03-01"), "Australia/Melbourne")
        );
        var evening = new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);
        Assert.Equal(Day("2026-03-02"), PortalDays.Today(evening, "Australia/Melbourne"));
        Assert.Equal(Day("2026-03-01"), PortalDays.Today(evening, "Etc/UTC"));
    }

    [Fact]
    public void A_parents_clinical_access_is_suspended_at_14_and_the_guardianship_ends_at_18()
    {
        var (account, user) = (Child(), Guid.CreateVersion7());
        var guardian = Guardian.Of(account.Id, user, "Robin Person", "robin@practice.test", Relationship.Parent, Now);
        Assert.Equal(
            (account.Id, user, "Robin Person", "robin@practice.test", Relationship.Parent, Now, null),
            (
                guardian.AccountId,
                guardian.UserId,
                guardian.UserName,
                guardian.UserEmail,
                guardian.Relationship,
                guardian.AddedAt,
                guardian.EndedAt
            )
        );
        Assert.Equal((Moment("2034-05-06"), Moment("2030-05-06")), Guardian.OfMinor(account, Options));
        Assert.Equal(Moment("2034-05-06"), guardian.EndsAt(account, Options));
        Assert.Equal(
            [
                (GuardianshipLimit.ClinicalSuspended, Day("2030-05-06")),
                (GuardianshipLimit.GuardianshipEnds, Day("2034-05-06")),
            ],
            guardian.Limits(account, Options)
        );
        Assert.True(guardian.Opens(Here, account, Options, Moment("2034-05-06").AddTicks(-1)));
        Assert.False(guardian.Opens(Here, account, Options, Moment("2034-05-06")));
        guardian.End(Now);
        guardian.End(Now.AddDays(1));
        Assert.Equal(Now, guardian.EndedAt);
        Assert.False(guardian.Opens(Here, account, Options, Now));
    }

    [Fact]
    public void Ages_count_in_the_operators_time_zone_whatever_zone_a_guardian_chooses()
    {
        var account = Child();
        account.Describe(new(null, null, null), "Pacific/Pago_Pago");
        Assert.Equal((Moment("2034-05-06"), Moment("2030-05-06")), Guardian.OfMinor(account, Options));
        Assert.False(account.IsOfAge(Options, Moment("2034-05-06").AddTicks(-1)));
        Assert.True(account.IsOfAge(Options, Moment("2034-05-06")));
    }

    [Fact]
    public void A_practice_verifies_a_legal_guardian_for_its_own_records_up_to_a_last_day()
    {
        var account = Child();
        var guardian = Guardian.Of(
            account.Id,
            Guid.CreateVersion7(),
            "Robin",
            "r@practice.test",
            Relationship.LegalGuardian,
            Now
        );
        guardian.Verify(Here, Day("2035-01-31"));
        guardian.Verify(There, Day("2036-01-31"));
        guardian.Verify(Here, Day("2040-01-31")); // again: the newest counts
        Assert.Equal(
            [new Verification(There, Day("2036-01-31")), new Verification(Here, Day("2040-01-31"))],
            guardian.Verified
        );
        Assert.Equal(Moment("2040-02-01"), guardian.EndsAt(account, Options));
        Assert.Equal((Moment("2034-05-06"), Moment("2030-05-06")), Guardian.OfMinor(account, Options)); // as before
        Assert.True(guardian.Opens(There, account, Options, Moment("2036-02-01").AddTicks(-1)));
        Assert.False(guardian.Opens(There, account, Options, Moment("2036-02-01")));
        Assert.True(guardian.Opens(Here, account, Options, Moment("2036-02-01")));
        Assert.True(guardian.Opens(Guid.CreateVersion7(), account, Options, Moment("2034-05-05")));
        Assert.False(guardian.Opens(Guid.CreateVersion7(), account, Options, Moment("2034-05-06")));
    }

    [Fact]
    public void Each_practice_is_told_of_the_limits_of_its_own_records()
    {
        var account = Child();
        var guardian = Guardian.Of(
            account.Id,
            Guid.CreateVersion7(),
            "Robin",
            "r@practice.test",
            Relationship.LegalGuardian,
            Now
        );
        guardian.Verify(Here, Day("2040-01-31"));
        Assert.Equal(
            [
                (GuardianshipLimit.ClinicalSuspended, Day("2030-05-06")),
                (GuardianshipLimit.GuardianshipEnds, Day("2040-02-01")),
                (GuardianshipLimit.GuardianshipEnds, Day("2034-05-06")),
            ],
            guardian.Limits(account, Options)
        );
        Assert.True(Concerns(Here, GuardianshipLimit.ClinicalSuspended, Day("2030-05-06")));
        Assert.True(Concerns(Here, GuardianshipLimit.GuardianshipEnds, Day("2040-02-01")));
        Assert.False(Concerns(Here, GuardianshipLimit.GuardianshipEnds, Day("2034-05-06")));
        Assert.True(Concerns(There, GuardianshipLimit.GuardianshipEnds, Day("2034-05-06")));
        Assert.False(Concerns(There, GuardianshipLimit.GuardianshipEnds, Day("2040-02-01")));

        bool Concerns(Guid groupId, GuardianshipLimit limit, DateOnly on) =>
            guardian.Concerns(groupId, limit, on, account, Options);
    }

    [Fact]
    public void A_request_to_be_a_guardian_can_be_answered_for_thirty_days_and_declined()
    {
        var (account, asker) = (
            Child(),
            new AccountFacts(Guid.CreateVersion7(), "i@a.test", true, null, "Ida", "Moss", true)
        );
        var request = GuardianshipRequest.Ask(account, " r@a.test ", Relationship.Parent, asker, Now);
        Assert.Equal(
            (account.Id, "Mia Little", "R@A.TEST", Relationship.Parent, asker.UserId, "Ida Moss", Now, null),
            (
                request.AccountId,
                request.AccountName,
                request.NormalizedEmail,
                request.Relationship,
                request.AskedById,
                request.AskedByName,
                request.AskedAt,
                request.UserId
            )
        );
        Assert.True(request.IsOpen(Now.AddDays(30).AddTicks(-1)));
        Assert.False(request.IsOpen(Now.AddDays(30)));
        request.Decline(Now);
        Assert.False(request.IsOpen(Now));
    }

    [Fact]
    public void A_dependants_account_has_no_sign_in_until_they_take_it_over()
    {
        var account = Child();
        Assert.Equal(
            (null, true, "Mia Little", Day("2016-05-06"), "Etc/UTC", Now),
            (
                account.UserId,
                account.IsDependant,
                account.Name,
                account.DateOfBirth,
                account.TimeZone,
                account.CreatedAt
            )
        );
        Assert.NotEqual(Guid.Empty, account.Id);
        account.Describe(new("555", "1 Main street", null), "Australia/Melbourne");
        Assert.Equal(
            ("555", "1 Main street", "Australia/Melbourne"),
            (account.Phone, account.Address, account.TimeZone)
        );
        account.Rename("Mia", "Moss");
        Assert.Equal("Mia Moss", account.Name);
        var user = Guid.CreateVersion7();
        account.TakeOver(user, "Mia", "Large");
        Assert.Equal((user, false, "Mia Large"), (account.UserId, account.IsDependant, account.Name));

        var own = PortalAccount.Own(user, "Jo", "Reed", Day("1990-02-03"), "Etc/UTC", Now);
        Assert.Equal(
            (user, false, "Jo Reed", Day("1990-02-03"), Now),
            (own.UserId, own.IsDependant, own.Name, own.DateOfBirth, own.CreatedAt)
        );
    }

    private static PortalAccount Child() =>
        PortalAccount.OfDependant(" Mia ", " Little ", Day("2016-05-06"), "Etc/UTC", Now);

    private static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string day) => new(Day(day), TimeOnly.MinValue, TimeSpan.Zero);
}

/// <summary>Patients, their records and requests from the portal.</summary>
public sealed class RecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly Guid Account = Guid.CreateVersion7();
    private static readonly (Guid Id, string Name) Ada = (Guid.CreateVersion7(), "Ada Moss");
    private static readonly (Guid Id, string Name, string TimeZone) Here = (
        Guid.CreateVersion7(),
        "Main street",
        "Australia/Melbourne"
    );

    [Fact]
    public void A_patient_belongs_to_the_member_who_added_them_and_has_a_code_for_hidden_names()
    {
        var (group, adder) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var patient = Patient.Add(group, "The clinic", adder, Now);
        Assert.Equal(
            (group, "The clinic", adder, Now, null),
            (patient.GroupId, patient.PracticeName, patient.AddedById, patient.AddedAt, patient.AccountId)
        );
        Assert.NotEqual(Guid.Empty, patient.Id);
        patient.Describe(" Jo ", " Reed ", "jo@practice.test", Today, Sex.Female, Here.Id);
        patient.Reach(ContactDetails.Of(" ", " 1 Hill road ", new(" Al ", "0400 000 001", " ")));
        Assert.Equal(
            ("Jo", "Reed", "jo@practice.test", Today, Sex.Female, Here.Id),
            (patient.FirstName, patient.LastName, patient.Email, patient.DateOfBirth, patient.Sex, patient.LocationId)
        );
        Assert.Equal(new ContactDetails(null, "1 Hill road", new("Al", "0400 000 001", null)), patient.Contact);
        Assert.Equal($"P-{patient.Id:n}"[..2] + patient.Id.ToString("n")[24..].ToUpperInvariant(), patient.Code);
        patient.LinkTo(Account);
        Assert.Equal(Account, patient.AccountId);
    }

    [Fact]
    public void A_new_record_belongs_to_the_patients_practice_and_linked_account()
    {
        var patient = Linked();
        var slot = new AppointmentSlot(Ada.Id, Here.Id, "Room 2", Now, Now.AddHours(1));
        var appointment = Appointment.Book(patient, Ada, Here, slot, "Back pain", Now);
        Assert.Equal(slot, appointment.Slot);
        Assert.Equal(
            (patient.GroupId, patient.Id, patient.AccountId, Ada.Id, "Ada Moss", Here),
            (
                appointment.GroupId,
                appointment.PatientId,
                appointment.AccountId,
                appointment.PractitionerId,
                appointment.PractitionerName,
                (appointment.LocationId, appointment.LocationName, appointment.LocationTimeZone)
            )
        );
        Assert.Equal(
            (Now, Now.AddHours(1), "Back pain", AppointmentStatus.Booked),
            (appointment.StartsAt, appointment.EndsAt, appointment.Reason, appointment.Status)
        );
        Assert.NotEqual(Guid.Empty, appointment.Id);
        appointment.Cancel();
        Assert.Equal(AppointmentStatus.Cancelled, appointment.Status);

        var amended = ClinicalRecord.Record(patient, Ada, ClinicalRecordKind.Note, "Visit", "Stiff.", Now, false, Now);
        for (var number = 1; number <= 100; number++)
            Assert.False(amended.Amend(Ada, $"{number}", Now).IsError);
        Assert.Equal("portal.too_many_amendments", amended.Amend(Ada, "101", Now).FirstError.Code);
        Assert.Equal(("1", "100"), (amended.Amendments[0].Text, amended.Amendments[^1].Text));

        var record = ClinicalRecord.Record(patient, Ada, ClinicalRecordKind.Letter, "Visit", "Stiff.", Now, true, Now);
        Assert.Equal(
            (
                patient.GroupId,
                patient.Id,
                patient.AccountId,
                Ada.Id,
                "Ada Moss",
                ClinicalRecordKind.Letter,
                "Visit",
                "Stiff.",
                Now
            ),
            (
                record.GroupId,
                record.PatientId,
                record.AccountId,
                record.AuthorId,
                record.AuthorName,
                record.Kind,
                record.Title,
                record.Body,
                record.RecordedAt
            )
        );
        Assert.NotEqual(Guid.Empty, record.Id);
    }

    [Fact]
    public void An_invoices_total_is_the_sum_of_its_lines_each_to_the_hundredth_half_away_from_zero()
    {
        var patient = Linked();
        var invoice = Invoice.Issue(
            patient,
            Ada.Id,
            null,
            null,
            InvoiceLetterhead.OfEarlier(patient),
            "INV-1",
            Today,
            Today.AddDays(14),
            "AUD",
            [new("Visit", 1.5m, 80.11m), new("Tape", 0.5m, 0.01m), new("Half", 0.5m, 0.05m)],
            Now
        );
        Assert.Equal(
            (patient.GroupId, patient.Id, patient.AccountId, Ada.Id, "INV-1", Today, Today.AddDays(14), "AUD", 3),
            (
                invoice.GroupId,
                invoice.PatientId,
                invoice.AccountId,
                invoice.IssuedById,
                invoice.Number,
                invoice.IssuedOn,
                invoice.DueOn,
                invoice.Currency,
                invoice.Lines.Count
            )
        );
        Assert.Equal(120.17m + 0.01m + 0.03m, invoice.Total);
        Assert.NotEqual(Guid.Empty, invoice.Id);
    }

    [Theory]
    [InlineData(RequestKind.Appointment, RequestStatus.Open)]
    [InlineData(RequestKind.HealthNote, RequestStatus.Open)]
    [InlineData(RequestKind.Cancellation, RequestStatus.Confirmed)]
    [InlineData(RequestKind.ContactDetails, RequestStatus.Confirmed)]
    [InlineData(RequestKind.GuardianshipEnding, RequestStatus.Confirmed)]
    public void Only_requests_that_need_a_decision_are_open(RequestKind kind, RequestStatus status) =>
        Assert.Equal(status, PortalRequest.Send(Linked(), Account, kind, null, (null, ""), "Jo Reed", Now).Status);

    [Fact]
    public void A_request_keeps_its_sender_account_and_decision()
    {
        var (patient, appointment) = (Linked(), Guid.CreateVersion7());
        var request = PortalRequest.Send(
            patient,
            Account,
            RequestKind.Appointment,
            "Back pain",
            Ada,
            "Jo Reed",
            Now,
            Now.AddDays(1),
            Ada.Id,
            Here.Id,
            appointment
        );
        Assert.Equal(
            (patient.GroupId, patient.Id, Account, RequestKind.Appointment, "Back pain", Ada.Id, "Ada Moss", "Jo Reed"),
            (
                request.GroupId,
                request.PatientId,
                request.AccountId,
                request.Kind,
                request.Text,
                request.SentById,
                request.SentByName,
                request.ActingFor
            )
        );
        Assert.Equal(
            (Now.AddDays(1), Ada.Id, Here.Id, appointment, Now, null),
            (
                request.StartsAt,
                request.PractitionerId,
                request.LocationId,
                request.AppointmentId,
                request.SentAt,
                request.DecidedAt
            )
        );
        Assert.NotEqual(Guid.Empty, request.Id);

        var made = Guid.CreateVersion7();
        request.Confirm(made, Now.AddHours(1));
        Assert.Equal(
            (RequestStatus.Confirmed, made, Now.AddHours(1)),
            (request.Status, request.AppointmentId, request.DecidedAt)
        );
        request.Confirm(null, Now.AddHours(2));
        Assert.Equal(made, request.AppointmentId);
        request.Decline(Now.AddHours(3));
        Assert.Equal((RequestStatus.Declined, Now.AddHours(3)), (request.Status, request.DecidedAt));
        request.Cancel(Now.AddHours(4));
        Assert.Equal((RequestStatus.Cancelled, Now.AddHours(4)), (request.Status, request.DecidedAt));
    }

    [Fact]
    public void An_invitation_is_open_for_thirty_days_and_until_it_is_claimed()
    {
        var patient = Linked();
        var invitation = PatientInvitation.Make(patient, " Jo@Practice.test ", forGuardian: true, Today, Now);
        Assert.Equal(
            (patient.GroupId, patient.Id, "Jo@Practice.test", "JO@PRACTICE.TEST", true, Today, Now, null),
            (
                invitation.GroupId,
                invitation.PatientId,
                invitation.Email,
                invitation.NormalizedEmail,
                invitation.ForGuardian,
                invitation.GuardianUntil,
                invitation.CreatedAt,
                invitation.TokenHash
            )
        );
        Assert.NotEqual(Guid.Empty, invitation.Id);
        Assert.True(invitation.IsOpen(Now.AddDays(30).AddTicks(-1)));
        Assert.False(invitation.IsOpen(Now.AddDays(30)));
        invitation.Issue("hash");
        Assert.Equal("hash", invitation.TokenHash);
        invitation.Claim(Now);
        Assert.Equal((Now, false), (invitation.ClaimedAt, invitation.IsOpen(Now)));
    }

    [Fact]
    public void An_invitations_token_names_its_group()
    {
        var group = Guid.CreateVersion7();
        Assert.Equal(group, InvitationTokens.GroupOf($"{group:n}.secret"));
        foreach (
            var wrong in new[]
            {
                "",
                "secret",
                $"{group:n}",
                $"{group:n}.",
                $"{group}.secret",
                $"{group:n}.secret.more",
                "x.secret",
            }
        )
            Assert.Null(InvitationTokens.GroupOf(wrong));
    }

    [Fact]
    public void A_patients_code_is_the_end_of_their_id()
    {
        var patient = Linked();
        Assert.Equal($"P-{patient.Id.ToString("n").ToUpperInvariant()[24..]}", patient.Code);
    }

    [Fact]
    public void Clinical_entries_of_the_access_log_are_those_of_clinical_records_and_health_notes() =>
        Assert.Equal(
            ["clinicalRecords", "clinicalRecord", "healthNotes", "healthNoteAdded"],
            AccessLogEntry.ClinicalActions.Select(action => action.ToCode())
        );

    private static Patient Linked()
    {
        var patient = Patient.Add(Guid.CreateVersion7(), "The clinic", Ada.Id, Now);
        patient.LinkTo(Account);
        return patient;
    }
}
