using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What is mirrored from where to where. Immutable: each <c>With</c> method returns a new rule.</summary>
public sealed record MirrorRule
{
    private MirrorRule(RegistryAddress source, RegistryAddress target, RepositoryName? repository, RepositoryName? targetName, NameFilter repositories) =>
        (Source, Target, Repository, TargetName, Repositories) = (source, target, repository, targetName, repositories);

    /// <summary>Gets the registry that is mirrored.</summary>
    public RegistryAddress Source { get; }

    /// <summary>Gets the registry that holds the mirror.</summary>
    public RegistryAddress Target { get; }

    /// <summary>Gets the source's repository, or <see langword="null"/> when <see cref="Repositories"/> chooses them.</summary>
    public RepositoryName? Repository { get; }

    /// <summary>Gets the target's repository; or, when <see cref="Repositories"/> chooses, what comes before the names of the source there, <see langword="null"/> for nothing.</summary>
    public RepositoryName? TargetName { get; }

    /// <summary>Gets which repositories of the source's catalog are mirrored, when none is named.</summary>
    public NameFilter Repositories { get; }

    /// <summary>Gets which tags are mirrored. Those that hold what belongs to a digest (<c>sha256-…</c>) are none of them: <see cref="Copy"/> says whether that goes along.</summary>
    /// <value><see cref="NameFilter.Any"/> by default.</value>
    public NameFilter Tags { get; private init; } = NameFilter.Any;

    /// <summary>Gets what goes along with a tag.</summary>
    /// <value><see cref="CopyPlanOptions.Default"/> by default.</value>
    public CopyPlanOptions Copy { get; private init; } = CopyPlanOptions.Default;

    /// <summary>Gets how tags are removed from the target that the source has no longer.</summary>
    /// <value><see langword="null"/> by default: they stay.</value>
    public MirrorDeletion? Deletion { get; private init; }

    /// <summary>Creates a rule for one repository.</summary>
    /// <param name="source">The repository that is mirrored, as <c>docker.io/library/alpine</c>.</param>
    /// <param name="target">The repository that holds the mirror, as <c>registry.example/mirror/alpine</c>.</param>
    /// <exception cref="FormatException">A text is no repository.</exception>
    public static MirrorRule ForRepository(string source, string target)
    {
        ImageReference from = RepositoryOf(source);
        ImageReference to = RepositoryOf(target);
        return from.Registry == to.Registry && from.Repository == to.Repository
            ? throw new FormatException($"'{source}' would be mirrored to itself.")
            : new(from.Registry, to.Registry, from.Repository, to.Repository, NameFilter.Any);
    }

    /// <summary>Creates a rule for all repositories of a registry that a filter chooses. The registry must have a catalog; many do not.</summary>
    /// <param name="source">The registry that is mirrored.</param>
    /// <param name="repositories">Chooses the repositories.</param>
    /// <param name="target">The registry that holds the mirror.</param>
    /// <param name="prefix">What comes before the names there; <see langword="null"/> for nothing.</param>
    /// <exception cref="FormatException">Every repository would be mirrored to itself.</exception>
    public static MirrorRule ForRepositories(RegistryAddress source, NameFilter repositories, RegistryAddress target, RepositoryName? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(repositories);
        ArgumentNullException.ThrowIfNull(target);
        return source == target
            ? throw new FormatException($"The repositories of '{source}' would be mirrored to the same registry, whose next catalog would have the copies in it. Mirror single repositories there.")
            : new(source, target, null, prefix, repositories);
    }

    /// <summary>Returns a rule that mirrors these tags.</summary>
    /// <param name="tags">Chooses the tags.</param>
    public MirrorRule WithTags(NameFilter tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return this with { Tags = tags };
    }

    /// <summary>Returns a rule that copies so.</summary>
    /// <param name="copy">What goes along. With referrers or cosign tags, tags that are up to date cost reading their manifests, as what belongs to them may be new.</param>
    public MirrorRule WithCopy(CopyPlanOptions copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return this with { Copy = copy };
    }

    /// <summary>Returns a rule that copies these images of an index.</summary>
    /// <param name="platforms">Chooses the images.</param>
    public MirrorRule WithPlatforms(PlatformSelection platforms) => WithCopy(Copy with { Platforms = platforms });

    /// <summary>Returns a rule that removes tags too.</summary>
    /// <param name="deletion">How.</param>
    public MirrorRule WithDeletion(MirrorDeletion deletion)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        return this with { Deletion = deletion };
    }

    internal RepositoryName? TryTargetOf(RepositoryName source) =>
        Repository is not null ? TargetName : TargetName is null ? source : RepositoryName.TryParse($"{TargetName}/{source}", out RepositoryName? name) ? name : null;

    internal string Recipe =>
        $"{Source}|{Target}|{Repository}|{TargetName}|{Repositories}|{Tags}|{Copy.Platforms}|{Copy.Referrers}|{Copy.CosignTags}|{Deletion?.MaxTags}";

    /// <summary>Returns the source's repository that this rule mirrors, or would if it were there, to a repository; or <see langword="null"/>.</summary>
    internal ImageReference? TrySourceOf(RegistryAddress registry, RepositoryName target)
    {
        if (registry != Target)
        {
            return null;
        }

        if (Repository is not null)
        {
            return TargetName == target ? new(Source, Repository) : null;
        }

        string before = TargetName is null ? "" : TargetName + "/";
        return target.Value.StartsWith(before, StringComparison.Ordinal) && RepositoryName.TryParse(target.Value[before.Length..], out RepositoryName? name) && Repositories.Accepts(name.Value)
            ? new(Source, name)
            : null;
    }

    internal static ImageReference RepositoryOf(string text)
    {
        ImageReference parsed = ImageReference.Parse(text);
        return parsed is { Tag: null, Digest: null } ? parsed : throw new FormatException($"'{text}' names an image in a repository. Leave the tag and the digest away: '{parsed.Registry}/{parsed.Repository}'.");
    }
}
