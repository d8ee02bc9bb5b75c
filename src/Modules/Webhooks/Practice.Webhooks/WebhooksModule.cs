using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Practice.Shared;
using Practice.Webhooks.Data;
using Practice.Webhooks.Delivery;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks;

internal sealed class WebhooksModule : Module<WebhooksDbContext>
{
    public override string Schema => WebhooksDbContext.SchemaName;

    public override IReadOnlyList<string> AuthorityFunctions => ["note_webhook"];

    public override void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<INameResolver, SystemNameResolver>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<IWolverineExtension, SendingQueues>();
        services
            .AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section)
            .Validate(
                options => options.Timeout >= TimeSpan.FromSeconds(1) && options.Timeout <= TimeSpan.FromSeconds(20),
                "Webhooks:Timeout must be from 1 to 20 seconds, as hours:minutes:seconds."
            )
            .ValidateOnStart();
    }
}
