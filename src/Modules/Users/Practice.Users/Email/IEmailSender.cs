using MimeKit;

namespace Practice.Users.Email;

internal interface IEmailSender
{
    /// <exception cref="EmailNotSentException">It may work later.</exception>
    /// <exception cref="EmailRejectedException">It will never work.</exception>
    Task SendAsync(MimeMessage email, Guid mailId, CancellationToken ct);

    /// <summary>What would send mails now; an exception says why nothing would.</summary>
    Task<string> CheckAsync(CancellationToken ct);
}

/// <summary>The email could not be sent now: the server is down, slow, or says "later".</summary>
internal sealed class EmailNotSentException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>The server put off this recipient, and perhaps nobody else; otherwise it is away for all.</summary>
    public bool IsOfRecipient { get; init; }
}

/// <summary>The server rejected this email: a retry gets the same answer.</summary>
internal sealed class EmailRejectedException(string message, Exception inner) : Exception(message, inner);
