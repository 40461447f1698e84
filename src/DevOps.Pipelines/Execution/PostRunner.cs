using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Runs the work that follows a job or a run.</summary>
internal static class PostRunner
{
    internal static Task<(Outcome Outcome, ImmutableArray<JobError> Errors)> RunAsync(PostConditions post, JobState job, Outcome outcome, AttemptEnd end)
    {
        RunEngine engine = job.Engine;
        Outcome? previous = engine.Setup.Previous is { } run && run.Jobs.TryGetValue(job.Job.Name, out Outcome last) ? last : null;
        JobContext log = new(job, CancellationToken.None);
        return RunAsync(post, engine, outcome, previous, now => new(job.Job.Name, now, previous, engine.Observer.Mask(end.Reason), null, log.Log, engine.TimeProvider, engine.Stops.TeardownToken), engine.Stops.TeardownToken);
    }

    internal static Task<(Outcome Outcome, ImmutableArray<JobError> Errors)> RunAsync(PostConditions post, RunEngine engine, PipelineResult result)
    {
        Outcome? previous = engine.Setup.Previous?.Outcome;
        return RunAsync(
            post, engine, result.Outcome, previous, now => new(result.Pipeline, now, previous, result.Reason, result with { Outcome = now }, static _ => { }, engine.TimeProvider, engine.Stops.PostToken), engine.Stops.PostToken);
    }

    private static async Task<(Outcome Outcome, ImmutableArray<JobError> Errors)> RunAsync(
        PostConditions post, RunEngine engine, Outcome outcome, Outcome? previous, Func<Outcome, PostContext> contextFor, CancellationToken cancellation)
    {
        ImmutableArray<JobError> errors = [];
        foreach (PostWork work in post.Work)
        {
            // Looked at anew each time: an error in "always" makes "failure" run and "success" not.
            if (!work.IsMet(outcome, previous))
            {
                continue;
            }

            try
            {
                await work.Run(contextFor(outcome)).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                errors = errors.Add(JobErrors.From(e, JobErrors.KindOf(e), engine.Setup.Masker));
                outcome = outcome.And(Outcome.Failure);
            }
        }

        return (outcome, errors);
    }
}
