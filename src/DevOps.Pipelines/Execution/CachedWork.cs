namespace DevOps.Pipelines;

/// <summary>Takes the results of jobs from earlier runs, and gives them to later ones.</summary>
internal static class CachedWork
{
    /// <summary>Looks for the job's result.</summary>
    /// <returns>Whether the job has its result now and need not run.</returns>
    internal static async Task<bool> TryTakeAsync(JobState job)
    {
        if (job.Job.Settings.CachedBy is not { } inputs || job.Engine.Options.Results is not { } cache)
        {
            return false;
        }

        JobWorkState work = job.Work;
        JobContext context = new(job, job.Engine.Stops.TokenFor(job.Job));
        try
        {
            Fingerprint fingerprint = Fingerprint.Of($"{job.Engine.Setup.Pipeline.Name}/{job.Job.Name}").WithType(job.Job.ResultType);
            foreach (JobEdge edge in job.Job.Edges.Where(edge => edge.Kind != EdgeKind.Order && edge.Job.ResultType is not null))
            {
                if (job.Engine.Find(edge.Job) is not { } needed || !needed.Outcome.IsGood())
                {
                    continue;
                }

                if (edge.Job.Codec is not { } codec)
                {
                    work.CacheNote = $"not cached: the result of '{edge.Job.Name}' cannot be written down, so nobody knows whether it changed";
                    return false;
                }

                fingerprint = fingerprint.WithResult(edge.Job.Name, codec.Write(needed.ReadValue()));
            }

            work.Fingerprint = await inputs(context, fingerprint).CaptureAsync(context.Directory, cancellationToken: context.Cancellation).ConfigureAwait(false);
            ResultLookup found = await cache.FindAsync(work.Fingerprint, context.Cancellation).ConfigureAwait(false);
            work.CacheNote = string.Join("; ", found.Changes.Select(change => change.ToString()).Prepend(found.Reason));
            if (found.Warning is { } warning)
            {
                context.Log($"cache: {warning}");
            }

            if (found.Result is not { } result)
            {
                return false;
            }

            if (job.Job.ResultType is not null)
            {
                if (job.Job.Codec is not { } codec)
                {
                    work.CacheNote = "not cached: its result cannot be written down";
                    return false;
                }

                (job.Value, job.HasValue) = (codec.Read(result.Bytes.Span), true);
            }

            return true;
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            // Inputs that cannot be found out are a reason to run. The job's own code meets the same trouble, or it does not matter.
            (job.Value, job.HasValue, work.Fingerprint) = (null, false, null);
            work.CacheNote = $"not cached: {e.Message}";
            context.Log($"cache: {e.Message}");
            return false;
        }
    }

    /// <summary>Keeps the result of a job that ran.</summary>
    internal static async Task KeepAsync(JobState job)
    {
        if (job.WorkIfAny?.Fingerprint is not { } fingerprint || job.Engine.Options.Results is not { } cache)
        {
            return;
        }

        try
        {
            byte[] value = job.Job.Codec is { } codec && job.HasValue ? codec.Write(job.Value) : [];
            if ((job.Job.ResultType is not null && value.Length == 0) || job.Engine.Setup.Masker.Contains(value))
            {
                return;
            }

            CacheSaveResult saved = await cache.StoreAsync(fingerprint, new(value, job.Work.Artifacts), CancellationToken.None).ConfigureAwait(false);
            job.Work.CacheNote += $"; {saved.Reason}";
        }
        catch (Exception e)
        {
            // The job did its work; that a later run cannot use it is no failure of this one.
            job.Work.CacheNote += $"; not kept: {e.Message}";
        }
    }
}
