using System.Text.Json;
using Practice.Authorization;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Domain.Tests;

/// <summary>Access levels and settings, and what one member may do to another.</summary>
public sealed class AccessTests
{
    private static readonly Guid Here = Guid.CreateVersion7(),
        There = Guid.CreateVersion7();

    [Theory]
    [InlineData(RoleType.Practitioner, AccessLevel.Personal)]
    [InlineData(RoleType.Practitioner, AccessLevel.Contact, "othersPatients", "othersCalendars", "othersInvoices")]
    [InlineData(
        RoleType.Practitioner,
        AccessLevel.Clinical,
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "othersClinicalRecords"
    )]
    [InlineData(
        RoleType.Practitioner,
        AccessLevel.Full,
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "othersClinicalRecords",
        "financialReports",
        "exportData",
        "manageUsers",
        "manageLocations"
    )]
    [InlineData(RoleType.Administrator, AccessLevel.Reception, "othersPatients", "othersCalendars")]
    [InlineData(
        RoleType.Administrator,
        AccessLevel.Billing,
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "financialReports"
    )]
    [InlineData(
        RoleType.Administrator,
        AccessLevel.Manager,
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "financialReports",
        "exportData",
        "manageUsers",
        "manageLocations"
    )]
    [InlineData(
        RoleType.Administrator,
        AccessLevel.Full,
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "othersClinicalRecords",
        "financialReports",
        "exportData",
        "manageUsers",
        "manageLocations"
    )]
    public void A_level_sets_just_these(RoleType roleType, AccessLevel level, params string[] settings)
    {
        Assert.True(level.IsFor(roleType));
        Assert.Equal(
            settings.Order(StringComparer.Ordinal),
            AccessLevels
                .Describe(AccessLevels.Preset(roleType, level))
                .Where(setting => setting.Value)
                .Select(setting => setting.Key)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_level_is_for_one_role_type_but_full_is_for_both()
    {
        Assert.Equal(8, AccessLevels.All.Count());
        Assert.False(AccessLevel.Personal.IsFor(RoleType.Administrator));
        Assert.False(AccessLevel.Manager.IsFor(RoleType.Practitioner));
    }

    [Fact]
    public void The_catalogue_names_eleven_settings_and_the_owner_flag_is_none_of_them()
    {
        Assert.Equal(11, AccessLevels.Settings.Count);
        Assert.Equal(Access.OthersPatients, AccessLevels.Settings["othersPatients"]);
        Assert.DoesNotContain(Access.Owner, AccessLevels.Settings.Values);
        Assert.DoesNotContain(Access.None, AccessLevels.Settings.Values);
        Assert.Equal(
            Access.RestrictToAssignedLocations | Access.HidePatientNames | Access.ReadOnly,
            AccessLevels.Restrictions
        );
    }

    [Fact]
    public void Only_what_differs_from_the_preset_is_a_switch()
    {
        var reception = Of(AccessLevel.Reception);
        var choice = AccessChoice.Of(
            reception,
            new Dictionary<string, bool>
            {
                ["othersPatients"] = true,
                ["othersCalendars"] = false,
                ["exportData"] = true,
                ["manageUsers"] = false,
            }
        );
        Assert.Equal(new AccessChoice(AccessLevel.Reception, Access.ExportData, Access.OthersCalendars), choice);
        Assert.Equal(Access.OthersPatients | Access.ExportData, choice.Effective(RoleType.Administrator));
        Assert.Equal(
            [("exportData", true), ("othersCalendars", false)],
            choice
                .Switches(reception)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (pair.Key, pair.Value))
        );
        Assert.Empty(AccessChoice.Of(reception, null).Switches(reception));
    }

    [Theory]
    [InlineData(Access.ManageUsers, Access.ManageUsers, true)]
    [InlineData(Access.None, Access.ManageUsers, true)]
    [InlineData(Access.ExportData, Access.ManageUsers, false)]
    [InlineData(Access.ReadOnly, Access.None, true)]
    [InlineData(Access.None, Access.ReadOnly, false)]
    [InlineData(Access.ReadOnly, Access.ReadOnly, true)]
    [InlineData(Access.ExportData | Access.ReadOnly, Access.ReadOnly, false)]
    [InlineData(Access.ExportData, Access.ExportData | Access.HidePatientNames, false)]
    [InlineData(Access.HidePatientNames | Access.ReadOnly, Access.HidePatientNames, true)]
    public void Access_is_within_a_members_own_if_it_allows_no_more_and_lifts_none_of_their_restrictions(
        Access access,
        Access holder,
        bool within
    ) => Assert.Equal(within, access.IsWithin(holder));

    [Fact]
    public void Granting_access_requires_managing_users_and_having_that_access()
    {
        var manager = Member(AccessLevel.Manager);
        Assert.True(manager.MayGrant(Access.OthersPatients, [Here, There]));
        Assert.False(manager.MayGrant(Access.OthersClinicalRecords, []));
        Assert.False(Member(AccessLevel.Billing).MayGrant(Access.None, []));
        Assert.True(Owner().MayGrant(AccessLevels.Everything, [There]));
    }

    [Fact]
    public void A_member_restricted_to_locations_assigns_no_others_and_without_any_assigns_nothing()
    {
        var restricted = Member(AccessLevel.Manager, Access.RestrictToAssignedLocations, Here);
        Assert.True(restricted.MayAssign([Here]));
        Assert.True(restricted.MayAssign([]));
        Assert.False(restricted.MayAssign([Here, There]));
        Assert.False(Member(AccessLevel.Manager, Access.RestrictToAssignedLocations).MayAssign([]));
        Assert.True(Member(AccessLevel.Manager).MayAssign([There]));

        var granted = Access.RestrictToAssignedLocations | Access.OthersPatients;
        Assert.True(restricted.MayGrant(granted, [Here]));
        Assert.False(restricted.MayGrant(granted, [There]));
        Assert.False(restricted.MayGrant(Access.OthersPatients, [Here]));
    }

    [Fact]
    public void A_member_is_managed_by_members_with_at_least_their_access()
    {
        var (manager, reception, full) = (
            Member(AccessLevel.Manager),
            Member(AccessLevel.Reception),
            Member(AccessLevel.Full)
        );
        Assert.True(manager.MayManage(reception));
        Assert.False(manager.MayManage(full));
        Assert.True(full.MayManage(manager));
        Assert.True(manager.Outranks(reception));
        Assert.False(reception.Outranks(manager));
    }

    [Fact]
    public void Only_owners_manage_owners()
    {
        Assert.True(Owner().MayManage(Owner()));
        Assert.False(Member(AccessLevel.Full).MayManage(Owner()));
        Assert.False(Member(AccessLevel.Full).Outranks(Owner()));
    }

    [Fact]
    public void A_restricted_manager_manages_members_at_their_own_locations_and_themselves()
    {
        var restricted = Member(AccessLevel.Manager, Access.RestrictToAssignedLocations, Here);
        Assert.True(restricted.MayManage(Member(AccessLevel.Reception, Access.RestrictToAssignedLocations, Here)));
        Assert.False(
            restricted.MayManage(Member(AccessLevel.Reception, Access.RestrictToAssignedLocations, Here, There))
        );
        var nowhere = Member(AccessLevel.Manager, Access.RestrictToAssignedLocations);
        Assert.True(nowhere.MayManage(nowhere));
        Assert.False(nowhere.MayManage(Member(AccessLevel.Reception, Access.RestrictToAssignedLocations)));
    }

    [Fact]
    public void A_choice_fails_for_the_wrong_role_type_for_a_restricted_owner_and_beyond_the_actors_own_access()
    {
        var (owner, manager, member) = (Owner(), Member(AccessLevel.Manager), Member(AccessLevel.Reception));
        Assert.Equal(
            "groups.level_not_for_role_type",
            Level.Of(RoleType.Administrator, AccessLevel.Contact).FirstError.Code
        );
        Assert.Equal(
            "groups.owner_has_full_access",
            owner.ChooseAccess(member, Of(AccessLevel.Manager), null, owner: true).FirstError.Code
        );
        Assert.Equal(
            "groups.owner_has_full_access",
            owner.ChooseAccess(Owner(), Of(AccessLevel.Reception), null, null).FirstError.Code
        );
        Assert.Equal(
            "groups.beyond_own_access",
            manager.ChooseAccess(member, Of(AccessLevel.Full), null, null).FirstError.Code
        );
        Assert.Equal(
            "groups.beyond_own_access",
            Member(AccessLevel.Full).ChooseAccess(member, Of(AccessLevel.Full), null, owner: true).FirstError.Code
        );
        Assert.Equal(
            "groups.beyond_own_access",
            Member(AccessLevel.Full).ChooseAccess(Owner(), Of(AccessLevel.Full), null, owner: false).FirstError.Code
        );

        Assert.Equal(
            (new AccessChoice(AccessLevel.Full, Access.None, Access.None), true),
            owner.ChooseAccess(member, Of(AccessLevel.Full), null, owner: true).Value
        );
        Assert.Equal(
            (new AccessChoice(AccessLevel.Reception, Access.None, Access.None), false),
            owner.ChooseAccess(Owner(), Of(AccessLevel.Reception), null, owner: false).Value
        );
        Assert.Equal(
            (new AccessChoice(AccessLevel.Billing, Access.ExportData, Access.None), false),
            manager
                .ChooseAccess(
                    member,
                    Of(AccessLevel.Billing),
                    new Dictionary<string, bool> { ["exportData"] = true },
                    null
                )
                .Value
        );
    }

    [Fact]
    public void Nobody_gives_themselves_the_name_of_a_level_that_they_do_not_hold()
    {
        var me = Member(AccessLevel.Reception, Access.ManageUsers);
        var switches = AccessLevels.Settings.Keys.ToDictionary(name => name, name => name == "manageUsers");
        Assert.Equal(
            "groups.beyond_own_access",
            me.ChooseAccess(me, Of(AccessLevel.Full), switches, null).FirstError.Code
        );
        // Another's is the business of who gives it.
        Assert.False(me.ChooseAccess(Member(AccessLevel.Reception), Of(AccessLevel.Full), switches, null).IsError);
        var manager = Member(AccessLevel.Manager);
        Assert.False(manager.ChooseAccess(manager, Of(AccessLevel.Billing), null, null).IsError);
        var owner = Owner();
        Assert.False(owner.ChooseAccess(owner, Of(AccessLevel.Full), null, null).IsError);
    }

    private static Level Of(AccessLevel level) => Level.Of(RoleType.Administrator, level).Value;

    internal static Membership Member(AccessLevel level, Access switchedOn = Access.None, params Guid[] locations) =>
        Membership.Join(
            Guid.CreateVersion7(),
            Profile(RoleType.Administrator),
            new AccessChoice(level, switchedOn, Access.None),
            locations,
            DateTimeOffset.UnixEpoch
        );

    internal static Membership Owner() =>
        Membership.JoinAsFirstOwner(
            Guid.CreateVersion7(),
            Profile(RoleType.Administrator),
            Here,
            DateTimeOffset.UnixEpoch
        );

    internal static MemberProfile Profile(RoleType roleType, string? title = "Dr", string? number = null) =>
        new(Guid.CreateVersion7(), "Ada@practice.test", title, "Ada", "Moss", roleType, "nurse", number);
}

/// <summary>A membership from joining to deactivation.</summary>
public sealed class MembershipTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Here = Guid.CreateVersion7(),
        There = Guid.CreateVersion7();

