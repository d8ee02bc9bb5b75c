namespace Practice.PatientPortal.Data;

internal static class PrivateFile
{
    /// <summary>A new file that only the host's user can read.</summary>
    public static FileStream Create(string path, FileAccess access, FileOptions more = FileOptions.None)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = access,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous | more,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
