using System.Text;
using DevOps.Pipelines.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>The world around a program under test: a clock that stands still, scripted processes, and what was written.</summary>
internal sealed class ProgramWorld
{
    internal const string RunId = "run-1";

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    internal ProgramWorld()
    {
        Processes = new(Clock);
        Options = new()
        {
            Command = "ship",
            Signals = ProgramSignals.Leave,
            Run = new() { RunId = RunId, TimeProvider = Clock, Store = Store, ProcessRunner = Processes },
        };
        Terminal = new(TextWriter.Synchronized(new StringWriter(_output) { NewLine = "\n" }), TextWriter.Synchronized(new StringWriter(_error) { NewLine = "\n" }));
    }

    internal VirtualTimeProvider Clock { get; } = new(new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    internal MemoryRunStore Store { get; } = new();

    internal ScriptedProcesses Processes { get; }

    internal ProgramOptions Options { get; set; }

    internal PipelineTerminal Terminal { get; set; }

    internal string Output => _output.ToString();

    internal string Error => _error.ToString();

    internal string All => Output + Error;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal void SetVariables(params (string Name, string Value)[] variables) =>
        Terminal = Terminal with { Environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value) };

    /// <summary>Returns a job that takes so long.</summary>
    internal Func<JobContext, Task> Takes(double seconds, Action<JobContext>? work = null) => job =>
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        work?.Invoke(job);
        return Task.CompletedTask;
    };

    internal Task<int> RunAsync(Pipeline pipeline, params string[] args) => pipeline.RunAsync(args, Terminal, Options, Cancellation);

    /// <summary>Forgets what was written.</summary>
    internal void Clear()
    {
        _output.Clear();
        _error.Clear();
    }
}