    [Fact]
    public void A_new_member_is_active_with_the_given_access_and_each_location_once()
    {
        var (group, profile) = (Guid.CreateVersion7(), AccessTests.Profile(RoleType.Practitioner, number: "PHY1"));
        var member = Membership.Join(
            group,
            profile,
            new AccessChoice(AccessLevel.Contact, Access.ExportData, Access.OthersInvoices),
            [Here, There, Here],
            Now
        );
        Assert.Equal(
            (group, profile.UserId, "Ada@practice.test", "Dr", "Ada", "Moss"),
            (member.GroupId, member.UserId, member.Email, member.Title, member.FirstName, member.LastName)
        );
        Assert.Equal(
            (RoleType.Practitioner, "nurse", "PHY1", false),
            (member.RoleType, member.Profession, member.RegistrationNumber, member.IsOwner)
        );
        Assert.Equal(new AccessChoice(AccessLevel.Contact, Access.ExportData, Access.OthersInvoices), member.Choice);
        Assert.Equal(Access.OthersPatients | Access.OthersCalendars | Access.ExportData, member.Effective);
        Assert.Equal([Here, There], member.LocationIds);
        Assert.Equal((true, Now, null), (member.IsActive, member.JoinedAt, member.DeactivatedAt));
    }

    [Fact]
    public void The_first_owner_has_full_access_at_the_first_location()
    {
        var owner = Membership.JoinAsFirstOwner(
            Guid.CreateVersion7(),
            AccessTests.Profile(RoleType.Administrator),
            Here,
            Now
        );
        Assert.True(owner.IsOwner);
        Assert.Equal(AccessLevel.Full, owner.Level);
        Assert.Equal(AccessLevels.Everything | Access.Owner, owner.Effective);
        Assert.Equal([Here], owner.LocationIds);
        Assert.Equal(Now, owner.JoinedAt);
    }

