namespace DevOps.Content;

/// <summary>An error of a store that can say that a manifest was refused because content below it is missing there, whatever the store said of it before.</summary>
public interface IMissingContentError
{
    /// <summary>Gets whether content is missing. A copy then writes once more what it had found to be there.</summary>
    bool IsContentMissing { get; }
}
