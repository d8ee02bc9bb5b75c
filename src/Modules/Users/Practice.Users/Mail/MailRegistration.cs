using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Practice.Users.Mail;

internal static class MailRegistration
{
    public static void AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateOnStart();
        services
            .AddOptions<PublicUrlOptions>()
            .Configure(options => options.PublicUrl = configuration[PublicUrlOptions.Key] ?? options.PublicUrl)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidation>();
        services.AddSingleton<IValidateOptions<PublicUrlOptions>, PublicUrlValidation>();

        services.AddSingleton<Letters>();
        services.AddSingleton<SmtpPostbox>();
        services.AddSingleton<PickupPostbox>();
        services.AddSingleton<IPostbox>(provider =>
            string.IsNullOrWhiteSpace(provider.GetRequiredService<IOptions<MailOptions>>().Value.Smtp.Host)
                ? provider.GetRequiredService<PickupPostbox>()
                : provider.GetRequiredService<SmtpPostbox>()
        );
        services.AddSingleton(provider => new Mailer(
            provider.GetRequiredService<Letters>(),
            provider.GetRequiredService<IPostbox>(),
            provider.GetRequiredService<IOptions<MailOptions>>()
        ));
    }
}
