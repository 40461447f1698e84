namespace DevOps.Pipelines;

/// <summary>Tells of a run in lines.</summary>
internal sealed class PlainView(TextWriter output, ViewOptions? options) : PipelineView(output, options)
{
    private protected override void Show(PipelineEvent happened) => WriteLines(EventLines.Of(happened, Running, Options).Select(Harmless));
}
