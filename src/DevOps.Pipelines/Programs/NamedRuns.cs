namespace DevOps.Pipelines;

/// <summary>Finds the run that a person means: by its id, by what its id begins with, or as the last one.</summary>
internal static class NamedRuns
{
    private const string Last = "last";

    private const int MaxTold = 5;

    /// <summary>Returns the id of a run.</summary>
    /// <exception cref="UsageException">There is none, or more than one.</exception>
    internal static async Task<string> FindAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        string given = context.Arguments.RunId ?? "";
        string list = $"'{context.Calls.Command} runs' lists them";
        if (!RunIds.IsValid(given))
        {
            throw new UsageException($"'{ViewText.Line(given)}' is no name of a run: 'runs' lists them.");
        }

        List<string> found = [];
        await foreach (RunEntry entry in context.Store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Id == given)
            {
                return given;
            }

            if (entry.Id.StartsWith(given, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(entry.Id);
            }
        }

        if (found.Count == 0 && string.Equals(given, Last, StringComparison.OrdinalIgnoreCase))
        {
            RunQuery query = new() { Pipeline = context.Pipeline.Name, Max = 1 };
            await foreach (RecordedRun run in context.Store.ListRunsAsync(query, cancellationToken).ConfigureAwait(false))
            {
                return run.RunId;
            }

            throw new UsageException($"There is no run of '{ViewText.Line(context.Pipeline.Name)}' yet.");
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new UsageException($"There is no run '{given}': {list}."),
            _ => throw new UsageException($"'{given}' begins the names of {found.Count} runs: {string.Join(", ", found.Take(MaxTold))}{(found.Count > MaxTold ? ", …" : "")}. Give more of the name; {list}."),
        };
    }

    /// <summary>Reads the run that was named.</summary>
    /// <exception cref="UsageException">There is none, more than one, or it is a run of another pipeline.</exception>
    internal static async Task<RecordedRun> ReadAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        string runId = await FindAsync(context, cancellationToken).ConfigureAwait(false);
        RecordedRun run = await context.Store.ReadRunAsync(runId, cancellationToken).ConfigureAwait(false);
        return run.Pipeline == context.Pipeline.Name || run.Pipeline.Length == 0
            ? run
            : throw new UsageException($"The run '{runId}' is one of the pipeline '{ViewText.Line(run.Pipeline)}', and this is the program of '{ViewText.Line(context.Pipeline.Name)}': use the other one.");
    }
}
