namespace DevOps.Pipelines;

/// <summary>Tells several.</summary>
internal sealed class ProgramProgress(IReadOnlyList<IProgress<PipelineEvent>> all) : IProgress<PipelineEvent>
{
    public void Report(PipelineEvent value)
    {
        foreach (IProgress<PipelineEvent> one in all)
        {
            one.Report(value);
        }
    }
}
