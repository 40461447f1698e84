namespace Cli;

/// <summary>Chooses how progress is shown.</summary>
internal static class ProgressStyles
{
    /// <summary>Chooses by what was asked for and by what the error output is.</summary>
    /// <param name="arguments">What was asked for.</param>
    /// <param name="isTerminal">Whether the error output is a terminal.</param>
    /// <param name="terminalKind">The terminal's name, <c>TERM</c>.</param>
    internal static ProgressStyle Choose(Arguments arguments, bool isTerminal, string? terminalKind)
    {
        bool isQuiet = arguments.Has(Option.Quiet.Name);
        return arguments.Find(Option.Progress.Name) switch
        {
            "none" => ProgressStyle.None,
            "plain" when isQuiet => throw new UsageException($"'{Option.Quiet.Name}' and '{Option.Progress.Name} plain' contradict each other."),
            "plain" => ProgressStyle.Plain,
            null or "auto" => isQuiet ? ProgressStyle.None
                : isTerminal && CanRedraw(terminalKind) ? ProgressStyle.Bar
                : arguments.Has(Option.Json.Name) ? ProgressStyle.Silent
                : ProgressStyle.Plain,
            var other => throw new UsageException($"'{other}' is no way to show progress: use auto, plain or none."),
        };
    }

    // Windows has no such variable, and a console that can.
    internal static bool CanRedraw(string? terminalKind) => OperatingSystem.IsWindows() || terminalKind is not (null or "" or "dumb");
}
