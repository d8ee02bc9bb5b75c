using Npgsql;

namespace Practice.Authorization;

/// <summary>Authorizes a request by itself, where no read or command does it in passing.</summary>
public sealed class Authorizer(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>The caller, or why they may not.</summary>
    internal async Task<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken ct)
    {
        if (request.TokenHash is null)
            return new(null, AuthorizationErrors.NotSignedIn);
        await using var command = source.CreateCommand(AuthorizationSql.For(request));
        AuthorizationSql.AddParameters(command.Parameters, request, clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        return AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, request);
    }

    /// <summary>Authorizes the request's caller, or ends the call.</summary>
    /// <exception cref="AccessDeniedException">The caller may not.</exception>
    public async Task DemandAsync(CallContext call, CancellationToken ct)
    {
        var result = await AuthorizeAsync(call.Request!, ct);
        call.SetCaller(result.Caller ?? throw new AccessDeniedException(result.Error!.Value));
    }
}
