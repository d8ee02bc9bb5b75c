using System.Reflection;
using ErrorOr;
using Practice.Messages;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>A method that handles a message, as Wolverine finds it.</summary>
internal sealed record Handler(Module Module, Type Type, MethodInfo Method)
{
    public Type Message => Method.GetParameters()[0].ParameterType;

    /// <summary>What it answers with, awaited.</summary>
    public Type Answer =>
        Method.ReturnType.IsGenericType && Method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? Method.ReturnType.GetGenericArguments()[0]
            : Method.ReturnType;

    /// <summary>
    /// Whether it runs in a transaction, and so holds a connection: as <c>UnitOfWorkPolicy</c> has it.
    /// </summary>
    public bool HasTransaction =>
        !Handlers.IsQuery(Message)
        && Method.GetParameters().Any(parameter => parameter.ParameterType.IsSubclassOf(typeof(ModuleDbContext)));
}

internal static class Handlers
{
    public static bool IsHandlerType(Type type) =>
        type is { IsClass: true, IsPublic: true } && type.Name.EndsWith("Handler", StringComparison.Ordinal);

    /// <summary>All names that Wolverine takes for a handler's method.</summary>
    public static readonly string[] HandlingNames =
    [
        .. new[]
        {
            "Handle",
            "Handles",
            "Consume",
            "Consumes",
            "Orchestrate",
            "Orchestrates",
            "Start",
            "Starts",
            "StartOrHandle",
            "StartsOrHandles",
            "NotFound",
        }.SelectMany(name => new[] { name, $"{name}Async" }),
    ];

    public static IEnumerable<MethodInfo> HandlingMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => HandlingNames.Contains(method.Name));

    public static IReadOnlyList<Handler> Of(Codebase code) => [.. code.Modules.SelectMany(Of)];

    public static IReadOnlyList<Handler> Of(Module module) =>
        [
            .. from type in module.Own.Types.Where(IsHandlerType)
            from method in HandlingMethods(type)
            select new Handler(module, type, method),
        ];

    public static bool IsQuery(Type message) =>
        message.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IQuery<>));

    /// <summary>What a query or a command promises to answer with; null for a message without an answer.</summary>
    public static Type? PromisedAnswer(Type message)
    {
        foreach (var promise in message.GetInterfaces().Where(promise => promise.IsGenericType))
        {
            if (promise.GetGenericTypeDefinition() == typeof(IQuery<>))
                return promise.GetGenericArguments()[0];
            if (promise.GetGenericTypeDefinition() == typeof(ICommand<>))
                return typeof(ErrorOr<>).MakeGenericType(promise.GetGenericArguments()[0]);
        }

        return null;
    }
}
