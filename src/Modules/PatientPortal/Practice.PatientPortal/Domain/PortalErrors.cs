namespace Practice.PatientPortal.Domain;

/// <summary>The module's refusals: the codes are the contract's.</summary>
internal static class PortalErrors
{
    public static Error AccountRequired { get; } =
        ApiError.Forbidden(
            "portal.account_required",
            "This takes a portal account of your own. Open one with your date of birth first."
        );

    public static Error AccountExists { get; } =
        ApiError.Conflict("portal.account_exists", "You have a portal account already.");

    public static Error EmailNotConfirmed { get; } =
        ApiError.Forbidden(
            "portal.email_not_confirmed",
            "Confirm your email address first, by the link in the mail you were sent."
        );

    public static Error OwnAccount { get; } =
        ApiError.Unprocessable("portal.own_account", "This is your own account: nobody grants it to themselves.");

    public static Error TooManyRequests { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.too_many_requests",
            "You have asked for, or given, access very often in the last day. Try again tomorrow."
        );

    public static Error InvalidTransition { get; } =
        ApiError.Conflict("portal.invalid_transition", "From how it stands, it can't be set to this.");

    public static Error EndsInPast { get; } =
        ApiError.Unprocessable("portal.ends_in_past", "The last day is over already.");

    public static Error NotThisPatient { get; } =
        ApiError.Unprocessable(
            "portal.not_this_patient",
            "The invitation is for somebody else: the email or the date of birth is another. Ask the practice."
        );

    public static Error InvitationInvalid { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "portal.invitation_invalid",
            "This invitation was used, or has lapsed or been replaced. Ask the practice for a new one."
        );

    public static Error PatientLinked { get; } =
        ApiError.Conflict("portal.patient_linked", "The patient is linked to a portal account already.");

    public static Error NotADependant { get; } =
        ApiError.Conflict("portal.not_a_dependant", "Only a dependant's account has guardians.");

    public static Error DependantOfAge { get; } =
        ApiError.Unprocessable(
            "portal.dependant_of_age",
            "This person is of age: only a legal guardian, whom a practice verifies, can run the account."
        );

    public static Error GuardianshipNotVerified { get; } =
        ApiError.Unprocessable(
            "portal.guardianship_not_verified",
            "The dependant is of age: the practice's invitation must say until when it has verified the guardianship."
        );

    public static Error NotAPatientThere { get; } =
        ApiError.Unprocessable(
            "portal.not_a_patient_there",
            "The account is not linked to a patient of this practice."
        );

    public static Error AppointmentNotOpen { get; } =
        ApiError.Conflict("portal.appointment_not_open", "This appointment is over or cancelled already.");

    public static Error UnknownLocation { get; } =
        ApiError.Unprocessable("locations.unknown_location", "The practice group has no such location.");

    public static Error ArchivedLocation { get; } =
        ApiError.Unprocessable("locations.archived", "An archived location takes no new work.");

    public static Error LocationRequired { get; } =
        ApiError.Unprocessable(
            "portal.location_required",
            "You are restricted to your locations: say at which of them the patient is seen."
        );

    public static Error UnknownPractitioner { get; } =
        ApiError.Unprocessable(
            "portal.unknown_practitioner",
            "The practice group has no such practitioner, or they are deactivated."
        );

    public static Error InvoiceNumberTaken { get; } =
        ApiError.Conflict("portal.invoice_number_taken", "The practice group has an invoice with this number already.");

    public static Error RequestNotOpen { get; } =
        ApiError.Conflict("portal.request_not_open", "This request was answered already, or was taken back.");

    public static Error AppointmentIncomplete { get; } =
        ApiError.Unprocessable(
            "portal.appointment_incomplete",
            "The request leaves open with whom, where or when: say so as you confirm it."
        );

    public static Error AppointmentLength { get; } =
        ApiError.Unprocessable(
            "portal.appointment_length",
            "An appointment ends after it starts, and within 24 hours."
        );

    public static Error NamesHidden { get; } =
        ApiError.Forbidden(
            "portal.names_hidden",
            "Your access shows codes instead of patients' names: you can't change them, nor have an invitation sent to an address of your choice."
        );

    public static Error EmailMissing { get; } =
        ApiError.Unprocessable("portal.email_missing", "The patient has no email address to be invited at.");

    public static Error AlreadyLinked { get; } =
        ApiError.Conflict("portal.already_linked", "The patient is linked to a portal account already.");

    public static Error InvitedJustNow { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.invited_just_now",
            "This address was invited for this patient a few minutes ago. Give the mail time to arrive."
        );
}
