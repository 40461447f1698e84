namespace DevOps.Pipelines;

/// <summary>Says what a restarted run does again.</summary>
public sealed record RestartFrom
{
    private RestartFrom(string? name) => JobName = name;

    /// <summary>Gets the choice of all that did not end well.</summary>
    public static RestartFrom Failed { get; } = new((string?)null);

    /// <summary>Gets the name of a job or a stage, or <see langword="null"/> for what did not end well.</summary>
    public string? JobName { get; }

    /// <summary>Returns the choice of a job, or of the jobs of a stage.</summary>
    /// <param name="name">The name; <c>*</c> stands for any characters.</param>
    public static RestartFrom Job(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(name);
    }
}
