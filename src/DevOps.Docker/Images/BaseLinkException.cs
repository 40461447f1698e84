namespace DevOps.Docker;

/// <summary>A layer would replace a symbolic link of its base by a directory, and hide all that is reached through it.</summary>
public sealed class BaseLinkException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="layer">What the layer holds.</param>
    /// <param name="path">The entry of the layer, from the root.</param>
    /// <param name="link">The link of the base, from the root.</param>
    /// <param name="target">Where the link points, as the base says it.</param>
    /// <param name="destination">What that is from the root.</param>
    public BaseLinkException(string layer, string path, string link, string target, string destination)
        : base($"The layer '{layer}' cannot be put on its base: '{path}' makes '{link}' a directory, and there that is a symbolic link to '{target}', so all that is reached through it would be hidden. "
            + $"Put the files below '{destination}' instead; if the link is to go, delete it in the same layer, or choose BaseLinks.Replace.") =>
        (Layer, Path, Link, Target) = (layer, path, link, target);

    /// <summary>Gets what the layer holds.</summary>
    public string Layer { get; }

    /// <summary>Gets the entry of the layer, from the root.</summary>
    public string Path { get; }

    /// <summary>Gets the link of the base, from the root.</summary>
    public string Link { get; }

    /// <summary>Gets where the link points, as the base says it.</summary>
    public string Target { get; }
}
