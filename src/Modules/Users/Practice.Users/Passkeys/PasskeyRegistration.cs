using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Practice.Users.Domain;

namespace Practice.Users.Passkeys;

internal static class PasskeyRegistration
{
    /// <summary>
    /// Passkeys belong to the host name of <c>PublicUrl</c>, and only its own pages may ask for them.
    /// </summary>
    public static void AddPasskeys(this IServiceCollection services)
    {
        services
            .AddOptions<IdentityPasskeyOptions>()
            .Configure<IOptions<PublicUrlOptions>>(
                (options, publicUrl) =>
                {
                    var url = new Uri(publicUrl.Value.PublicUrl);
                    var port = url.IsDefaultPort ? "" : $":{url.Port}";
                    var origin = $"{url.Scheme}://{url.IdnHost}{port}";
                    options.ServerDomain = url.IdnHost;
                    // The default compares with the request's Origin header, which an API client can choose.
                    options.ValidateOrigin = signed =>
                        ValueTask.FromResult(!signed.CrossOrigin && signed.Origin == origin);
                    options.UserVerificationRequirement = "required"; // it stands for two factors
                    options.ResidentKeyRequirement = "required"; // it signs in without a name
                    options.AuthenticatorTimeout = PasskeyAttempt.Lifetime;
                }
            );
        services.AddSingleton<PasskeyVerifier>();
    }
}
