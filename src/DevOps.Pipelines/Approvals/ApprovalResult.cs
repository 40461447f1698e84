using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>What was decided, by whom and when: the result of an approval's job, kept in the journal.</summary>
/// <param name="Decisions">The decisions, in the order they came.</param>
/// <param name="Inputs">What was filled in, by the names of the inputs; of several persons the last one counts.</param>
public sealed record ApprovalResult(ImmutableArray<ApprovalDecision> Decisions, ImmutableDictionary<string, string> Inputs)
{
    /// <summary>Returns what was filled in for an input.</summary>
    /// <typeparam name="T">The input's type.</typeparam>
    /// <param name="input">An input of the approval.</param>
    /// <exception cref="FormatException">The text is no such value.</exception>
    public T Get<T>(Parameter<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach ((string name, string text) in Inputs)
        {
            if (ParameterNames.Normalize(name) == ParameterNames.Normalize(input.Name))
            {
                return (T)input.Parse(text)!;
            }
        }

        return (T)input.DefaultValue!;
    }
}
