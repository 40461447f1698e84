namespace DevOps.Pipelines;

/// <summary>A commit of a git repository.</summary>
/// <param name="Id">The whole id, 40 or 64 hexadecimal digits.</param>
/// <param name="CommittedAt">When it was committed; the same on every machine, so good as the one time of a build.</param>
/// <param name="Subject">The first line of its message.</param>
/// <param name="IsDirty">Whether any file of the checkout differs from the commit: what is built is then not what the id names.</param>
public sealed record GitCommit(string Id, DateTimeOffset CommittedAt, string Subject, bool IsDirty)
{
    /// <summary>Gets the first 12 digits of the id.</summary>
    public string ShortId => Id[..12];
}
