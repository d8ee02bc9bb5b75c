using ErrorOr;
using Practice.Messages;
using Practice.Shared.Idempotency;
using Wolverine;

namespace Practice.Shared.Messaging;

/// <summary>
/// How slices send commands and queries: typed by the message, so that none is awaited with the wrong answer.
/// </summary>
public interface IModuleBus : IAuthorizesCalls
{
    /// <summary>
    /// Runs a slice's command as the request's caller, who is authorized in the command's own transaction. For a call
    /// with an <c>Idempotency-Key</c> the answer is kept there too: it must hold no secret.
    /// </summary>
    Task<ErrorOr<TAnswer>> SendAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken ct);

    /// <summary>
    /// Runs another module's command as the system. The slice that sends it has authorized the caller.
    /// </summary>
    Task<ErrorOr<TAnswer>> InvokeAsSystemAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken ct);

    /// <summary>Asks another module.</summary>
    Task<TAnswer> QueryAsync<TAnswer>(IQuery<TAnswer> query, CancellationToken ct);
}

public sealed class ModuleBus(IMessageBus bus, CallContext call, Authorizer authorizer, IHttpContextAccessor accessor)
    : IModuleBus
{
    public async Task<ErrorOr<TAnswer>> SendAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken ct)
    {
        var options = new DeliveryOptions();
        call.Request?.WriteTo(options.Headers);
        if (accessor.HttpContext?.Features.Get<IdempotentRequest>() is { } idempotent)
        {
            var step = idempotent.NextStep(command.GetType());
            if (idempotent.TryRecall<TAnswer>(step, out var answer))
            {
                await authorizer.DemandAsync(call, ct); // what was answered then is answered now only to who still may
                return answer;
            }

            idempotent.WriteTo(options.Headers, step);
        }

        return await bus.InvokeAsync<ErrorOr<TAnswer>>(command, options, ct);
    }

    public async Task<ErrorOr<TAnswer>> InvokeAsSystemAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken ct)
    {
        await AuthorizeFirstAsync(ct);
        return await bus.InvokeAsync<ErrorOr<TAnswer>>(command, ct);
    }

    public async Task<TAnswer> QueryAsync<TAnswer>(IQuery<TAnswer> query, CancellationToken ct)
    {
        await AuthorizeFirstAsync(ct);
        return await bus.InvokeAsync<TAnswer>(query, ct);
    }

    /// <summary>
    /// What runs as the system authorizes nobody. Where a request has not been authorized yet, that comes first: else
    /// the change would be made for anyone who calls.
    /// </summary>
    private async Task AuthorizeFirstAsync(CancellationToken ct)
    {
        if (call.Request is not null && accessor.HttpContext is { } http && !AuthorizationFilter.IsAuthorized(http))
            await authorizer.DemandAsync(call, ct);
    }
}
