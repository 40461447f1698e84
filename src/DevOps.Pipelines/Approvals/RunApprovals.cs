using System.Security.Cryptography;
using System.Text.Json;

namespace DevOps.Pipelines;

/// <summary>Decides approvals from outside of the process that runs the pipeline.</summary>
public static class RunApprovals
{
    /// <summary>Posts a decision to a run, whether a process works on it now or one takes it up later.</summary>
    /// <param name="inbox">The store of the run.</param>
    /// <param name="runId">The run.</param>
    /// <param name="job">The name of the approval.</param>
    /// <param name="decision">The decision, with the time at which it was made. Posting the same decision again changes nothing.</param>
    /// <param name="cancellationToken">Stops the posting.</param>
    /// <remarks>Whether the person may decide is checked by the run. The store is trusted: who can write to it can decide.</remarks>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    public static Task DecideAsync(this IRunInbox inbox, string runId, string job, ApprovalDecision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        ArgumentException.ThrowIfNullOrEmpty(runId);
        ArgumentException.ThrowIfNullOrWhiteSpace(job);
        ArgumentNullException.ThrowIfNull(decision);
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new(job, decision), ResultJson.Default.ApprovalMessage);
        return inbox.PostAsync(runId, Convert.ToHexStringLower(SHA256.HashData(message)), message, cancellationToken);
    }
}
