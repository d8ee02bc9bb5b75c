namespace Practice.Shared.Hosting;

/// <summary>Whether a folder takes files, for the command <c>check</c>.</summary>
public static class WriteProbe
{
    /// <summary>Makes the folder if need be, and writes and deletes a file there.</summary>
    /// <returns>Why that fails; null where it does not.</returns>
    public static async Task<IOException?> FindFaultAsync(string folder, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $"{Guid.NewGuid():n}.tmp");
            await File.WriteAllTextAsync(file, "", ct);
            File.Delete(file);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new IOException($"nothing can be written to {folder}: {refused.Message}", refused);
        }
    }
}
