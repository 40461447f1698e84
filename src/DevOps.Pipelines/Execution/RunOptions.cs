using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace DevOps.Pipelines;

/// <summary>Controls a run of a pipeline.</summary>
public sealed record RunOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Gets the run's name in the store, in events and in idempotency keys.</summary>
    /// <value>By default one is made of the time and of random digits.</value>
    public string? RunId { get; init; }

    /// <summary>Gets the values of parameters by name, as they are written; see <see cref="Pipeline.ReadParametersAsync"/>. Secrets are not among them. Names are the same if they differ only in case, <c>-</c> and <c>_</c>.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, string> Parameters { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets where the run finds the secrets that are parameters, by the parameters' names. They are read once, before anything starts.</summary>
    /// <value><see langword="null"/> by default: there are none.</value>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Gets the names of the jobs or stages that are asked for; <c>*</c> stands for any characters.</summary>
    /// <value>Empty by default: all.</value>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Gets what becomes of jobs that are needed and were not asked for.</summary>
    /// <value><see cref="NeededJobs.Run"/> by default.</value>
    public NeededJobs WhatIsNeeded { get; init; }

    /// <summary>Gets the names of jobs or stages that are left out; they count as if they were there.</summary>
    /// <value>Empty by default.</value>
    public ImmutableArray<string> Skip { get; init; } = [];

    /// <summary>Gets how many jobs of the run may work at once.</summary>
    /// <value>No limit by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = int.MaxValue;

    /// <summary>Gets what a failure does to jobs that do not wait for it.</summary>
    /// <value><see cref="AfterFailure.Continue"/> by default.</value>
    public AfterFailure AfterFailure { get; init; }

    /// <summary>Gets what an unstable job does to the jobs that need it.</summary>
    /// <value><see cref="AfterUnstable.Continue"/> by default.</value>
    public AfterUnstable AfterUnstable { get; init; }

    /// <summary>Gets how long the run may take.</summary>
    /// <value>No limit by default. A run that takes longer is stopped and <see cref="Outcome.TimedOut"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero, or longer than a timer runs.</exception>
    public TimeSpan? Timeout { get; init { Durations.ThrowIfNoTimer(value ?? Durations.Longest, nameof(value)); field = value; } }

    /// <summary>Gets how long a job that was told to stop may go on. After that the run goes on without it and says so.</summary>
    /// <value>30 seconds by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero, or longer than a timer runs.</exception>
    public TimeSpan StopTimeout { get; init { Durations.ThrowIfNoTimer(value, nameof(value)); field = value; } } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long all that still runs after a cancellation may take together: jobs that always run, jobs at the very end, and the work that follows jobs.</summary>
    /// <value>1 minute by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero, or longer than a timer runs.</exception>
    public TimeSpan TeardownTimeout { get; init { Durations.ThrowIfNoTimer(value, nameof(value)); field = value; } } = TimeSpan.FromMinutes(1);

    /// <summary>Gets where runs are written down, so that they can be resumed and looked at later.</summary>
    /// <value><see langword="null"/> by default: nothing is written.</value>
    public IRunStore? Store { get; init; }

    /// <summary>Gets what a run does when all that is left waits for approvals.</summary>
    /// <value><see cref="AtApproval.Wait"/> by default.</value>
    public AtApproval AtApproval { get; init; }

    /// <summary>Gets who is asked, when a run is resumed, about a job that had started and of which nobody knows how it ended.</summary>
    /// <value><see langword="null"/> by default: a resume is refused while there is a job whose policy is <see cref="InDoubtPolicy.Ask"/>.</value>
    public Func<InDoubtJob, InDoubtAnswer>? InDoubt { get; init; }

    /// <summary>Gets what hides the secrets of the run; runs that share one hide each other's.</summary>
    /// <value>A new one for each run by default.</value>
    public SecretMasker? Masker { get; init; }

    /// <summary>Gets the host whose resources the run shares with others.</summary>
    /// <value><see langword="null"/> by default: the run is alone.</value>
    public PipelineHost? Host { get; init; }

    /// <summary>Gets the name of the tenant of the host that the run counts for.</summary>
    /// <value>Empty by default.</value>
    public string Tenant { get; init; } = "";

    /// <summary>Gets who is told of every event, from any thread and often several at once.</summary>
    public IProgress<PipelineEvent>? Progress { get; init; }

    /// <summary>Gets who else is told: a line for the start and the end of each job and of the run.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Gets the services that jobs find in <see cref="JobContext.Services"/>.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Gets what runs the processes of jobs.</summary>
    /// <value><see langword="null"/> by default: the system does.</value>
    public IProcessRunner? ProcessRunner { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets how many log lines of a job are kept in its result; the oldest give way.</summary>
    /// <value>10,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxLogLines { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 10_000;

    /// <summary>Gets how many characters of a job's log are kept in its result; the oldest lines give way.</summary>
    /// <value>4 Mi by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxLogLength { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 4 << 20;

    /// <summary>Gets where jobs start to work.</summary>
    internal IRunDispatcher Dispatcher { get; init; } = PoolDispatcher.Instance;
}
