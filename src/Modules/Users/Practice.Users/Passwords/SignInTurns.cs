namespace Practice.Users.Passwords;

/// <summary>
/// One sign-in an email at a time on this node, so that somebody signing in on several devices at once is not taken for
/// somebody guessing. The count in the database is what holds over all nodes.
/// </summary>
internal sealed class SignInTurns
{
    private readonly Dictionary<string, Turn> _turns = [];
    private readonly Lock _lock = new();

    public async Task<IDisposable> TakeAsync(string normalizedEmail, CancellationToken ct)
    {
        Turn turn;
        lock (_lock)
        {
            if (!_turns.TryGetValue(normalizedEmail, out turn!))
                _turns[normalizedEmail] = turn = new Turn(this, normalizedEmail);
            turn.Users++;
        }

        try
        {
            await turn.Gate.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }

        return turn;
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
        {
            if (--turn.Users > 0)
                return;
            _turns.Remove(turn.Email);
        }

        turn.Gate.Dispose();
    }

    private sealed class Turn(SignInTurns turns, string email) : IDisposable
    {
        public string Email => email;

        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }

        public void Dispose()
        {
            Gate.Release();
            turns.Leave(this);
        }
    }
}
