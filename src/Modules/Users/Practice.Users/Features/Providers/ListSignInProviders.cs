using Practice.Users.Providers;

namespace Practice.Users.Features.Providers;

/// <param name="Name">On its button, and in the addresses of its calls.</param>
internal sealed record SignInProvider(string Name);

/// <summary>The identity providers that people can sign in with here, as the operator ordered them.</summary>
internal sealed record SignInProviders(IReadOnlyList<SignInProvider> Items);

/// <summary>The identity providers that people can sign in with here.</summary>
internal sealed class ListSignInProvidersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/sign-in/providers", Get)
            .AllowAnyone()
            .WithName("ListSignInProviders")
            .WithTags("Users")
            .Produces<SignInProviders>();

    private static IResult Get(IdentityProviders providers) =>
        Results.Ok(new SignInProviders([.. providers.All.Select(provider => new SignInProvider(provider.Name))]));
}
