using System.Globalization;
using Practice.Contracts.Groups;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Webhooks;

namespace Practice.Users.Domain;

/// <summary>
/// What a notification says, with what a front end needs to act on it. All notifications are written here, one method
/// each.
/// </summary>
internal sealed record NotificationContent(NotificationKind Kind, string Title, string Body, NotificationData Data)
{
    public static NotificationContent Invitation(
        Guid groupId,
        string groupName,
        Guid invitationId,
        string invitedBy,
        DateTimeOffset expiresAt
    ) =>
        new(
            NotificationKind.Invitation,
            $"{invitedBy} invites you to {groupName}",
            "Accept to become a member, or reject the invitation.",
            NotificationData.OfInvitation(groupId, invitationId, InvitationStatus.Pending, expiresAt)
        );

    /// <summary>
    /// An invitation that was closed before it was shown: each event has its own queue, and the second one was faster.
    /// The first one adds the text.
    /// </summary>
    public static NotificationContent ClosedInvitation(Guid groupId, Guid invitationId, InvitationStatus status) =>
        new(
            NotificationKind.Invitation,
            "Invitation",
            "",
            NotificationData.OfInvitation(groupId, invitationId, status, expiresAt: null)
        );

    public static NotificationContent Joined(Guid groupId, string groupName) =>
        new(
            NotificationKind.Joined,
            $"Welcome to {groupName}",
            "You are now a member.",
            NotificationData.OfGroup(groupId)
        );

    public static NotificationContent AccessChanged(Guid groupId, string groupName) =>
        new(
            NotificationKind.AccessChanged,
            $"Your access in {groupName} has changed",
            "What you can see and do there may be different now.",
            NotificationData.OfGroup(groupId)
        );

    public static NotificationContent Deactivated(Guid groupId, string groupName) =>
        new(
            NotificationKind.Deactivation,
            $"Your access to {groupName} has ended",
            "Your account and your access elsewhere stay the same.",
            NotificationData.OfGroup(groupId)
        );

    public static NotificationContent Reactivated(Guid groupId, string groupName) =>
        new(
            NotificationKind.Reactivation,
            $"Your access to {groupName} is back",
            "You have the same access level and settings as before. Locations that were archived meanwhile "
                + "are left out.",
            NotificationData.OfGroup(groupId)
        );

    public static NotificationContent PortalAccessRequested(
        Guid accountId,
        Guid grantId,
        string accountName,
        string requesterName,
        string requesterEmail,
        PortalRole role
    ) =>
        new(
            NotificationKind.PortalRequest,
            $"{requesterName} asks for access to the patient portal of {accountName}",
            $"{requesterEmail} asks for access: {Wording.Of(role)}. They see nothing until you grant it.",
            NotificationData.OfPortalAccount(accountId, grantId)
        );

    public static NotificationContent PortalAccessGranted(
        Guid accountId,
        Guid grantId,
        string accountName,
        PortalRole role
    ) =>
        new(
            NotificationKind.PortalGranted,
            $"You have access to the patient portal of {accountName}",
            $"Your access: {Wording.Of(role)}.",
            NotificationData.OfPortalAccount(accountId, grantId)
        );

    public static NotificationContent PortalAccessRevoked(Guid accountId, Guid grantId, string accountName) =>
        new(
            NotificationKind.PortalRevoked,
            $"Your access to the patient portal of {accountName} has ended",
            "Your own account stays the same.",
            NotificationData.OfPortalAccount(accountId, grantId)
        );

    public static NotificationContent GuardianshipRequested(
        Guid guardianshipId,
        string dependantName,
        string askedBy
    ) =>
        new(
            NotificationKind.GuardianshipRequested,
            $"{askedBy} asks you to be a guardian of {dependantName}",
            $"If you accept, you can open and change the patient portal of {dependantName}. "
                + $"{askedBy} is not told if you decline.",
            NotificationData.OfGuardianship(guardianshipId)
        );

    public static NotificationContent GuardianAdded(Guid accountId, string dependantName, string guardianName) =>
        new(
            NotificationKind.GuardianAdded,
            $"{guardianName} is now a guardian of {dependantName}",
            "They can open and change the patient portal, as you can.",
            NotificationData.OfPortalAccount(accountId)
        );

