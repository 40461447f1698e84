using System.Security.Cryptography;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>What a job at work can do: read results, write its log, run processes.</summary>
public sealed class JobContext
{
    private readonly JobState _state;

    internal JobContext(JobState state, CancellationToken cancellation) => (_state, Cancellation) = (state, cancellation);

    /// <summary>Gets the job's name.</summary>
    public string Name => _state.Job.Name;

    /// <summary>Gets the name of the run.</summary>
    public string RunId => Engine.Setup.RunId;

    /// <summary>Gets which attempt this is; the first is 1. A resumed run goes on counting.</summary>
    public int Attempt => _state.Attempt;

    /// <summary>Gets a text that is the same in every attempt of the job in this run, also in a resumed run, and differs from that of any other job and run: for services that do a thing once per key.</summary>
    /// <value>32 hexadecimal digits.</value>
    public string IdempotencyKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Engine.Setup.Pipeline.Name}\0{RunId}\0{Name.ToUpperInvariant()}")).AsSpan(0, 16));

    /// <summary>Gets what tells the job to stop: the run was cancelled, another job failed, or the time is over.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets the run's clock.</summary>
    public TimeProvider TimeProvider => Engine.TimeProvider;

    /// <summary>Gets the full path of the directory in which the job works and its processes start.</summary>
    public string Directory => Engine.Setup.Workspace.Path;

    /// <summary>Gets the services that the run was given.</summary>
    public IServiceProvider? Services => Engine.Options.Services;

    internal RunEngine Engine => _state.Engine;

    internal JobState State => _state;

    /// <summary>Returns the result of a job that this one needs.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <exception cref="InvalidOperationException">This job does not need that one, so it may not have run; or that one was left out of the run, or did not succeed.</exception>
    public T Get<T>(Job<T> job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!_state.Job.CanRead(job))
        {
            throw new InvalidOperationException($"'{Name}' reads the result of '{job.Name}' and does not need it. Add .Needs({job.Name}) to the job.");
        }

        JobState state = Engine.Find(job) ?? throw new InvalidOperationException($"'{Name}' reads the result of '{job.Name}', which was left out of this run.");
        return state.Outcome.IsGood() && state.Status == JobStatus.Ended && (state.HasValue || state.Record is { Value: not null })
            ? (T)state.ReadValue()!
            : throw new InvalidOperationException($"'{Name}' reads the result of '{job.Name}', which {(state.Outcome.IsGood() ? "has none: it was unstable before it came to its end" : state.Outcome.Told())}.");
    }

    /// <summary>Returns the result of a job that this one needs, if it took part in the run and succeeded.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="value">The result.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidOperationException">This job does not need that one.</exception>
    public bool TryGet<T>(Job<T> job, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!_state.Job.CanRead(job))
        {
            throw new InvalidOperationException($"'{Name}' reads the result of '{job.Name}' and does not need it. Add .NeedsIfPlanned({job.Name}) to the job.");
        }

        if (Engine.Find(job) is { Status: JobStatus.Ended } state && state.Outcome.IsGood() && (state.HasValue || state.Record is { Value: not null }))
        {
            value = (T)state.ReadValue()!;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Returns the value of a parameter.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="parameter">A parameter of the pipeline.</param>
    /// <exception cref="ArgumentException">The parameter is of another pipeline.</exception>
    public T Get<T>(Parameter<T> parameter) => Engine.Setup.Parameters.Get(parameter);

    /// <summary>Returns how a job ended that this one waits for: for work that always runs.</summary>
    /// <param name="job">The job.</param>
    /// <returns>The outcome, or <see langword="null"/> if the job has not ended or is not part of the run.</returns>
    public Outcome? OutcomeOf(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Engine.Find(job) is { Status: JobStatus.Ended } state ? state.Outcome : null;
    }

    /// <summary>Writes a line to the job's log.</summary>
    /// <param name="text">The line; a text of several lines becomes several.</param>
    public void Log(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string line in Engine.Observer.Mask(text).ReplaceLineEndings("\n").Split('\n'))
        {
            Engine.Observer.Log(_state, new(TimeProvider.GetUtcNow(), LogSource.Job, line));
        }
    }

    /// <summary>Tells in a few words what the job is doing, for whoever watches. It is not kept.</summary>
    /// <param name="status">The words.</param>
    public void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Engine.Observer.Status(Name, status);
    }

    /// <summary>Lets the job be unstable at its end instead of a success. The first reason stands.</summary>
    /// <param name="reason">Why.</param>
    public void MarkUnstable(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _state.Work.MarkUnstable(reason);
    }

    /// <summary>Hides a text from now on wherever the run shows or keeps anything.</summary>
    /// <param name="secret">The secret.</param>
    public void AddSecret(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Engine.Setup.Masker.Add(secret);
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
        foreach (string secret in options.SecretArguments)
        {
            Engine.Setup.Masker.Add(secret);
        }

        options = options with { WorkingDirectory = Path.Combine(Directory, options.WorkingDirectory ?? "") };
        Log($"> {ProcessExecution.Shown(fileName, list, options)}");
        ProcessScope scope = new(Engine.Options.ProcessRunner ?? new SystemProcessRunner(TimeProvider), TimeProvider, line => Engine.Observer.Log(_state, line)) { CreateFilter = _ => Engine.Setup.Masker.CreateFilter() };
        return ProcessExecution.RunAsync(fileName, list, options, scope, Cancellation);
    }
}
