using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Features.Portal.Guardianship;
using Practice.PatientPortal.Features.Staff.Records;
using Practice.PatientPortal.Texts;
using Practice.Shared;
using Practice.Shared.Hosting;
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
            "write_portal_pause",
            "accounts_by_other_ages",
            "own_account_of",
            "openable_accounts",
            "authorize_calendar_feed",
            "open_calendar_feed",
            "end_calendar_feed",
            "calendar_feed_of",
        ];

    public override string AccessLogTable => "receipts";

    public override void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<RecalculateAgeLimitsAtStart>();
        services.AddSingleton<TextGateway>();
        services.AddSingleton<InvitationSecret>();
        services.AddHostedService<RemoveOrphanedFilesEveryHour>();
        services.AddSingleton<IOperatorCheck, FilesCheck>();
        services
            .AddOptions<FilesOptions>()
            .BindConfiguration(FilesOptions.Section)
            .Validate(
                options => options.IsUsable(),
                "Files:Directory must be the full path of a directory that the host may write to."
            )
            .Validate(options => options.GigabytesPerPractice >= 0, "Files:GigabytesPerPractice must be 0 or more.")
            .ValidateOnStart();
        services
            .AddOptions<PortalOptions>()
            .BindConfiguration(PortalOptions.Section)
            .Validate(
                options => ZoneNames.IsIana(options.TimeZone),
                "Portal:TimeZone must be an IANA time zone, such as Australia/Melbourne."
            )
            .Validate(
                options => ContactRules.IsRegion(options.PhoneRegion),
                "Portal:PhoneRegion must be the two letters of a country, such as AU."
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
