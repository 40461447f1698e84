using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Looks for decisions that other processes post, as long as an approval waits.</summary>
internal sealed class InboxWatch(RunEngine engine)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _refused = [];
    private Task _look = Task.CompletedTask;
    private int _isOn;

    internal void Wake()
    {
        if (engine.Options.Store is IRunInbox && Interlocked.CompareExchange(ref _isOn, 1, 0) == 0)
        {
            _ = WatchAsync();
        }
    }

    /// <summary>Takes the decisions that are there now; one look follows another.</summary>
    internal Task LookAsync()
    {
        if (engine.Options.Store is not IRunInbox inbox)
        {
            return Task.CompletedTask;
        }

        lock (_refused)
        {
            return _look = LookAsync(inbox, _look);
        }
    }

    private async Task LookAsync(IRunInbox inbox, Task before)
    {
        await before.ConfigureAwait(false);
        try
        {
            await foreach (RunMessage message in inbox.ReadMessagesAsync(engine.Setup.RunId).ConfigureAwait(false))
            {
                await TakeAsync(message).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DevOpsException)
        {
            // Who waits for people can wait a second more; what cannot be read at all is told each time somebody asks.
            engine.Observer.Telemetry.InboxUnreadable(e);
        }
    }

    private async Task WatchAsync()
    {
        while (engine.Approvals.Count > 0 && !engine.Completion.IsCompleted)
        {
            await LookAsync().ConfigureAwait(false);
            await Task.Delay(Interval, engine.TimeProvider).ConfigureAwait(false);
        }

        Volatile.Write(ref _isOn, 0);
        if (engine.Approvals.Count > 0 && !engine.Completion.IsCompleted)
        {
            Wake();
        }
    }

    private async Task TakeAsync(RunMessage message)
    {
        if (_refused.Contains(message.Id) || engine.Approvals.Knows(message.Id))
        {
            return;
        }

        try
        {
            if (JsonSerializer.Deserialize(message.Content.Span, ResultJson.Default.ApprovalMessage) is { } posted
                && engine.Approvals.Pending.Any(pending => string.Equals(pending.Job, posted.Job, StringComparison.OrdinalIgnoreCase)))
            {
                await engine.Approvals.TakeAsync(posted.Job, posted.Decision, message.Id).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ApprovalException or JsonException or ArgumentException)
        {
            _refused.Add(message.Id);
            engine.Observer.Telemetry.DecisionRefused(message.Id, e);
        }
    }
}
