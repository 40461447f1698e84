namespace DevOps.Pipelines;

/// <summary>Something of a type that a run is told from outside. Its value is read with <see cref="JobContext.Get{T}(Parameter{T})"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Parameter<T> : Parameter
{
    private readonly ParameterCodec<T> _codec;
    private readonly T? _default;
    private readonly bool _hasDefault;

    internal Parameter(string name, string description, ParameterCodec<T> codec, ParameterOptions<T> options) : base(name, description)
    {
        (_codec, _default, _hasDefault) = (codec, options.Default, options.IsOptional);
        (IsRequired, IsSecret, Choices) = (!options.IsOptional, codec.IsSecret, codec.Choices);
    }

    /// <inheritdoc/>
    public override string Kind => _codec.Kind;

    /// <inheritdoc/>
    public override string? DefaultText => _hasDefault && _default is not null && !IsSecret ? _codec.Format(_default) : null;

    internal override object? DefaultValue => _default;

    internal override object? Parse(string text) => _codec.Parse(text);
}
