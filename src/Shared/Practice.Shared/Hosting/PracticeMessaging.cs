using System.Reflection;
using JasperFx;
using JasperFx.CodeGeneration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Postgresql;
using Wolverine.Runtime;
using Wolverine.Util;

namespace Practice.Shared.Hosting;

/// <summary>
/// Wolverine as every module relies on it: durable local queues in PostgreSQL, one queue a handler, one transaction a
/// message.
/// </summary>
public static class PracticeMessaging
{
    /// <summary>How often a host looks for scheduled messages that are due.</summary>
    internal static readonly TimeSpan StartsEvery = TimeSpan.FromSeconds(1);

    /// <param name="handlers"> The code around the handlers, compiled by the build. Without it the host can only write
    /// that code: Wolverine would need a compiler to handle a message. </param>
    public static void UsePractice(
        this WolverineOptions options,
        PracticeDatabase database,
        IReadOnlyList<IModule> modules,
        DurabilityMode mode,
        Assembly? handlers
    )
    {
        options.StoreMessagesIn(database.For(PracticeDatabase.MessagingSchema));
        options.AutoBuildMessageStorageOnStartup = AutoCreate.None; // DatabaseSetup does it, as the owner
        options.Durability.Mode = mode;
        TakeOverSoon(options.Durability);
        StartManyAtOnce(options.Durability);
        options.MultipleHandlerBehavior = MultipleHandlerBehavior.Separated;
        options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue; // else marked as handled, and lost
        options.Policies.UseDurableLocalQueues();
        options.Policies.Add<UnitOfWorkPolicy>();

        options.CodeGeneration.TypeLoadMode = handlers is null ? TypeLoadMode.Dynamic : TypeLoadMode.Static;
        options.ApplicationAssembly = handlers ?? options.ApplicationAssembly;
        options.Discovery.DisableConventionalDiscovery();
        // Both come from the scope of the message: a context of the pool, and the caller it was handed to.
        options.CodeGeneration.AlwaysUseServiceLocationFor<CallContext>();
        foreach (var module in modules)
        {
            options.Discovery.IncludeAssembly(module.GetType().Assembly);
            options.CodeGeneration.AlwaysUseServiceLocationFor(module.ContextType);
            foreach (var handler in module.GetType().Assembly.GetExportedTypes().Where(IsHandler))
                options.Discovery.IncludeType(handler);
        }

        // Discard() would be for the first try only: at a later one Wolverine makes a dead letter of it.
        options
            .Policies.OnException<AlreadyHandledException>()
            .CustomActionIndefinitely((_, message, _) => message.CompleteAsync(), "let go");

        // A database that is away or restarting must not cost a message: try at once, then again and again, as
        // MessageRetries says. A call is not tried again where the database hangs, as its caller has waited long
        // enough, or where a commit may have happened: then no rule may match that tries again at once. Wolverine ends
        // a message after a minute, which one of a database that hangs reaches.
        options
            .Policies.OnException(IsNotForAnotherTry)
            .CustomActionIndefinitely(TryAgainLater, nameof(MessageRetries.TryAgainLaterAsync));
        options
            .Policies.OnException(fault => DatabaseFaults.IsTransient(fault) && !IsNotForAnotherTry(fault))
            .RetryWithCooldown(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1))
            .Then.CustomActionIndefinitely(TryAgainLater, nameof(MessageRetries.TryAgainLaterAsync));

        static bool IsNotForAnotherTry(Exception fault) =>
            fault is UncertainCommitException or OperationCanceledException || DatabaseFaults.IsTimeout(fault);
        static ValueTask TryAgainLater(IWolverineRuntime runtime, IEnvelopeLifecycle message, Exception fault) =>
            runtime.Services.GetRequiredService<MessageRetries>().TryAgainLaterAsync(runtime, message, fault);
    }

    /// <summary>The message tables, as the host uses them and as the owner of the database creates them.</summary>
    public static void StoreMessagesIn(this WolverineOptions options, NpgsqlDataSource source)
    {
        options.PersistMessagesWithPostgresql(source, PracticeDatabase.MessagingSchema);
        options.Durability.DeadLetterQueueExpirationEnabled = true;
        options.Durability.DeadLetterQueueExpiration = DatabaseSetup.DeadLettersKeptFor;
        // After a fail-over that lost the newest commits, a message may wait again that its host believes handled.
        options.Durability.InboxStaleTime = TimeSpan.FromMinutes(5);
    }

    /// <summary>
    /// The queues that a module's handlers read: one named after the message or, where an event has several handlers,
    /// one named after each of them.
    /// </summary>
    public static ILookup<IModule, string> QueuesOf(IReadOnlyList<IModule> modules)
    {
        var handlers =
            from module in modules
            from type in module.GetType().Assembly.GetExportedTypes().Where(IsHandler)
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            where method.Name is "Handle" or "HandleAsync"
            select (Module: module, Type: type, Message: method.GetParameters()[0].ParameterType);
        return handlers
            .GroupBy(handler => handler.Message)
            .SelectMany(those =>
                those.Select(handler =>
                    (handler.Module, Name: those.Count() == 1 ? those.Key.ToMessageTypeName() : handler.Type.FullName!)
                )
            )
            .ToLookup(queue => queue.Module, queue => $"local://{queue.Name.ToLowerInvariant()}/");
    }

    public static bool IsHandler(Type type) =>
        type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Handler", StringComparison.Ordinal);

    /// <summary>
    /// One host starts what is scheduled, for all: so many each time. By default it would be 20 a second, and in a
    /// large deployment thousands of reminders are due at the same moment, with each other try of an email behind them.
    /// </summary>
    private static void StartManyAtOnce(DurabilitySettings durability)
    {
        durability.RecoveryBatchSize = 1_000;
        durability.ScheduledJobPollingTime = StartsEvery;
    }

    /// <summary>
    /// What a host that has died was to handle goes on elsewhere within 20 seconds. A host that was only paused so long
    /// may handle the same message too; the one that commits second finds it handled, and changes nothing.
    /// </summary>
    private static void TakeOverSoon(DurabilitySettings durability)
    {
        durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
        durability.StaleNodeTimeout = TimeSpan.FromSeconds(8);
        durability.NodeReassignmentPollingTime = TimeSpan.FromSeconds(2);
    }
}
