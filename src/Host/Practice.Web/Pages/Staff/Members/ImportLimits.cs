namespace Practice.Web.Pages.Staff.Members;

/// <summary>What an import may take, as the API allows it; far more than any other form.</summary>
internal static class ImportLimits
{
    public const int LargestForm = (4 * 1024 * 1024) + RestOfTheForm;

    public const int LongestRunMilliseconds = 15 * 60 * 1000;

    private const int RestOfTheForm = 64 * 1024;
}
