using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

/// <summary>
/// An email about an appointment. It names the practitioner, time and location, and nothing clinical: mailboxes are
/// read by families, too. It is always sent, except for reminders; but anybody can make a practice and type an address,
/// so those that a practice recorded get few a day, and can stop them.
/// </summary>
internal abstract class AppointmentEmail(EmailKind kind, EmailCategory? category = null)
    : EmailTemplate(kind, link: null, category, anyoneCanCause: true, countedByPractice: true)
{
    public override string Text(EmailContent content)
    {
        var (details, practice) = (content.Appointment, content.Practice);
        var appointment = details.Facts;
        List<string> facts = [$"For: {content.Patient}"];
        if (appointment.StartsAt is { } startsAt)
            facts.Add($"When: {Wording.Stretch(startsAt, appointment.EndsAt, appointment.TimeZone)}");
        if (appointment.Location is { } location)
            facts.Add($"Where: {location}");
        if (appointment.Practitioner is { } practitioner)
            facts.Add($"With: {practitioner}");
        var next = details.InPortal
            ? $"{InPortal}: {content.Url("portal")}"
            : $"If you have a question or cannot come, please contact {practice}.";
        return $"""
            {Update(practice)}

            {string.Join('\n', facts)}

            {next}
            """;
    }

    protected virtual string InPortal => "See or cancel appointments in the patient portal";

    protected abstract string Update(string practice);

    /// <summary>The time, for a subject.</summary>
    protected static string When(EmailContent content)
    {
        var appointment = content.Appointment.Facts;
        return appointment.StartsAt is { } at ? Wording.In(at, appointment.TimeZone) : content.Practice;
    }
}

internal sealed class AppointmentBookedEmail() : AppointmentEmail(EmailKind.AppointmentBooked)
{
    public override string Subject(EmailContent content) => $"Your appointment: {When(content)}";

    protected override string Update(string practice) => $"{practice} booked an appointment.";
}

internal sealed class AppointmentMovedEmail() : AppointmentEmail(EmailKind.AppointmentMoved)
{
    public override string Subject(EmailContent content) => $"Your appointment has changed: {When(content)}";

    protected override string Update(string practice) => $"{practice} changed an appointment. It is now:";
}

internal sealed class AppointmentCancelledEmail() : AppointmentEmail(EmailKind.AppointmentCancelled)
{
    public override string Subject(EmailContent content) => $"Your appointment is cancelled: {When(content)}";

    protected override string InPortal => "Request another appointment in the patient portal";

    protected override string Update(string practice) => $"This appointment at {practice} is cancelled.";
}

internal sealed class RequestConfirmedEmail() : AppointmentEmail(EmailKind.RequestConfirmed)
{
    public override string Subject(EmailContent content) => $"Your appointment is confirmed: {When(content)}";

    protected override string Update(string practice) => $"{practice} confirmed the appointment that you requested.";
}

internal sealed class RequestDeclinedEmail() : AppointmentEmail(EmailKind.RequestDeclined)
{
    public override string Subject(EmailContent content) => $"{content.Practice} declined your request";

    protected override string InPortal => "Request another time in the patient portal";

    protected override string Update(string practice) =>
        $"{practice} cannot offer the appointment that you requested. Nothing is booked.";
}

internal sealed class AppointmentReminderEmail()
    : AppointmentEmail(EmailKind.AppointmentReminder, EmailCategory.Reminders)
{
    public override string Subject(EmailContent content) => $"Reminder of your appointment: {When(content)}";

    protected override string Update(string practice) => $"{practice} reminds you of an appointment.";
}
