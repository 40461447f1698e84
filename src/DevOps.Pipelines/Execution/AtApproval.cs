namespace DevOps.Pipelines;

/// <summary>Says what a run does when all that is left waits for approvals.</summary>
public enum AtApproval
{
    /// <summary>It waits, and holds no thread meanwhile.</summary>
    Wait,

    /// <summary>It ends for now, to be resumed once the decision is there. It needs a store.</summary>
    Leave,
}
