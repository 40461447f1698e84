using System.Text;

namespace DevOps.Pipelines;

/// <summary>A program and the command line it was called with.</summary>
internal sealed class ProgramContext(ProgramCalls calls, ProgramArguments arguments)
{
    private IRunStore? _store;

    internal ProgramCalls Calls => calls;

    internal ProgramArguments Arguments => arguments;

    internal Pipeline Pipeline => calls.Pipeline;

    internal PipelineTerminal Terminal => calls.Terminal;

    internal TimeProvider TimeProvider => calls.Options.Run.TimeProvider;

    internal bool IsJson => arguments.View == ProgramView.Json;

    internal IRunStore Store => _store ??= calls.Options.Run.Store ?? new FolderRunStore(ProgramState.Find(calls), new() { TimeProvider = TimeProvider });

    internal ViewOptions ViewOptions => new()
    {
        Width = Terminal.Width,
        HasColors = Terminal.HasColors,
        TimeProvider = TimeProvider,
        Output = arguments.View == ProgramView.Verbose ? ShownOutput.OfAllJobs : ShownOutput.OfFailedJobs,
        Command = Keeps ? calls.Command : null,
    };

    /// <summary>Gets whether runs are written down.</summary>
    internal bool Keeps => !arguments.KeepsNothing;

    /// <summary>Gets who decides: the one who was named, or the one whose account it is.</summary>
    internal string? By => arguments.By ?? Terminal.Variable("USER") ?? Terminal.Variable("LOGNAME") ?? Terminal.Variable("USERNAME");

    internal async Task WriteLinesAsync(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(IsJson ? line : calls.Harmless(line)).Append('\n');
        }

        await Terminal.Output.WriteAsync(text).ConfigureAwait(false);
        await Terminal.Output.FlushAsync().ConfigureAwait(false);
    }
}
