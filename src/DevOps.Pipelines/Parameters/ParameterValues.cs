using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The values of a pipeline's parameters in one run.</summary>
public sealed class ParameterValues
{
    private readonly ImmutableDictionary<Parameter, object?> _values;

    internal ParameterValues(ImmutableDictionary<Parameter, object?> values, ImmutableDictionary<string, string> texts) => (_values, Texts) = (values, texts);

    internal static ParameterValues None { get; } = new(ImmutableDictionary<Parameter, object?>.Empty, ImmutableDictionary<string, string>.Empty);

    /// <summary>Gets what was given from outside by name, as it was written; no secrets and no defaults.</summary>
    public ImmutableDictionary<string, string> Texts { get; }

    /// <summary>Returns the value of a parameter.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="parameter">A parameter of the pipeline.</param>
    /// <exception cref="ArgumentException">The parameter is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">It is a secret, and a plan asks: only a run knows secrets.</exception>
    public T Get<T>(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _values.TryGetValue(parameter, out object? value)
            ? (T)value!
            : parameter.IsSecret ? throw new SecretUnknownException(parameter.Name)
            : throw new ArgumentException($"'{parameter.Name}' is a parameter of another pipeline.", nameof(parameter));
    }

    internal ParameterValues WithSecrets(IReadOnlyDictionary<Parameter, Secret?> secrets) =>
        secrets.Count == 0 ? this : new(_values.SetItems(secrets.Select(secret => new KeyValuePair<Parameter, object?>(secret.Key, secret.Value))), Texts);

    internal void HideSecrets(SecretMasker masker)
    {
        foreach ((Parameter parameter, object? value) in _values)
        {
            if (parameter.IsSecret && value is Secret secret)
            {
                masker.Add(secret);
            }
        }
    }
}
