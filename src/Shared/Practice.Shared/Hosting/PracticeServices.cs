using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Practice.Shared.Audit;
using Practice.Shared.Idempotency;
using Practice.Shared.Limits;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;
using Practice.Shared.Texts;
using Wolverine;

namespace Practice.Shared.Hosting;

/// <summary>Registers what modules build on, and each module's slices, validators and DbContext.</summary>
public static class PracticeServices
{
    public static void AddPractice(
        this IServiceCollection services,
        IConfiguration configuration,
        IReadOnlyList<IModule> modules,
        PracticeDatabase database
    )
    {
        ValidatorOptions.Global.PropertyNameResolver = (_, member, _) =>
            member is null ? null : JsonNamingPolicy.CamelCase.ConvertName(member.Name);

        services.AddSingleton(database);
        services.AddHttpContextAccessor();
        services.AddScoped<CallContext>();
        services.AddScoped<IModuleBus, ModuleBus>();
        services.AddSingleton(provider => new Authorizer(
            database.For(PracticeDatabase.MessagingSchema),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<EncryptionKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<EncryptionKeys>());
        services.AddSingleton<IWolverineExtension, MessageEncryption>();
        services.AddSingleton<MessageRetries>();
        services.AddSingleton<DeferredWrites>();
        services.AddHostedService(provider => provider.GetRequiredService<DeferredWrites>());
        services.AddSingleton<ExpiredAnswersCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiredAnswersCleanup>());
        services.AddSingleton<AuditHashChain>();
        services.AddSingleton(provider => new EntityTags(
            provider.GetRequiredService<EncryptionKeys>().SecretFor("entity-tags")
        ));
        services.AddHostedService<AuditChainWriter>();
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        services.AddSingleton<InputJson>();
        services.AddPublicUrl(configuration);
        services.AddSingleton<PeopleLimit>();
        services.AddSingleton<SessionIdleLimit>();
        services.AddSingleton<PhoneNumberHash>();
        services.AddSingleton(TextGatewaySettings.Read(configuration)); // made now: a wrong one stops the start

        var assemblies = modules.Select(module => module.GetType().Assembly).Distinct().ToArray();
        services.Scan(scan =>
            scan.FromAssemblies(assemblies)
                .AddClasses(classes => classes.AssignableTo(typeof(IValidator<>)), publicOnly: false)
                .AsImplementedInterfaces()
                .WithSingletonLifetime()
        );
        services.AddCarter(configurator: carter => carter.WithModules(Slices(assemblies)));

        foreach (var module in modules)
        {
            module.AddDbContext(services);
            module.AddServices(services, configuration);
        }

        services.AddHostedService(provider => new ModelWarmUp(
            modules,
            provider.GetRequiredService<IServiceScopeFactory>()
        ));
    }

    private static Type[] Slices(Assembly[] assemblies) =>
        [
            .. assemblies
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ICarterModule))),
        ];

    private static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
    }
}
