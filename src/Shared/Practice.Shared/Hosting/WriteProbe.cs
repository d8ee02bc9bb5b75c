using System.Globalization;

namespace Practice.Shared.Hosting;

/// <summary>Whether a folder takes files, for the command <c>check</c>.</summary>
public static class WriteProbe
{
    /// <summary>An empty file fits on a full disk.</summary>
    private const int Size = 4096;

    /// <summary>Makes the folder if need be, and writes and deletes a file there.</summary>
    /// <returns>Why that fails; null where it does not.</returns>
    public static async Task<IOException?> FindFaultAsync(string folder, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $"{Guid.NewGuid():n}.tmp");
            try
            {
                await File.WriteAllBytesAsync(file, new byte[Size], ct);
            }
            finally
            {
                File.Delete(file);
            }

            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new IOException($"nothing can be written to {folder}: {refused.Message}", refused);
        }
    }

    /// <summary>How much room there is in a folder that takes files.</summary>
    /// <exception cref="IOException">It takes none, or there is little room; the message says so.</exception>
    public static async Task<string> DescribeRoomAsync(string folder, long leastFreeBytes, CancellationToken ct)
    {
        if (await FindFaultAsync(folder, ct) is { } fault)
            throw fault;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB are free at {folder}");
        return free >= leastFreeBytes
            ? text
            : throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"only {text}: {leastFreeBytes / 1e9:0.0} GB are needed")
            );
    }
}
