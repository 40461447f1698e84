namespace DevOps.Content;

/// <summary>A store does not hold what was asked of it.</summary>
public sealed class ContentNotFoundException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="origin">The store.</param>
    /// <param name="content">What was asked for: a digest or a tag.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public ContentNotFoundException(string origin, string content, string remedy = "Check the name, and that the content was written there.")
        : base($"{char.ToUpperInvariant(origin[0])}{origin[1..]} does not hold {content}. {remedy}") => (Origin, Content) = (origin, content);

    /// <summary>Gets the store.</summary>
    public string Origin { get; }

    /// <summary>Gets what was asked for.</summary>
    public string Content { get; }
}
