namespace DevOps.Pipelines.Tests.Scheduling;

/// <summary>A job as the model knows it: what was said of it, and where it is.</summary>
internal sealed class ModelJob(int index)
{
    internal int Index => index;

    internal string Name => $"j{Index}";

    internal List<int> Needs { get; } = [];

    internal List<int> Optional { get; } = [];

    internal List<int> Order { get; } = [];

    internal int? Stage { get; set; }

    internal bool Always { get; set; }

    internal bool Final { get; set; }

    internal bool? Condition { get; set; }

    internal TimeSpan Duration { get; set; }

    /// <summary>Gets or sets how many attempts fail before one succeeds.</summary>
    internal int Failures { get; set; }

    internal int Retries { get; set; }

    internal TimeSpan Delay { get; set; }

    internal TimeSpan? Timeout { get; set; }

    internal bool Tolerated { get; set; }

    internal int? Scope { get; set; }

    internal int Priority { get; set; }

    internal string[] Locks { get; set; } = [];

    internal int Units { get; set; }

    /// <summary>Gets or sets the group that the job joins the run with.</summary>
    internal int? Group { get; set; }

    /// <summary>Gets or sets whether the job stands for those that join with it.</summary>
    internal bool IsGroup { get; set; }

    internal string State { get; set; } = "waiting";

    internal Outcome Outcome { get; set; }

    internal bool BehindFailure { get; set; }

    internal int Attempts { get; set; }

    internal TimeSpan At { get; set; }

    internal TimeSpan? StartedAt { get; set; }

    internal bool Ended => State == "ended";
}
