using System.Collections.Concurrent;

namespace DevOps.Registry;

/// <summary>Keeps tokens until shortly before they end, and asks for each once, however many wait for it.</summary>
internal sealed class TokenCache(TimeProvider time)
{
    private const int MaxTokens = 1000;

    private readonly ConcurrentDictionary<TokenKey, BearerToken> _tokens = new();
    private readonly ConcurrentDictionary<TokenKey, Task> _asking = new();

    /// <summary>Returns the token that is kept, or the one that is asked for now.</summary>
    internal async ValueTask<BearerToken> GetAsync(TokenKey key, Func<Task<BearerToken>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Find(key) is { } kept)
            {
                return kept;
            }

            TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task asking = _asking.GetOrAdd(key, mine.Task);
            if (asking != mine.Task)
            {
                // Whoever asks may fail for reasons of their own, as by being cancelled: then the next one asks.
                await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                BearerToken token = await ask().ConfigureAwait(false);
                Keep(key, token);
                return token;
            }
            finally
            {
                _asking.TryRemove(key, out _);
                mine.SetResult();
            }
        }
    }

    /// <summary>Forgets a token that was refused. One that came in its place since stays.</summary>
    internal void Forget(string? value)
    {
        foreach (KeyValuePair<TokenKey, BearerToken> kept in _tokens)
        {
            if (kept.Value.Value == value)
            {
                _tokens.TryRemove(kept);
            }
        }
    }

    // One for exactly this comes first: a wider one may have been refused for it.
    private BearerToken? Find(TokenKey key)
    {
        DateTimeOffset now = time.GetUtcNow();
        return _tokens.TryGetValue(key, out BearerToken? token) && !token.EndsBefore(now)
            ? token
            : _tokens.FirstOrDefault(kept => kept.Key.Covers(key) && !kept.Value.EndsBefore(now)).Value;
    }

    private void Keep(TokenKey key, BearerToken token)
    {
        if (_tokens.Count >= MaxTokens)
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach (KeyValuePair<TokenKey, BearerToken> kept in _tokens.Where(kept => kept.Value.EndsBefore(now)))
            {
                _tokens.TryRemove(kept);
            }

            if (_tokens.Count >= MaxTokens)
            {
                _tokens.Clear();
            }
        }

        _tokens[key] = token;
    }
}
