using System.Collections.Immutable;

namespace Cli;

/// <summary>A command: how it is called, what it is told, and what it does. Its help and its parser are made of this, so neither knows an option that the other does not.</summary>
/// <param name="Name">Its words, as <c>image build</c>.</param>
/// <param name="Values">The values behind them, as the help shows them.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Own">The options that not every command has.</param>
/// <param name="RunAsync">Does the work and returns the exit code.</param>
internal sealed record Command(string Name, string Values, string Summary, ImmutableArray<Option> Own, Func<Arguments, Output, CancellationToken, Task<int>> RunAsync)
{
    /// <summary>Gets what else is to know, in lines.</summary>
    internal ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Gets command lines that can be copied.</summary>
    internal ImmutableArray<string> Examples { get; init; } = [];

    internal ImmutableArray<Option> Options => [.. Own, Option.Json, Option.Quiet, Option.HelpText];

    internal string[] Words => Name.Split(' ');

    internal bool IsCalled(string[] args) => args.AsSpan().StartsWith(Words);
}