    [Theory]
    [InlineData(RoleType.Practitioner, null, true)]
    [InlineData(RoleType.Practitioner, "PHY1", false)]
    [InlineData(RoleType.Administrator, null, false)]
    public void A_registration_is_pending_for_a_practitioner_without_a_number(
        RoleType roleType,
        string? number,
        bool pending
    ) => Assert.Equal(pending, Of(roleType, number).RegistrationPending);

    [Fact]
    public void The_display_name_leaves_out_what_is_not_there()
    {
        Assert.Equal("Dr Ada Moss", Of(RoleType.Administrator).DisplayName);
        var untitled = Membership.Join(
            Guid.CreateVersion7(),
            AccessTests.Profile(RoleType.Administrator, title: null),
            default,
            [],
            Now
        );
        Assert.Equal("Ada Moss", untitled.DisplayName);
        untitled.SyncAccount("new@practice.test", "Prof", "Eva", "Lund");
        Assert.Equal(("new@practice.test", "Prof Eva Lund"), (untitled.Email, untitled.DisplayName));
    }

    [Fact]
    public void Conversion_changes_the_role_type_and_what_depends_on_it_but_not_ownership()
    {
        var member = Of(RoleType.Practitioner, "PHY1");
        member.Convert(
            RoleType.Administrator,
            "receptionist",
            null,
            new AccessChoice(AccessLevel.Billing, Access.ExportData, Access.None)
        );
        Assert.Equal(
            (RoleType.Administrator, "receptionist", null, AccessLevel.Billing, Access.ExportData, false),
            (
                member.RoleType,
                member.Profession,
                member.RegistrationNumber,
                member.Level,
                member.SwitchedOn,
                member.IsOwner
            )
        );
        var owner = Membership.JoinAsFirstOwner(
            Guid.CreateVersion7(),
            AccessTests.Profile(RoleType.Administrator),
            Here,
            Now
        );
        owner.Convert(
            RoleType.Practitioner,
            "nurse",
            "N1",
            new AccessChoice(AccessLevel.Full, Access.None, Access.None)
        );
        Assert.True(owner.IsOwner);
        Assert.Equal("N1", owner.RegistrationNumber);
    }

