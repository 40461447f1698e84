namespace DevOps.Pipelines;

/// <summary>Something of a type that a run is told from outside. Its value is read with <see cref="JobContext.Get{T}(Parameter{T})"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Parameter<T> : Parameter
{
    private readonly Func<string, object?> _parse;
    private readonly T? _default;

    private Parameter(string name, string description, string kind, Func<string, object?> parse) : base(name, description) => (Kind, _parse) = (kind, parse);

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <inheritdoc/>
    public override string? DefaultText { get; }

    internal override object? DefaultValue => _default;

    private Parameter(Parameter<T> other, T? defaultValue, string? defaultText) : this(other.Name, other.Description, other.Kind, other._parse)
    {
        (_default, DefaultText) = (defaultValue, defaultText);
        (IsSecret, IsList, Choices) = (other.IsSecret, other.IsList, other.Choices);
    }

    internal override object? Parse(string text) => _parse(text);

    /// <summary>Makes a parameter that must be given.</summary>
    internal static Parameter<T> Required<TValue>(string name, string description, ParameterCodec<TValue> codec) =>
        new(name, description, codec.Kind, text => codec.Parse(text)) { IsRequired = true, IsSecret = codec.IsSecret, IsList = codec.IsList, Choices = codec.Choices };

    /// <summary>Makes a parameter that need not be given.</summary>
    internal static Parameter<T> Optional<TValue>(string name, string description, ParameterCodec<TValue> codec, T? defaultValue, string? defaultText) =>
        new(Required(name, description, codec), defaultValue, defaultText);
}
