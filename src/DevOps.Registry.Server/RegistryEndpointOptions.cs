using DevOps.Oci;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Controls a registry that is part of an application.</summary>
public sealed record RegistryEndpointOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryEndpointOptions Default { get; } = new();

    /// <summary>Gets what decides who may do what.</summary>
    /// <value><see langword="null"/> by default: everybody may do everything that the application lets through to the registry.</value>
    public IRegistryAuthorizer? Authorizer { get; init; }

    /// <summary>Gets what decides whether a request may take over content from a repository. The name comes in the request's query, where rules for paths do not see it: ask whether the caller may pull from there.</summary>
    /// <value><see langword="null"/> by default: <see cref="Authorizer"/> is asked alone, and without one nothing is taken over and clients upload instead. With both, both must agree.</value>
    public Func<HttpContext, RepositoryName, ValueTask<bool>>? AllowsMountFrom { get; init; }

    /// <summary>Gets what happens when a request would take over content without saying from where.</summary>
    /// <value><see cref="AnonymousMount.Upload"/> by default.</value>
    public AnonymousMount WhenMountHasNoSource { get; init; }

    /// <summary>Gets whether content can be changed. A read-only registry answers 405 to every write, to those of tags too.</summary>
    /// <value><see cref="RegistryMode.ReadWrite"/> by default.</value>
    public RegistryMode Mode { get; init; }

    /// <summary>Gets what clients may delete; the rest is answered with 405. Deleting a manifest deletes its tags, so a manifest with tags needs both.</summary>
    /// <value>
    /// <see langword="null"/> by default: with an <see cref="Authorizer"/> everything, for those to whom it gives <see cref="RegistryActions.Delete"/>; without one nothing, since everybody could.
    /// Uploads that are not complete can always be ended.
    /// </value>
    public RegistryDeletions? Deletions { get; init; }

    /// <summary>Gets what happens to an index that names manifests which the repository does not hold.</summary>
    /// <value><see cref="SparseIndex.Refuse"/> by default. Missing blobs of a manifest are always refused.</value>
    public SparseIndex WhenIndexIsSparse { get; init; }

    /// <summary>Gets how many uploads may be open at once, those that nobody goes on with included. Further ones are answered with 429.</summary>
    /// <value>10,000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxOpenUploads { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 10_000;

    /// <summary>Gets who is told of what is pushed, pulled and deleted, when it is done. Called by several threads at once, and the request waits for it: hand on what takes long.</summary>
    /// <value><see langword="null"/> by default. What it throws is logged, and the request goes on.</value>
    public IProgress<RegistryEvent>? Events { get; init; }

    internal RegistryDeletions AllowedDeletions => Deletions ?? (Authorizer is null ? RegistryDeletions.None : RegistryDeletions.All);
}
