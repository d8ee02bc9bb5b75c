namespace Practice.Users.Passwords;

/// <summary>
/// Allows one attempt per email at a time on this node, so that a person who signs in on several devices at once is not
/// locked out as someone guessing. The limit itself is the count in the database, which holds across all nodes.
/// </summary>
internal sealed class PerEmailLock
{
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>
    /// Waits until no other attempt for this email is running. Dispose the result when the attempt is over.
    /// </summary>
    public async Task<IDisposable> AcquireAsync(string normalizedEmail, CancellationToken ct)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(normalizedEmail, out entry!))
                _entries[normalizedEmail] = entry = new Entry(this, normalizedEmail);
            entry.Users++;
        }

        try
        {
            await entry.Gate.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            Leave(entry);
            throw;
        }

        return entry;
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users > 0)
                return;
            _entries.Remove(entry.Email);
        }

        entry.Gate.Dispose();
    }

    private sealed class Entry(PerEmailLock owner, string email) : IDisposable
    {
        public string Email => email;

        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }

        public void Dispose()
        {
            Gate.Release();
            owner.Leave(this);
        }
    }
}
