namespace Practice.Users.Email;

/// <summary>
/// The configuration section <c>Mail</c>. Emails go over SMTP if a host is set, otherwise as files into a directory.
/// </summary>
internal sealed class EmailOptions
{
    public const string Section = "Mail";

    public string From { get; set; } = "Practice <no-reply@practice.localhost>";

    /// <summary>The directory for <c>.eml</c> files; by default <c>mail</c> in the data directory.</summary>
    public string? PickupDirectory { get; set; }

    public SmtpOptions Smtp { get; set; } = new();
}

internal sealed class SmtpOptions
{
    public string? Host { get; set; }

    /// <summary>By default 465 with <see cref="SmtpTls.Always"/>, otherwise 587.</summary>
    public int? Port { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    public SmtpTls Tls { get; set; } = SmtpTls.StartTls;

    /// <summary>The time limit for one email, from connecting to the server's last reply.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

internal enum SmtpTls
{
    /// <summary>Encrypted after the greeting; fails if the server cannot encrypt.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte.</summary>
    Always,

    /// <summary>Not encrypted: for a relay on the same machine.</summary>
    None,
}
