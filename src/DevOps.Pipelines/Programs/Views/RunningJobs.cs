namespace DevOps.Pipelines;

/// <summary>Keeps what a view has to know of the jobs of a run that have not ended.</summary>
internal sealed class RunningJobs
{
    private readonly List<RunningJob> _jobs = [];

    /// <summary>Gets the jobs at work, those that started first before the others.</summary>
    internal IReadOnlyList<RunningJob> Jobs => _jobs;

    internal string RunId { get; private set; } = "";

    internal int Total { get; private set; }

    internal int Ended { get; private set; }

    /// <summary>Gets how wide the names of jobs are.</summary>
    internal int NameWidth { get; private set; } = 10;

    internal void Take(PipelineEvent happened, long now)
    {
        switch (happened)
        {
            case RunStarted started:
                RunId = started.RunId;
                Total = started.Jobs.Length;
                NameWidth = Math.Max(NameWidth, started.Jobs.Select(name => Math.Min(name.Length, 30)).DefaultIfEmpty(0).Max());
                break;
            case JobsAdded added:
                Total += added.Added.Length;
                break;
            case JobStarted started:
                Forget(started.Job);
                _jobs.Add(new(started.Job, now));
                break;
            case JobRetried retried:
                Forget(retried.Job);
                break;
            case JobLogged { Line.Text: { Length: > 0 } text } when Find(happened) is { } job:
                job.Text = text;
                break;
            case JobStatusChanged changed when Find(happened) is { } job:
                job.Text = changed.Status;
                break;
            case ApprovalRequested when Find(happened) is { } job:
                job.Text = "waits for approval";
                break;
            case JobFinished finished:
                Ended++;
                Forget(finished.Job);
                break;
        }
    }

    /// <summary>Returns a line that tells what runs, or <see langword="null"/> if nothing does.</summary>
    internal string? Told(TimeProvider time)
    {
        const int MaxTold = 8;
        string more = _jobs.Count > MaxTold ? $", and {_jobs.Count - MaxTold} more" : "";
        return _jobs.Count == 0
            ? null
            : $"still running: {string.Join(", ", _jobs.Take(MaxTold).Select(job => $"{ViewText.Line(job.Name)} ({TimeText.Write(time.GetElapsedTime(job.StartedAt))})"))}{more}";
    }

    private RunningJob? Find(PipelineEvent happened) => _jobs.Find(job => job.Name == ((JobEvent)happened).Job);

    private void Forget(string name) => _jobs.RemoveAll(job => job.Name == name);

    internal sealed class RunningJob(string name, long startedAt)
    {
        internal string Name => name;

        internal long StartedAt => startedAt;

        internal string Text { get; set; } = "";
    }
}
