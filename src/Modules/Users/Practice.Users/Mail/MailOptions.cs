namespace Practice.Users.Mail;

/// <summary>The configuration section <c>Mail</c>: over SMTP where a host is named, else as files into a directory.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    public string From { get; set; } = "Practice <no-reply@practice.localhost>";

    /// <summary>Where mails are put as <c>.eml</c> files; by default <c>mail</c> in the data directory.</summary>
    public string? PickupDirectory { get; set; }

    public SmtpOptions Smtp { get; set; } = new();
}

internal sealed class SmtpOptions
{
    public string? Host { get; set; }

    /// <summary>465 with <see cref="SmtpTls.Always"/>, else 587, where none is named.</summary>
    public int? Port { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    public SmtpTls Tls { get; set; } = SmtpTls.StartTls;

    /// <summary>How long one mail may take, from connecting to the server's last word.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

internal enum SmtpTls
{
    /// <summary>Encrypted once the server has been greeted; refused where the server can't.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte.</summary>
    Always,

    /// <summary>Not encrypted: for a relay on the same machine.</summary>
    None,
}

/// <summary>The setting <c>PublicUrl</c>: where people reach the front end, for the links in mails.</summary>
internal sealed class PublicUrlOptions
{
    public const string Key = "PublicUrl";

    public string PublicUrl { get; set; } = "http://localhost:5000";
}
