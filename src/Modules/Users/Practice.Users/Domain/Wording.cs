using System.Globalization;
using Practice.Contracts.PatientPortal;

namespace Practice.Users.Domain;

/// <summary>How emails and notifications write roles, dates and numbers.</summary>
internal static class Wording
{
    public static string Of(PortalRole role) =>
        role switch
        {
            PortalRole.View => "view only",
            PortalRole.Edit => "view and edit",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    public static string Date(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Days(int days) =>
        days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days");
}
