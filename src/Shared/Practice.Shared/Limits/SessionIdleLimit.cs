using Microsoft.Extensions.Configuration;

namespace Practice.Shared.Limits;

/// <summary>How long a browser may be idle before it is signed out. A practice may set less for itself.</summary>
public sealed class SessionIdleLimit(IConfiguration configuration)
{
    public const string Setting = "Web:IdleLimit";

    public static TimeSpan Default { get; } = TimeSpan.FromMinutes(30);

    /// <summary>In whole minutes, as practices set theirs.</summary>
    public int Minutes { get; } = (int)configuration.GetValue(Setting, Default).TotalMinutes;
}
