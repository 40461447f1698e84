namespace DevOps.Pipelines;

/// <summary>A program before its command line was read.</summary>
internal sealed class ProgramCalls(Pipeline pipeline, ProgramOptions options, PipelineTerminal terminal)
{
    internal Pipeline Pipeline => pipeline;

    internal ProgramOptions Options => options;

    internal PipelineTerminal Terminal => terminal;

    internal string WorkingDirectory => terminal.WorkingDirectory ?? EntryDirectory ?? Path.GetFullPath(".");

    /// <summary>Gets how the program is called.</summary>
    internal string Command
    {
        get
        {
            if (options.Command is { } command)
            {
                return command;
            }

            // The SDK writes these into the configuration of a file-based app.
            return AppContext.GetData("EntryPointFilePath") is string { Length: > 0 } file
                ? $"dotnet run {Path.GetRelativePath(Path.GetFullPath("."), file)} --"
                : Path.GetFileName(Environment.ProcessPath) ?? pipeline.Name;
        }
    }

    private static string? EntryDirectory => AppContext.GetData("EntryPointFileDirectoryPath") is string { Length: > 0 } directory ? directory : null;

    /// <summary>Gets the marks of the CI system that reads what is written, if one does.</summary>
    internal ILogMarkup? Markup { get; } = LogMarkup.Find(terminal);

    /// <summary>Writes an error. A CI system reads these lines too, and a message may hold the last words of a process.</summary>
    internal void WriteError(string message) => terminal.Error.WriteLine(string.Join('\n', ViewText.Lines($"error: {message}").Select(Harmless)));

    /// <summary>Returns a line that is no command to the CI system.</summary>
    internal string Harmless(string line) => Markup?.Line(line) ?? line;
}
