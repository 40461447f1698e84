using System.Collections.Immutable;
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
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await foreach (RunMessage message in inbox.ReadMessagesAsync(engine.Setup.RunId).ConfigureAwait(false))
            {
                await TakeAsync(message).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // Stores are other people's code. Who waits for people can wait a second more; what cannot be read at all is told each time somebody asks.
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
            ApprovalMessage? posted = JsonSerializer.Deserialize(message.Content.Span, ResultJson.Default.ApprovalMessage);
            if (posted?.Decision is not { } decision || string.IsNullOrEmpty(posted.Job))
            {
                throw new ApprovalException("It is no decision: the job, or what was decided, is missing.");
            }

            // What a message leaves away is nothing, and not a default that was never made.
            decision = decision with { Groups = decision.Groups.IsDefault ? [] : decision.Groups, Inputs = decision.Inputs ?? ImmutableDictionary<string, string>.Empty };

            if (engine.Approvals.Pending.Any(pending => string.Equals(pending.Job, posted.Job, StringComparison.OrdinalIgnoreCase)))
            {
                await engine.Approvals.TakeAsync(posted.Job, decision, message.Id).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not JournalWriteException)
        {
            // Whatever stands in a message: others behind it must be heard.
            _refused.Add(message.Id);
            engine.Observer.Telemetry.DecisionRefused(message.Id, e);
        }
    }
}
