using Practice.Authorization;
using Practice.Shared;

namespace Practice.Host;

/// <summary>
/// Stops the start where a route does not say who may call it. It looks at the endpoints once routing has them, before
/// the host listens. Asking for them any earlier makes ASP.NET Core compile every route twice.
/// </summary>
internal sealed class RequirementsCheck(IReadOnlyList<IModule> modules) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            next(app);
            app.ApplicationServices.GetRequiredService<EndpointDataSource>()
                .Endpoints.DemandRequirements([.. modules.Select(module => module.GetType().Assembly)]);
        };
}
