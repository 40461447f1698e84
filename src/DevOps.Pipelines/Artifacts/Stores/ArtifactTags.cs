namespace DevOps.Pipelines;

/// <summary>Whether artifacts in a store of content get tags.</summary>
public enum ArtifactTags
{
    /// <summary>Each gets the tag <c>artifact-</c> and its manifest's hash, where the store has tags: many registries remove what has none.</summary>
    ByDigest,

    /// <summary>They get none.</summary>
    None,
}
