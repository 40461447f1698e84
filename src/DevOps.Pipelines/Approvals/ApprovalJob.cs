namespace DevOps.Pipelines;

/// <summary>A job that people decide.</summary>
internal sealed class ApprovalJob(PipelineBuilder pipeline, string name) : Job<ApprovalResult>(pipeline, name, static job => new(job.Engine.Approvals.DecideAsync(job)))
{
    internal override JobKind Kind => JobKind.Approval;
}
