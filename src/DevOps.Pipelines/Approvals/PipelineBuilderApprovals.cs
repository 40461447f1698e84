namespace DevOps.Pipelines;

/// <summary>Adds approvals to pipelines.</summary>
public static class PipelineBuilderApprovals
{
    /// <summary>Adds a job that waits for people. It holds no thread, no slot and no lock meanwhile, and the waiting outlives the process if the run has a store.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="options">Who is asked what; anyone, once, if <see langword="null"/>.</param>
    /// <returns>The job. It succeeds when enough people approved, fails when one rejects, and times out when nobody decided in time.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static Job<ApprovalResult> AddApproval(this PipelineBuilder pipeline, string name, ApprovalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return pipeline.Add(new ApprovalJob(pipeline, PipelineBuilder.CheckName(name))).Change(settings => settings with { Approval = options ?? new() });
    }
}
