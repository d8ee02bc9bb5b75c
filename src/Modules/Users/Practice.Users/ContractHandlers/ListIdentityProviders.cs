using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.Users.Providers;

namespace Practice.Users.ContractHandlers;

public static class ListIdentityProvidersHandler
{
    public static IdentityProvidersAnswer Handle(ListIdentityProviders query, IOptions<SignInOptions> options)
    {
        _ = query; // it asks for all
        return new([
            .. options.Value.Providers.Select(provider => new IdentityProviderFacts(provider.Name!, provider.Issuer)),
        ]);
    }
}
