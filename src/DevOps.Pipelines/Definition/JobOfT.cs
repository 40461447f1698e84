using System.Text.Json.Serialization.Metadata;

namespace DevOps.Pipelines;

/// <summary>A job of a pipeline with a result.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public class Job<T> : Job
{
    private ResultCodec? _codec = ResultCodec.Find<T>();

    internal Job(PipelineBuilder pipeline, string name, Func<JobContext, ValueTask<object?>> run) : base(pipeline, name, run)
    {
    }

    internal override ResultCodec? Codec => _codec;

    internal override Type? ResultType => typeof(T);

    /// <summary>Tells how the result is written to the journal of a run, so that a resumed run need not run the job again. Values of this SDK, JSON's simple types and arrays of them need no telling.</summary>
    /// <param name="json">The result's type as the source generator of System.Text.Json made it.</param>
    /// <returns>This job.</returns>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public Job<T> WithResult(JsonTypeInfo<T> json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Pipeline.ThrowIfBuilt();
        _codec = ResultCodec.From(json);
        return this;
    }
}
