using System.Collections;
using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>All that a program made of a pipeline knows of the world around it. Nothing is taken from the process by itself.</summary>
/// <param name="Output">Where the run is shown; a program gives <c>Console.Out</c>. It stays open.</param>
/// <param name="Error">Where errors go; a program gives <c>Console.Error</c>. It stays open.</param>
public sealed record PipelineTerminal(TextWriter Output, TextWriter Error)
{
    /// <summary>Gets where answers to questions are read; a program gives <c>Console.In</c>.</summary>
    /// <value><see langword="null"/> by default: nothing is asked.</value>
    public TextReader? Input { get; init; }

    /// <summary>Gets whether a person sits in front of it: approvals are then asked here.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsInteractive { get; init; }

    /// <summary>Gets whether the output understands ANSI escape sequences, so that lines can be drawn over.</summary>
    /// <value>What <see cref="IsInteractive"/> says by default. <c>TERM=dumb</c> in <see cref="Environment"/> overrules it.</value>
    public bool SupportsAnsi { get => _supportsAnsi ?? IsInteractive; init => _supportsAnsi = value; }

    /// <summary>Gets how many columns the output has.</summary>
    /// <value>100 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 20.</exception>
    public int Width { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 20); field = value; } } = 100;

    /// <summary>Gets the variables around the program, as <c>System.Environment.GetEnvironmentVariables()</c> gives them: they tell which CI system shows the output, whether colors are wanted, and who decides an approval.</summary>
    /// <value>Empty by default. The variables are copied when it is set; what is not text is left out.</value>
    public IDictionary Environment
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            Variables = Copy(value);
        }
    } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the directory that the repository and its runs are looked for from.</summary>
    /// <value><see langword="null"/> by default: for a file-based app the directory of its source file, else the current directory.</value>
    public string? WorkingDirectory { get; init; }

    internal ImmutableDictionary<string, string> Variables { get; private init; } = ImmutableDictionary<string, string>.Empty;

    internal bool DrawsOver => SupportsAnsi && Variable("TERM") != "dumb";

    // no-color.org: any text that is not empty means no colors.
    internal bool HasColors => DrawsOver && Variable("NO_COLOR") is null;

    private readonly bool? _supportsAnsi;

    /// <summary>Returns a variable that is there and not empty.</summary>
    internal string? Variable(string name) => Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static ImmutableDictionary<string, string> Copy(IDictionary variables)
    {
        ImmutableDictionary<string, string>.Builder copy = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in variables)
        {
            if (variable is { Key: string name, Value: string value })
            {
                copy[name] = value;
            }
        }

        return copy.ToImmutable();
    }
}
