using System.Collections.Concurrent;

namespace DevOps.Registry;

/// <summary>Holds requests to a host back that asked for it. All requests of the client to that host wait, and not only the one that was told.</summary>
/// <remarks>Source: RFC 9110, section 10.2.3, and RFC 6585, section 4.</remarks>
internal sealed class HostPauses(TimeProvider time, TimeSpan longest)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits until the host may be asked.</summary>
    internal async ValueTask WaitAsync(Uri address, CancellationToken cancellationToken)
    {
        while (_until.TryGetValue(address.Authority, out DateTimeOffset until))
        {
            TimeSpan left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                _until.TryRemove(new(address.Authority, until));
                return;
            }

            await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns whether the host may not be asked now.</summary>
    internal bool Holds(Uri address) => _until.TryGetValue(address.Authority, out DateTimeOffset until) && until > time.GetUtcNow();

    /// <summary>Takes note of how long the host asked to be left alone.</summary>
    internal void Note(Uri address, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is 429 or 503 && AskedFor(response) is { } wait && wait > TimeSpan.Zero)
        {
            DateTimeOffset until = time.GetUtcNow() + wait;
            _until.AddOrUpdate(address.Authority, until, (_, before) => before > until ? before : until);
        }
    }

    /// <summary>Returns how long an answer asks to wait, in seconds or until a date, and never longer than the limit; <see langword="null"/> if it does not ask.</summary>
    internal TimeSpan? AskedFor(HttpResponseMessage? response)
    {
        TimeSpan? wait = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wait is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, longest.Ticks)) : null;
    }
}
