namespace DevOps.Pipelines;

/// <summary>What a job at work can do: read results, write its log, run processes.</summary>
public sealed class JobContext
{
    private readonly JobState _state;

    internal JobContext(JobState state, CancellationToken cancellation) => (_state, Cancellation) = (state, cancellation);

    /// <summary>Gets the job's name.</summary>
    public string Name => _state.Job.Name;

    /// <summary>Gets what tells the job to stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets the run's clock.</summary>
    public TimeProvider TimeProvider => _state.Run.TimeProvider;

    /// <summary>Returns the result of a job that this one needs.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <exception cref="InvalidOperationException">This job does not need that one, so it may not have run.</exception>
    public T Get<T>(Job<T> job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _state.Job.NeededJobs.Contains(job)
            ? (T)_state.Run.ResultOf(job)!
            : throw new InvalidOperationException($"'{Name}' reads the result of '{job.Name}' and does not need it. Add .Needs({job.Name}) to the job.");
    }

    /// <summary>Writes a line to the job's log.</summary>
    /// <param name="text">The line; a text of several lines becomes several.</param>
    public void Log(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            _state.Log(LogSource.Job, line);
        }
    }

    /// <summary>Tells in a few words what the job is doing, for whoever watches. It is not kept.</summary>
    /// <param name="status">The words.</param>
    public void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        _state.Run.Report(new JobStatusChanged(Name, TimeProvider.GetUtcNow(), status));
    }

    /// <summary>Runs a process to its end; the command and its output go to the job's log line by line. Give a secret in <see cref="ProcessOptions.Environment"/> or <see cref="ProcessOptions.StandardInput"/>, which are not logged; one that must be an argument, in <see cref="ProcessOptions.SecretArguments"/> as well. When the job is cancelled, the process and all that it started is ended; what a process that ended by itself left to run in the background is not.</summary>
    /// <param name="fileName">The program: a name that is looked up in the <c>PATH</c> and nowhere else, or a path, which starts at the working directory if it is relative.</param>
    /// <param name="arguments">The arguments, each as it is: there is no shell.</param>
    /// <param name="options">How; <see cref="ProcessOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>What came out of it.</returns>
    /// <exception cref="ProcessStartException">The program cannot be started.</exception>
    /// <exception cref="ProcessFailedException">It ended with a code that is not in <see cref="ProcessOptions.AllowedExitCodes"/>.</exception>
    /// <exception cref="ProcessTimeoutException">It took longer than <see cref="ProcessOptions.Timeout"/>.</exception>
    public Task<ProcessResult> RunAsync(string fileName, IEnumerable<string> arguments, ProcessOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        string[] list = [.. arguments];
        options ??= ProcessOptions.Default;
        Log($"> {ProcessExecution.Shown(fileName, list, options)}");
        ProcessScope scope = new(new SystemProcessRunner(TimeProvider), TimeProvider, line => _state.Log(line.Source, line.Text));
        return ProcessExecution.RunAsync(fileName, list, options, scope, Cancellation);
    }
}
