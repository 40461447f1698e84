using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Makes values of what a run was told.</summary>
internal static class ParameterResolver
{
    /// <summary>Returns the values for a plan, which knows no secrets.</summary>
    /// <exception cref="ParameterException">Something is missing, unknown or no such value; tells all at once.</exception>
    internal static ParameterValues Resolve(string name, ImmutableArray<Parameter> parameters, ImmutableDictionary<string, string> given)
    {
        (ParameterValues values, List<string> problems) = ResolveTexts(parameters, given, []);
        return problems.Count == 0 ? values : throw new ParameterException(name, problems);
    }

    /// <summary>Returns the values for a run.</summary>
    /// <exception cref="ParameterException">Something is missing, unknown or no such value; tells all at once.</exception>
    /// <exception cref="SecretSourceException">The source of secrets failed.</exception>
    internal static async ValueTask<ParameterValues> ResolveAsync(Pipeline pipeline, RunOptions options, CancellationToken cancellationToken)
    {
        List<Parameter> missing = [];
        Dictionary<Parameter, Secret?> secrets = [];
        foreach (Parameter parameter in pipeline.Parameters.Where(parameter => parameter.IsSecret))
        {
            Secret? secret = options.Secrets is { } source ? await source.FindAsync(parameter.Name, cancellationToken).ConfigureAwait(false) : null;
            secrets.Add(parameter, secret);
            if (secret is null && parameter.IsRequired)
            {
                missing.Add(parameter);
            }
        }

        (ParameterValues values, List<string> problems) = ResolveTexts(pipeline.Parameters, options.Parameters, missing);
        return problems.Count == 0 ? values.WithSecrets(secrets) : throw new ParameterException(pipeline.Name, problems);
    }

    private static (ParameterValues Values, List<string> Problems) ResolveTexts(ImmutableArray<Parameter> parameters, ImmutableDictionary<string, string> given, List<Parameter> missing)
    {
        if (parameters.IsEmpty && given.IsEmpty)
        {
            return (ParameterValues.None, []);
        }

        List<string> problems = [];
        ParameterIndex names = new(parameters);
        ImmutableDictionary<Parameter, object?>.Builder values = ImmutableDictionary.CreateBuilder<Parameter, object?>();
        ImmutableDictionary<string, string>.Builder texts = ImmutableDictionary.CreateBuilder<string, string>();
        foreach ((string name, string text) in given)
        {
            if (names.Find(name) is not { } parameter)
            {
                problems.Add(names.Unknown(name));
            }
            else if (parameter.IsSecret)
            {
                problems.Add($"'{parameter.Name}' is a secret and must not be among texts: give it with RunOptions.Secrets");
            }
            else if (texts.ContainsKey(parameter.Name))
            {
                problems.Add($"'{parameter.Name}' is given twice, under names that differ only in case, '-' and '_'");
            }
            else
            {
                texts[parameter.Name] = text;
                try
                {
                    values[parameter] = parameter.Parse(text);
                }
                catch (FormatException e)
                {
                    problems.Add($"'{parameter.Name}' {e.Message}");
                }
            }
        }

        foreach (Parameter parameter in parameters.Where(parameter => !parameter.IsSecret && !texts.ContainsKey(parameter.Name)))
        {
            values[parameter] = parameter.DefaultValue;
            if (parameter.IsRequired)
            {
                missing.Add(parameter);
            }
        }

        if (missing.Count > 0)
        {
            problems.Add(ParameterIndex.Missing(missing.OrderBy(parameter => parameters.IndexOf(parameter))));
        }

        return (new(values.ToImmutable(), texts.ToImmutable()), problems);
    }
}