    [Fact]
    public void Access_is_set_as_a_whole_and_locations_each_once()
    {
        var member = Of(RoleType.Administrator);
        member.ChangeAccess(new AccessChoice(AccessLevel.Full, Access.ReadOnly, Access.ExportData), owner: true);
        Assert.Equal(
            (AccessLevel.Full, Access.ReadOnly, Access.ExportData, true),
            (member.Level, member.SwitchedOn, member.SwitchedOff, member.IsOwner)
        );
        Assert.Equal(AccessLevels.Everything | Access.Owner, member.Effective); // nothing restricts an owner
        member.Assign([There, There]);
        Assert.Equal([There], member.LocationIds);
    }

    [Fact]
    public void Deactivation_keeps_level_settings_and_locations_for_reactivation()
    {
        var member = Of(RoleType.Administrator);
        member.Deactivate("On leave", Now);
        Assert.Equal(
            (false, MemberStatus.Deactivated, Now, "On leave"),
            (member.IsActive, member.Status, member.DeactivatedAt, member.DeactivationReason)
        );
        Assert.Equal([Here], member.LocationIds);
        member.Reactivate();
        Assert.Equal(
            (true, null, null, AccessLevel.Reception),
            (member.IsActive, member.DeactivatedAt, member.DeactivationReason, member.Level)
        );
    }

