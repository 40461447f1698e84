namespace DevOps.Pipelines;

/// <summary>A run cannot be planned as it was asked for.</summary>
public sealed class PlanException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was asked for, what is wrong, and what there is.</param>
    public PlanException(string message) : base(message)
    {
    }
}
