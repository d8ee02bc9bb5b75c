using System.Globalization;

namespace Practice.Web.Pages.Staff.Members;

/// <summary>The limits of an import, which are far above those of other forms.</summary>
internal static class ImportLimits
{
    /// <summary>The API's limit.</summary>
    public const int MaxPeople = 5_000;

    /// <summary>The API's limit.</summary>
    public const int MaxFileBytes = Megabytes * 1024 * 1024;

    /// <summary>
    /// Files above the limit are still received, so that the form can show an error. Above this size the connection is
    /// closed.
    /// </summary>
    public const int MaxFormBytes = 24 * 1024 * 1024;

    /// <summary>The same limit as in the API.</summary>
    public const int MaxRunMilliseconds = 15 * 60 * 1000;

    private const int Megabytes = 4;

    public static string Hint { get; } =
        string.Create(CultureInfo.InvariantCulture, $"Up to {MaxPeople:N0} people and {Megabytes} MB.");

    public static string TooLarge { get; } = $"The file is larger than {Megabytes} MB. Split it into smaller files.";
}
