using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared;

namespace Practice.Groups;

internal sealed class GroupsModule : Module<GroupsDbContext>
{
    public override string Schema => GroupsDbContext.SchemaName;

    public override IReadOnlyList<string> AuthorityFunctions =>
        [
            "act_as_system_for_person",
            "write_membership",
            "write_memberships",
            "write_group",
            "write_idle_limit",
            "write_sign_in_rule",
            "write_client",
            "set_client_secret",
            "client_facts",
            "open_client_session",
            "groups_of",
            "works_at_one_of",
        ];

    public override bool ReadsAudit => true;

    public override void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<InvitationOptions>()
            .BindConfiguration(InvitationOptions.Section)
            .Validate(
                options => options.ExpireAfter > TimeSpan.Zero && options.ExpireAfter <= TimeSpan.FromDays(365),
                "Invitations:ExpireAfter must be longer than zero and at most 365 days, as days.hours:minutes:seconds."
            )
            .ValidateOnStart();
        services.AddHostedService<ExpiredRowsCleanup>();
    }
}
