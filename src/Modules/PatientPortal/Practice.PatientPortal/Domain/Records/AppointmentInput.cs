using FluentValidation;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>What staff enter about an appointment, when they book it and when they move it.</summary>
/// <param name="Room">The room at the location: booked for one appointment at a time, like the practitioner.</param>
/// <param name="AllowOverlap">Books although the practitioner or the room is booked at that time.</param>
/// <param name="AllowOutsideHours">Books although the location is closed, or the time is more than a day ago.</param>
public sealed record AppointmentInput(
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    Guid? PractitionerId,
    Guid? LocationId,
    string? Reason,
    string? Room,
    bool AllowOverlap = false,
    bool AllowOutsideHours = false
)
{
    public const int MaxRoomLength = 60;

    internal Booking ToBooking() =>
        new(PractitionerId!.Value, LocationId!.Value, StartsAt!.Value, EndsAt!.Value, Reason.NullIfBlank())
        {
            Room = Room.NullIfBlank(),
            AllowOverlap = AllowOverlap,
            AllowOutsideHours = AllowOutsideHours,
        };
}

internal sealed class AppointmentInputValidator : AbstractValidator<AppointmentInput>
{
    public AppointmentInputValidator()
    {
        RuleFor(appointment => appointment.StartsAt).Required().PlausibleTime();
        RuleFor(appointment => appointment.EndsAt)
            .Required()
            .Must(
                (appointment, ends) =>
                    appointment.StartsAt is not { } starts || ends is null || Booking.IsLength(starts, ends.Value)
            )
            .WithMessage(Booking.LengthRule);
        RuleFor(appointment => appointment.PractitionerId).Required();
        RuleFor(appointment => appointment.LocationId).Required();
        RuleFor(appointment => appointment.Reason).OptionalMultilineText(500);
        RuleFor(appointment => appointment.Room).OptionalText(AppointmentInput.MaxRoomLength);
    }
}
