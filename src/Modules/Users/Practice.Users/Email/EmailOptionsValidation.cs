using Microsoft.Extensions.Options;
using MimeKit;

namespace Practice.Users.Email;

/// <summary>An invalid setting stops the host at start, with one line that names it.</summary>
internal sealed class EmailOptionsValidation : IValidateOptions<EmailOptions>
{
    /// <summary>A message may take a minute; one that is ended while it is sent would be sent again.</summary>
    private static readonly TimeSpan MaxSendingTime = TimeSpan.FromSeconds(45);

    public ValidateOptionsResult Validate(string? name, EmailOptions options) =>
        !MailboxAddress.TryParse(options.From, out _) ? Fail($"Mail:From is not an email address: '{options.From}'.")
        : options.Smtp.Port is < 1 or > 65535
            ? Fail($"Mail:Smtp:Port must be from 1 to 65535, but is {options.Smtp.Port}.")
        : string.IsNullOrEmpty(options.Smtp.User) != string.IsNullOrEmpty(options.Smtp.Password)
            ? Fail("Mail:Smtp:User and Mail:Smtp:Password must be set together.")
        : !Enum.IsDefined(options.Smtp.Tls) ? Fail("Mail:Smtp:Tls must be StartTls, Always or None.")
        : options.Smtp.Timeout <= TimeSpan.Zero || options.Smtp.Timeout > MaxSendingTime
            ? Fail($"Mail:Smtp:Timeout must be greater than zero and at most {MaxSendingTime.TotalSeconds} seconds.")
        : ValidateOptionsResult.Success;

    private static ValidateOptionsResult Fail(string sentence) => ValidateOptionsResult.Fail(sentence);
}
