using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Features.Portal.Guardianship;
using Practice.Shared;
using Practice.Time;

namespace Practice.PatientPortal;

internal sealed class PatientPortalModule : Module<PatientPortalDbContext>
{
    public override string Schema => PatientPortalDbContext.SchemaName;

    public override IReadOnlyList<string> AuthorityFunctions =>
        [
            "act_as_system_in_account",
            "act_as_system_for_person",
            "act_as_system_for_address",
            "write_portal_access",
            "write_verified_guardian",
            "accounts_by_other_ages",
            "own_account_of",
            "openable_accounts",
        ];

    public override void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<RecalculateAgeLimitsAtStart>();
        services
            .AddOptions<PortalOptions>()
            .BindConfiguration(PortalOptions.Section)
            .Validate(
                options => ZoneNames.IsIana(options.TimeZone),
                "Portal:TimeZone must be an IANA time zone, such as Australia/Melbourne."
            )
            .Validate(
                options =>
                    options.ClinicalAge is > 0 and <= 150
                    && options.AdultAge >= options.ClinicalAge
                    && options.AdultAge <= 150,
                "Portal:ClinicalAge and Portal:AdultAge must be ages in years, the first no greater than the second."
            )
            .ValidateOnStart();
    }
}
