namespace DevOps.Pipelines;

/// <summary>Tells only what went wrong, what waits for people, and the summary.</summary>
internal sealed class QuietView(TextWriter output, ViewOptions? options) : PipelineView(output, options)
{
    private protected override bool TellsOfSilence => false;

    private protected override void Show(PipelineEvent happened)
    {
        if (happened is RunFinished or ApprovalRequested or JobFinished { Result.Outcome: Outcome.Failure or Outcome.TimedOut or Outcome.Unstable })
        {
            WriteLines(EventLines.Of(happened, Running, Options).Select(Harmless));
        }
    }
}