    public static NotificationContent TakeoverInvited(Guid accountId, string dependantName, string practiceName) =>
        new(
            NotificationKind.TakeoverInvited,
            $"{practiceName} invites {dependantName} to their own patient portal",
            $"When they accept, you no longer see what {practiceName} keeps of them. "
                + "If this seems wrong, call the practice.",
            NotificationData.OfPortalAccount(accountId)
        );

    public static NotificationContent PatientUnlinked(
        Guid accountId,
        string accountName,
        string patientFirstName,
        string practiceName
    ) =>
        new(
            NotificationKind.PatientUnlinked,
            $"The records of {patientFirstName} at {practiceName} are no longer linked",
            $"{practiceName} has unlinked them from the patient portal of {accountName}. If this seems wrong, call the "
                + "practice.",
            NotificationData.OfPortalAccount(accountId)
        );

    /// <param name="person">Whose access it is; null for the person who reads this.</param>
    public static NotificationContent PortalPaused(
        Guid accountId,
        string accountName,
        string practiceName,
        string? person
    ) =>
        new(
            NotificationKind.PortalPaused,
            person is null
                ? $"{practiceName} has paused your access to the records of {accountName}"
                : $"{practiceName} has paused the access of {person} to the records of {accountName}",
            person is null
                ? $"The portal does not show you what {practiceName} keeps. If this seems wrong, call the practice."
                : $"The portal does not show them what {practiceName} keeps. If this seems wrong, call the practice.",
            NotificationData.OfPortalAccount(accountId)
        );

    /// <inheritdoc cref="PortalPaused"/>
    public static NotificationContent PortalResumed(
        Guid accountId,
        string accountName,
        string practiceName,
        string? person
    ) =>
        new(
            NotificationKind.PortalResumed,
            person is null
                ? $"{practiceName} no longer pauses your access to the records of {accountName}"
                : $"{practiceName} no longer pauses the access of {person} to the records of {accountName}",
            person is null
                ? $"The portal shows you again what {practiceName} keeps."
                : $"The portal shows them again what {practiceName} keeps.",
            NotificationData.OfPortalAccount(accountId)
        );

    /// <summary>
    /// For staff, as are the ones up to <see cref="InvitationAnswered"/>. A person's notifications are of all their
    /// practices, and are read outside them: they name the practice, and never a patient.
    /// </summary>
    public static NotificationContent PatientRequest(PatientRequestSent sent) =>
        new(
            NotificationKind.PatientRequest,
            sent.Kind switch
            {
                PatientRequestKind.Appointment => $"A patient asks for an appointment at {sent.PracticeName}",
                PatientRequestKind.HealthNote => $"A patient wrote a health note to {sent.PracticeName}",
                _ => throw new ArgumentOutOfRangeException(nameof(sent), sent.Kind, null),
            },
            sent.Day is { } day ? $"For {Wording.Weekday(day)}. Confirm or decline it." : "Mark it as seen.",
            NotificationData.OfRequest(sent.GroupId, sent.RequestId, sent.PatientId)
        );

    /// <summary>A request that was decided before it was shown, as <see cref="ClosedInvitation"/>.</summary>
    public static NotificationContent ClosedRequest(Guid groupId, Guid requestId) =>
        new(NotificationKind.PatientRequest, "Request", "", NotificationData.OfRequest(groupId, requestId, null));

    /// <inheritdoc cref="ClosedRequest"/>
    public static NotificationContent ClosedAccessRequest(Guid accountId, Guid grantId) =>
        new(
            NotificationKind.PortalRequest,
            "Request for access",
            "",
            NotificationData.OfPortalAccount(accountId, grantId)
        );

