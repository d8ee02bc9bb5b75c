using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Passwords;

/// <summary>
/// Opens a session in a transaction that is rolled back, before the host takes connections: what it needs is compiled
/// then, and not while the first person waits.
/// </summary>
internal sealed partial class SignInWarmUp(IServiceScopeFactory scopes, ILogger<SignInWarmUp> log) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var bus = scope.ServiceProvider.GetRequiredService<IModuleBus>();
            var warmedUp = await bus.InvokeAsSystemAsync(new WarmUpSignIn(), patience.Token);
            if (warmedUp.FirstError != WarmUpSignInHandler.RolledBack)
                LogLeftOut(warmedUp.FirstError.Code);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogLeftOut(fault.Message); // the start does not hang on it
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "The first sign-in will be slow: it could not be prepared. {Reason}")]
    private partial void LogLeftOut(string reason);
}

/// <summary>Opens a session of a person who does not exist, and always fails. Sent by the host as it starts.</summary>
public sealed record WarmUpSignIn : Message, ICommand<Success>;

public static class WarmUpSignInHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        WarmUpSignIn _,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (id, now) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow());
        db.Accounts.Add(Account.SignedUp(PendingSignUp.Begin(id, null, "-", "-", $"{id}@example.com", "-", now), now));
        await db.SaveChangesAsync(ct);

        var account = (await db.LockAccountAsync(id, ct))!;
        await db.OpenSessionAsync(account, null, "-", false, passkeyId: null, work, messages, now, provider: null, ct);
        await db.SaveChangesAsync(ct);
        return RolledBack;
    }

    /// <summary>With an error in the answer nothing is committed.</summary>
    internal static Error RolledBack { get; } = Error.Failure("users.sign_in_warmed_up");
}
