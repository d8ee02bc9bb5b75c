using Practice.PatientPortal.Domain.Guardianship;

namespace Practice.PatientPortal.Domain;

/// <summary>The module's errors. Their codes are part of the API.</summary>
internal static class PortalErrors
{
    public static Error AccountRequired { get; } =
        ApiError.Forbidden(
            "portal.account_required",
            "You have no portal account of your own yet. Give your date of birth to open one."
        );

    public static Error AccountExists { get; } =
        ApiError.Conflict("portal.account_exists", "You already have a portal account.");

    public static Error EmailNotConfirmed { get; } =
        ApiError.Forbidden(
            "portal.email_not_confirmed",
            "Confirm your email address first. Follow the link in the email we sent you."
        );

    public static Error OwnAccount { get; } =
        ApiError.Unprocessable("portal.own_account", "This is your own account. You already have access to it.");

    public static Error TooManyRequests { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.too_many_requests",
            "You have requested or given access too often in the last day. Try again tomorrow."
        );

    public static Error InvalidTransition { get; } =
        ApiError.Conflict("portal.invalid_transition", "The access cannot change from its current status to this one.");

    public static Error EndsInPast { get; } =
        ApiError.Unprocessable("portal.ends_in_past", "The last day is in the past. Choose today or later.");

    public static Error NotThisPatient { get; } =
        ApiError.Unprocessable(
            "portal.not_this_patient",
            "This invitation is for another person: the email or the date of birth differs. Ask the practice."
        );

    /// <param name="invited">The first name that the practice has.</param>
    /// <param name="account">The first name that the account has.</param>
    public static Error NameDiffers(string invited, string account) =>
        ApiError.Conflict(
            "portal.name_differs",
            $"The practice invites {invited}, and the account is {account}’s. "
                + $"{invited}’s records would show in {account}’s account."
        );

    public static Error ClaimLocked { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "portal.invitation_locked",
            "This invitation was tried too often with details that differ. Ask the practice for a new one."
        );

    /// <summary>For the portal: a practice relies on the date.</summary>
    public static Error AccountLinked { get; } =
        ApiError.Conflict(
            "portal.account_linked",
            "A practice’s records are linked to this account, so its date of birth cannot change. Ask the practice."
        );

    /// <summary>A later date would give guardians the clinical access back that has ended.</summary>
    public static Error ClinicalAgeReached { get; } =
        ApiError.Unprocessable(
            "portal.clinical_age_reached",
            "By this date of birth your access to clinical records has ended. A later date would open them again."
        );

    public static Error NotLinked { get; } =
        ApiError.Conflict("portal.not_linked", "The patient is not linked to a portal account.");

    /// <param name="ids">The patients with the same name and date of birth.</param>
    public static Error PossibleDuplicate(IReadOnlyList<Guid> ids) =>
        Error.Custom(
            StatusCodes.Status409Conflict,
            "portal.possible_duplicate",
            "The practice has a patient with the same name and date of birth. Check that this is another person.",
            new() { ["patientIds"] = ids }
        );

    public static Error ForGuardian { get; } =
        ApiError.Unprocessable(
            "portal.not_this_patient",
            "This invitation is for a guardian. Choose the person you care for."
        );

    public static Error InvitationInvalid { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "portal.invitation_invalid",
            "This invitation was used, has expired or was replaced. Ask the practice for a new one."
        );

    /// <summary>For the portal: who claims the records is not told whose they are.</summary>
    public static Error PatientLinked { get; } =
        ApiError.Conflict(
            "portal.patient_linked",
            "These records already belong to another portal account. Ask the practice."
        );

    /// <summary>For the practice.</summary>
    public static Error DateOfBirthFixed { get; } =
        ApiError.Conflict(
            "portal.patient_linked",
            "The date of birth cannot change while the patient is linked to a portal account. Unlink the patient first."
        );

    public static Error NotADependant { get; } =
        ApiError.Conflict("portal.not_a_dependant", "Only a dependant's account can have guardians.");

