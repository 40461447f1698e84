namespace DevOps.Registry;

/// <summary>Lets a mirror remove tags from its target that the source has no longer.</summary>
/// <remarks>
/// A tag goes only if the rule chooses its name, the source's whole list was read and has chosen tags left, and the source itself says once more that it has no such tag, while it still shows one that it listed.
/// Its manifest stays. Tags that hold signatures or referrers of a digest (<c>sha256-…</c>) are left alone. Nothing goes where another rule mirrors another source to the same repository.
/// </remarks>
public sealed record MirrorDeletion
{
    /// <summary>Gets how many tags one run may remove from one repository, a run before it that was not finished included. If there are more, none is removed.</summary>
    /// <value>10 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxTags { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 10;
}
