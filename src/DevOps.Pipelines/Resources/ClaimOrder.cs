namespace DevOps.Pipelines;

/// <summary>Who is served first: the higher priority, then the longer way to the end, then the older run, then the job that was added first.</summary>
/// <param name="Priority">The job's priority.</param>
/// <param name="RemainingTicks">The length of the longest way from the job's start to the end of the run, as far as it is known.</param>
/// <param name="Run">The number of the run, counted by the pool.</param>
/// <param name="Job">The job's place in its run.</param>
internal readonly record struct ClaimOrder(int Priority, long RemainingTicks, long Run, int Job)
{
    internal static IComparer<ClaimOrder> Usual { get; } = Comparer<ClaimOrder>.Create(static (a, b) => a.CompareUsually(b));

    internal static IComparer<ClaimOrder> OldestRun { get; } = Comparer<ClaimOrder>.Create(static (a, b) => a.Run != b.Run ? a.Run.CompareTo(b.Run) : a.CompareUsually(b));

    internal static IComparer<ClaimOrder> NewestRun { get; } = Comparer<ClaimOrder>.Create(static (a, b) => a.Run != b.Run ? b.Run.CompareTo(a.Run) : a.CompareUsually(b));

    private int CompareUsually(ClaimOrder other) =>
        Priority != other.Priority ? other.Priority.CompareTo(Priority)
        : RemainingTicks != other.RemainingTicks ? other.RemainingTicks.CompareTo(RemainingTicks)
        : Run != other.Run ? Run.CompareTo(other.Run)
        : Job.CompareTo(other.Job);
}
