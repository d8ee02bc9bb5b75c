using ErrorOr;
using Practice.Messages;
using Practice.Shared.Authority;
using Wolverine;

namespace Practice.Shared.Messaging;

/// <summary>How a slice's endpoint, or an orchestrating handler, sends commands and questions: typed by the message, so that none is awaited with the wrong answer.</summary>
public sealed class Commands(IMessageBus bus, CallContext call)
{
    /// <summary>
    /// Runs a slice's command as the request's caller, whose admission travels along and is checked in the command's own
    /// transaction. For a call with an <c>Idempotency-Key</c> the answer is kept there too: it must hold no secret.
    /// </summary>
    public Task<ErrorOr<TAnswer>> Send<TAnswer>(ICommand<TAnswer> command, CancellationToken ct)
    {
        var options = new DeliveryOptions();
        call.Admission?.WriteTo(options.Headers);
        if (call.Keyed is { } keyed)
        {
            var step = keyed.NextStep(command.GetType());
            if (keyed.TryRecall<TAnswer>(step, out var answer))
                return Task.FromResult<ErrorOr<TAnswer>>(answer);
            keyed.WriteTo(options.Headers, step);
        }

        return bus.InvokeAsync<ErrorOr<TAnswer>>(command, options, ct);
    }

    /// <summary>Runs another module's command; there the system acts, and the caller's authority was checked here.</summary>
    public Task<ErrorOr<TAnswer>> Order<TAnswer>(ICommand<TAnswer> command, CancellationToken ct) =>
        bus.InvokeAsync<ErrorOr<TAnswer>>(command, ct);

    /// <summary>Asks another module.</summary>
    public Task<TAnswer> Ask<TAnswer>(IQuery<TAnswer> query, CancellationToken ct) =>
        bus.InvokeAsync<TAnswer>(query, ct);
}
