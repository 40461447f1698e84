using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Work that follows a job or a run, by how it ended. Immutable: each method returns a copy.</summary>
/// <remarks>
/// <para>Conditions are met in this order, whatever order they were added in: always, changed, fixed, regression, aborted, success, unsuccessful, unstable, failure, not built, cleanup. The outcome is
/// looked at anew before each: work in <see cref="Always"/> that fails makes <see cref="OnFailure"/> run and <see cref="OnSuccess"/> not. An error in one does not stop the others.</para>
/// <para>Source of the order and the meanings: Jenkins declarative pipelines, "post".</para>
/// </remarks>
public sealed class PostConditions
{
    private PostConditions(ImmutableArray<PostWork> work) => Work = work;

    /// <summary>Gets conditions without any work.</summary>
    public static PostConditions None { get; } = new([]);

    /// <summary>Gets the work in the order in which conditions are met; work of one condition in the order it was added.</summary>
    internal ImmutableArray<PostWork> Work { get; }

    /// <summary>Adds work for every end.</summary>
    /// <param name="run">The work.</param>
    public PostConditions Always(Func<PostContext, Task> run) => Add(PostCondition.Always, run);

    /// <summary>Adds work for an outcome other than that of the last completed run, and for the first run.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnChanged(Func<PostContext, Task> run) => Add(PostCondition.Changed, run);

    /// <summary>Adds work for a success after a run that failed or was unstable.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnFixed(Func<PostContext, Task> run) => Add(PostCondition.Fixed, run);

    /// <summary>Adds work for an outcome that is worse than that of the last completed run, which was a success or unstable.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnRegression(Func<PostContext, Task> run) => Add(PostCondition.Regression, run);

    /// <summary>Adds work for a cancellation.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnAborted(Func<PostContext, Task> run) => Add(PostCondition.Aborted, run);

    /// <summary>Adds work for a success.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnSuccess(Func<PostContext, Task> run) => Add(PostCondition.Success, run);

    /// <summary>Adds work for everything but a success.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnUnsuccessful(Func<PostContext, Task> run) => Add(PostCondition.Unsuccessful, run);

    /// <summary>Adds work for an unstable end.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnUnstable(Func<PostContext, Task> run) => Add(PostCondition.Unstable, run);

    /// <summary>Adds work for a failure or a timeout.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnFailure(Func<PostContext, Task> run) => Add(PostCondition.Failure, run);

    /// <summary>Adds work for a run in which nothing ran; for a job it never happens, because the work of a skipped job does not run.</summary>
    /// <param name="run">The work.</param>
    public PostConditions OnNotBuilt(Func<PostContext, Task> run) => Add(PostCondition.NotBuilt, run);

    /// <summary>Adds work for every end, after all other conditions.</summary>
    /// <param name="run">The work.</param>
    public PostConditions Cleanup(Func<PostContext, Task> run) => Add(PostCondition.Cleanup, run);

    private PostConditions Add(PostCondition condition, Func<PostContext, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        int at = 0;
        while (at < Work.Length && Work[at].Condition <= condition)
        {
            at++;
        }

        return new(Work.Insert(at, new(condition, run)));
    }
}
