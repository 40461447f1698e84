namespace DevOps.Pipelines;

/// <summary>A condition on the parameters of a run, with the words it was written in.</summary>
internal sealed record RunCondition(Func<ParameterValues, bool> Test, string Text);
