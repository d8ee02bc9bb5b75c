namespace Practice.Web.Pages.Staff.Members;

/// <summary>The limits of an import, which are far above those of other forms.</summary>
internal static class ImportLimits
{
    /// <summary>The API's limit.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    /// <summary>
    /// Files above the limit are still received, so that the form can show an error. Above this size the connection is
    /// closed.
    /// </summary>
    public const int LargestForm = 24 * 1024 * 1024;

    /// <summary>The same limit as in the API.</summary>
    public const int LongestRunMilliseconds = 15 * 60 * 1000;
}
