using Microsoft.Extensions.Hosting;
using Practice.Users.Email;
using Practice.Users.Passwords;

namespace Practice.Users;

/// <summary>
/// Has the metrics page show each count from the start. Prometheus takes the first number that it sees as what was
/// there before: an alert about an increase would miss the first burst.
/// </summary>
internal sealed class CountsFromZero : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Mailer.CountFromZero();
        CountSignInAttemptHandler.CountFromZero();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
