using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features;

internal static class OverlapsHeader
{
    /// <summary>Names the overlaps in the answer, whether it booked the appointment or not.</summary>
    public static void WriteTo<T>(HttpContext http, ErrorOr<T> answer, Func<T, IReadOnlyList<Guid>> overlaps)
    {
        var ids = answer.IsError ? PortalErrors.OverlapsOf(answer.FirstError) : overlaps(answer.Value);
        if (ids.Count > 0)
            http.Response.Headers[ResponseHeaders.OverlappingAppointments] = string.Join(", ", ids);
    }
}
