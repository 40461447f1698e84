namespace DevOps.Pipelines;

/// <summary>A condition on what happened in a run so far, with the words it was written in.</summary>
internal sealed record JobCondition(Func<JobContext, bool> Test, string Text);