    [Fact]
    public void A_group_keeps_its_settings_until_they_are_changed()
    {
        var id = Guid.CreateVersion7();
        var group = Group.Create(id, "  The clinic ", Now);
        Assert.Equal(
            (id, "The clinic", Now, true, 24, "AUD", 14, false),
            (
                group.Id,
                group.Name,
                group.CreatedAt,
                group.RemindersEnabled,
                group.RemindersHoursBefore,
                group.InvoiceCurrency,
                group.InvoiceDueAfterDays,
                group.RequiresTwoFactor
            )
        );
        group.Rename(" Another ");
        Assert.True(group.Remind(false, 48, byText: true));
        Assert.False(group.Remind(false, 48, byText: true)); // which changes nothing
        group.Invoice("EUR", 30);
        group.RequireTwoFactor(true);
        Assert.Equal(
            ("Another", false, 48, "EUR", 30, true),
            (
                group.Name,
                group.RemindersEnabled,
                group.RemindersHoursBefore,
                group.InvoiceCurrency,
                group.InvoiceDueAfterDays,
                group.RequiresTwoFactor
            )
        );
    }

    [Fact]
    public void A_reservation_is_for_one_email_in_any_spelling_and_counts_attempts()
    {
        var group = Guid.CreateVersion7();
        var reservation = Reservation.Create(group, " Ada@Practice.test ", Now);
        Assert.Equal(
            (group, "ADA@PRACTICE.TEST", Now, 0),
            (reservation.GroupId, reservation.NormalizedEmail, reservation.ReservedAt, reservation.Attempts)
        );
        Assert.NotEqual(Guid.Empty, reservation.UserId);
        Assert.Equal((1, 2), (reservation.BeginAttempt(Now), reservation.BeginAttempt(Now.AddDays(1))));
        Assert.Equal(Now.AddDays(1), reservation.ReservedAt); // it ends a month after the last attempt
    }

    [Fact]
    public void A_profession_is_one_of_the_list()
    {
        Assert.True(Professions.IsKnown("nurse"));
        Assert.True(Professions.IsKnown("other"));
        Assert.False(Professions.IsKnown("Nurse"));
        Assert.False(Professions.IsKnown(null));
    }

    private static Membership Of(RoleType roleType, string? number = null) =>
        Membership.Join(
            Guid.CreateVersion7(),
            AccessTests.Profile(roleType, number: number),
            new AccessChoice(
                roleType == RoleType.Practitioner ? AccessLevel.Personal : AccessLevel.Reception,
                Access.None,
                Access.None
            ),
            [Here],
            Now
        );
}

