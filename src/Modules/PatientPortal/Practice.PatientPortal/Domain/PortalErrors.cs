using Practice.PatientPortal.Domain.Exports;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Records;

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

    public static Error TooMuchCredit { get; } =
        ApiError.Unprocessable(
            "portal.too_much_credit",
            "A practice can have credit for 1,000,000 text messages. Add less."
        );

    public static Error AlreadyShared { get; } =
        ApiError.Conflict("portal.already_shared", "The patient sees this record already.");

    public static Error AlreadyWithheld { get; } =
        ApiError.Conflict("portal.already_withheld", "The patient does not see this record.");

    public static Error NotADocument { get; } =
        ApiError.Conflict("portal.not_a_document", "Only a record of the kind document takes files.");

    public static Error FileEmpty { get; } =
        ApiError.Unprocessable("portal.file_empty", "The file is empty. Choose another one.");

    public static Error FileTypeUnknown { get; } =
        ApiError.Create(
            StatusCodes.Status415UnsupportedMediaType,
            "portal.file_type_unknown",
            "This is no PDF, JPEG or PNG file, and no text in UTF-8. Save it as one of these."
        );

    public static Error FileNameDiffers { get; } =
        ApiError.Create(
            StatusCodes.Status415UnsupportedMediaType,
            "portal.file_name_differs",
            "The end of the file’s name does not fit its content. Rename the file, such as scan.pdf for a PDF."
        );

    public static Error FileUnavailable { get; } =
        ApiError.Create(
            StatusCodes.Status503ServiceUnavailable,
            "portal.file_unavailable",
            "The file cannot be read at the moment. Try again later, or tell the operator of this server."
        );

    public static Error TooManyAttachments { get; } =
        ApiError.Unprocessable("portal.too_many_attachments", "A record has 20 files at most. Add a new record.");

    public static Error PracticeFilesFull { get; } =
        ApiError.Unprocessable(
            "portal.practice_files_full",
            "The practice has used all its file storage. Ask the operator of this server for more."
        );

    public static Error TooManyAmendments { get; } =
        ApiError.Unprocessable(
            "portal.too_many_amendments",
            "This record has 100 amendments, which is the most. Add a new record."
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

    public static Error AlreadyPaused { get; } =
        ApiError.Conflict("portal.already_paused", "The practice has paused this person’s access already.");

    public static Error AccessIsPaused { get; } =
        ApiError.Forbidden(
            "portal.access_paused",
            "A practice has paused your access, so you cannot add a guardian. Ask the practice, or another guardian."
        );

    /// <summary>For the person asked: what is between the practice and the guardian stays there.</summary>
    public static Error AskerIsPaused { get; } =
        ApiError.Forbidden(
            "portal.access_paused",
            "The person who asked you cannot add a guardian at the moment. Ask them, or try again later."
        );

    public static Error NotPaused { get; } =
        ApiError.Conflict("portal.not_paused", "The practice has not paused this person’s access.");

    public static Error NotLinked { get; } =
        ApiError.Conflict("portal.not_linked", "The patient is not linked to a portal account.");

    public static Error PatientArchived { get; } =
        ApiError.Conflict("portal.patient_archived", "The patient is archived. Restore the patient first.");

    /// <summary>For the portal: the practice could not confirm what the patient requests.</summary>
    public static Error NoLongerTreated { get; } =
        ApiError.Conflict("portal.patient_archived", "This practice no longer treats you here. Call them.");

    /// <param name="count">How many there are.</param>
    /// <param name="visible">Those that the caller may see.</param>
    public static Error PatientHasAppointments(int count, IReadOnlyList<Guid> visible) =>
        Error.Custom(
            StatusCodes.Status409Conflict,
            "portal.patient_has_appointments",
            count == 1
                ? "The patient has an appointment to come. Cancel it first."
                : $"The patient has {count} appointments to come. Cancel them first.",
            new() { [AppointmentIds] = visible }
        );

    /// <param name="ids">The patients who may be the same person.</param>
    public static Error PossibleDuplicate(IReadOnlyList<Guid> ids) =>
        Error.Custom(
            StatusCodes.Status409Conflict,
            "portal.possible_duplicate",
            "The practice has a patient with the same name, date of birth, email or phone: two of them agree. "
                + "Check that this is another person.",
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

    public static Error LocationRequired { get; } =
        ApiError.Unprocessable(
            "portal.location_required",
            "You work at certain locations only. Choose the one where the patient is seen."
        );

    public static Error UnknownPractitioner { get; } =
        ApiError.Unprocessable("portal.unknown_practitioner", "The practice has no active practitioner with this id.");

    public static Error PractitionerNotThere { get; } =
        ApiError.Unprocessable(
            "portal.practitioner_not_at_location",
            "The practitioner does not work at this location. Choose another one, or assign them to it first."
        );

    public static Error OutsideHours { get; } =
        ApiError.Unprocessable("portal.outside_hours", "The location is not open at this time.");

    /// <summary>As <see cref="OutsideHours"/>: both are allowed the same way.</summary>
    public static Error LongPast { get; } =
        ApiError.Unprocessable("portal.outside_hours", "This time is more than a day ago.");

    private const string AppointmentIds = "appointmentIds";

    /// <param name="overlaps">Those that the caller may see are named.</param>
    public static Error OverlapsWith(Overlaps overlaps) =>
        Error.Custom(
            StatusCodes.Status409Conflict,
            "portal.overlaps",
            (overlaps.Practitioner, overlaps.Room) switch
            {
                (true, true) => "The practitioner and the room are already booked at this time.",
                (true, _) => "The practitioner is already booked at this time.",
                _ => "The room is already booked at this time.",
            },
            new()
            {
                [AppointmentIds] = overlaps.Visible,
                ["practitioner"] = overlaps.Practitioner,
                ["room"] = overlaps.Room,
            }
        );

    /// <summary>The appointments that the error names.</summary>
    public static IReadOnlyList<Guid> OverlapsOf(Error error) =>
        error.Metadata?.GetValueOrDefault(AppointmentIds) as IReadOnlyList<Guid> ?? [];

    public static Error AppointmentTooEarly { get; } =
        ApiError.Conflict(
            "portal.appointment_too_early",
            "It is too early for this. The appointment is still to come."
        );

    /// <param name="status">What the appointment is now.</param>
    public static Error AppointmentTransition(AppointmentStatus status) =>
        ApiError.Conflict(
            "portal.invalid_transition",
            status switch
            {
                AppointmentStatus.Cancelled => "The appointment was cancelled.",
                AppointmentStatus.Completed => "The appointment is already completed.",
                AppointmentStatus.Arrived => "The patient has already arrived.",
                AppointmentStatus.NoShow => "The patient did not come to this appointment.",
                _ => "The appointment is still to come.",
            }
        );

    public static Error InvoiceNumberTaken { get; } =
        ApiError.Conflict("portal.invoice_number_taken", "The practice already has an invoice with this number.");

    public static Error InvoiceVoid { get; } = ApiError.Conflict("portal.invoice_void", "This invoice is void.");

    public static Error InvoiceHasPayments { get; } =
        ApiError.Conflict(
            "portal.invoice_has_payments",
            "Payments are recorded for this invoice. Reverse them first, then void it."
        );

    public static Error PaymentBeyondBalance(string balance, string currency) =>
        ApiError.Unprocessable(
            "portal.payment_beyond_balance",
            $"Only {balance} {currency} are still to be paid. Enter that or less."
        );

    public static Error PaymentReversed { get; } =
        ApiError.Conflict("portal.payment_reversed", "This payment was already reversed.");

    public static Error LettersNotPrintable { get; } =
        ApiError.Unprocessable(
            "portal.letters_not_printable",
            "This invoice has letters that the PDF cannot show. Print the page instead."
        );

    public static Error TooManyPayments { get; } =
        ApiError.Unprocessable("portal.too_many_payments", "An invoice has 100 payments at most.");

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
            "An appointment must end after it starts, and within 12 hours."
        );

    public static Error ExportWaiting { get; } =
        ApiError.Conflict(
            "portal.export_waiting",
            "You have an export that you have not downloaded yet. Download it, or discard it first."
        );

    public static Error ExportRunning { get; } =
        ApiError.Conflict("portal.export_running", "This export is being downloaded. Try again when that has ended.");

    public static Error ExportUsedUp { get; } =
        ApiError.Conflict(
            "portal.export_used_up",
            $"This export was downloaded {DataExport.MaxDownloads} times, which is the most. Ask for another one."
        );

    public static Error TooManyExports { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.too_many_exports",
            "The practice has as many exports as it may at the moment. Try again later."
        );

    public static Error NamesHidden { get; } =
        ApiError.Forbidden(
            "portal.names_hidden",
            "You see codes instead of names. You cannot change patient details or invite someone at another "
                + "email address."
        );

    public static Error ClinicalRecordsHidden { get; } =
        ApiError.Forbidden(
            "portal.clinical_records_hidden",
            "The patient has clinical records that you cannot see. Someone who can see them must choose the "
                + "address they are shown to."
        );

    public static Error RecordsHidden { get; } =
        ApiError.Forbidden(
            "portal.records_hidden",
            "The patient has invoices or appointments that you cannot see. Someone who can see them must choose the "
                + "address they are shown to."
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

    public static Error AddressInvitedOften { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.address_invited_often",
            "The practice has invited this address as often today as it may. Try again tomorrow."
        );

    public static Error InvitedJustNow { get; } =
        ApiError.Create(
            StatusCodes.Status429TooManyRequests,
            "portal.invited_just_now",
            "This address was invited for this patient a few minutes ago. Wait for the email to arrive."
        );
}
