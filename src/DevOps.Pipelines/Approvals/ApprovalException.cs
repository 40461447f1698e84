namespace DevOps.Pipelines;

/// <summary>A decision does not count: nobody asked for it, or not this person.</summary>
public sealed class ApprovalException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was decided, and why it does not count.</param>
    public ApprovalException(string message) : base(message)
    {
    }
}