/// <summary>An invitation, from its creation to the answer.</summary>
public sealed class InvitationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7),
        Tick = TimeSpan.FromTicks(1);
    private static readonly Guid Here = Guid.CreateVersion7(),
        There = Guid.CreateVersion7();

    [Fact]
    public void It_offers_what_the_inviter_chose_for_a_week()
    {
        var (group, inviter) = (
            Group.Create(Guid.CreateVersion7(), "The clinic", Now),
            AccessTests.Member(AccessLevel.Manager)
        );
        var profile = AccessTests.Profile(RoleType.Administrator, number: "N1");
        var invitation = Invitation.Create(
            group,
            inviter,
            profile,
            new AccessChoice(AccessLevel.Reception, Access.ExportData, Access.OthersPatients),
            [Here, Here],
            Now,
            Week
        );
        Assert.Equal(
            (group.Id, "The clinic", profile.UserId, "Ada@practice.test", "ADA@PRACTICE.TEST"),
            (invitation.GroupId, invitation.GroupName, invitation.UserId, invitation.Email, invitation.NormalizedEmail)
        );
        Assert.Equal(
            (RoleType.Administrator, "nurse", "N1"),
            (invitation.RoleType, invitation.Profession, invitation.RegistrationNumber)
        );
        Assert.Equal(
            new AccessChoice(AccessLevel.Reception, Access.ExportData, Access.OthersPatients),
            invitation.Choice
        );
        Assert.Equal([Here], invitation.LocationIds);
        Assert.Equal(
            (inviter.UserId, "Dr Ada Moss", Now, Now + Week, null),
            (
                invitation.InvitedById,
                invitation.InvitedByName,
                invitation.CreatedAt,
                invitation.ExpiresAt,
                invitation.AnsweredAt
            )
        );
        Assert.NotEqual(Guid.Empty, invitation.Id);

        Assert.Equal(InvitationStatus.Pending, invitation.StatusAt(Now + Week - Tick));
        Assert.Null(invitation.WhyNotAnswerable(Now + Week - Tick));
        Assert.Equal(InvitationStatus.Expired, invitation.StatusAt(Now + Week));
        Assert.Equal("groups.invitation_expired", invitation.WhyNotAnswerable(Now + Week)!.Value.Code);
    }

    [Fact]
    public void It_is_answered_once()
    {
        var invitation = Create();
        invitation.Close(InvitationStatus.Rejected, Now + Tick);
        Assert.Equal(Now + Tick, invitation.AnsweredAt);
        Assert.Equal("groups.invitation_not_pending", invitation.WhyNotAnswerable(Now)!.Value.Code);
        Assert.Equal(InvitationStatus.Rejected, invitation.StatusAt(Now + Week));
    }

    [Fact]
    public void It_can_be_resent_after_five_minutes_and_expires_a_week_later()
    {
        var invitation = Create();
        Assert.False(invitation.CanBeResent(Now + TimeSpan.FromMinutes(5) - Tick));
        var later = Now + TimeSpan.FromMinutes(5);
        Assert.True(invitation.CanBeResent(later));
        invitation.Renew(later, Week);
        Assert.Equal(later + Week, invitation.ExpiresAt);
        Assert.False(invitation.CanBeResent(later));
    }

    [Fact]
    public void The_last_person_to_change_it_is_its_inviter()
    {
        var (invitation, other) = (Create(), AccessTests.Owner());
        invitation.Change(
            RoleType.Practitioner,
            "podiatrist",
            "P1",
            new AccessChoice(AccessLevel.Contact, Access.ReadOnly, Access.OthersInvoices),
            [There, There]
        );
        invitation.SetInviter(other);
        Assert.Equal(
            (RoleType.Practitioner, "podiatrist", "P1"),
            (invitation.RoleType, invitation.Profession, invitation.RegistrationNumber)
        );
        Assert.Equal(new AccessChoice(AccessLevel.Contact, Access.ReadOnly, Access.OthersInvoices), invitation.Choice);
        Assert.Equal([There], invitation.LocationIds);
        Assert.Equal((other.UserId, other.DisplayName), (invitation.InvitedById, invitation.InvitedByName));
    }

    [Fact]
    public void It_is_valid_as_long_as_its_inviter_could_make_it()
    {
        var invitation = Create();
        Assert.True(invitation.CouldBeMadeBy(AccessTests.Member(AccessLevel.Manager)));
        Assert.False(invitation.CouldBeMadeBy(AccessTests.Member(AccessLevel.Billing)));
        Assert.False(invitation.CouldBeMadeBy(null));
        var gone = AccessTests.Member(AccessLevel.Manager);
        gone.Deactivate(null, Now);
        Assert.False(invitation.CouldBeMadeBy(gone));
        Assert.False(invitation.CouldBeMadeBy(AccessTests.Member(AccessLevel.Manager, Access.ReadOnly)));
    }

    [Theory]
    [InlineData(InvitationStatus.Accepted, InvitationOutcome.Accepted)]
    [InlineData(InvitationStatus.Rejected, InvitationOutcome.Rejected)]
    [InlineData(InvitationStatus.Withdrawn, InvitationOutcome.Withdrawn)]
    public void Other_modules_are_told_how_it_was_closed(InvitationStatus status, InvitationOutcome told)
    {
        var invitation = Create();
        invitation.Close(status, Now);
        Assert.Equal(
            new InvitationClosed(invitation.GroupId, invitation.Id, invitation.UserId, told),
            invitation.ToClosedEvent()
        );
    }

    [Theory]
    [InlineData(InvitationStatus.Pending)]
    [InlineData(InvitationStatus.Expired)]
    public void Nobody_is_told_about_an_invitation_that_is_open_or_expired(InvitationStatus status)
    {
        var invitation = Create();
        invitation.Close(status, Now);
        Assert.Throws<InvalidOperationException>(() => invitation.ToClosedEvent());
    }

    private static Invitation Create() =>
        Invitation.Create(
            Group.Create(Guid.CreateVersion7(), "The clinic", Now),
            AccessTests.Member(AccessLevel.Manager),
            AccessTests.Profile(RoleType.Administrator),
            new AccessChoice(AccessLevel.Reception, Access.None, Access.None),
            [Here],
            Now,
            Week
        );
}

