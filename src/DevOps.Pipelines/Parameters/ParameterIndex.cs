using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Finds the parameters of a pipeline by name.</summary>
internal sealed class ParameterIndex(ImmutableArray<Parameter> parameters)
{
    private readonly Dictionary<string, Parameter> _byName = parameters.ToDictionary(parameter => ParameterNames.Normalize(parameter.Name), StringComparer.Ordinal);

    internal Parameter? Find(string name) => _byName.GetValueOrDefault(ParameterNames.Normalize(name));

    internal string Unknown(string name) => $"there is no parameter '{name}'{SimilarNames.Hint(name, parameters.Select(parameter => parameter.Name))}";

    /// <summary>Returns one sentence about all that is missing.</summary>
    internal static string Missing(IEnumerable<Parameter> missing) =>
        $"missing: {string.Join(", ", missing.Select(parameter => $"'{parameter.Name}' ({parameter.Expected})"))}";
}
