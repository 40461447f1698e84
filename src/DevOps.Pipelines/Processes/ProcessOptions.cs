using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls how a process runs. The text form leaves out what may hold secrets.</summary>
public sealed record ProcessOptions
{
    // No timer of .NET runs longer.
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Gets the options used when none are given.</summary>
    public static ProcessOptions Default { get; } = new();

    /// <summary>Gets the directory that the process starts in.</summary>
    /// <value>The job's directory by default, where a relative path starts too: see <see cref="JobContext.Directory"/>.</value>
    public string? WorkingDirectory { get; init; }

    /// <summary>Gets which variables the process takes over from the own program.</summary>
    /// <value>All by default. With <see cref="ProcessEnvironment.Minimal"/>, a program gets no secret that it was not given.</value>
    public ProcessEnvironment InheritedEnvironment { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ProcessEnvironment.All;

    /// <summary>Gets variables that are added to the inherited environment; a <see langword="null"/> value removes one.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, string?> Environment { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Gets the text that the process can read, in UTF-8; then its input ends.</summary>
    /// <value>Empty by default: the process reads the end at once, as from <c>/dev/null</c>, so that it cannot wait for an answer.</value>
    public string StandardInput { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>Gets the codes that the process may end with. Any other is a <see cref="ProcessFailedException"/>.</summary>
    /// <value>Only 0 by default.</value>
    /// <exception cref="ArgumentException">The value holds no code.</exception>
    public ImmutableArray<int> AllowedExitCodes
    {
        get;
        init => field = value.IsDefaultOrEmpty ? throw new ArgumentException("Some exit code must be allowed, most often 0.", nameof(value)) : value;
    } = [0];

    /// <summary>Gets after what time the process is ended, with a <see cref="ProcessTimeoutException"/>.</summary>
    /// <value><see langword="null"/>, the default: it may take for ever.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not more than zero, or is more than 49 days.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is not { } time || (time > TimeSpan.Zero && time <= MaxTimeout) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A timeout is more than zero and less than 49 days.");
    }

    /// <summary>Gets how long a process that is cancelled, or whose time is over, has to end by itself: it and all that it started get <c>SIGTERM</c> first, and <c>SIGKILL</c> after that time.</summary>
    /// <value>5 seconds by default; with zero it is killed at once, as it always is on Windows.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than zero, or more than 49 days.</exception>
    public TimeSpan GracePeriod
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= MaxTimeout ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A grace period is zero or more, and less than 49 days.");
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets texts that are not to be shown: in the command as it is logged and told in errors, <c>***</c> takes the place of each; in the process's output too, where the run hides secrets.</summary>
    /// <value>None by default.</value>
    /// <remarks>Other users of the machine can see the arguments of a process while it runs. Whatever takes a secret from its environment or its input should be given it there.</remarks>
    public ImmutableArray<string> SecretArguments { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets how many characters of the standard output are kept for <see cref="ProcessResult.Output"/>; lines after that are only logged.</summary>
    /// <value>1 Mi by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxOutputLength { get; init { ArgumentOutOfRangeException.ThrowIfNegative(value); field = value; } } = 1 << 20;

    /// <summary>Returns where the process starts and how long it may take.</summary>
    public override string ToString() => $"{nameof(ProcessOptions)} {{ {nameof(WorkingDirectory)} = {WorkingDirectory}, {nameof(Timeout)} = {Timeout}, {nameof(GracePeriod)} = {GracePeriod} }}";
}
