namespace Practice.Web.Pages.Staff.Members;

/// <summary>What an import may take: far more than any other form.</summary>
internal static class ImportLimits
{
    /// <summary>What the API takes.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    /// <summary>A file that is too large comes here all the same, so that its form can say so; beyond this the connection is cut.</summary>
    public const int LargestForm = 24 * 1024 * 1024;

    /// <summary>As the API's own call.</summary>
    public const int LongestRunMilliseconds = 15 * 60 * 1000;
}
