using DevOps.Oci;

namespace Cli;

/// <summary>Where an image is or goes: <c>oci:PATH[:TAG]</c>, <c>docker-archive:FILE</c>, or a reference into a registry.</summary>
internal abstract record Location
{
    private const string LayoutScheme = "oci:";
    private const string ArchiveScheme = "docker-archive:";

    internal const string Help = $"SOURCE and TARGET: {Kinds}";
    internal const string SourceHelp = $"SOURCE: {Kinds}";
    private const string Kinds = "oci:PATH[:TAG], docker-archive:FILE, or a reference into a registry, as ghcr.io/team/api:1.4";

    internal sealed record Layout(string Path, string? Tag) : Location;

    internal sealed record Archive(string Path) : Location;

    internal sealed record Remote(ImageReference Reference, string Text) : Location;

    /// <summary>Says whether a text is a place outside of registries.</summary>
    internal static bool HasScheme(string text) => text.StartsWith(LayoutScheme, StringComparison.Ordinal) || text.StartsWith(ArchiveScheme, StringComparison.Ordinal);

    /// <summary>Reads a location.</summary>
    /// <exception cref="UsageException">The text is no location.</exception>
    internal static Location Parse(string text)
    {
        if (text.StartsWith(LayoutScheme, StringComparison.Ordinal))
        {
            string rest = text[LayoutScheme.Length..];
            int colon = rest.LastIndexOf(':');

            // One letter before the colon is a drive of Windows and not a path.
            bool hasTag = colon > 1 && ImageReference.IsTag(rest[(colon + 1)..]);
            string path = hasTag ? rest[..colon] : rest;
            return path.Length > 0 ? new Layout(path, hasTag ? rest[(colon + 1)..] : null) : throw new UsageException($"'{text}' names no directory: write oci:PATH or oci:PATH:TAG.");
        }

        if (text.StartsWith(ArchiveScheme, StringComparison.Ordinal))
        {
            string path = text[ArchiveScheme.Length..];
            return path.Length > 0 ? new Archive(path) : throw new UsageException($"'{text}' names no file: write docker-archive:FILE.");
        }

        if (text.StartsWith("docker:", StringComparison.Ordinal))
        {
            throw new UsageException("The engine is not a source or target yet: use docker-archive:FILE with 'docker save' and 'docker load'.");
        }

        try
        {
            return new Remote(RegistryReference.Parse(text), text);
        }
        catch (UsageException e)
        {
            throw new UsageException($"{e.Message} Other locations are oci:PATH[:TAG] and docker-archive:FILE.");
        }
    }
}
