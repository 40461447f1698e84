namespace DevOps.Pipelines;

/// <summary>Adds parameters of value types that may have no value.</summary>
public static class PipelineBuilderOptionalValues
{
    /// <summary>Adds a parameter that is <see langword="null"/> when nothing is said.</summary>
    /// <typeparam name="T">The value's type; see <see cref="ParameterCodecs.Of{T}"/> for how it is written.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="name">The name; case, <c>-</c> and <c>_</c> do not count.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The parameter, for jobs and conditions to read.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static Parameter<T?> AddOptional<T>(this PipelineBuilder pipeline, string name, string description)
        where T : struct, IParsable<T> =>
        PipelineBuilderParameters.Add(pipeline, name, pipeline, () => Parameter<T?>.Optional(name, description, ParameterCodecs.Of<T>(), null, null));
}
