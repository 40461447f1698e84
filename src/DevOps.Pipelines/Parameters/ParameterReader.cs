using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Looks for the values of parameters in all sources.</summary>
internal sealed class ParameterReader(Pipeline pipeline, ParameterSources sources)
{
    private const int MaxQuestions = 3;

    private readonly ParameterIndex _names = new(pipeline.Parameters);
    private readonly List<string> _problems = [];
    private readonly Dictionary<Parameter, GivenText> _given = [];
    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.Ordinal);
    private readonly HashSet<Parameter> _twice = [];
    private readonly ImmutableDictionary<string, string>.Builder _origins = ImmutableDictionary.CreateBuilder<string, string>();

    /// <exception cref="ParameterException">Something is missing, unknown or no such value; tells all at once.</exception>
    internal async Task<ParameterInput> ReadAsync(CancellationToken cancellationToken)
    {
        ReadCommandLine();
        Dictionary<Parameter, GivenText> file = sources.File is { } path
            ? await ParameterFile.ReadAsync(path, sources.Profile, _names, _problems, cancellationToken).ConfigureAwait(false)
            : [];
        Dictionary<Parameter, GivenText> environment = ReadEnvironment();
        List<Parameter> missing = [];
        foreach (Parameter parameter in pipeline.Parameters)
        {
            if (_given.ContainsKey(parameter) || (!parameter.IsSecret && Take(parameter, file)))
            {
                Check(parameter);
            }
            else if (parameter.IsSecret && sources.Secrets is { } secrets && await secrets.FindAsync(parameter.Name, cancellationToken).ConfigureAwait(false) is { } secret)
            {
                (_secrets[ParameterNames.Normalize(parameter.Name)], _origins[parameter.Name]) = (secret, secrets.Name);
            }
            else if (Take(parameter, environment))
            {
                Check(parameter);
            }
            else if (parameter.IsRequired)
            {
                missing.Add(parameter);
            }
        }

        // Nobody is asked in vain: what is wrong is told first.
        await AskAsync(missing, cancellationToken).ConfigureAwait(false);
        return _problems.Count == 0 ? Result() : throw new ParameterException(pipeline.Name, _problems);
    }

    private ParameterInput Result()
    {
        FoundSecrets found = new(_secrets);
        return new()
        {
            Texts = _given.Where(given => !given.Key.IsSecret).ToImmutableDictionary(given => given.Key.Name, given => given.Value.Text),
            Secrets = sources.Secrets is { } secrets ? new ChainedSecrets(found, secrets) : found,
            Origins = _origins.ToImmutable(),
        };
    }

    private void ReadCommandLine()
    {
        foreach ((string name, string text) in sources.CommandLine)
        {
            if (_names.Find(name) is not { } parameter)
            {
                _problems.Add($"{_names.Unknown(name)} (on the command line)");
            }
            else if (!_given.TryGetValue(parameter, out GivenText before))
            {
                _given.Add(parameter, new(text, "the command line"));
            }
            else if (parameter.IsList)
            {
                _given[parameter] = before with { Text = JoinLists(before.Text, text) };
            }
            else if (_twice.Add(parameter))
            {
                _problems.Add($"'{parameter.Name}' stands more than once on the command line");
            }
        }
    }

    private Dictionary<Parameter, GivenText> ReadEnvironment()
    {
        Dictionary<Parameter, GivenText> values = [];
        foreach ((string name, string? text) in sources.Environment ?? ImmutableDictionary<string, string?>.Empty)
        {
            if (string.IsNullOrEmpty(text) || !name.StartsWith(sources.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) || _names.Find(name[sources.EnvironmentPrefix.Length..]) is not { } parameter)
            {
                continue;
            }

            if (values.TryGetValue(parameter, out GivenText other) && other.Text != text)
            {
                _problems.Add($"'{parameter.Name}' is given by {other.Origin} and by the environment variable {name}, which differ");
            }

            values[parameter] = new(text, $"the environment variable {name}");
        }

        return values;
    }

    private bool Take(Parameter parameter, Dictionary<Parameter, GivenText> from)
    {
        if (from.TryGetValue(parameter, out GivenText given))
        {
            _given[parameter] = given;
            return true;
        }

        return false;
    }

    private void Check(Parameter parameter)
    {
        GivenText given = _given[parameter];
        _origins[parameter.Name] = given.Origin;
        if (Problem(parameter, given.Text) is { } problem)
        {
            _problems.Add($"{problem} (from {given.Origin})");
        }
        else if (parameter.IsSecret)
        {
            _secrets[ParameterNames.Normalize(parameter.Name)] = new(given.Text, parameter.Name);
        }
    }

    private async Task AskAsync(List<Parameter> missing, CancellationToken cancellationToken)
    {
        if (sources.Prompt is not { } prompt || _problems.Count > 0)
        {
            if (missing.Count > 0)
            {
                _problems.Add(ParameterIndex.Missing(missing));
            }

            return;
        }

        foreach (Parameter parameter in missing.ToArray())
        {
            string? problem = null;
            for (int asked = 0; asked < MaxQuestions && !_given.ContainsKey(parameter); asked++)
            {
                string? answer = await prompt.AskAsync(parameter, problem, cancellationToken).ConfigureAwait(false);
                if (string.IsNullOrEmpty(answer))
                {
                    break;
                }

                problem = Problem(parameter, answer);
                if (problem is null)
                {
                    _given[parameter] = new(answer, "the answer to a question");
                    Check(parameter);
                    missing.Remove(parameter);
                }
            }
        }

        if (missing.Count > 0)
        {
            _problems.Add(ParameterIndex.Missing(missing));
        }
    }

    private static string? Problem(Parameter parameter, string text)
    {
        try
        {
            parameter.Parse(text);
            return parameter.IsSecret && text.Length == 0 ? $"'{parameter.Name}' is a secret and empty" : null;
        }
        catch (FormatException e)
        {
            return $"'{parameter.Name}' {e.Message}";
        }
    }

    private static string JoinLists(string one, string other)
    {
        try
        {
            return ListText.JoinLines(ListText.Split(one).Concat(ListText.Split(other)));
        }
        catch (FormatException)
        {
            // The check of the whole tells it, with the list that is wrong.
            return one + ",," + other;
        }
    }
}
