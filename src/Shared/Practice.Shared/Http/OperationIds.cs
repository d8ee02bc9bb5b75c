namespace Practice.Shared.Http;

/// <summary>The command of a call whose operation id is not its name.</summary>
public sealed record CommandOfOperation(Type Command);

public static class OperationIds
{
    /// <summary>
    /// Keeps the operation id that API clients know a call by, after its command has got a better name. Others have
    /// their command's name: <c>.WithName(nameof(…))</c>.
    /// </summary>
    /// <typeparam name="TCommand">What the API document reads the call's summary and errors from.</typeparam>
    public static RouteHandlerBuilder WithOperationId<TCommand>(this RouteHandlerBuilder route, string operationId) =>
        route.WithName(operationId).WithMetadata(new CommandOfOperation(typeof(TCommand)));
}
