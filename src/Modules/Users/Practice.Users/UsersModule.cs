using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.Shared;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passkeys;
using Practice.Users.Passwords;
using Practice.Users.Providers;

namespace Practice.Users;

internal sealed class UsersModule : Module<UsersDbContext>
{
    public override string Schema => UsersDbContext.SchemaName;

    public override IReadOnlyList<string> AuthorityFunctions =>
        [
            "open_session",
            "end_session",
            "end_sessions_of",
            "end_calendar_feeds_of",
            "password_changed",
            "second_factor_shown",
            "second_factor_removed",
            "session_began_with",
            "session_unproven",
            "session_verified",
            "forget_expired_sessions",
        ];

    public override void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashing.Iterations);
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<PerEmailLock>();
        services.AddScoped<PasswordGate>();
        services.AddSingleton<ExpiredDataCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiredDataCleanup>());
        services.AddHostedService<UsersMetrics>();
        services.AddHostedService<SignInWarmUp>();
        services.AddEmail(configuration);
        services.AddPasskeys();
        services.AddProviders(configuration);
    }
}
