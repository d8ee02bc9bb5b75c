using System.Text.Json.Serialization;
using Practice.Contracts.PatientPortal;
using Wolverine.Attributes;

namespace Practice.Users.Email;

/// <summary>
/// An email to send. It is published with the change that it is about, so it is never lost. While it waits in the
/// database it holds no secret: a link's token is issued when the email is sent. Earlier versions called it
/// <c>DeliverMail</c>; its identity and the names in its JSON stay, so that messages which waited through an upgrade
/// are still read.
/// </summary>
/// <param name="MailId">Identifies the email: a repeated delivery has the same <c>Message-ID</c>.</param>
/// <param name="SubjectId">The pending sign-up, email change, account or invitation that it is about.</param>
/// <param name="Practice">The practice group's name, if the email mentions one.</param>
/// <param name="From">The name of the person who caused it, with the email if the recipient does not know them.</param>
/// <param name="GroupId">The practice group, for a patient invitation.</param>
/// <param name="Portal">What it says about a portal account, if it mentions one.</param>
/// <param name="SignIn">What it says about a sign-in, if it is about one.</param>
/// <param name="Patient">The first name of a practice's patient, if it mentions one.</param>
/// <param name="Appointment">What it says about an appointment, if it is about one.</param>
/// <param name="Balance">How many text messages a practice can still send, if it is about that.</param>
/// <param name="Provider">The name of an identity provider, if it is about one.</param>
/// <param name="SenderId">
/// The practice or the person who caused it, by whom emails to one address are counted; null where nobody is known.
/// </param>
/// <param name="RequestedFrom">Where the request for it came from, as a hash; null where that is not counted.</param>
[MessageIdentity("Practice.Users.Mail.DeliverMail")]
public sealed record DeliverEmail(
    Guid MailId,
    [property: JsonPropertyName("letter")] EmailKind Kind,
    string To,
    Guid SubjectId,
    string? Practice = null,
    string? From = null,
    Guid? GroupId = null,
    PortalEmailDetails? Portal = null,
    SignInEmailDetails? SignIn = null,
    string? RequestedFrom = null,
    string? Patient = null,
    AppointmentEmailDetails? Appointment = null,
    int? Balance = null,
    string? Provider = null,
    Guid? SenderId = null
) : Message
{
    public static DeliverEmail New(
        EmailKind kind,
        string? to,
        Guid subjectId,
        string? practice = null,
        string? from = null,
        PortalEmailDetails? portal = null,
        SignInEmailDetails? signIn = null,
        string? requestedFrom = null,
        string? patient = null,
        string? provider = null,
        Guid? senderId = null
    ) =>
        new(
            Guid.CreateVersion7(),
            kind,
            to ?? throw new ArgumentNullException(nameof(to)),
            subjectId,
            practice,
            from,
            Portal: portal,
            SignIn: signIn,
            RequestedFrom: requestedFrom,
            Patient: patient,
            Provider: provider,
            SenderId: senderId
        );
}

/// <param name="Account">The name of the person whose portal account it is.</param>
/// <param name="On">The first day of the change, announced <paramref name="Days"/> days ahead.</param>
public sealed record PortalEmailDetails(
    string Account,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PortalRole>))] PortalRole? Role = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PortalLevel>))] PortalLevel? Level = null,
    DateOnly? On = null,
    int? Days = null
);

/// <param name="InPortal">Whether the recipient finds it in the patient portal.</param>
/// <param name="UserId">The person who does. Emails of earlier versions do not name them.</param>
public sealed record AppointmentEmailDetails(
    [property: JsonPropertyName("announced")] AppointmentFacts Facts, // its name in stored messages
    bool InPortal,
    Guid? UserId = null
);

/// <param name="Device">Such as <c>Chrome on Windows</c>.</param>
/// <param name="Address">Where it was used.</param>
public sealed record SignInEmailDetails(string Device, string Address, DateTimeOffset At);
