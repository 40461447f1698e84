namespace DevOps.Pipelines;

/// <summary>Tells of a run in the log of a CI system: what happens in lines, and the log of each job as one section when it ends.</summary>
internal sealed class SectionedView : PipelineView
{
    private readonly ILogMarkup _markup;

    internal SectionedView(TextWriter output, ViewOptions? options, ILogMarkup markup) : base(output, options) => Markup = _markup = markup;

    private protected override void Show(PipelineEvent happened)
    {
        if (happened is JobFinished { Result: { StartedAt: not null, IsRestored: false } result })
        {
            string title = $"{ViewText.Line(result.Name)}: {EventLines.Ended(result, Options)}";
            string? problem = result.Outcome.IsFailed() ? _markup.Problem(result) : result.Outcome == Outcome.Unstable ? _markup.Warning(result) : null;
            IEnumerable<string> section = [_markup.Open(result, title), .. result.Log.Select(line => Harmless(ViewText.Line(line.Text))), _markup.Close(result)];
            WriteLines(problem is null ? section : section.Append(problem));
        }
        else if (happened is not (JobLogged or StepStarted))
        {
            WriteLines(EventLines.Of(happened, Running, Options).Select(Harmless));
        }
    }
}
