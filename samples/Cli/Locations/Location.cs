using DevOps.Oci;

namespace Cli;

/// <summary>Where an image is or goes: <c>oci:PATH[:TAG]</c>, <c>docker-archive:FILE</c>, or a reference into a registry.</summary>
internal abstract record Location
{
    internal const string Help = "SOURCE and TARGET: oci:PATH[:TAG], docker-archive:FILE, or a reference into a registry, as ghcr.io/team/api:1.4";

    internal sealed record Layout(string Path, string? Tag) : Location;

    internal sealed record Archive(string Path) : Location;

    internal sealed record Remote(ImageReference Reference) : Location;

    /// <summary>Reads a location.</summary>
    /// <exception cref="UsageException">The text is no location.</exception>
    internal static Location Parse(string text)
    {
        if (text.StartsWith("oci:", StringComparison.Ordinal))
        {
            string rest = text["oci:".Length..];
            int colon = rest.LastIndexOf(':');

            // One letter before the colon is a drive of Windows and not a path.
            bool hasTag = colon > 1 && ImageReference.IsTag(rest[(colon + 1)..]);
            string path = hasTag ? rest[..colon] : rest;
            return path.Length > 0 ? new Layout(path, hasTag ? rest[(colon + 1)..] : null) : throw new UsageException($"'{text}' names no directory: write oci:PATH or oci:PATH:TAG.");
        }

        if (text.StartsWith("docker-archive:", StringComparison.Ordinal))
        {
            string path = text["docker-archive:".Length..];
            return path.Length > 0 ? new Archive(path) : throw new UsageException($"'{text}' names no file: write docker-archive:FILE.");
        }

        if (text.StartsWith("docker:", StringComparison.Ordinal))
        {
            throw new UsageException("The engine is not a source or target yet: use docker-archive:FILE with 'docker save' and 'docker load'.");
        }

        try
        {
            return new Remote(ImageReference.Parse(text));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message} Other locations are oci:PATH[:TAG] and docker-archive:FILE.");
        }
    }
}
