namespace Practice.PatientPortal.Domain;

/// <summary>Where the files of clinical records are kept, chosen by an operator.</summary>
public sealed class FilesOptions
{
    public const string Section = "Files";

    /// <summary>
    /// A directory that all hosts share; without it new files go into the database. Each file stays where it was put.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>The most that the files of one practice take up, in gigabytes; 0 for no limit.</summary>
    public int GigabytesPerPractice { get; set; } = 20;

    /// <summary>In bytes; null for no limit.</summary>
    internal long? MaxBytesPerPractice => GigabytesPerPractice == 0 ? null : GigabytesPerPractice * 1_000_000_000L;

    /// <summary>Whether files can be written there.</summary>
    internal bool IsUsable()
    {
        if (Directory is null)
            return true;
        if (!Path.IsPathFullyQualified(Directory))
            return false;
        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            var probe = Path.Combine(Directory, $"{Guid.NewGuid():n}.part");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
