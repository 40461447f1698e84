namespace DevOps.Registry.Server;

/// <summary>Lets few checks of passwords run at once, and few wait: each takes a processor for a good part of a second, and anybody may ask for one.</summary>
/// <remarks>One name can take no more than two places, so that guessing one user's password does not keep the others out. The same password asked for by several requests at once is checked once.</remarks>
internal sealed class PasswordGate(int maxParallel, int maxWaiting) : IDisposable
{
    private const int MaxPerName = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<bool>> _checks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(maxParallel);

    /// <summary>Starts a check, or joins the one that runs for the same key.</summary>
    /// <returns>The check; <see langword="null"/> if too many are waiting.</returns>
    internal Task<bool>? TryRun(string key, string userName, Func<bool> check)
    {
        lock (_lock)
        {
            if (_checks.TryGetValue(key, out Task<bool>? running))
            {
                return running;
            }

            int ofName = _names.GetValueOrDefault(userName);
            if (_checks.Count >= maxParallel + maxWaiting || ofName >= MaxPerName)
            {
                return null;
            }

            _names[userName] = ofName + 1;
            return _checks[key] = Task.Run(() => RunAsync(key, userName, check));
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<bool> RunAsync(string key, string userName, Func<bool> check)
    {
        try
        {
            await _slots.WaitAsync().ConfigureAwait(false);
            try
            {
                return check();
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            lock (_lock)
            {
                _checks.Remove(key);
                if (--_names[userName] == 0)
                {
                    _names.Remove(userName);
                }
            }
        }
    }
}
