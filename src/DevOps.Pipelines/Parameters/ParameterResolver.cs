using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Makes values of what a run was told.</summary>
internal static class ParameterResolver
{
    /// <exception cref="ParameterException">Something is missing, unknown or no such value; tells all at once.</exception>
    internal static ParameterValues Resolve(string pipeline, ImmutableArray<Parameter> parameters, IReadOnlyDictionary<string, string> given)
    {
        List<string> problems = [];
        Dictionary<string, Parameter> byName = parameters.ToDictionary(parameter => ParameterNames.Normalize(parameter.Name), StringComparer.Ordinal);
        ImmutableDictionary<Parameter, object?>.Builder values = ImmutableDictionary.CreateBuilder<Parameter, object?>();
        ImmutableDictionary<string, string>.Builder texts = ImmutableDictionary.CreateBuilder<string, string>();
        foreach ((string name, string text) in given)
        {
            if (!byName.TryGetValue(ParameterNames.Normalize(name), out Parameter? parameter))
            {
                problems.Add($"there is no parameter '{name}'");
                continue;
            }

            try
            {
                values[parameter] = parameter.Parse(text);
                if (!parameter.IsSecret)
                {
                    texts[parameter.Name] = text;
                }
            }
            catch (FormatException e)
            {
                problems.Add($"'{parameter.Name}' {e.Message}");
            }
        }

        HashSet<string> named = [.. given.Keys.Select(ParameterNames.Normalize)];
        foreach (Parameter parameter in parameters.Where(parameter => !named.Contains(ParameterNames.Normalize(parameter.Name))))
        {
            if (parameter.IsRequired)
            {
                problems.Add($"'{parameter.Name}' ({parameter.Kind}) is missing");
            }

            values[parameter] = parameter.DefaultValue;
        }

        return problems.Count == 0 ? new(values.ToImmutable(), texts.ToImmutable()) : throw new ParameterException(pipeline, problems);
    }
}
