namespace DevOps.Content;

/// <summary>What a copy makes of a manifest that the target holds already.</summary>
public enum HeldManifests
{
    /// <summary>What is below it is looked for too, and what is missing is copied: a target can have lost a layer of an image it still lists.</summary>
    Check,

    /// <summary>All that is below it is taken to be there. One question for a whole image; right where nothing is ever removed singly.</summary>
    Trust,
}
