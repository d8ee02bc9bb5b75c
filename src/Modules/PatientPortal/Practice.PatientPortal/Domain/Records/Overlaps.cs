namespace Practice.PatientPortal.Domain.Records;

/// <summary>What else takes up the time of an appointment.</summary>
/// <param name="Practitioner">Whether the practitioner is booked.</param>
/// <param name="Room">Whether the room is.</param>
/// <param name="Visible">The appointments, as far as the caller may see them.</param>
internal sealed record Overlaps(bool Practitioner, bool Room, IReadOnlyList<Guid> Visible)
{
    public static readonly Overlaps None = new(false, false, []);

    public bool Any => Practitioner || Room;
}
