using Microsoft.Extensions.Options;
using MimeKit;

namespace Practice.Users.Mail;

/// <summary>A wrong setting stops the host at start, with one line that names it.</summary>
internal sealed class MailOptionsValidation : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options) =>
        !MailboxAddress.TryParse(options.From, out _) ? Wrong($"Mail:From is not an email address: '{options.From}'.")
        : options.Smtp.Port is < 1 or > 65535
            ? Wrong($"Mail:Smtp:Port must be from 1 to 65535, and is {options.Smtp.Port}.")
        : string.IsNullOrEmpty(options.Smtp.User) != string.IsNullOrEmpty(options.Smtp.Password)
            ? Wrong("Mail:Smtp:User and Mail:Smtp:Password must be given together.")
        : !Enum.IsDefined(options.Smtp.Tls) ? Wrong("Mail:Smtp:Tls must be StartTls, Always or None.")
        : options.Smtp.Timeout <= TimeSpan.Zero || options.Smtp.Timeout > TimeSpan.FromMinutes(5)
            ? Wrong("Mail:Smtp:Timeout must be more than nothing and at most five minutes.")
        : ValidateOptionsResult.Success;

    private static ValidateOptionsResult Wrong(string sentence) => ValidateOptionsResult.Fail(sentence);
}

internal sealed class PublicUrlValidation : IValidateOptions<PublicUrlOptions>
{
    public ValidateOptionsResult Validate(string? name, PublicUrlOptions options) =>
        Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url is { Query: "", Fragment: "" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"PublicUrl must be an absolute http or https address without query, and is '{options.PublicUrl}'."
            );
}
