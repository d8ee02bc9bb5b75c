using Microsoft.Extensions.Configuration;
using Practice.PatientPortal.Domain;
using Practice.Shared.Hosting;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Whether files of clinical records could be kept. It reads the setting as it is given: one that the start refuses
/// cannot be had as options, and the operator asks why.
/// </summary>
internal sealed class FilesCheck(IConfiguration configuration) : IOperatorCheck
{
    private const string Setting = $"{FilesOptions.Section}:{nameof(FilesOptions.Directory)}";

    public string Name => "files";

    public async Task<string> RunAsync(long leastFreeBytes, CancellationToken ct) =>
        configuration[Setting] is not { } folder ? "kept in the database"
        : Path.IsPathFullyQualified(folder) ? await WriteProbe.DescribeRoomAsync(folder, leastFreeBytes, ct)
        : throw new IOException($"{Setting} is not a full path: '{folder}'");
}
