using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>A request to a registry, as a recipe: it may be sent more than once, for another try or with credentials.</summary>
/// <param name="Registry">The registry whose credentials may be used.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">A path from the registry's root, or an absolute address that the registry gave.</param>
/// <param name="Operation">What the request is for, for errors.</param>
internal sealed record RegistryRequest(RegistryAddress Registry, HttpMethod Method, string Path, string Operation)
{
    /// <summary>Gets the address, where the registry gave one; it comes before <see cref="Path"/>.</summary>
    internal Uri? Address { get; init; }

    /// <summary>Gets the repository that the request is for, whose credentials come before the registry's.</summary>
    internal RepositoryName? Repository { get; init; }

    /// <summary>Gets the rights that the request needs, as <c>repository:team/api:pull</c>.</summary>
    internal ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>Gets what answers are understood.</summary>
    internal ImmutableArray<string> Accept { get; init; } = [];

    /// <summary>Makes the body, or is <see langword="null"/> for none.</summary>
    internal Func<HttpContent>? Body { get; init; }

    /// <summary>Gets the first and the last byte that are wanted, or <see langword="null"/> for all.</summary>
    internal (long First, long Last)? Range { get; init; }

    /// <summary>Gets how many bytes the whole answer has, if that is known before.</summary>
    internal long? SizeBytes { get; init; }

    /// <summary>Gets what a mirror must be believed to answer this; <see langword="null"/> if only the registry itself is asked.</summary>
    internal MirrorTrust? MirrorNeed { get; init; }

    /// <summary>Gets where a mirror is noted that answers.</summary>
    internal MirrorUse? Mirrors { get; init; }

    /// <summary>Gets the registry that a mirror is asked for.</summary>
    internal RegistryAddress? MirrorOf { get; init; }

    /// <summary>Gets whether the one who sends it holds a slot for it already.</summary>
    internal bool HoldsSlot { get; init; }

    /// <summary>Gets the entity tag that what is replaced must have, or <see langword="null"/> for any.</summary>
    internal string? IfMatch { get; init; }

    /// <summary>Gets a body that is read once, as it is sent.</summary>
    internal UploadBody? Upload { get; init; }

    /// <summary>Gets a body that is made as it is sent.</summary>
    internal StreamedBody? Streamed { get; init; }

    /// <summary>Gets whether the body can be made again.</summary>
    internal bool IsReplayable { get; init; } = true;

    /// <summary>Gets whether it is sent again after a transient failure.</summary>
    internal bool IsRetried { get; init; } = true;

    /// <summary>Gets whether the answer may open a session at the registry: once it is on its way, it is heard out for a moment also if the caller is stopped, so that whoever sent it can cancel that session.</summary>
    internal bool OpensSession { get; init; }

    /// <summary>Gets whether redirects are followed: of downloads only.</summary>
    internal bool FollowsRedirects => Method == HttpMethod.Get || Method == HttpMethod.Head;
}
