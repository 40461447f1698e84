namespace DevOps.Pipelines.Tests;

/// <summary>Runs small POSIX programs, directly or as the one job of a pipeline.</summary>
internal static class Shell
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static void Require() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs POSIX programs.");

    /// <summary>Real processes whose lines go to a delegate; the runner calls it one at a time.</summary>
    internal static ProcessScope Scope(Action<LogLine> log) => new(new SystemProcessRunner(TimeProvider.System), TimeProvider.System, log);

    /// <summary>Runs a program and keeps what it logs.</summary>
    internal static async Task<(string Output, List<(LogSource Source, string Line)> Log)> RunAsync(string fileName, string[] arguments, ProcessOptions? options = null)
    {
        Require();
        List<(LogSource Source, string Line)> log = [];
        ProcessResult result = await ProcessExecution.RunAsync(fileName, arguments, options ?? ProcessOptions.Default, Scope(line => log.Add((line.Source, line.Text))), Cancellation);
        return (result.Output, log);
    }

    /// <summary>Runs a script of <c>/bin/sh</c> with positional arguments.</summary>
    internal static Task<(string Output, List<(LogSource Source, string Line)> Log)> ScriptAsync(string script, params string[] arguments) =>
        RunAsync("/bin/sh", ["-c", script, "sh", .. arguments]);

    internal static async Task<JobResult> RunJobAsync(Func<JobContext, Task> work, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        Require();
        PipelineBuilder builder = new("processes");
        builder.AddJob("job", work);
        return (await builder.Build().RunAsync(options, cancellationToken)).Jobs[0];
    }

    /// <summary>Tells whether a process is gone; one that ended and was not collected counts, as its parent may never do that.</summary>
    internal static bool IsGone(int id)
    {
        try
        {
            string state = File.ReadAllText($"/proc/{id}/stat");
            return state[(state.LastIndexOf(')') + 2)..] is ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Waits until something is true, looking a bounded number of times.</summary>
    internal static async Task<bool> BecomesTrueAsync(Func<bool> condition)
    {
        for (int attempt = 0; attempt < 200_000; attempt++)
        {
            if (condition())
            {
                return true;
            }

            await Task.Yield();
        }

        return false;
    }
}
