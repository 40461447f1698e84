using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>A run is in the hands of another, so it cannot be continued or deleted now.</summary>
public sealed class RunLeaseException(string runId, RunHolder? holder) : DevOpsException(
    $"The run '{runId}' is in use by {Describe(holder)}. Wait until it ends, or end it: its lease is free as soon as that process is gone.")
{
    /// <summary>Gets the run's id.</summary>
    public string RunId { get; } = runId;

    /// <summary>Gets who holds the lease; <see langword="null"/> if it did not leave its name yet.</summary>
    public RunHolder? Holder { get; } = holder;

    private static string Describe(RunHolder? holder) => holder is null
        ? "another process"
        : string.Create(CultureInfo.InvariantCulture, $"process {holder.ProcessId} on '{holder.Machine}' since {holder.Since:u}");
}
