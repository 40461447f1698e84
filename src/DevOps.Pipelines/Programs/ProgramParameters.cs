using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Finds the values of parameters for a program.</summary>
internal static class ProgramParameters
{
    /// <summary>Returns the values by name, as they are written. All sources of values come together here.</summary>
    internal static Task<ImmutableDictionary<string, string>> ReadParametersAsync(ProgramContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableDictionary<string, string> values = context.Calls.Options.Run.Parameters;
        foreach ((string name, string text) in context.Arguments.Parameters)
        {
            // The command line goes before what the program begins with, however the name is written.
            string[] same = [.. values.Keys.Where(key => ParameterNames.Normalize(key) == ParameterNames.Normalize(name))];
            values = values.RemoveRange(same).SetItem(name, text);
        }

        return Task.FromResult(values);
    }
}
