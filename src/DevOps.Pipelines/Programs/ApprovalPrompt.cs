using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace DevOps.Pipelines;

/// <summary>Asks the person at the terminal about approvals, one after the other.</summary>
internal sealed class ApprovalPrompt(ProgramContext context, PipelineView view) : IProgress<PipelineEvent>
{
    private readonly Channel<PendingApproval> _asked = Channel.CreateUnbounded<PendingApproval>();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new(StringComparer.OrdinalIgnoreCase);
    private readonly TextWriter _output = context.Terminal.Output;
    private Task<string?>? _line;

    public void Report(PipelineEvent value)
    {
        switch (value)
        {
            case ApprovalRequested asked:
                _open[asked.Job] = new();
                _asked.Writer.TryWrite(asked.Approval);
                break;
            case JobFinished finished when _open.TryRemove(finished.Job, out CancellationTokenSource? open):
                // Not under the lock of whoever reports.
                _ = open.CancelAsync();
                break;
            case RunFinished:
                _asked.Writer.TryComplete();
                break;
        }
    }

    /// <summary>Asks until the run has ended, or the input has.</summary>
    internal async Task AskAsync(PipelineRun run, CancellationToken cancellationToken)
    {
        await foreach (PendingApproval approval in _asked.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_open.TryGetValue(approval.Job, out CancellationTokenSource? open))
            {
                continue;
            }

            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(open.Token, cancellationToken);
            view.Pause();
            try
            {
                while (await DecideAsync(run, approval, either.Token).ConfigureAwait(false))
                {
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await _output.WriteLineAsync().ConfigureAwait(false);
            }
            catch (EndOfStreamException)
            {
                await _output.WriteLineAsync().ConfigureAwait(false);
                return;
            }
            finally
            {
                view.Resume();
            }
        }
    }

    /// <summary>Asks once, and returns whether to ask again.</summary>
    private async Task<bool> DecideAsync(PipelineRun run, PendingApproval approval, CancellationToken cancellationToken)
    {
        string job = ViewText.Line(approval.Job);
        string answer = await ReadAsync($"{job}: approve, reject, or leave it waiting (a/r/l)? ", cancellationToken).ConfigureAwait(false);
        switch (answer.ToUpperInvariant())
        {
            case "L" or "LEAVE":
                return false;
            case "A" or "APPROVE" or "R" or "REJECT":
                break;
            default:
                return true;
        }

        bool approves = char.ToUpperInvariant(answer[0]) == 'A';
        string by = context.By ?? await ReadAsync("your name: ", cancellationToken).ConfigureAwait(false);
        ImmutableArray<string> groups = [];
        if (!approval.From.IsEmpty && !approval.From.Contains(by, StringComparer.OrdinalIgnoreCase))
        {
            // The name of an account is a guess, and the person may be in a group that may decide.
            string from = string.Join(" or ", approval.From.Select(ViewText.Line));
            by = await ReadAsync($"your name [{ViewText.Line(by)}]: ", cancellationToken).ConfigureAwait(false) is { Length: > 0 } other ? other : by;
            groups = await ReadAsync($"your groups, with commas (it is for {from}): ", cancellationToken).ConfigureAwait(false) is { Length: > 0 } named
                ? [.. named.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
                : [];
        }

        ImmutableDictionary<string, string> inputs = approves ? await ReadInputsAsync(approval, cancellationToken).ConfigureAwait(false) : ImmutableDictionary<string, string>.Empty;
        string comment = await ReadAsync("comment (may be empty): ", cancellationToken).ConfigureAwait(false);
        try
        {
            ApprovalDecision decision = new() { By = by, Groups = groups, Verdict = approves ? ApprovalVerdict.Approve : ApprovalVerdict.Reject, Comment = comment.Length > 0 ? comment : null, Inputs = inputs };
            await run.DecideAsync(approval.Job, decision).ConfigureAwait(false);

            // With a quorum the job goes on waiting, for others.
            return false;
        }
        catch (ApprovalException e)
        {
            await _output.WriteLineAsync(ViewText.Line(e.Message)).ConfigureAwait(false);

            // It may have been decided elsewhere meanwhile.
            return run.Waiting.Any(waiting => waiting.Job == approval.Job);
        }
    }

    private async Task<ImmutableDictionary<string, string>> ReadInputsAsync(PendingApproval approval, CancellationToken cancellationToken)
    {
        ImmutableDictionary<string, string>.Builder inputs = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (Parameter input in context.Pipeline.Jobs.FirstOrDefault(job => job.Name == approval.Job)?.Settings.Approval?.Inputs ?? [])
        {
            string choices = input.Choices.IsEmpty ? "" : $": {string.Join(", ", input.Choices.Select(ViewText.Line))}";
            string value = await ReadAsync($"{ViewText.Line(input.Name)} ({input.Kind}{choices}){(input.DefaultText is { } text ? $" [{ViewText.Line(text)}]" : "")}: ", cancellationToken).ConfigureAwait(false);
            if (value.Length > 0)
            {
                inputs[input.Name] = value;
            }
        }

        return inputs.ToImmutable();
    }

    // A console is read on a thread of its own, and a read of it cannot be stopped: the next question takes what it brings.
    private async Task<string> ReadAsync(string question, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(question).ConfigureAwait(false);
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
        Task<string?> line = _line ??= Task.Factory.StartNew(context.Terminal.Input!.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        string? text = await line.WaitAsync(cancellationToken).ConfigureAwait(false);
        _line = null;
        return text?.Trim() ?? throw new EndOfStreamException();
    }
}
