using FluentValidation;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>An appointment as staff read it.</summary>
/// <param name="PatientName">Null where names are hidden.</param>
public sealed record AppointmentView(
    Guid Id,
    Guid PatientId,
    string PatientCode,
    string? PatientName,
    Guid PractitionerId,
    string PractitionerName,
    Guid LocationId,
    string LocationName,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Reason,
    AppointmentStatus Status
)
{
    internal static AppointmentView Of(Appointment appointment, Patient patient, Caller caller) =>
        new(
            appointment.Id,
            patient.Id,
            patient.Code,
            patient.NameFor(caller),
            appointment.PractitionerId,
            appointment.PractitionerName,
            appointment.LocationId,
            appointment.LocationName,
            appointment.StartsAt,
            appointment.EndsAt,
            appointment.Reason,
            appointment.Status
        );
}

internal static class Moments
{
    private const int First = 1900,
        Last = 2200;

    /// <summary>A moment that a practice can mean.</summary>
    public static bool IsPlausible(DateTimeOffset moment) => moment.UtcDateTime.Year is >= First and < Last;

    public static IRuleBuilderOptions<T, DateTimeOffset?> Moment<T>(this IRuleBuilder<T, DateTimeOffset?> rule) =>
        rule.Must(at => at is not { } moment || IsPlausible(moment))
            .WithMessage($"A moment from the year {First} on, before {Last}.");
}
