using System.Buffers.Binary;
using Microsoft.Extensions.Configuration;

namespace Practice.Shared.Limits;

/// <summary>
/// How many people a practice may write to a day. Anybody can make a practice and write to strangers with it, so a new
/// one writes to few.
/// </summary>
public sealed class PeopleLimit(IConfiguration configuration)
{
    public const string NewPracticeSetting = "Practices:NewPeopleADay";
    public const string Setting = "Practices:PeopleADay";
    public const int DefaultOfNewPractice = 30;
    public const int Default = 1_000;

    private const int MaxNewPractices = 3;

    private readonly int _ofNewPractice = configuration.GetValue(NewPracticeSetting, DefaultOfNewPractice);
    private readonly int _usually = configuration.GetValue(Setting, Default);

    /// <summary>How long a practice is new.</summary>
    public static TimeSpan NewFor { get; } = TimeSpan.FromDays(7);

    /// <summary><c>RateLimits:PerMinute=0</c> turns every limit off, for load tests.</summary>
    public bool AreOff { get; } = configuration.GetValue<int?>("RateLimits:PerMinute") == 0;

    /// <summary>How many new practices one person may make: their limits would add up. Null for no limit.</summary>
    public int? NewPractices => AreOff ? null : MaxNewPractices;

    /// <summary>Null for no limit.</summary>
    public int? ADay(Guid groupId, DateTimeOffset now) =>
        AreOff ? null
        : now - MadeAt(groupId) < NewFor ? _ofNewPractice
        : _usually;

    /// <summary>A group's id begins with the time when it was made (RFC 9562, version 7).</summary>
    public static DateTimeOffset MadeAt(Guid groupId)
    {
        Span<byte> bytes = stackalloc byte[16];
        groupId.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }
}
