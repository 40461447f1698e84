namespace DevOps.Pipelines;

/// <summary>What a person says to what is asked.</summary>
public enum ApprovalVerdict
{
    /// <summary>Yes.</summary>
    Approve,

    /// <summary>No: the job fails.</summary>
    Reject,
}
