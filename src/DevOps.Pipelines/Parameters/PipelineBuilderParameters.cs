using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Says what a run can be told from outside.</summary>
/// <remarks>Each method throws an <see cref="ArgumentException"/> if the name is empty, and an <see cref="InvalidOperationException"/> if the pipeline was built already.</remarks>
public static class PipelineBuilderParameters
{
    /// <summary>Adds a parameter that every run must be given.</summary>
    /// <typeparam name="T">The value's type; see <see cref="ParameterCodecs.Of{T}"/> for how it is written.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<T> AddParameter<T>(this PipelineBuilder pipeline, string name, string description)
        where T : IParsable<T> =>
        AddParameter(pipeline, name, ParameterCodecs.Of<T>(), description);

    /// <summary>Adds a parameter with a default.</summary>
    /// <typeparam name="T">The value's type; see <see cref="ParameterCodecs.Of{T}"/> for how it is written.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="defaultValue">The value it has when nothing is said.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<T> AddParameter<T>(this PipelineBuilder pipeline, string name, T defaultValue, string description)
        where T : IParsable<T> =>
        AddParameter(pipeline, name, ParameterCodecs.Of<T>(), defaultValue, description);

    /// <summary>Adds a parameter that every run must be given, of any type.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="codec">How the value is read and written.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<T> AddParameter<T>(this PipelineBuilder pipeline, string name, ParameterCodec<T> codec, string description) =>
        Add(pipeline, name, codec, () => Parameter<T>.Required(name, description, codec));

    /// <summary>Adds a parameter with a default, of any type.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="codec">How the value is read and written.</param>
    /// <param name="defaultValue">The value it has when nothing is said.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<T> AddParameter<T>(this PipelineBuilder pipeline, string name, ParameterCodec<T> codec, T defaultValue, string description) =>
        Add(pipeline, name, codec, () => Parameter<T>.Optional(name, description, codec, defaultValue, codec.Format(defaultValue)));

    /// <summary>Adds a parameter that is <see langword="null"/> when nothing is said.</summary>
    /// <typeparam name="T">The value's type; see <see cref="ParameterCodecs.Of{T}"/> for how it is written.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<T?> AddOptional<T>(this PipelineBuilder pipeline, string name, string description)
        where T : class, IParsable<T> =>
        Add(pipeline, name, pipeline, () => Parameter<T?>.Optional(name, description, ParameterCodecs.Of<T>(), null, null));

    /// <summary>Adds a parameter that is one of an enum's members, and must be given.</summary>
    /// <typeparam name="TEnum">The enum; see <see cref="ParameterCodecs.Enum{T}"/>.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<TEnum> AddChoice<TEnum>(this PipelineBuilder pipeline, string name, string description)
        where TEnum : struct, Enum =>
        AddParameter(pipeline, name, ParameterCodecs.Enum<TEnum>(), description);

    /// <summary>Adds a parameter that is one of an enum's members.</summary>
    /// <typeparam name="TEnum">The enum; see <see cref="ParameterCodecs.Enum{T}"/>.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="defaultValue">The value it has when nothing is said.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<TEnum> AddChoice<TEnum>(this PipelineBuilder pipeline, string name, TEnum defaultValue, string description)
        where TEnum : struct, Enum =>
        AddParameter(pipeline, name, ParameterCodecs.Enum<TEnum>(), defaultValue, description);

    /// <summary>Adds a parameter that is one of some texts, and must be given.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="choices">The values it may have, whatever their case.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<string> AddChoice(this PipelineBuilder pipeline, string name, string[] choices, string description) =>
        AddParameter(pipeline, name, ParameterCodecs.Choice(choices), description);

    /// <summary>Adds a parameter that is one of some texts.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="choices">The values it may have, whatever their case.</param>
    /// <param name="defaultValue">The choice when nothing is said.</param>
    /// <param name="description">What it is for.</param>
    /// <exception cref="ArgumentException">The default is not among the choices.</exception>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<string> AddChoice(this PipelineBuilder pipeline, string name, string[] choices, string defaultValue, string description) =>
        AddParameter(pipeline, name, ParameterCodecs.Choice(choices), choices.Contains(defaultValue) ? defaultValue : throw new ArgumentException($"The default '{defaultValue}' of '{name}' is not among its choices: {string.Join(", ", choices)}.", nameof(defaultValue)), description);

    /// <summary>Adds a parameter that is a list; empty when nothing is said. It can be given several times, and each time as items separated by commas.</summary>
    /// <typeparam name="T">The items' type; see <see cref="ParameterCodecs.Of{T}"/>.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<ImmutableArray<T>> AddListParameter<T>(this PipelineBuilder pipeline, string name, string description)
        where T : IParsable<T> =>
        AddParameter(pipeline, name, ParameterCodecs.List(ParameterCodecs.Of<T>()), [], description);

    /// <summary>Adds a secret that every run must be given, through <see cref="RunOptions.Secrets"/>. The run hides it everywhere.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<Secret> AddSecret(this PipelineBuilder pipeline, string name, string description) =>
        AddParameter(pipeline, name, ParameterCodecs.Secret, description);

    /// <summary>Adds a secret that is <see langword="null"/> when no source has it.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    public static Parameter<Secret?> AddOptionalSecret(this PipelineBuilder pipeline, string name, string description) =>
        Add(pipeline, name, pipeline, () => Parameter<Secret?>.Optional(name, description, ParameterCodecs.Secret, null, null));

    internal static Parameter<T> Add<T>(PipelineBuilder pipeline, string name, object? given, Func<Parameter<T>> create)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(given);
        PipelineBuilder.CheckName(name);
        return pipeline.Add(create());
    }
}
