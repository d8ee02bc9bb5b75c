namespace Practice.PatientPortal.Domain.Exports;

public enum ExportKind
{
    Patients,
    Appointments,
    Invoices,
    ClinicalRecords,
    Members,
    Audit,
}

public enum ExportStatus
{
    /// <summary>It can be downloaded.</summary>
    Ready,

    /// <summary>It is being downloaded.</summary>
    Running,

    /// <summary>The last download broke off. It can be downloaded again.</summary>
    Failed,

    /// <summary>It was downloaded, and can be once more.</summary>
    Done,
}

/// <summary>
/// What a member asked to export. The file is made while it is downloaded, from what the member may see then: only the
/// order is kept, and for a day.
/// </summary>
public sealed class DataExport
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>How long a download may say nothing before it counts as broken off.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Each download is an entry in the access log of every patient in it. One that breaks off counts too.
    /// </summary>
    internal const int MaxDownloads = 5;

    private DataExport() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid RequestedById { get; private init; }
    public List<ExportKind> Kinds { get; private init; } = [];
    public DateTimeOffset RequestedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }
    public ExportStatus Status { get; private set; }

    /// <summary>The file of the archive that is being written.</summary>
    public string? File { get; private set; }

    /// <summary>How many rows of all files have been written.</summary>
    public long Rows { get; private set; }

    /// <summary>How many downloads have begun.</summary>
    public int Downloads { get; private set; }

    /// <summary>When the download last said something.</summary>
    public DateTimeOffset? ProgressAt { get; private set; }

    /// <summary>When its person gave it up. It still counts as one of the day's.</summary>
    public DateTimeOffset? DiscardedAt { get; private set; }

    /// <summary>Two files a kind.</summary>
    internal int Files => Kinds.Count * 2;

    internal static DataExport Request(
        Guid groupId,
        Guid requestedById,
        IEnumerable<ExportKind> kinds,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            RequestedById = requestedById,
            Kinds = [.. kinds.Distinct().Order()],
            RequestedAt = now,
            ExpiresAt = now + Lifetime,
            Status = ExportStatus.Ready,
        };

    internal ExportStatus StatusAt(DateTimeOffset now) =>
        Status == ExportStatus.Running && ProgressAt < now - Silence ? ExportStatus.Failed : Status;

    /// <summary>Whether it keeps its person from asking for another one.</summary>
    internal bool IsOpen(DateTimeOffset now) =>
        DiscardedAt is null && now < ExpiresAt && StatusAt(now) is ExportStatus.Ready or ExportStatus.Running;

    internal void Discard(DateTimeOffset now) => DiscardedAt = now;

    internal void Begin(DateTimeOffset now)
    {
        Downloads++;
        (Status, File, Rows, ProgressAt) = (ExportStatus.Running, null, 0, now);
    }

    internal void Progress(string file, long rows, DateTimeOffset now) => (File, Rows, ProgressAt) = (file, rows, now);

    internal void End(bool whole, long rows, DateTimeOffset now) =>
        (Status, File, Rows, ProgressAt) = (whole ? ExportStatus.Done : ExportStatus.Failed, null, rows, now);
}