/// <summary>What the group knows of its locations when it assigns them.</summary>
public sealed class KnownLocationsTests
{
    private static readonly Guid Open = Guid.CreateVersion7(),
        Archived = Guid.CreateVersion7(),
        Unknown = Guid.CreateVersion7();

    private static readonly KnownLocations Locations = new([
        new LocationFacts(Open, "Main street", Archived: false, "Etc/UTC"),
        new LocationFacts(Archived, "Closed", Archived: true, "Etc/UTC"),
    ]);

    [Fact]
    public void Only_active_locations_of_the_group_can_be_assigned()
    {
        Assert.Null(Locations.WhyNotAssignable([]));
        Assert.Null(Locations.WhyNotAssignable([Open]));
        Assert.Equal("locations.archived", Locations.WhyNotAssignable([Open, Archived])!.Value.Code);
        Assert.Equal("locations.unknown_location", Locations.WhyNotAssignable([Unknown])!.Value.Code);
        Assert.Equal("locations.unknown_location", Locations.WhyNotAssignable([Archived, Unknown])!.Value.Code);
        Assert.Equal("locations.unknown_location", KnownLocations.None.WhyNotAssignable([Open])!.Value.Code);
    }

    [Fact]
    public void A_location_that_was_not_asked_for_is_not_taken_for_archived()
    {
        Assert.True(Locations.IsArchived(Archived));
        Assert.False(Locations.IsArchived(Open));
        Assert.False(Locations.IsArchived(Unknown));
    }
}

/// <summary>What the audit's readers are shown of what was recorded.</summary>
public sealed class AuditDetailsTests
{
    [Theory]
    [InlineData("portal.access_paused", """{"userId":"u"}""")]
    [InlineData("portal.patient_unlinked", """{"userId":"u","reason":"A court order"}""")]
    public void The_reason_of_a_pause_is_not_for_readers_of_the_audit(string act, string shown)
    {
        var recorded = JsonElement.Parse("""{"userId":"u","reason":"A court order"}""");
        Assert.Equal(shown, JsonSerializer.Serialize(AuditDetails.Shown(act, recorded)));
    }
}
