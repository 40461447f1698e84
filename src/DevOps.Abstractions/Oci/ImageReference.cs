using System.Diagnostics.CodeAnalysis;

namespace DevOps.Oci;

/// <summary>Names an image in a registry: registry, repository, and a tag, a digest or both.</summary>
/// <remarks>
/// Read by Docker's rules: a first component without dot, colon or capital that is not <c>localhost</c> belongs to the repository; no registry means Docker Hub;
/// a Docker Hub repository of one component is below <c>library/</c>. Source: the reference grammar and normalisation of the distribution project.
/// </remarks>
public sealed record ImageReference
{
    /// <summary>The tag that is meant where a reference has neither tag nor digest.</summary>
    public const string DefaultTag = "latest";

    /// <summary>Creates a reference.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="repository">The repository in it.</param>
    /// <param name="tag">A tag, or <see langword="null"/>.</param>
    /// <param name="digest">A digest, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The tag is malformed.</exception>
    public ImageReference(RegistryAddress registry, RepositoryName repository, string? tag = null, Digest? digest = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(repository);
        if (tag is not null && !IsTag(tag))
        {
            throw new ArgumentException(TagRule(tag), nameof(tag));
        }

        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);
    }

    /// <summary>Gets the registry.</summary>
    public RegistryAddress Registry { get; }

    /// <summary>Gets the repository in the registry.</summary>
    public RepositoryName Repository { get; }

    /// <summary>Gets the tag, if the reference has one.</summary>
    public string? Tag { get; }

    /// <summary>Gets the digest, if the reference has one: it then names exactly one content, whatever the tag says.</summary>
    public Digest? Digest { get; }

    /// <summary>Reads a reference, as <c>alpine</c>, <c>ghcr.io/team/api:1.4</c> or <c>localhost:5000/api@sha256:…</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not a reference; the message says why.</exception>
    public static ImageReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out ImageReference? reference) is { } reason ? throw new FormatException(reason) : reference!;
    }

    /// <summary>Reads a reference.</summary>
    /// <param name="text">The text.</param>
    /// <param name="reference">The reference, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        return text is not null && Read(text, out reference) is null && reference is not null;
    }

    /// <summary>Returns whether the text can be a tag: a letter, digit or underscore, then up to 127 letters, digits, underscores, dots or dashes.</summary>
    /// <param name="text">The text.</param>
    /// <remarks>Source: OCI distribution-spec 1.1, "Pulling manifests".</remarks>
    public static bool IsTag([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 128 } && text[0] is not ('.' or '-') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>Returns this reference with a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="ArgumentException">The tag is malformed.</exception>
    public ImageReference WithTag(string tag) => new(Registry, Repository, tag ?? throw new ArgumentNullException(nameof(tag)), Digest);

    /// <summary>Returns this reference pinned to a digest.</summary>
    /// <param name="digest">The digest.</param>
    public ImageReference WithDigest(Digest digest) => new(Registry, Repository, Tag, digest ?? throw new ArgumentNullException(nameof(digest)));

    /// <summary>Returns the whole reference: registry, repository, tag and digest.</summary>
    public override string ToString() => Text($"{Registry}/{Repository}");

    /// <summary>Returns the reference as people write it: Docker Hub and its <c>library/</c> left out.</summary>
    public string ToFamiliarString()
    {
        if (Registry != RegistryAddress.DockerHub)
        {
            return ToString();
        }

        string name = Repository.Value;
        string familiar = Text(name.StartsWith("library/", StringComparison.Ordinal) && name.LastIndexOf('/') == 7 ? name[8..] : name);

        // 'docker.io/localhost/x' without its registry would be read as another image.
        return TryParse(familiar, out ImageReference? read) && read == this ? familiar : ToString();
    }

    internal static string TagRule(string tag) =>
        $"'{tag}' is not a tag: it starts with a letter, digit or '_', and continues with letters, digits, '_', '.' and '-'; 128 characters at most.";

    private string Text(string name) => name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    private static string? Read(string text, out ImageReference? reference)
    {
        reference = null;
        if (text.Length == 0 || text.Any(char.IsWhiteSpace))
        {
            return text.Length == 0 ? "The image reference is empty." : $"The image reference '{text}' has white space in it.";
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return $"'{text}' is not an image reference: leave the scheme away and write 'registry/repository:tag'.";
        }

        if (text.Length == 64 && Digest.IsHex(text))
        {
            return $"'{text}' reads as an image ID, not as a repository; write the repository's name, or 'repository@sha256:…' for a digest.";
        }

        (string? host, string rest) = SplitRegistry(text);
        if (host is not null && host != "localhost" && !host.AsSpan().ContainsAny('.', ':'))
        {
            return $"The image reference '{text}' has upper-case letters in '{host}'; write it in lower case, or as 'registry.example/…' if it is a registry.";
        }

        RegistryAddress? registry = RegistryAddress.DockerHub;
        if (host is not null && RegistryAddress.Read(host, out registry) is { } badRegistry)
        {
            return badRegistry;
        }

        Digest? digest = null;
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0 && !Digest.TryParse(rest.AsSpan(at + 1), out digest))
        {
            return $"The image reference '{text}' has a malformed digest after '@': expected 'sha256:' and 64 lower-case hexadecimal digits.";
        }

        string name = at >= 0 ? rest[..at] : rest;
        int colon = name.IndexOf(':', name.LastIndexOf('/') + 1);
        string? tag = colon >= 0 ? name[(colon + 1)..] : null;
        name = colon >= 0 ? name[..colon] : name;
        if (tag is not null && !IsTag(tag))
        {
            return TagRule(tag);
        }

        if (registry == RegistryAddress.DockerHub && name.Length > 0 && !name.Contains('/', StringComparison.Ordinal))
        {
            name = "library/" + name;
        }

        if (RepositoryName.Read(name, out RepositoryName? repository) is { } badName)
        {
            return name.Length == 0 ? $"The image reference '{text}' names no repository." : badName;
        }

        reference = new(registry!, repository!, tag, digest);
        return null;
    }

    private static (string? Host, string Path) SplitRegistry(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : text[..slash];
        bool isRegistry = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        return isRegistry ? (first, text[(slash + 1)..]) : (null, text);
    }
}
