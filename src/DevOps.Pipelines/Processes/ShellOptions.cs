using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Controls how a shell script runs.</summary>
public sealed record ShellOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static ShellOptions Default { get; } = new();

    /// <summary>Gets the shell, which is looked up in the <c>PATH</c>.</summary>
    /// <value><see cref="ShellKind.Bash"/> by default, on Windows too, where Git brings one; <see cref="ShellKind.PowerShell"/> is the choice for scripts of Windows. There is no <c>cmd</c>: it has no way to stop at an error, and rules for quoting of its own.</value>
    public ShellKind Shell { get; init; }

    /// <summary>Gets the arguments of the script, <c>$1</c> and so on in it, <c>$args</c> in PowerShell: the way to hand over a value that comes from outside, which in the text of the script would be read as a piece of it.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Arguments { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Gets how the shell's process runs.</summary>
    public ProcessOptions Process { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = ProcessOptions.Default;
}
