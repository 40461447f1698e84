using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Something that a run is told from outside.</summary>
public abstract class Parameter
{
    private protected Parameter(string name, string description) => (Name, Description) = (name, description);

    /// <summary>Gets the name. Names are the same if they differ only in case, <c>-</c> and <c>_</c>.</summary>
    public string Name { get; }

    /// <summary>Gets what it is for.</summary>
    public string Description { get; }

    /// <summary>Gets whether a run needs a value for it.</summary>
    public bool IsRequired { get; private protected init; }

    /// <summary>Gets whether its value must not be seen.</summary>
    public bool IsSecret { get; private protected init; }

    /// <summary>Gets whether it can be given several times, each time with more items of a list.</summary>
    public bool IsList { get; private protected init; }

    /// <summary>Gets the values it may have, as they are written; empty if any.</summary>
    public ImmutableArray<string> Choices { get; private protected init; } = [];

    /// <summary>Gets the kind of value in a word, as <c>text</c>, <c>whole number</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Gets the kind of value with its choices, for messages.</summary>
    internal string Expected => Choices.IsEmpty ? Kind : $"one of {string.Join(", ", Choices)}";

    /// <summary>Gets the value it has when nothing is said, as it is written, or <see langword="null"/>.</summary>
    public abstract string? DefaultText { get; }

    internal abstract object? DefaultValue { get; }

    /// <exception cref="FormatException">The text is no such value; the message says what is expected, and for a secret not what came.</exception>
    internal abstract object? Parse(string text);

    /// <summary>Returns a parameter that must be given, and belongs to no pipeline: for <see cref="ApprovalOptions.Inputs"/>.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="codec">How the value is read and written.</param>
    /// <param name="description">What it is for.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Parameter<T> Create<T>(string name, ParameterCodec<T> codec, string description)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return Parameter<T>.Required(PipelineBuilder.CheckName(name), description, codec);
    }

    /// <summary>Returns a parameter with a default that belongs to no pipeline: for <see cref="ApprovalOptions.Inputs"/>.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="codec">How the value is read and written.</param>
    /// <param name="defaultValue">The value it has when nothing is said.</param>
    /// <param name="description">What it is for.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Parameter<T> Create<T>(string name, ParameterCodec<T> codec, T defaultValue, string description)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return Parameter<T>.Optional(PipelineBuilder.CheckName(name), description, codec, defaultValue, codec.Format(defaultValue));
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
