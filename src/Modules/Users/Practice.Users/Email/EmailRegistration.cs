using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Practice.Shared.Hosting;

namespace Practice.Users.Email;

internal static class EmailRegistration
{
    public static void AddEmail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EmailOptions>().Bind(configuration.GetSection(EmailOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailOptionsValidation>();

        services.AddSingleton(new EmailTemplates(EmailTemplates.All)); // made now: a missing template stops the start
        services.AddSingleton<EmailHtml>();
        services.AddSingleton<SmtpEmailSender>();
        services.AddSingleton<PickupEmailSender>();
        services.AddSingleton<IOperatorCheck>(provider => new MailCheck(provider.GetRequiredService<IEmailSender>));
        services.AddSingleton<IEmailSender>(provider =>
            string.IsNullOrWhiteSpace(provider.GetRequiredService<IOptions<EmailOptions>>().Value.Smtp.Host)
                ? provider.GetRequiredService<PickupEmailSender>()
                : provider.GetRequiredService<SmtpEmailSender>()
        );
        services.AddSingleton(provider => new Mailer(
            provider.GetRequiredService<EmailTemplates>(),
            provider.GetRequiredService<EmailHtml>(),
            provider.GetRequiredService<IEmailSender>(),
            provider.GetRequiredService<IOptions<EmailOptions>>(),
            provider.GetRequiredService<IOptions<PublicUrlOptions>>()
        ));
    }
}
