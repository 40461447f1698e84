namespace DevOps.Pipelines;

/// <summary>Puts jobs into stages.</summary>
public static class JobStages
{
    /// <summary>Puts the job into a stage: besides its own needs it waits for the stages before.</summary>
    /// <typeparam name="TJob">The job's type.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="stage">A stage of the same pipeline.</param>
    /// <returns>The job.</returns>
    /// <exception cref="ArgumentException">The stage is of another pipeline.</exception>
    /// <exception cref="InvalidOperationException">The pipeline was built already.</exception>
    public static TJob InStage<TJob>(this TJob job, Stage stage)
        where TJob : Job
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(stage);
        job.Pipeline.ThrowIfBuilt();
        if (stage.Pipeline != job.Pipeline)
        {
            throw new ArgumentException($"'{job.Name}' cannot be in the stage '{stage.Name}': it is a stage of another pipeline.", nameof(stage));
        }

        job.Stage = stage;
        return job;
    }
}
