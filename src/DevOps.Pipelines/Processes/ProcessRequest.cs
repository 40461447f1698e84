using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>One process to run. Its text form names the program only: arguments, environment and input may hold secrets.</summary>
public sealed record ProcessRequest
{
    /// <summary>Gets the program: a name that is looked up in the <c>PATH</c> of the process's environment and nowhere else, or a path, which starts at the working directory if it is relative.</summary>
    public required string FileName { get; init; }

    /// <summary>Gets the arguments, each as it is: there is no shell.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Gets the directory that the process starts in.</summary>
    /// <value>The own program's working directory by default.</value>
    public string? WorkingDirectory { get; init; }

    /// <summary>Gets which variables the process takes over from the own program.</summary>
    /// <value>All by default.</value>
    public ProcessEnvironment InheritedEnvironment { get; init; } = ProcessEnvironment.All;

    /// <summary>Gets variables that are set on top of the inherited ones; a <see langword="null"/> value removes one.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Gets the bytes that the process can read; then its input ends.</summary>
    /// <value>None by default: the process reads the end at once, as from <c>/dev/null</c>.</value>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>Gets after what time the process is ended.</summary>
    /// <value><see langword="null"/>, the default: it may take for ever.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Gets how long a process that shall end has to do so by itself. Then it is killed.</summary>
    /// <value>5 seconds by default; with zero it is killed at once, as it always is on Windows.</value>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Returns the program's name.</summary>
    public override string ToString() => $"{nameof(ProcessRequest)} {{ {nameof(FileName)} = {FileName} }}";
}