    /// <param name="times">How many of the patient's appointments were cancelled since the last one was read.</param>
    public static NotificationContent AppointmentCancelled(AppointmentCancelled cancelled, int times)
    {
        var when = Wording.In(cancelled.StartsAt, cancelled.TimeZone);
        return new(
            NotificationKind.AppointmentCancelled,
            !cancelled.ByPatient ? $"Your appointment of {when} at {cancelled.PracticeName} was cancelled"
                : times == 1 ? $"A patient cancelled the appointment of {when} at {cancelled.PracticeName}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"A patient cancelled {times} appointments at {cancelled.PracticeName}, the last one of {when}"
                ),
            cancelled.ByPatient ? "They cancelled in the patient portal." : "A colleague cancelled it.",
            NotificationData.OfAppointment(
                cancelled.GroupId,
                cancelled.AppointmentId,
                cancelled.PatientId,
                cancelled.ByPatient ? times : null
            )
        );
    }

    public static NotificationContent ContactDetailsChanged(PatientContactChanged changed, int times) =>
        new(
            NotificationKind.ContactDetailsChanged,
            $"A patient of {changed.PracticeName} changed their contact details",
            "The patient's details are up to date.",
            NotificationData.OfPatient(changed.GroupId, changed.PatientId, times)
        );

    public static NotificationContent InvitationAnswered(InvitationAnswered answered, InvitationStatus status) =>
        new(
            NotificationKind.InvitationAnswered,
            status == InvitationStatus.Accepted
                ? $"{answered.Email} accepted the invitation to {answered.GroupName}"
                : $"{answered.Email} rejected the invitation to {answered.GroupName}",
            status == InvitationStatus.Accepted
                ? "They are a member now."
                : "To have them join later, invite them again.",
            NotificationData.OfInvitation(answered.GroupId, answered.InvitationId, status, expiresAt: null)
        );

    public static NotificationContent WebhookDisabled(WebhookDisabled disabled, string practiceName) =>
        new(
            NotificationKind.WebhookDisabled,
            $"{practiceName} no longer sends webhooks to {disabled.Host}",
            disabled.Why switch
            {
                WebhookStop.Failing => "The receiver took nothing for a day, so the webhook was turned off.",
                WebhookStop.Gone => "The receiver said that it wants no more, so the webhook was turned off.",
                WebhookStop.Backlog => "Too much was waiting for the receiver, so the webhook was turned off.",
                WebhookStop.MakerLeft => "Who made the webhook is no longer a member, and an owner had it turned off.",
                _ => throw new ArgumentOutOfRangeException(nameof(disabled), disabled.Why, null),
            },
            NotificationData.OfGroup(disabled.GroupId)
        );

    /// <param name="isConnected">Whether the person has connected the provider that is required.</param>
    public static NotificationContent SignInRule(SignInRuleChanged changed, bool isConnected) =>
        new(
            NotificationKind.SignInRule,
            changed.Provider is { } provider
                ? $"{changed.GroupName} requires a sign-in with {provider}"
                : $"{changed.GroupName} takes any sign-in again",
            changed.Provider is null ? "You can sign in with your password, a passkey or an identity provider."
                : isConnected ? $"You have connected {changed.Provider}. From now on sign in with it."
                : $"To open the practice, connect {changed.Provider} under Security, then sign in with it.",
            NotificationData.OfGroup(changed.GroupId)
        );

    public static NotificationContent SecondFactorLost(DateTimeOffset endsAt) =>
        new(
            NotificationKind.SecondFactorLost,
            "Two-factor authentication is about to turn off",
            $"Someone reset your password by email and said that your second factor is lost. It ends on "
                + $"{Wording.Time(endsAt)}. If it was not you, keep it on.",
            NotificationData.OfAccount()
        );

    public static NotificationContent GuardianshipEnding(
        Guid accountId,
        string dependantName,
        GuardianshipLimit limit,
        DateOnly on,
        int days
    ) =>
        new(
            NotificationKind.GuardianshipEnding,
            TitleOf(limit, dependantName, on),
            $"This happens in {Wording.Days(days)}. Nothing changes until then.",
            NotificationData.OfPortalAccount(accountId)
        );

    /// <summary>Also the subject of the email.</summary>
    public static string TitleOf(GuardianshipLimit limit, string dependantName, DateOnly on) =>
        limit switch
        {
            GuardianshipLimit.ClinicalSuspended =>
                $"Your access to the clinical records of {dependantName} ends on {Wording.Date(on)}",
            GuardianshipLimit.GuardianshipEnds => $"Your guardianship of {dependantName} ends on {Wording.Date(on)}",
            _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, null),
        };
}
