using System.Net.Http.Headers;

namespace Practice.Client;

/// <summary>
/// A signed-in person. The access token goes with every call and is renewed shortly before it ends; calls that are made
/// at the same time share one renewal, because a refresh token works once.
/// </summary>
public sealed class PracticeSession : IDisposable
{
    /// <summary>How long before its end a token is renewed: longer than a call is under way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly HttpClient _plain;
    private readonly HttpClient _signedIn;
    private readonly PracticeApi _withoutToken;
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly TimeProvider _clock;
    private SignedIn _tokens;
    private DateTimeOffset _ends;

    private PracticeSession(HttpClient plain, HttpMessageHandler inner, SignedIn tokens, TimeProvider clock)
    {
        (_plain, _clock, _tokens) = (plain, clock, tokens);
        _ends = clock.GetUtcNow() + TimeSpan.FromSeconds(tokens.ExpiresIn);
        _withoutToken = new PracticeApi(plain);
        _signedIn = new HttpClient(
            new TokenHandler(this) { InnerHandler = new ProblemHandler { InnerHandler = inner } },
            disposeHandler: false
        )
        {
            BaseAddress = plain.BaseAddress,
        };
        Api = new PracticeApi(_signedIn);
    }

    /// <summary>The API, as the person who signed in.</summary>
    public PracticeApi Api { get; }

    /// <summary>Whether the password is a temporary one: until it is changed, the API allows nothing else.</summary>
    public bool MustChangePassword => _tokens.MustChangePassword;

    /// <param name="host">Where the host is, such as <c>https://practice.example/</c>.</param>
    /// <param name="code">Of an authenticator app, or a recovery code, where two-factor authentication is on.</param>
    /// <param name="inner">What sends the requests; one of its own when null.</param>
    /// <exception cref="ApiProblemException">With <c>users.code_required</c>: ask for a code and try again.</exception>
    public static async Task<PracticeSession> SignInAsync(
        Uri host,
        string email,
        string password,
        string? code = null,
        HttpMessageHandler? inner = null,
        TimeProvider? clock = null,
        CancellationToken ct = default
    )
    {
        var own = inner is null;
        inner ??= new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        // A handler of the caller's stays the caller's: they may try again with it.
        var plain = new HttpClient(new ProblemHandler { InnerHandler = inner }, disposeHandler: own)
        {
            BaseAddress = host,
        };
        try
        {
            var input = new SignInInput
            {
                Email = email,
                Password = password,
                Code = code,
            };
            var tokens = (await new PracticeApi(plain).SignInAsync(input, ct)).Result;
            return new PracticeSession(plain, inner, tokens, clock ?? TimeProvider.System);
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }

    /// <summary>Ends the session on the host. Disposing alone leaves it to run out.</summary>
    public Task SignOutAsync(CancellationToken ct = default) => Api.SignOutAsync(cancellationToken: ct);

    public void Dispose()
    {
        _signedIn.Dispose();
        _plain.Dispose();
        _renewing.Dispose();
    }

    private async Task<string> TokenAsync(CancellationToken ct)
    {
        if (_clock.GetUtcNow() < _ends - Margin)
            return _tokens.AccessToken;
        await _renewing.WaitAsync(ct);
        try
        {
            if (_clock.GetUtcNow() < _ends - Margin)
                return _tokens.AccessToken;
            var asked = _clock.GetUtcNow();
            // Without the caller's token: a refresh token that was used, and whose answer nobody has, ends the session.
            _tokens = (
                await _withoutToken.RefreshSessionAsync(
                    new RefreshInput { RefreshToken = _tokens.RefreshToken },
                    CancellationToken.None
                )
            ).Result;
            _ends = asked + TimeSpan.FromSeconds(_tokens.ExpiresIn);
            return _tokens.AccessToken;
        }
        finally
        {
            _renewing.Release();
        }
    }

    private sealed class TokenHandler(PracticeSession session) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                await session.TokenAsync(cancellationToken)
            );
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
