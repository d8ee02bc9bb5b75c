namespace Practice.Users.Email;

/// <summary>
/// What an email is about. Each kind has one template in <c>Templates/</c>. The numbers are in messages that wait in
/// the database: a new kind gets the next number, and no number changes.
/// </summary>
public enum EmailKind
{
    /// <summary>Confirms the email of a sign-up.</summary>
    ConfirmSignUp = 0,

    /// <summary>Someone signed up with an email that has an account.</summary>
    AlreadyRegistered = 1,

    /// <summary>A practice created an account for the person.</summary>
    WelcomeNewPerson = 2,

    /// <summary>The person joined a practice with the account they had.</summary>
    WelcomeMember = 3,

    /// <summary>The link of <see cref="WelcomeNewPerson"/> again.</summary>
    ConfirmAccount = 4,

    Invitation = 5,
    ResetPassword = 6,
    PasswordChanged = 7,
    TwoFactorEnabled = 8,
    TwoFactorDisabled = 9,

    /// <summary>A practice ended the person's access.</summary>
    Deactivated = 10,

    /// <summary>Confirms the new address of an account.</summary>
    ConfirmNewEmail = 11,

    /// <summary>Someone wants to change to an email that has an account.</summary>
    EmailInUse = 12,

    /// <summary>To the old address: a change of email was requested.</summary>
    EmailChangeRequested = 13,

    OnboardingDay1 = 14,
    OnboardingDay3 = 15,
    OnboardingDay7 = 16,

    /// <summary>Someone asks for access to a portal account, to the person who decides.</summary>
    PortalAccessRequested = 17,

    PortalAccessGranted = 18,
    PortalAccessRevoked = 19,

    /// <summary>A portal account is shared with an email that has no account.</summary>
    PendingGrant = 20,

    /// <summary>A person accepted to be a guardian, to the one who asked them.</summary>
    GuardianAdded = 21,

    /// <summary>A guardian's access to clinical records ends soon, because of the dependant's age.</summary>
    ClinicalAccessEnding = 22,

    GuardianshipEnding = 23,

    /// <summary>A practice invites a patient to the portal.</summary>
    PatientInvitation = 24,

    /// <summary>A practice invites a patient's guardian to the portal.</summary>
    GuardianInvitation = 25,

    /// <summary>A guardian asks an email that has no account.</summary>
    PendingGuardianship = 26,

    /// <summary>The person left a practice.</summary>
    LeftPractice = 27,

    /// <summary>A guardian asks a person to be one too.</summary>
    GuardianshipRequested = 28,

    /// <summary>To guardians: a practice invites the person of age to take over.</summary>
    TakeoverInvited = 29,

    /// <summary>To the old address: a practice changed the email of a patient.</summary>
    PatientEmailChanged = 30,

    PasskeyAdded = 31,
    PasskeyRemoved = 32,

    /// <summary>Someone signed in with a new device or from a new place.</summary>
    NewSignIn = 33,

    /// <summary>The reader of the mailbox reported the second factor lost: it ends soon.</summary>
    SecondFactorLost = 34,

    /// <summary>To the holder or the guardians: a practice has ended the link of a patient to the account.</summary>
    PatientUnlinked = 35,

    /// <summary>About a patient's appointment, to the patient or who acts for them, as are the next five.</summary>
    AppointmentBooked = 36,
    AppointmentMoved = 37,
    AppointmentCancelled = 38,

    /// <summary>The practice booked what was requested in the portal.</summary>
    RequestConfirmed = 39,
    RequestDeclined = 40,
    AppointmentReminder = 41,

    /// <summary>To the owners: the practice can soon send no text messages any more.</summary>
    MessageCreditLow = 42,

    /// <summary>Confirms the first sign-in with an identity provider.</summary>
    ConfirmProvider = 43,

    ProviderLinked = 44,
    ProviderUnlinked = 45,

    /// <summary>To members who have not connected the identity provider that their practice requires.</summary>
    ProviderRequired = 46,

    /// <summary>As <see cref="ProviderRequired"/>, to members who have.</summary>
    ProviderRequiredOfConnected = 47,

    /// <summary>Someone made the address of a calendar feed, as the person.</summary>
    CalendarFeedOpened = 48,
}