    public static Error TooManyDependants { get; } =
        ApiError.Conflict(
            "portal.too_many_dependants",
            $"You already run {Guardian.MaxOfAPerson} accounts. That is the maximum."
        );

    public static Error TooManyGuardians { get; } =
        ApiError.Conflict(
            "portal.too_many_guardians",
            $"This account already has {Guardian.MaxOfAnAccount} guardians, including people who have not answered yet."
        );

    public static Error DependantOfAge { get; } =
        ApiError.Unprocessable(
            "portal.dependant_of_age",
            "This person is of age. Only a legal guardian, verified by a practice, can run the account."
        );

    public static Error GuardianshipNotVerified { get; } =
        ApiError.Unprocessable(
            "portal.guardianship_not_verified",
            "The dependant is of age. The practice must verify the guardianship, with a last day in its invitation."
        );

    public static Error NotAPatientThere { get; } =
        ApiError.Unprocessable(
            "portal.not_a_patient_there",
            "The account is not linked to a patient of this practice."
        );

    public static Error AppointmentNotOpen { get; } =
        ApiError.Conflict("portal.appointment_not_open", "This appointment has started or was already cancelled.");

    /// <summary>For the practice, which can cancel an appointment that has started.</summary>
    public static Error AppointmentOver { get; } =
        ApiError.Conflict("portal.appointment_not_open", "This appointment is over or was already cancelled.");

    public static Error RequestAnswered { get; } =
        ApiError.Conflict(
            "portal.appointment_not_open",
            "The practice has already answered this request, or it was cancelled."
        );

    public static Error UnknownLocation { get; } =
        ApiError.Unprocessable("locations.unknown_location", "The practice has no such location.");

    public static Error ArchivedLocation { get; } =
        ApiError.Unprocessable("locations.archived", "This location is archived. Choose another one.");

    public static Error LocationRequired { get; } =
        ApiError.Unprocessable(
            "portal.location_required",
            "You work at certain locations only. Choose the one where the patient is seen."
        );

    public static Error UnknownPractitioner { get; } =
        ApiError.Unprocessable("portal.unknown_practitioner", "The practice has no active practitioner with this id.");

    public static Error InvoiceNumberTaken { get; } =
        ApiError.Conflict("portal.invoice_number_taken", "The practice already has an invoice with this number.");

    public static Error RequestNotOpen { get; } =
        ApiError.Conflict("portal.request_not_open", "This request was already answered or cancelled.");

    public static Error AppointmentIncomplete { get; } =
        ApiError.Unprocessable(
            "portal.appointment_incomplete",
            "The request does not say with whom, where or when. Choose them when you confirm it."
        );

    public static Error AppointmentLength { get; } =
        ApiError.Unprocessable(
            "portal.appointment_length",
            "An appointment must end after it starts, and within 24 hours."
        );

    public static Error NamesHidden { get; } =
        ApiError.Forbidden(
            "portal.names_hidden",
            "You see codes instead of names. You cannot change patient details or invite someone at another email address."
        );

    public static Error ClinicalRecordsHidden { get; } =
        ApiError.Forbidden(
            "portal.clinical_records_hidden",
            "The patient has clinical records that you cannot see. Someone who can see them must choose the address they are shown to."
        );

    public static Error LastGuardian { get; } =
        ApiError.Conflict(
            "portal.last_guardian",
            "You are the only guardian. Ask another person to become a guardian first."
        );

    public static Error EmailMissing { get; } =
        ApiError.Unprocessable("portal.email_missing", "The patient has no email address. Add one first.");

    public static Error AlreadyLinked { get; } =
        ApiError.Conflict("portal.already_linked", "The patient is already linked to a portal account.");

    public static Error TooManyInvited { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.too_many_invited",
            "The practice has invited as many patients today as it may. Try again tomorrow."
        );

    public static Error InvitedJustNow { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.invited_just_now",
            "This address was invited for this patient a few minutes ago. Wait for the email to arrive."
        );
}
